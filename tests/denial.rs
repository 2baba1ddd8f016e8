//! Not knowing: whatever cannot be seen, a diagnosis says the same as with everything seen, or that it
//! cannot tell. It never says something else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "these are tests"
)]

use serde_json::Value;
use std::collections::BTreeSet;
use storage_doctor::doctor::Doctor;
use storage_doctor::evidence::Answer;
use storage_doctor::playbook::Confidence;
use storage_doctor::report::v1::{Diagnosis, Verdict};
use storage_doctor::source::recording::Recording;
use storage_doctor::subject::{Kind, Subject};
use storage_doctor_tests::binary::{self, Run};
use storage_doctor_tests::fake_api::{FakeApi, Fault};
use storage_doctor_tests::library::{Guarded, diagnose, doctor};
use storage_doctor_tests::recorded;

fn refusals() -> [(&'static str, Answer); 3] {
    [
        ("denied", Answer::Denied { message: "the user may not".to_owned() }),
        ("not recorded", Answer::NotRecorded),
        ("unreachable", Answer::Unreachable { why: "timed out".to_owned() }),
    ]
}

#[test]
fn without_any_one_resource_nothing_else_is_said() {
    let mut violations = BTreeSet::new();
    let mut tried = 0;
    for recorded in recorded::all() {
        let source = Recording::open(&recorded.folder).unwrap();
        let doctor = doctor(&source);
        for expected in &recorded.expected {
            let Some(subject) = expected.subject() else { continue };
            let all = Guarded::new(&source);
            let full = diagnose(&doctor, &subject, &all).unwrap();
            let mut resources = all.asked();
            resources.insert("pods/log".to_owned());
            for resource in &resources {
                for (name, refusal) in refusals() {
                    let part = Guarded::new(&source).refusing(resource, refusal);
                    let part = diagnose(&doctor, &subject, &part).unwrap();
                    tried += 1;
                    // With less seen, a wider true cause of the same fault may be all that can be said.
                    let allowed = part.findings.first().is_some_and(|first| expected.allows(&first.cause));
                    let wrong = contradiction(&full, &part, resource);
                    if let Some(wrong) = wrong.filter(|_| !(allowed && part.verdict == full.verdict)) {
                        violations.insert(format!("{subject} without {resource} ({name}): {wrong}"));
                    }
                }
            }
        }
    }
    println!("{tried} tried");
    assert!(tried > 300, "only {tried} tried");
    assert!(
        violations.is_empty(),
        "{} of {tried}:\n{}",
        violations.len(),
        lines(&violations.iter().collect::<Vec<_>>())
    );
}

#[test]
fn without_events_and_any_other_resource_nothing_else_is_said() {
    let mut violations = BTreeSet::new();
    let recorded = recorded::named("faults-a");
    let source = Recording::open(&recorded.folder).unwrap();
    let doctor = doctor(&source);
    let denied = || Answer::Denied { message: "the user may not".to_owned() };
    for expected in &recorded.expected {
        let Some(subject) = expected.subject() else { continue };
        let all = Guarded::new(&source);
        let full = diagnose(&doctor, &subject, &all).unwrap();
        for first in &all.asked() {
            let part = Guarded::new(&source).refusing(first, denied()).refusing("events", denied());
            let part = diagnose(&doctor, &subject, &part).unwrap();
            let allowed = part.findings.first().is_some_and(|found| expected.allows(&found.cause));
            let wrong = contradiction(&full, &part, first);
            if let Some(wrong) = wrong.filter(|_| !(allowed && part.verdict == full.verdict)) {
                violations.insert(format!("{subject} without events and {first}: {wrong}"));
            }
        }
    }
    assert!(violations.is_empty(), "{}:\n{}", violations.len(), lines(&violations.iter().collect::<Vec<_>>()));
}

fn lines(said: &[&String]) -> String {
    said.iter().map(|line| line.as_str()).collect::<Vec<_>>().join("\n")
}

/// How a diagnosis with less seen contradicts the one with everything seen.
fn contradiction(full: &Diagnosis, part: &Diagnosis, resource: &str) -> Option<String> {
    let first = |diagnosis: &Diagnosis| diagnosis.findings.first().map(|finding| finding.cause.clone());
    if part.verdict == Verdict::Unknown {
        return part.unknown.is_empty().then(|| format!("Unknown, and not why (full: {:?})", full.verdict));
    }
    if part.verdict != full.verdict {
        return Some(format!("{:?} {:?}, full: {:?} {:?}", part.verdict, first(part), full.verdict, first(full)));
    }
    if full.verdict == Verdict::Failing && first(part) != first(full) {
        let known = full.findings.iter().any(|finding| Some(&finding.cause) == first(part).as_ref());
        let what = if known { "another of its causes" } else { "another cause" };
        return Some(format!("{what}: {:?}, full: {:?}", first(part), first(full)));
    }
    let empty = part.findings.iter().find(|finding| finding.evidence.is_empty());
    empty.map(|finding| format!("{} cites nothing without {resource}", finding.cause))
}

/// A diagnosis of faults-a without some resources.
fn without(namespace: &str, name: &str, refused: &[&str]) -> [Diagnosis; 3] {
    let source = Recording::open(&recorded::named("faults-a").folder).unwrap();
    let doctor: Doctor = doctor(&source);
    let subject = Subject::new(Kind::PersistentVolumeClaim, Some(namespace), name);
    refusals().map(|(_, refusal)| {
        let guarded = refused.iter().fold(Guarded::new(&source), |source, what| source.refusing(what, refusal.clone()));
        diagnose(&doctor, &subject, &guarded).unwrap()
    })
}

#[test]
fn a_missing_class_is_told_from_the_event_when_classes_are_hidden() {
    for found in without("p01-missing-class", "pvc-pending-demo", &["storageclasses.storage.k8s.io"]) {
        assert_eq!(found.verdict, Verdict::Failing, "{found:#?}");
        let first = &found.findings[0];
        assert_eq!((first.cause.as_str(), first.confidence), ("pvc-storageclass-not-found", Confidence::Likely));
        let quote = "storageclass.storage.k8s.io \"non-existent-sc\" not found";
        assert!(first.evidence.iter().any(|cite| cite.quote.contains(quote)), "{first:#?}");
        assert!(!first.evidence.iter().any(|cite| cite.quote == "does not exist"), "{first:#?}");
        assert!(found.unknown.iter().any(|open| names_classes(&open.needs)), "{:#?}", found.unknown);
    }
}

#[test]
fn a_missing_class_is_not_guessed_without_classes_and_events() {
    for found in without("p01-missing-class", "pvc-pending-demo", &["storageclasses.storage.k8s.io", "events"]) {
        assert_eq!(found.verdict, Verdict::Unknown, "{found:#?}");
        assert!(found.unknown.iter().any(|open| names_classes(&open.needs)), "{:#?}", found.unknown);
    }
}

#[test]
fn a_driver_is_not_called_absent_when_no_trace_of_drivers_can_be_seen() {
    for found in without("p05-driver-absent", "data", DRIVERS) {
        assert_eq!(found.verdict, Verdict::Unknown, "{found:#?}");
        assert!(!found.unknown.is_empty());
    }
}

/// A right is named by the resource, something to record by the object.
fn names_classes(needs: &str) -> bool {
    needs == "get storageclasses.storage.k8s.io" || needs.ends_with("StorageClass non-existent-sc")
}

/// Where a driver that is there would show.
const DRIVERS: &[&str] =
    &["csidrivers.storage.k8s.io", "csinodes.storage.k8s.io", "leases.coordination.k8s.io", "pods"];

/// The same over HTTP, with the built program: a server that serves faults-a and refuses some resources.
fn over_http(words: &str, refused: &[&str], fault: Fault) -> Run {
    let api = FakeApi::start(recorded::named("faults-a").alive()).unwrap();
    for what in refused {
        api.fail(what, fault);
    }
    binary::program(words.split(' ')).arg("--server").arg(api.url()).run()
}

fn needs(report: &Value, word: &str) -> bool {
    let open = report["unknown"].as_array().unwrap();
    open.iter().any(|entry| entry["needs"].as_str().unwrap().contains(word))
}

#[test]
fn a_403_over_http_says_likely_and_what_to_grant() {
    let words = "pvc pvc-pending-demo -n p01-missing-class -o json";
    let run = over_http(words, &["storageclasses.storage.k8s.io"], Fault::Deny);
    let report = run.json();
    assert_eq!(run.code, Some(1), "{report:#}");
    assert_eq!(report["findings"][0]["cause"], "pvc-storageclass-not-found");
    assert_eq!(report["findings"][0]["confidence"], "likely");
    assert!(
        needs(&report, "get storageclasses.storage.k8s.io") || needs(&report, "list storageclasses.storage.k8s.io")
    );
    let run = over_http(words, &["storageclasses.storage.k8s.io", "events"], Fault::Deny);
    assert_eq!((run.code, &run.json()["verdict"]), (Some(3), &Value::from("Unknown")), "{run:?}");
    assert!(needs(&run.json(), "storageclasses") && needs(&run.json(), "events"), "{run:?}");
    let text = over_http(&words.replace(" -o json", ""), &["storageclasses.storage.k8s.io", "events"], Fault::Deny);
    assert!(text.text().contains("list events in namespace p01-missing-class"), "{}", text.text());
}

#[test]
fn a_driver_is_not_called_absent_over_http() {
    let run = over_http("pvc data -n p05-driver-absent -o json", DRIVERS, Fault::Deny);
    assert_eq!((run.code, &run.json()["verdict"]), (Some(3), &Value::from("Unknown")), "{run:?}");
    // Nor when the server has trouble.
    let run = over_http("pvc data -n p05-driver-absent -o json", DRIVERS, Fault::Code(500));
    assert_eq!((run.code, &run.json()["verdict"]), (Some(3), &Value::from("Unknown")), "{run:?}");
    assert!(!run.json()["unknown"].as_array().unwrap().is_empty());
}

#[test]
fn rights_in_one_namespace_are_enough_for_one_claim() {
    let api = FakeApi::start(recorded::named("faults-a").alive()).unwrap();
    api.fail("events", Fault::DenyClusterWide);
    api.fail("pods", Fault::DenyClusterWide);
    api.fail("persistentvolumeclaims", Fault::DenyClusterWide);
    let run = binary::run(&format!("pvc pvc-pending-demo -n p01-missing-class -o json --server {}", api.url()));
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(run.json()["findings"][0]["confidence"], "certain");
}

#[test]
fn what_may_not_be_listed_may_be_missing_from_a_scan() {
    let run = over_http("pvc -A -o json", &["persistentvolumeclaims"], Fault::Deny);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(needs(&run.json(), "list persistentvolumeclaims"), "{run:?}");
    let run = over_http("pvc data -n h01-healthy -o json", &["persistentvolumeclaims"], Fault::Deny);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(needs(&run.json(), "get persistentvolumeclaims"), "{run:?}");
}

#[test]
fn live_and_recorded_say_the_same() {
    let recorded = recorded::named("faults-a");
    let api = FakeApi::start(recorded.alive()).unwrap();
    for expected in recorded.expected.iter().filter(|expected| expected.subject().is_some()) {
        let live = binary::program(expected.arguments()).arg("-ojson").arg("--server").arg(api.url()).run();
        let offline = binary::program(expected.arguments()).arg("-ojson").arg("--from").arg(&recorded.folder).run();
        assert_eq!(live.code, offline.code, "{}: {}", expected.label(), live.text());
        assert_eq!(said(&live.json()), said(&offline.json()), "{}", expected.label());
    }
}

/// What a report says, but for times, and for what the recording does not hold.
fn said(report: &Value) -> Value {
    let each = |list: &str, keys: &[&str]| -> Vec<Value> {
        let entries = report[list].as_array().unwrap().iter();
        entries.map(|entry| keys.iter().map(|key| entry[*key].clone()).collect()).collect()
    };
    serde_json::json!({
        "verdict": report["verdict"],
        "findings": each("findings", &["cause", "confidence", "severity", "subject", "summary", "remedies"]),
        "waiting": each("waiting", &["state", "summary"]),
        "chain": each("chain", &["object", "relation", "state"]),
    })
}
