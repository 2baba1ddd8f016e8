//! Which of the known failures the playbooks tell: every entry of `docs/catalogue.yaml` is told somewhere
//! or says why not, and `docs/coverage.md` is fresh.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "these are tests, which read the repository"
)]

#[path = "coverage/samples.rs"]
mod samples;

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use storage_doctor_tests::{binary, library};

/// How many root causes and wrappers outside of the areas of single backends have to be told. It only rises.
const FLOOR: usize = 241;
/// Set to write the table anew.
const WRITE: &str = "WRITE_COVERAGE";

/// One known failure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    area: String,
    role: String,
    why_not: Option<String>,
}

/// A file of cases, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
struct Case {
    name: String,
}

/// By code: the files that tell it, as links. A healthy state may be a case alone.
type Told = BTreeMap<String, BTreeSet<String>>;

fn catalogue() -> Vec<Entry> {
    serde_yaml::from_str(&fs::read_to_string(binary::root().join("docs/catalogue.yaml")).unwrap()).unwrap()
}

fn told() -> Told {
    let mut told = Told::new();
    for playbook in library::playbooks().iter() {
        let link = format!("[{0}](../playbooks/{0}.yaml)", playbook.name);
        let causes = playbook.causes.iter().map(|cause| cause.id.clone());
        for id in causes.chain(playbook.waiting.iter().map(|waiting| waiting.id.clone())) {
            told.entry(id).or_default().insert(link.clone());
        }
    }
    let mut files: Vec<_> =
        fs::read_dir(binary::root().join("playbooks/cases")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "yaml")) {
        let cases: Cases = serde_yaml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let name = file.file_name().unwrap().to_string_lossy();
        for case in cases.cases.into_iter().filter(|case| case.name.starts_with("healthy-")) {
            let link = format!("[case of {name}](../playbooks/cases/{name})");
            let links = told.entry(case.name).or_default();
            if links.is_empty() {
                links.insert(link);
            }
        }
    }
    told
}

/// What the table counts: the entries that a diagnosis may name first, wherever the storage comes from.
fn counts(entry: &Entry) -> bool {
    matches!(entry.role.as_str(), "root-cause" | "generic") && !entry.area.starts_with("backend-")
}

fn table(catalogue: &[Entry], told: &Told) -> String {
    let is_told = |entry: &&Entry| told.contains_key(&entry.id);
    let counted = || catalogue.iter().filter(|entry| counts(entry));
    let mut text = String::from("# Coverage\n\n");
    let (n, of) = (counted().filter(is_told).count(), counted().count());
    let all = catalogue.iter().filter(is_told).count();
    writeln!(
        text,
        "Made from [catalogue.yaml](catalogue.yaml) and the playbooks by the test `coverage`; do not edit. Of {of} root\n\
         causes and wrappers outside of single backends, {n} are told; of all {} entries, {all}.\n",
        catalogue.len()
    )
    .unwrap();
    text += "| area | entry | role | told by, or why not |\n|---|---|---|---|\n";
    for entry in catalogue {
        let links = told.get(&entry.id).map(|links| links.iter().cloned().collect::<Vec<_>>().join(", "));
        let words = links.or_else(|| entry.why_not.clone()).unwrap_or_default();
        writeln!(text, "| {} | {} | {} | {words} |", entry.area, entry.id, entry.role).unwrap();
    }
    text
}

#[test]
fn every_known_failure_is_told_or_says_why_not() {
    let (catalogue, told) = (catalogue(), told());
    let ids: BTreeSet<&str> = catalogue.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids.len(), catalogue.len(), "an entry stands in the catalogue twice");
    let silent: Vec<&str> = catalogue
        .iter()
        .filter(|entry| !told.contains_key(&entry.id) && entry.why_not.is_none())
        .map(|entry| entry.id.as_str())
        .collect();
    assert!(silent.is_empty(), "neither told nor excused: {silent:?}");
    for entry in catalogue.iter().filter(|entry| entry.why_not.is_some() && told.contains_key(&entry.id)) {
        println!("{} is told by now, and needs no why_not", entry.id);
    }
}

#[test]
fn as_many_are_told_as_before() {
    let (catalogue, told) = (catalogue(), told());
    let n = catalogue.iter().filter(|entry| counts(entry) && told.contains_key(&entry.id)).count();
    println!("{n} root causes and wrappers outside of single backends are told");
    assert!(n >= FLOOR, "{n}, and they were {FLOOR}");
}

#[test]
fn the_table_is_fresh() {
    let path = binary::root().join("docs/coverage.md");
    let table = table(&catalogue(), &told());
    if std::env::var_os(WRITE).is_some() {
        fs::write(&path, &table).unwrap();
    }
    let hint = format!("{WRITE}=1 cargo test -p storage-doctor-tests --test coverage");
    assert!(fs::read_to_string(&path).unwrap_or_default() == table, "{hint}");
}
