//! `scan`: every subject of every kind with one look, each told the same as alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "these are tests"
)]

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use storage_doctor::doctor::{Doctor, Keep, Scan, Scope};
use storage_doctor::report::v1::{DiagnosisList, ObjectRef, Verdict};
use storage_doctor::selector::Selector;
use storage_doctor::source::recording::Recording;
use storage_doctor::source::{Source, Without};
use storage_doctor::subject::{Kind, Subject};
use storage_doctor_tests::binary;
use storage_doctor_tests::fake_api::{FakeApi, Fault, Objects};
use storage_doctor_tests::library::{diagnose, doctor, playbooks, ready};
use storage_doctor_tests::recorded;

fn faults() -> Recording {
    Recording::open(&recorded::named("faults-a").folder).unwrap()
}

fn scan(doctor: &Doctor, source: &dyn Source, scope: Scope, keep: Keep) -> DiagnosisList {
    ready(doctor.scan(&Scan { scope, selector: None, keep }, source)).unwrap()
}

fn subject(reference: &ObjectRef) -> Subject {
    Subject::new(Kind::from_name(&reference.kind).unwrap(), reference.namespace.as_deref(), &reference.name)
}

fn each_as_alone(what: &str, list: &DiagnosisList, doctor: &Doctor, source: &dyn Source) {
    for item in &list.items {
        let alone = diagnose(doctor, &subject(&item.subject), source).unwrap();
        let [alone, item] = [&alone, item].map(|report| serde_json::to_string_pretty(report).unwrap());
        assert!(alone == item, "{what}\n--- alone\n{alone}\n--- scan\n{item}");
    }
}

#[test]
fn a_subject_says_the_same_in_a_scan_as_alone() {
    let source = faults();
    let doctor = doctor(&source);
    let all = scan(&doctor, &source, Scope::Cluster, Keep::All);
    assert!(all.items.len() > 60, "{}", all.items.len());
    each_as_alone("cluster", &all, &doctor, &source);
    let namespaces: BTreeSet<String> = all.items.iter().filter_map(|item| item.subject.namespace.clone()).collect();
    let mut together = 0;
    for namespace in namespaces {
        let part = scan(&doctor, &source, Scope::Namespace(namespace.clone()), Keep::All);
        each_as_alone(&namespace, &part, &doctor, &source);
        together += part.items.len();
    }
    assert_eq!(together, all.items.iter().filter(|item| item.subject.namespace.is_some()).count());
}

#[test]
fn a_subject_says_the_same_in_a_scan_as_alone_with_fewer_rights() {
    let doctor = doctor(&faults());
    let sources = [
        Without::new(faults()).deny("storageclasses.storage.k8s.io"),
        Without::new(faults()).unreachable("pods"),
        Without::new(faults()).deny("events").not_recorded("persistentvolumes"),
    ];
    for source in sources {
        let list = scan(&doctor, &source, Scope::Cluster, Keep::All);
        each_as_alone("fewer rights", &list, &doctor, &source);
        let unlisted = list.unknown.iter().any(|open| open.why.contains("pods"));
        assert_eq!(unlisted, list.items.iter().all(|item| item.subject.kind != "Pod"), "{:?}", list.unknown);
    }
}

#[test]
fn every_kind_that_a_playbook_is_about_is_looked_at() {
    let source = faults();
    let doctor = doctor(&source);
    let list = scan(&doctor, &source, Scope::Cluster, Keep::All);
    let kinds: BTreeSet<&str> = list.items.iter().map(|item| item.subject.kind.as_str()).collect();
    let known: BTreeSet<Kind> = playbooks().iter().map(|playbook| playbook.subject).collect();
    for kind in known {
        assert!(kinds.contains(kind.as_str()), "no {kind} among {kinds:?}");
    }
    let said = |expected: &recorded::Expected| {
        list.items.iter().any(|item| expected.subject() == Some(subject(&item.subject)))
    };
    let missing: Vec<String> = recorded::named("faults-a")
        .expected
        .iter()
        .filter(|expected| expected.subject().is_some_and(|subject| kinds.contains(subject.kind.as_str())))
        .filter(|expected| !said(expected))
        .map(recorded::Expected::label)
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn groups_hold_every_failing_subject_once_and_the_largest_comes_first() {
    let source = faults();
    let doctor = doctor(&source);
    let all = scan(&doctor, &source, Scope::Cluster, Keep::All);
    let mut grouped: BTreeMap<&ObjectRef, usize> = BTreeMap::new();
    for subject in all.groups.iter().flat_map(|group| &group.subjects) {
        *grouped.entry(subject).or_default() += 1;
    }
    let failing: BTreeSet<&ObjectRef> =
        all.items.iter().filter(|item| item.verdict == Verdict::Failing).map(|item| &item.subject).collect();
    assert_eq!(grouped.keys().copied().collect::<BTreeSet<_>>(), failing);
    assert!(grouped.values().all(|n| *n == 1));
    assert!(all.groups.is_sorted_by_key(|group| std::cmp::Reverse(group.subjects.len())));
    let class = all.groups.iter().find(|group| group.root.name == "non-existent-sc").unwrap();
    let kinds: BTreeSet<&str> = class.subjects.iter().map(|subject| subject.kind.as_str()).collect();
    assert!(kinds.len() > 1, "{class:?}");
    let few = scan(&doctor, &source, Scope::Cluster, Keep::Troubles);
    assert_eq!((few.counts, &few.groups), (all.counts, &all.groups));
    assert_eq!(few.items.len(), few.counts.failing + few.counts.unknown);
}

#[test]
fn labels_select_among_all_kinds() {
    let source = faults();
    let doctor = doctor(&source);
    let selected = |text: &str| {
        let selector = Some(Selector::parse(text).unwrap());
        ready(doctor.scan(&Scan { scope: Scope::Cluster, selector, keep: Keep::All }, &source)).unwrap()
    };
    assert!(selected("no-such-label").items.is_empty());
    assert_eq!(selected("!no-such-label"), scan(&doctor, &source, Scope::Cluster, Keep::All));
}

#[test]
fn one_list_of_each_resource_serves_a_scan() {
    let api = FakeApi::start(Objects::folder(&recorded::named("faults-a").folder).unwrap()).unwrap();
    let run = binary::run(&format!("scan -A --server {}", api.url()));
    assert_eq!(run.code, Some(1), "{run:?}");
    let mut lists: BTreeMap<String, usize> = BTreeMap::new();
    for seen in api.seen() {
        *lists.entry(seen.path.split('?').next().unwrap().to_owned()).or_default() += 1;
    }
    for list in ["persistentvolumeclaims", "pods", "events", "persistentvolumes"] {
        assert_eq!(lists.get(&format!("/api/v1/{list}")), Some(&1), "{lists:?}");
    }
    let alone = lists.keys().filter(|path| path.contains("/persistentvolumeclaims/")).count();
    assert_eq!(alone, 0, "{lists:?}");
}

#[test]
fn the_command_says_what_breaks_most_first_and_counts_the_healthy() {
    let run = binary::run("scan -A --from demo");
    assert_eq!(run.code, Some(1), "{run:?}");
    let text = run.text();
    // What breaks two comes before what breaks one.
    let place = |cause: &str| text.find(&format!("{cause}: ")).unwrap_or_else(|| panic!("{cause} is missing: {text}"));
    assert!(place("pvc-storageclass-not-found") < place("provision-resource-exhausted"), "{text}");
    assert!(text.contains("on StorageClass fast-sdd; breaks 1 PersistentVolumeClaim, 1 Pod"), "{text}");
    assert!(text.contains("  more: kubectl storage-doctor pvc orders-db -n shop\n"), "{text}");
    assert!(text.lines().last().unwrap().contains(" looked at: "), "{text}");
    let report = binary::run("scan -A --from demo -o json").json();
    assert_eq!(report["kind"], "DiagnosisList");
    let count = |verdict: &str| {
        let items = report["items"].as_array().unwrap();
        Value::from(items.iter().filter(|item| item["verdict"] == verdict).count())
    };
    for (name, verdict) in
        [("failing", "Failing"), ("healthy", "Healthy"), ("waiting", "Waiting"), ("unknown", "Unknown")]
    {
        assert_eq!(report["counts"][name], count(verdict), "{name}");
    }
    let run = binary::run("scan -n nowhere --from demo");
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("namespace nowhere not found"), "{run:?}");
}

#[test]
fn what_may_not_be_listed_is_said() {
    let api = FakeApi::start(Objects::folder(&recorded::named("faults-a").folder).unwrap()).unwrap();
    api.fail("*", Fault::Deny);
    let run = binary::run(&format!("scan -A --server {}", api.url()));
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.text().contains("list persistentvolumeclaims") && run.text().contains("0 looked at"), "{run:?}");
}
