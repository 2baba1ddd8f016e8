//! The table of fields that lint knows is what Kubernetes says: made anew from the sources of k8s-openapi,
//! as the union of all versions of Kubernetes that it knows.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "these are tests"
)]

use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use storage_doctor::evidence::Resource;
use storage_doctor_tests::binary;

/// Where the table lies.
const TABLE: &str = "crates/storage-doctor/src/fields/kubernetes.txt";

/// Types that stand for a scalar, or for anything.
const PLAIN: &[(&str, &str)] = &[
    ("std::string::String", "text"),
    ("bool", "truth"),
    ("i32", "number"),
    ("i64", "number"),
    ("f64", "number"),
    ("crate::ByteString", "text"),
    ("crate::apimachinery::pkg::apis::meta::v1::Time", "text"),
    ("crate::apimachinery::pkg::apis::meta::v1::MicroTime", "text"),
    ("crate::apimachinery::pkg::api::resource::Quantity", "text"),
    ("crate::apimachinery::pkg::util::intstr::IntOrString", "any"),
    ("crate::apimachinery::pkg::apis::meta::v1::FieldsV1", "any"),
    ("crate::apimachinery::pkg::runtime::RawExtension", "any"),
];

/// Set `UPDATE_FIELDS=1` to write the file anew.
#[test]
fn the_table_of_fields_is_that_of_kubernetes() {
    let made = table(&sources());
    let path = binary::root().join(TABLE);
    if std::env::var_os("UPDATE_FIELDS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert!(made.lines().count() > 150, "{made}");
    assert!(fs::read_to_string(&path).unwrap_or_default() == made, "run this test with UPDATE_FIELDS=1");
}

/// The folder of k8s-openapi's sources.
fn sources() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // Without the filter cargo wants the packages of every platform.
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let rustc = String::from_utf8(rustc.stdout).unwrap();
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc says for what it builds");
    let arguments = ["metadata", "--format-version", "1", "--offline", "--filter-platform", host];
    let metadata = Command::new(cargo).args(arguments).current_dir(binary::root()).output().unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).expect("cargo knows its packages");
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "k8s-openapi").expect("it is a dependency");
    Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().join("src")
}

type Fields = BTreeMap<String, String>;

/// The structs of one version by path (`core::v1::Pod`), each with its fields and their Rust types.
fn structs(version: &Path) -> BTreeMap<String, Fields> {
    let head = Regex::new(r"(?m)^pub struct (\w+)(?: \{\n((?:.*\n)*?)\}|\(|;)").unwrap();
    let field = Regex::new(r"(?m)^    pub ((?:r#)?\w+): (.+),$").unwrap();
    let key = Regex::new(r#""([^"]+)" => Field::Key_(\w+)"#).unwrap();
    let mut found = BTreeMap::new();
    let mut folders = vec![version.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let text = fs::read_to_string(&entry).unwrap();
            let Some(head) = head.captures(&text) else { continue };
            let keys: BTreeMap<&str, &str> =
                key.captures_iter(&text).map(|k| (k.get(2).unwrap().as_str(), k.get(1).unwrap().as_str())).collect();
            let body = head.get(2).map_or("", |body| body.as_str());
            let mut fields: Fields = field
                .captures_iter(body)
                .filter_map(|f| Some(((*keys.get(f[1].trim_start_matches("r#"))?).to_owned(), f[2].to_owned())))
                .collect();
            for known in ["apiVersion", "kind"].iter().filter(|known| text.contains(&format!("\"{known}\" => "))) {
                fields.entry((*known).to_owned()).or_insert_with(|| "std::string::String".to_owned());
            }
            let module = folder.strip_prefix(version).unwrap().to_str().unwrap().replace('/', "::");
            found.insert(format!("crate::{module}::{}", &head[1]), fields);
        }
    }
    found
}

/// The table, one definition a line.
fn table(sources: &Path) -> String {
    let mut versions: Vec<PathBuf> = fs::read_dir(sources).unwrap().map(|entry| entry.unwrap().path()).collect();
    versions.retain(|path| path.is_dir() && path.file_name().unwrap().to_str().unwrap().starts_with("v1_"));
    versions.sort();
    let mut all: BTreeMap<String, Fields> = BTreeMap::new();
    for version in &versions {
        for (path, fields) in structs(version) {
            all.entry(path).or_default().extend(fields);
        }
    }
    let mut out =
        "# Made by tests/fields.rs from the sources of k8s-openapi: what fields the objects of Kubernetes have.\n"
            .to_owned();
    let mut wanted = Vec::new();
    for resource in Resource::all_known() {
        let group = match &*resource.group {
            "" => "core".to_owned(),
            group => group.trim_end_matches(".k8s.io").trim_end_matches(".authorization").to_owned(),
        };
        let ends = format!("::{group}::{}::{}", resource.version, resource.kind);
        let Some(path) = all.keys().find(|path| path.ends_with(&ends)) else { continue };
        writeln!(out, "={resource} {}", name(path)).unwrap();
        wanted.push(path.clone());
    }
    let mut written: BTreeMap<String, String> = BTreeMap::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    while let Some(path) = wanted.pop() {
        let taken = names.insert(name(&path), path.clone());
        assert!(taken.is_none_or(|taken| taken == path), "two structs are called {}", name(&path));
        if written.contains_key(&path) {
            continue;
        }
        let fields: Vec<String> =
            all[&path].iter().map(|(field, kind)| format!("{field}:{}", short(kind, &all, &mut wanted))).collect();
        written.insert(path.clone(), format!("{} {}", name(&path), fields.join(" ")));
    }
    let lines: BTreeSet<&String> = written.values().collect();
    for line in lines {
        writeln!(out, "{line}").unwrap();
    }
    out
}

fn name(path: &str) -> String {
    path.rsplit("::").next().unwrap().to_owned()
}

/// A type of Rust as the table writes it; what else has to be in the table goes to `wanted`.
fn short(kind: &str, all: &BTreeMap<String, Fields>, wanted: &mut Vec<String>) -> String {
    let inside = |of: &str| kind.strip_prefix(of).and_then(|rest| rest.strip_suffix('>'));
    if let Some((_, plain)) = PLAIN.iter().find(|(of, _)| *of == kind) {
        return (*plain).to_owned();
    }
    if let Some(inner) = inside("Option<").or_else(|| inside("std::boxed::Box<")) {
        return short(inner, all, wanted);
    }
    if let Some(inner) = inside("std::vec::Vec<") {
        return format!("[{}]", short(inner, all, wanted));
    }
    if let Some(inner) = inside("std::collections::BTreeMap<std::string::String, ") {
        return format!("{{{}}}", short(inner, all, wanted));
    }
    // Some types are a choice between shapes, which no list of fields describes.
    match all.get(kind) {
        Some(fields) if !fields.is_empty() => {
            wanted.push(kind.to_owned());
            name(kind)
        }
        _ => "any".to_owned(),
    }
}
