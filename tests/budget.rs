//! What a diagnosis costs the API server: how many requests, and how many after one another. Counted against the fake
//! server, which holds the recording as if it were alive.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "these are tests"
)]

#[path = "budget/ahead.rs"]
mod ahead;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use storage_doctor::doctor::Doctor;
use storage_doctor::evidence::{Answer, Query};
use storage_doctor::playbook::Playbook;
use storage_doctor::report::v1::{Diagnosis, Verdict};
use storage_doctor::source::{BoxFuture, Source};
use storage_doctor::subject::{Kind, Subject};
use storage_doctor::time::Time;
use storage_doctor_kube::{Cluster, ConnectOptions, Environment};
use storage_doctor_tests::fake_api::FakeApi;
use storage_doctor_tests::{library, recorded};

/// The most requests, the greeting included, where nothing is wrong.
const HEALTHY: usize = 15;
/// The most of them that wait for one another.
const ROUNDS: usize = 4;
/// The most requests where something is wrong and logs are read.
const FAILING: usize = 40;

/// A source that notes how long the longest chain of questions is of which each waited for the one before it.
struct Chained<'a> {
    source: &'a Cluster,
    longest: Mutex<usize>,
}

impl Chained<'_> {
    fn longest(&self) -> usize {
        *self.longest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source for Chained<'_> {
    fn answer<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            // Whatever was answered before this began may be what it waited for.
            let rank = self.longest() + 1;
            let answer = self.source.answer(query).await;
            let mut longest = self.longest.lock().unwrap_or_else(PoisonError::into_inner);
            *longest = (*longest).max(rank);
            answer
        })
    }
}

struct Cost {
    diagnosis: Diagnosis,
    requests: usize,
    rounds: usize,
    paths: Vec<String>,
}

async fn cost(api: &FakeApi, playbooks: &Arc<[Playbook]>, subject: &Subject) -> Cost {
    let before = api.seen().len();
    let options = ConnectOptions { server: Some(api.url()), ..ConnectOptions::default() };
    let cluster = Cluster::connect(&options, &Environment::default()).await.unwrap();
    let chained = Chained { source: &cluster, longest: Mutex::new(0) };
    let now = Time::parse(&jiff::Timestamp::now().to_string()).unwrap();
    let doctor = Doctor::new(Arc::clone(playbooks), now);
    let diagnosis = doctor.diagnose(subject, &chained).await.unwrap();
    let paths: Vec<String> = api.seen().into_iter().skip(before).map(|seen| seen.path).collect();
    Cost { diagnosis, requests: paths.len(), rounds: chained.longest(), paths }
}

#[tokio::test]
async fn a_healthy_pod_with_one_claim_costs_little() {
    let api = FakeApi::start(recorded::named("faults-a").alive()).unwrap();
    let playbooks: Arc<[Playbook]> = library::playbooks();
    let cost = cost(&api, &playbooks, &Subject::new(Kind::Pod, Some("h01-healthy"), "app")).await;
    assert_eq!(cost.diagnosis.verdict, Verdict::Healthy, "{:?}", cost.diagnosis.unknown);
    println!("a healthy pod: {} requests, {} after one another", cost.requests, cost.rounds);
    let distinct: BTreeSet<&String> = cost.paths.iter().collect();
    assert_eq!(distinct.len(), cost.requests, "nothing is asked twice: {:#?}", cost.paths);
    assert!(cost.requests <= HEALTHY, "{} requests: {:#?}", cost.requests, cost.paths);
    assert!(cost.rounds <= ROUNDS, "{} after one another: {:#?}", cost.rounds, cost.paths);
    assert!(!cost.paths.iter().any(|path| path.contains("/log")), "no log is read: {:#?}", cost.paths);
}

#[tokio::test]
async fn nothing_that_is_wrong_costs_much() {
    let api = FakeApi::start(recorded::named("faults-a").alive()).unwrap();
    let mut with_logs = 0;
    let mut dear = Vec::new();
    let expected = recorded::named("faults-a").expected.iter().filter_map(recorded::Expected::subject);
    // The driver's own logs, and the kubelet's.
    let others = [(Kind::CSIDriver, "hostpath.csi.k8s.io"), (Kind::Node, "node-a"), (Kind::Node, "node-b")];
    let others = others.map(|(kind, name)| Subject::new(kind, None, name));
    let playbooks: Arc<[Playbook]> = library::playbooks();
    for subject in expected.chain(others) {
        let cost = cost(&api, &playbooks, &subject).await;
        let logs = cost.paths.iter().filter(|path| path.contains("/log")).count();
        with_logs += usize::from(logs > 0);
        println!(
            "{subject}: {:?}, {} requests ({logs} for logs), {} after one another",
            cost.diagnosis.verdict, cost.requests, cost.rounds
        );
        if cost.requests > FAILING {
            dear.push(format!("{subject}: {} requests: {:#?}", cost.requests, cost.paths));
        }
    }
    assert!(with_logs > 0, "some of them need logs");
    assert!(dear.is_empty(), "{}", dear.join("\n"));
}
