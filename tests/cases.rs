//! The built-in playbooks on made-up clusters: what `playbook test playbooks/cases` runs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "these are tests")]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use storage_doctor::playbook::{self, Playbook};

#[test]
fn every_case_of_the_built_in_playbooks_holds() {
    let builtin = storage_doctor_playbooks::FILES.iter();
    let files: Vec<(String, String)> = builtin.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let playbooks: Arc<[Playbook]> =
        playbook::load(&files).unwrap_or_else(|problems| panic!("{problems}")).playbooks.into();

    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../playbooks/cases");
    // Fails by itself when there is no file.
    let mut cases = playbook::read_path(Path::new(folder)).unwrap();
    for (name, _) in &mut cases {
        *name = Path::new(name).file_name().unwrap().to_string_lossy().into_owned();
    }
    let outcome = storage_doctor::cases::run(&cases, &playbooks, None).unwrap_or_else(|problems| panic!("{problems}"));

    print!("{}", outcome.coverage);
    println!("{} files, {} passed, {} failed", cases.len(), outcome.passed(), outcome.failed());
    let mut report = String::new();
    for mismatch in outcome.cases.iter().flat_map(|case| &case.mismatches) {
        writeln!(report, "{mismatch}").unwrap();
    }
    assert!(!outcome.cases.is_empty());
    assert!(report.is_empty(), "\n{report}{} passed, {} failed", outcome.passed(), outcome.failed());
}

/// What `docs/cases.md` asks of the cases of every built-in playbook.
#[test]
fn every_built_in_cause_has_its_cases() {
    let playbooks: Arc<[Playbook]> = storage_doctor_tests::library::playbooks().into();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../playbooks/cases");
    let cases = playbook::read_path(Path::new(folder)).unwrap();
    for playbook in playbooks.iter() {
        let line = format!("playbook: {}\n", playbook.name);
        assert!(cases.iter().any(|(_, text)| text.contains(&line)), "{} has no cases", playbook.name);
    }
    let outcome = storage_doctor::cases::run(&cases, &playbooks, None).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(outcome.coverage.is_complete(), "\n{}", outcome.coverage);
}

/// The first YAML block of a document.
#[allow(clippy::disallowed_methods, reason = "the test reads the documents")]
fn first_example(document: &str) -> String {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs")).join(document);
    let text = std::fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once("```yaml\n").unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_playbook_and_the_cases_of_the_documents_hold() {
    let builtin = storage_doctor_playbooks::FILES.iter();
    let mut files: Vec<(String, String)> =
        builtin.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    files.push(("acme-license.yaml".to_owned(), first_example("playbooks.md")));
    let loaded = playbook::load(&files).unwrap_or_else(|problems| panic!("{problems}"));
    let playbooks: Arc<[Playbook]> = loaded.playbooks.into();
    let cases = [("cases.yaml".to_owned(), first_example("cases.md"))];
    let outcome = storage_doctor::cases::run(&cases, &playbooks, None).unwrap_or_else(|problems| panic!("{problems}"));
    let mismatches: Vec<String> =
        outcome.cases.iter().flat_map(|case| &case.mismatches).map(ToString::to_string).collect();
    assert_eq!((outcome.passed(), mismatches), (2, Vec::new()));
}
