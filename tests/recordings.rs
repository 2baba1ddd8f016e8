//! Recordings of real clusters: what has to be found in them is found, and said the same in every way of
//! asking.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "these are tests"
)]

use jsonschema::Validator;
use serde_json::Value;
use std::collections::BTreeMap;
use storage_doctor::doctor::DiagnoseError;
use storage_doctor::evidence::Answer;
use storage_doctor::render::json;
use storage_doctor::source::recording::Recording;
use storage_doctor::subject::{Kind, Subject};
use storage_doctor_tests::binary;
use storage_doctor_tests::library::{Guarded, diagnose, doctor, scan};
use storage_doctor_tests::recorded::{self, Recorded};

/// How many lines of the expectations name a type that is no subject yet. The number is exact, so that a
/// type that becomes one is graded from that day on.
const NOT_YET_A_SUBJECT: &[(&str, usize)] = &[("faults-a", 0)];

/// What is known to fall short. An entry that no longer does fails the test too.
const FALLS_SHORT: &[(&str, &str)] = &[];

#[test]
fn every_expectation_is_met() {
    let mut short = Vec::new();
    let mut graded = 0;
    for recorded in recorded::all() {
        for expected in recorded.expected.iter().filter(|expected| expected.subject().is_some()) {
            let run = binary::program(expected.arguments()).arg("--from").arg(&recorded.folder).arg("-ojson").run();
            let report = serde_json::from_slice(&run.stdout).unwrap_or(Value::Null);
            let found = expected.shortcomings(&report, run.code);
            let is_known = FALLS_SHORT.contains(&(recorded.name.as_str(), expected.label().as_str()));
            if is_known && found.is_empty() {
                short.push(format!("{} {}: no longer falls short", recorded.name, expected.label()));
            } else if !is_known && !found.is_empty() {
                short.push(format!(
                    "{} {}: {} {}",
                    recorded.name,
                    expected.label(),
                    found.join("; "),
                    run.stderr.trim()
                ));
            }
            graded += 1;
        }
    }
    assert!(graded > 0);
    assert!(short.is_empty(), "{} of {graded} fall short:\n{}", short.len(), short.join("\n"));
}

#[test]
fn types_that_are_no_subject_yet_are_counted() {
    let mut counts = BTreeMap::new();
    for recorded in recorded::all() {
        let left: Vec<_> = recorded.expected.iter().filter(|expected| expected.subject().is_none()).collect();
        for expected in &left {
            println!("{}: not yet a subject: {}", recorded.name, expected.label());
        }
        counts.insert(recorded.name.as_str(), left.len());
    }
    assert_eq!(counts, NOT_YET_A_SUBJECT.iter().copied().collect());
}

#[test]
fn a_scan_says_of_each_what_is_said_of_it_alone() {
    let schema = report_schema();
    for recorded in recorded::all() {
        let source = Recording::open(&recorded.folder).unwrap();
        let doctor = doctor(&source);
        for kind in Kind::all() {
            let list = scan(&doctor, kind.kind, None, &source);
            let again = scan(&doctor, kind.kind, None, &source);
            assert_eq!(json::render(&list).unwrap(), json::render(&again).unwrap(), "{}: two scans differ", kind.kind);
            valid(&schema, &serde_json::to_value(&list).unwrap(), &recorded.name);
            for item in &list.items {
                let subject = Subject::new(kind.kind, item.subject.namespace.as_deref(), &item.subject.name);
                let alone = diagnose(&doctor, &subject, &source).unwrap();
                let (alone, listed) = (json::render(&alone).unwrap(), json::render(item).unwrap());
                assert!(alone == listed, "{subject}\nalone: {alone}\nin a scan: {listed}");
                valid(&schema, &serde_json::from_str(&alone).unwrap(), &subject.to_string());
            }
        }
        assert!(!scan(&doctor, Kind::PersistentVolumeClaim, None, &source).items.is_empty());
    }
}

#[test]
fn a_scan_of_one_namespace_says_the_same() {
    let recorded = recorded::named("faults-a");
    let source = Recording::open(&recorded.folder).unwrap();
    let doctor = doctor(&source);
    let all = scan(&doctor, Kind::PersistentVolumeClaim, None, &source);
    for item in &all.items {
        let namespace = item.subject.namespace.as_deref();
        let near = scan(&doctor, Kind::PersistentVolumeClaim, namespace, &source);
        assert!(near.items.contains(item), "{:?}", item.subject);
    }
}

#[test]
fn the_program_and_the_library_print_the_same() {
    for recorded in recorded::all() {
        let source = Recording::open(&recorded.folder).unwrap();
        let list = scan(&doctor(&source), Kind::PersistentVolumeClaim, None, &source);
        let run = from(recorded, &recorded.folder, "pvc -A -o json");
        assert_eq!(run.text(), json::render(&list).unwrap());
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn an_archive_says_the_same_as_its_folder() {
    for recorded in recorded::all() {
        for words in ["pvc -A -o json", "pvc -A -o yaml", "pvc -A", "sts -A -o json"] {
            let (folder, archive) = (from(recorded, &recorded.folder, words), from(recorded, &recorded.archive, words));
            assert_eq!((archive.text(), archive.code), (folder.text(), folder.code), "{words}: {}", archive.stderr);
            assert!(!archive.stdout.is_empty(), "{words}");
        }
    }
}

#[test]
fn a_recording_is_of_a_known_time() {
    for recorded in recorded::all() {
        let at = std::fs::read_to_string(recorded.folder.join("captured-at")).unwrap();
        let run = from(recorded, &recorded.folder, "pvc -A -o json");
        let report = run.json();
        let items = report["items"].as_array().unwrap();
        assert!(items.iter().all(|item| item["at"] == at.trim()), "{}", recorded.name);
    }
}

fn from(recorded: &Recorded, path: &std::path::Path, words: &str) -> binary::Run {
    let run = binary::program(words.split(' ')).arg("--from").arg(path).run();
    assert!(matches!(run.code, Some(0 | 1 | 3)), "{} {words}: {run:?}", recorded.name);
    run
}

fn report_schema() -> Validator {
    let text = std::fs::read(binary::root().join("docs/report.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_slice(&text).unwrap()).unwrap()
}

fn valid(schema: &Validator, report: &Value, what: &str) {
    let errors: Vec<String> =
        schema.iter_errors(report).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

#[test]
fn a_kind_that_the_server_does_not_know_is_told_as_that() {
    const SNAPSHOTS: &str = "volumesnapshots.snapshot.storage.k8s.io";
    let source = Recording::open(&recorded::named("faults-a").folder).unwrap();
    let doctor = doctor(&source);
    let snapshot = |name| Subject::new(Kind::VolumeSnapshot, Some("v00-healthy-snapshot"), name);
    let bare = Guarded::new(&source).refusing(SNAPSHOTS, Answer::Absent);
    let error = diagnose(&doctor, &snapshot("snap"), &bare).unwrap_err();
    assert!(matches!(&error, DiagnoseError::NotServed { resource } if resource.to_string() == SNAPSHOTS), "{error}");
    assert!(error.to_string().contains("not installed"), "{error}");
    // Where the kind is known, it is the object that is missing.
    let error = diagnose(&doctor, &snapshot("snop"), &source).unwrap_err();
    assert!(matches!(error, DiagnoseError::NotFound { .. }), "{error}");
}
