//! The built-in playbooks on made-up clusters: what `playbook test playbooks/cases` runs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "these are tests, which read the repository"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use storage_doctor::cases::{self, Outcome};
use storage_doctor::playbook::{self, Playbook};
use storage_doctor_tests::{binary, library};

/// The files of cases, each with its name and its text.
fn files() -> Vec<(String, String)> {
    // Fails by itself when there is no file.
    let mut cases = playbook::read_path(&binary::root().join("playbooks/cases")).unwrap();
    for (name, _) in &mut cases {
        *name = Path::new(name).file_name().unwrap().to_string_lossy().into_owned();
    }
    cases
}

/// What came of all of them; both tests look at it.
fn outcome() -> &'static Outcome {
    static RUN: LazyLock<Outcome> = LazyLock::new(|| {
        cases::run(&files(), &library::playbooks(), None).unwrap_or_else(|problems| panic!("{problems}"))
    });
    &RUN
}

#[test]
fn every_case_of_the_built_in_playbooks_holds() {
    let outcome = outcome();
    println!("{} files, {} passed, {} failed", files().len(), outcome.passed(), outcome.failed());
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
    for playbook in library::playbooks().iter() {
        let line = format!("playbook: {}\n", playbook.name);
        assert!(files().iter().any(|(_, text)| text.contains(&line)), "{} has no cases", playbook.name);
    }
    assert!(outcome().coverage.is_complete(), "\n{}", outcome().coverage);
}

/// The guard is no formality: whatever a file of cases no longer says is missed, for each cause and each state of it.
#[test]
fn a_cause_that_loses_its_cases_is_named() {
    let playbooks = library::playbooks();
    for name in ["pvc-lost", "pvc-modify", "volume-released"] {
        let text = files().into_iter().find(|(file, _)| *file == format!("{name}.yaml")).unwrap().1;
        let playbook = playbooks.iter().find(|playbook| playbook.name == name).unwrap();
        let causes: Vec<&str> = playbook.causes.iter().map(|cause| cause.id.as_str()).collect();
        let states: Vec<&str> = playbook.waiting.iter().map(|state| state.id.as_str()).collect();
        assert!(!causes.is_empty());
        for (key, what, ids) in [
            ("finds", "no case finds", &causes),
            ("not", "no case excludes", &causes),
            ("waiting", "no case shows", &states),
        ] {
            let lost = without_key(&text, key);
            let outcome = cases::run(&[(format!("{name}.yaml"), lost)], &playbooks, None).unwrap();
            for id in ids {
                let line = format!("{what} {name}/{id}\n");
                assert!(outcome.coverage.to_string().contains(&line), "no {line:?} in {}", outcome.coverage);
            }
            assert!(ids.is_empty() || !outcome.coverage.is_complete());
        }
    }
}

/// A file of cases of which no case says anything under this key.
fn without_key(text: &str, key: &str) -> String {
    let mut file: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
    for case in file["cases"].as_sequence_mut().unwrap() {
        case.as_mapping_mut().unwrap().remove(key);
    }
    serde_yaml::to_string(&file).unwrap()
}

/// The first YAML block of a document.
fn first_example(document: &str) -> String {
    let text = std::fs::read_to_string(binary::root().join("docs").join(document)).unwrap();
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
    let outcome = cases::run(&cases, &playbooks, None).unwrap_or_else(|problems| panic!("{problems}"));
    let mismatches: Vec<String> =
        outcome.cases.iter().flat_map(|case| &case.mismatches).map(ToString::to_string).collect();
    assert_eq!((outcome.passed(), mismatches), (2, Vec::new()));
}
