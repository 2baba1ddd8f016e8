//! It only reads, and not everything.

use super::*;
use storage_doctor_tests::fake_api::{FakeApi, Objects};

#[test]
fn only_gets_are_sent_and_secrets_are_left_alone() {
    let recorded = recorded::named("faults-a");
    let api = FakeApi::start(Objects::folder(&recorded.folder).unwrap()).unwrap();
    for words in
        ["pvc -A", "sts -A", "pvc -n p01-missing-class", "pvc data -n p06-too-large", "pvc data -n h01-healthy"]
    {
        let run = binary::program(words.split(' ')).arg("--server").arg(api.url()).run();
        assert!(matches!(run.code, Some(0 | 1 | 3)), "{words}: {run:?}");
    }
    let seen = api.seen();
    assert!(seen.len() > 20, "{} requests", seen.len());
    for request in &seen {
        assert_eq!(request.method, "GET", "{request:?}");
        let path = request.path.to_lowercase();
        for secret in ["/secrets", "/configmaps", "/exec", "/attach", "/portforward", "/proxy", "watch="] {
            assert!(!path.contains(secret), "{request:?}");
        }
    }
}

#[test]
fn a_scan_asks_once_for_what_many_need() {
    let recorded = recorded::named("faults-a");
    let api = FakeApi::start(Objects::folder(&recorded.folder).unwrap()).unwrap();
    let run = binary::run(&format!("pvc -A -o json --server {}", api.url()));
    let claims = run.json()["items"].as_array().unwrap().len();
    let mut paths: Vec<String> = api.seen().into_iter().map(|seen| seen.path).collect();
    let sent = paths.len();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), sent, "something was asked twice: {paths:#?}");
    let lists = paths.iter().filter(|path| !path.contains("/log?")).count();
    assert!(lists < claims, "{lists} lists and objects for {claims} claims: {paths:#?}");
}
