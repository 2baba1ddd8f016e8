//! What a scan of a cluster asks while the playbooks are still being loaded.

use serde_json::json;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use storage_doctor::doctor::{Keep, Scan, Scope, foreseen};
use storage_doctor::evidence::{Answer, Query};
use storage_doctor::report::v1::DiagnosisList;
use storage_doctor::source::recording::Recording;
use storage_doctor::source::{Ahead, BoxFuture, Memory, Source, Without, decode_list};
use storage_doctor::subject::{Kind, Subject};
use storage_doctor::time::Time;
use storage_doctor_tests::fake_api::{FakeApi, Fault};
use storage_doctor_tests::library::{doctor, ready};
use storage_doctor_tests::synthetic::{CAPTURED_AT, Claim, Times, shared};
use storage_doctor_tests::{binary, recorded};

/// A source that notes each question.
struct Noting<'a> {
    source: &'a dyn Source,
    asked: Mutex<Vec<Query>>,
}

impl<'a> Noting<'a> {
    fn new(source: &'a dyn Source) -> Self {
        Self { source, asked: Mutex::default() }
    }

    /// Every question as often as it was asked, in an order of its own.
    fn asked(&self) -> Vec<Query> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        asked.sort();
        asked
    }
}

impl Source for Noting<'_> {
    fn answer<'b>(&'b self, query: &'b Query) -> BoxFuture<'b, Answer> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(query.clone());
        self.source.answer(query)
    }

    fn taken_at(&self) -> Option<Time> {
        self.source.taken_at()
    }
}

fn scan(source: &dyn Source) -> DiagnosisList {
    let scan = Scan { scope: Scope::Cluster, selector: None, keep: Keep::All };
    ready(doctor(source).scan(&scan, source)).unwrap()
}

/// What a scan says, and all that it asks for it.
fn asked_by_scan(source: &dyn Source) -> (DiagnosisList, Vec<Query>) {
    let noting = Noting::new(source);
    let list = scan(&noting);
    (list, noting.asked())
}

fn rights(queries: impl IntoIterator<Item = Query>) -> BTreeSet<String> {
    queries.into_iter().map(|query| query.right()).collect()
}

/// A few claims in use, and nothing else.
fn healthy() -> Memory {
    let times = Times { made: "2026-11-20T03:45:34Z".to_owned(), seen: CAPTURED_AT.to_owned() };
    let mut objects: Vec<_> = shared(0..5, &times).into_iter().map(|(_, object)| object).collect();
    for claim in (1..5).map(|i| Claim::new(i, &times)) {
        objects.extend([claim.object(), claim.pod(), claim.event(), claim.volume_object(), claim.attachment()]);
    }
    let list = decode_list(json!(objects).to_string().as_bytes()).unwrap();
    Memory::at(Time::parse(CAPTURED_AT).unwrap()).objects(list.items)
}

fn faults() -> Recording {
    Recording::open(&recorded::named("faults-a").folder).unwrap()
}

#[test]
fn just_what_every_scan_asks_is_foreseen() {
    let foreseen = foreseen(&Scope::Cluster);
    let demo = Recording::open(binary::root().join("kubectl-storage-doctor/demo")).unwrap();
    for failing in [&demo, &faults()] {
        let (list, asked) = asked_by_scan(failing);
        assert!(list.counts.failing > 0, "{:?}", list.counts);
        let idle: Vec<&Query> = foreseen.iter().filter(|query| !asked.contains(query)).collect();
        assert!(idle.is_empty(), "foreseen, and not asked: {idle:?}");
    }
    let (list, asked) = asked_by_scan(&healthy());
    assert!(list.counts.healthy > 8 && list.counts.failing + list.counts.unknown == 0, "{:?}", list.counts);
    assert_eq!(rights(foreseen), rights(asked), "foreseen, and asked where nothing is wrong");
}

#[test]
fn of_less_than_the_cluster_nothing_is_foreseen() {
    let claim = Subject::new(Kind::PersistentVolumeClaim, Some("shop"), "data");
    for scope in [Scope::Namespace("shop".to_owned()), Scope::Subjects(vec![claim])] {
        assert_eq!(foreseen(&scope), BTreeSet::new(), "{scope}");
    }
}

#[test]
fn a_scan_says_and_asks_the_same_whatever_was_fetched_ahead() {
    let sources = [
        Without::new(faults()),
        Without::new(faults()).deny("storageclasses.storage.k8s.io").unreachable("leases.coordination.k8s.io"),
        Without::new(faults()).deny_across_namespaces("events").deny_across_namespaces("pods"),
        Without::new(faults()).not_recorded("persistentvolumes").deny("csinodes.storage.k8s.io"),
    ];
    for (number, source) in sources.iter().enumerate() {
        let (list, asked) = asked_by_scan(source);
        let noting = Noting::new(source);
        let ahead = Ahead::new(&noting);
        ready(ahead.fetch(foreseen(&Scope::Cluster)));
        let again = scan(&ahead);
        assert!(list == again, "source {number} says something else");
        assert_eq!(asked, noting.asked(), "source {number}");
    }
}

/// The paths of the requests of a run, without their parameters, in the order they came.
fn paths(api: &FakeApi) -> Vec<String> {
    api.seen().into_iter().map(|seen| seen.path.split('?').next().unwrap().to_owned()).collect()
}

#[test]
fn the_command_asks_ahead_and_no_list_twice() {
    let api = FakeApi::start(recorded::named("faults-a").alive()).unwrap();
    let run = binary::run(&format!("scan -A --server {}", api.url()));
    assert_eq!(run.code, Some(1), "{run:?}");
    let seen: Vec<String> = api.seen().into_iter().map(|seen| seen.path).collect();
    let distinct: BTreeSet<&String> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "nothing is asked twice: {seen:#?}");
    // Without foresight, events are asked for when all subjects are known.
    let paths = paths(&api);
    let place = |end: &str| paths.iter().position(|path| path.ends_with(end)).unwrap();
    assert!(place("/api/v1/events") < place("/volumesnapshots"), "{paths:#?}");
}

#[test]
fn what_may_not_be_listed_is_asked_for_once_and_then_in_part() {
    let api = FakeApi::start(recorded::named("faults-a").alive()).unwrap();
    api.fail("pods", Fault::DenyClusterWide);
    let run = binary::run(&format!("scan -A --server {}", api.url()));
    assert!(run.text().contains("list pods"), "{run:?}");
    let paths = paths(&api);
    assert_eq!(paths.iter().filter(|path| *path == "/api/v1/pods").count(), 1, "{paths:#?}");
    let narrow = |path: &&String| path.starts_with("/api/v1/namespaces/") && path.contains("/pods");
    assert!(paths.iter().any(|path| narrow(&path)), "{paths:#?}");
}

#[test]
fn other_playbooks_are_asked_for_nothing_that_they_do_not_need() {
    let ours = "apiVersion: storage-doctor.io/v1alpha1\nkind: Playbook\nname: ours\ntitle: Ours\n\
        subject: PersistentVolumeClaim\nsymptom: claim.status.phase == 'Lost'\ncauses:\n  - id: ours\n    proofs:\n      \
        - {when: \"true\", confidence: certain, cites: [{field: claim.status.phase}]}\n    \
        summary: Ours.\n    explanation: Because.\n    sources: [ours]\n";
    let api = FakeApi::start(recorded::named("faults-a").alive()).unwrap();
    let words = format!("scan -A --no-builtin --playbooks ours.yaml --server {}", api.url());
    let run = binary::program(words.split(' ')).file("ours.yaml", ours).run();
    assert!(run.text().contains("looked at") && run.stderr.is_empty(), "{run:?}");
    assert_eq!(paths(&api), ["/version", "/api/v1/persistentvolumeclaims"]);
}
