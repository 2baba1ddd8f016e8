//! Who knows whom.

use super::*;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// The modules of the engine, and which others each may name. Data flows down the table. `value_de` and
/// `value_ser` count as `value`, with which they are one thing.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("time", &[]),
    ("quantity", &[]),
    // A value that is not known carries the gaps in what is known.
    ("value", &["evidence", "quantity", "time"]),
    ("evidence", &["value"]),
    ("selector", &["value"]),
    ("subject", &["evidence"]),
    ("source", &["evidence", "time", "value"]),
    // Only for the bounds within which JSON is read.
    ("log", &["source", "time", "value"]),
    ("serving", &["time", "value"]),
    ("fields", &[]),
    ("check", &["evidence", "fields", "quantity", "serving", "time", "value"]),
    ("span", &[]),
    ("problem", &["span"]),
    ("playbook", &["check", "evidence", "problem", "span", "subject"]),
    ("plan", &["evidence"]),
    ("report", &["playbook"]),
    ("explain", &["check", "playbook"]),
    ("eval", &["check", "evidence", "log", "playbook", "report", "subject", "time", "value"]),
    ("diagnosis", &["eval", "evidence", "playbook", "report", "subject", "time", "value"]),
    ("render", &["explain", "playbook", "report", "subject", "time"]),
    (
        "doctor",
        &[
            "check",
            "diagnosis",
            "eval",
            "evidence",
            "plan",
            "playbook",
            "report",
            "selector",
            "source",
            "subject",
            "time",
            "value",
        ],
    ),
    (
        "cases",
        &[
            "check", "doctor", "evidence", "playbook", "problem", "quantity", "report", "source", "span", "subject",
            "time", "value",
        ],
    ),
];

const ENGINE: &str = "crates/storage-doctor/src/";

/// Which modules of the engine name which others.
fn named() -> BTreeMap<String, BTreeSet<String>> {
    let name = Regex::new(r"crate::(?:\{([^}]*)\}|([a-z_]+))").unwrap();
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in under(ENGINE, ".rs") {
        let module = module(file.trim_start_matches(ENGINE));
        let text = code(&production(&file)).collect::<Vec<_>>().join("\n");
        if module == "lib" {
            continue;
        }
        let others = named.entry(module.clone()).or_default();
        for found in name.captures_iter(&text) {
            let many = found.get(1).or(found.get(2)).unwrap().as_str();
            let many = many.split(',').map(|one| one.trim().split("::").next().unwrap().to_owned());
            others.extend(many.map(|one| self::module(&one)).filter(|one| *one != module && !one.is_empty()));
        }
    }
    named
}

/// The module that a file or a name belongs to.
fn module(name: &str) -> String {
    match name.split('/').next().unwrap().trim_end_matches(".rs") {
        "value_de" | "value_ser" => "value".to_owned(),
        module => module.to_owned(),
    }
}

#[test]
fn the_modules_of_the_engine_name_each_other_one_way() {
    let named = named();
    let table: BTreeMap<String, BTreeSet<String>> = MAY_NAME
        .iter()
        .map(|(module, others)| ((*module).to_owned(), others.iter().map(|other| (*other).to_owned()).collect()))
        .collect();
    let mut wrong = Vec::new();
    for (module, others) in &named {
        let Some(may) = table.get(module) else {
            wrong.push(format!("{module} is not in the table"));
            continue;
        };
        wrong.extend(others.difference(may).map(|other| format!("{module} names {other}")));
    }
    for (module, others) in &table {
        let there = named.get(module).cloned().unwrap_or_default();
        wrong.extend(others.difference(&there).map(|other| format!("{module} no longer names {other}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_table_has_no_way_back() {
    let rank: BTreeMap<&str, usize> = MAY_NAME.iter().enumerate().map(|(i, (module, _))| (*module, i)).collect();
    for (module, others) in MAY_NAME {
        for other in *others {
            let is_down = rank[other] < rank[module];
            // What is not known is a value, and names what would settle it.
            assert!(is_down || (*module, *other) == ("value", "evidence"), "{module} names {other}, further down");
        }
    }
    let may = |module: &str| MAY_NAME.iter().find(|(name, _)| *name == module).unwrap().1;
    assert!(!may("eval").contains(&"source"), "an evaluation sees evidence, not where it came from");
    assert!(!may("source").contains(&"playbook"), "a source knows nothing of playbooks");
    for (module, others) in MAY_NAME.iter().filter(|(module, _)| *module != "doctor") {
        assert!(!(others.contains(&"diagnosis") && others.contains(&"source")), "{module} does the doctor's work");
    }
}

/// The packages that a package is built from.
fn tree(package: &str) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["tree", "--package", package, "--edges", "normal", "--prefix", "none", "--format", "{p}"];
    let tree = Command::new(cargo).args(arguments).current_dir(root()).output().unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn the_engine_is_built_without_a_client_a_runtime_or_tls() {
    let tree = tree("storage-doctor");
    assert!(tree.contains("serde_json"), "{tree:?}");
    for package in
        ["kube", "kube-client", "k8s-openapi", "tokio", "hyper", "rustls", "ring", "clap", "storage-doctor-kube"]
    {
        assert!(!tree.contains(package), "the engine is built from {package}");
    }
}

#[test]
fn the_playbooks_are_data() {
    assert_eq!(tree("storage-doctor-playbooks"), BTreeSet::from(["storage-doctor-playbooks".to_owned()]));
}

#[test]
fn clap_is_only_where_arguments_are_read() {
    for file in tracked() {
        let text = if file.ends_with(".rs") { production(&file) } else { String::new() };
        let is_place = file.starts_with("kubectl-storage-doctor/src/args");
        let uses = code(&text).any(|line| line.contains("clap::") || line.contains("use clap"));
        assert!(is_place || !uses, "{file} knows clap");
        if file.ends_with("Cargo.toml") && file != "Cargo.toml" && file != "kubectl-storage-doctor/Cargo.toml" {
            assert!(!read(&file).contains("clap"), "{file} depends on clap");
        }
    }
}

#[test]
fn only_the_binary_prints_reads_the_environment_or_ends_the_process() {
    let words = Regex::new(r"\b(e?print(ln)?|dbg)!|std::env::(vars?|args|current|temp|home|set)|std::process::|\bSystemTime::now|Instant::now|Timestamp::now")
        .unwrap();
    for file in under("crates/", ".rs") {
        let live = file.starts_with("crates/storage-doctor-kube/");
        for line in code(&production(&file)).filter(|line| words.is_match(line)) {
            // The live source waits, and starts the programs that credentials come from.
            let may =
                live && ["Instant::now", "std::process::", "SystemTime::now"].iter().any(|word| line.contains(word));
            assert!(may, "{file}: {line}");
        }
    }
}
