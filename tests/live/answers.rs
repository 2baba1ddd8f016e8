//! From queries to requests, and from replies to answers.

use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use storage_doctor_tests::fake_api::Fault;
use tokio::time::Instant;

const CLAIMS: &str = "persistentvolumeclaims";
const CLASSES: &str = "storageclasses.storage.k8s.io";
const SNAPSHOTS: &str = "volumesnapshots.snapshot.storage.k8s.io";

#[tokio::test]
async fn an_object_is_found_pruned_and_typed() {
    let api = FakeApi::start(small()).unwrap();
    let cluster = connected(&api).await;
    let claim = found(ask(&cluster, &object(CLAIMS, Some("b"), "data-0")).await);
    assert_eq!(claim.at("metadata.namespace").as_str(), Some("b"));
    assert_eq!(claim.at("kind").as_str(), Some("PersistentVolumeClaim"));
    assert!(claim.at("metadata.managedFields").is_null());
    let class = found(ask(&cluster, &list(CLASSES, None)).await);
    let class = &class.items()[0];
    assert_eq!(class.at("kind").as_str(), Some("StorageClass"), "items of a list come without their kind");
    assert_eq!(class.at("apiVersion").as_str(), Some("storage.k8s.io/v1"));
    assert_eq!(class.at("metadata.annotations.kept").as_str(), Some("yes"));
    assert_eq!(cluster.requests(), 3);
    assert_eq!(cluster.version(), Some("v1.36.3"));
}

#[tokio::test]
async fn a_list_is_of_one_namespace_or_of_all() {
    let api = FakeApi::start(small()).unwrap();
    let cluster = connected(&api).await;
    assert_eq!(found(ask(&cluster, &list(CLAIMS, None)).await).items().len(), 3);
    assert_eq!(found(ask(&cluster, &list(CLAIMS, Some("a"))).await).items().len(), 2);
    assert_eq!(found(ask(&cluster, &list(CLAIMS, Some("empty"))).await).items().len(), 0);
    assert_eq!(found(ask(&cluster, &list("nodes", None)).await).items().len(), 0);
}

#[tokio::test]
async fn absent_is_what_the_api_server_says_does_not_exist() {
    let api = FakeApi::start(small()).unwrap();
    let cluster = connected(&api).await;
    assert!(matches!(ask(&cluster, &object(CLAIMS, Some("a"), "nosuch")).await, Answer::Absent));
    assert!(matches!(ask(&cluster, &list(SNAPSHOTS, None)).await, Answer::Absent), "the server lacks the resource");
    assert!(matches!(ask(&cluster, &object(SNAPSHOTS, Some("a"), "x")).await, Answer::Absent));
}

#[tokio::test]
async fn a_proxys_404_is_not_absent() {
    let api = FakeApi::start(small()).unwrap();
    let cluster = connected(&api).await;
    api.fail("*", Fault::Html404);
    for query in [object(CLAIMS, Some("a"), "data-0"), list(CLASSES, None), object(CLASSES, None, "fast")] {
        assert!(why(ask(&cluster, &query).await).contains("404"));
    }
    assert!(why(ask(&cluster, &log("web", false)).await).contains("web page"));
}

#[tokio::test]
async fn a_403_is_denied_in_the_servers_words() {
    let api = FakeApi::start(small()).unwrap();
    let cluster = connected(&api).await;
    api.fail(CLAIMS, Fault::Deny);
    api.fail("pods/log", Fault::Deny);
    for query in [object(CLAIMS, Some("a"), "data-0"), list(CLAIMS, None), log("web", false)] {
        let Answer::Denied { message } = ask(&cluster, &query).await else { panic!("{query:?}") };
        assert!(message.contains("cannot"), "{message}");
    }
}

#[tokio::test]
async fn secrets_are_never_asked_for() {
    let api = FakeApi::start(small()).unwrap();
    let cluster = connected(&api).await;
    let before = api.seen().len();
    for group in ["", "example.com"] {
        let secrets = Resource { plural: "secrets".into(), group: group.into(), ..resource("pods") };
        let one = Query::Object { resource: secrets.clone(), namespace: Some("a".into()), name: "s".into() };
        for query in [one, Query::List { resource: secrets, namespace: None }] {
            let Answer::Denied { message } = ask(&cluster, &query).await else { panic!("{query:?}") };
            assert_eq!(message, "storage-doctor never reads Secrets");
        }
    }
    let hostile =
        [object("pods", Some("a"), "../secrets/s"), object("pods", Some("../secrets"), ""), log("a&b/../..", false)];
    for query in &hostile {
        assert!(matches!(ask(&cluster, query).await, Answer::Unreachable { .. }), "{query:?}");
    }
    assert_eq!(api.seen().len(), before);
}

#[tokio::test]
async fn twelve_hundred_objects_are_three_pages() {
    let claims = (0..1200).map(|i| thing("PersistentVolumeClaim", "v1", Some("a"), &format!("data-{i}")));
    let api = FakeApi::start(Objects::new().with(CLAIMS, claims)).unwrap();
    let cluster = connected(&api).await;
    let claims = found(ask(&cluster, &list(CLAIMS, None)).await);
    assert_eq!(claims.items().len(), 1200);
    assert_eq!(claims.items()[1199].at("metadata.name").as_str(), Some("data-1199"));
    assert_eq!(api.count(CLAIMS), 3);
    assert!(api.seen().iter().filter(|seen| seen.path.contains(CLAIMS)).all(|seen| seen.path.contains("limit=500")));
}

#[tokio::test]
async fn a_list_that_expires_is_read_anew_once() {
    let claims = (0..1200).map(|i| thing("PersistentVolumeClaim", "v1", Some("a"), &format!("data-{i}")));
    let api = FakeApi::start(Objects::new().with(CLAIMS, claims)).unwrap();
    let cluster = connected(&api).await;
    api.fail(CLAIMS, Fault::GoneOnContinue(1));
    assert_eq!(found(ask(&cluster, &list(CLAIMS, None)).await).items().len(), 1200, "each once");
    assert_eq!(api.count(CLAIMS), 5);
    api.fail(CLAIMS, Fault::GoneOnContinue(100));
    let Answer::Truncated(value, why) = ask(&cluster, &list(CLAIMS, None)).await else { panic!() };
    assert_eq!(value.items().len(), 500);
    assert!(why.contains("only the first 500"), "{why}");
}

#[tokio::test]
async fn what_came_before_a_failure_is_kept_as_a_part() {
    let claims = (0..600).map(|i| thing("PersistentVolumeClaim", "v1", Some("a"), &format!("data-{i}")));
    let api = FakeApi::start(Objects::new().with(CLAIMS, claims)).unwrap();
    let cluster = connected(&api).await;
    api.fail(CLAIMS, Fault::FailOnContinue);
    let Answer::Truncated(value, why) = ask(&cluster, &list(CLAIMS, None)).await else { panic!() };
    assert_eq!(value.items().len(), 500);
    assert!(why.contains("500"), "{why}");
}

#[tokio::test]
async fn events_are_matched_by_uid_wherever_they_lie() {
    let api = FakeApi::start(small()).unwrap();
    let cluster = connected(&api).await;
    let query = Query::Events { uid: "u1".into(), namespace: "a".into() };
    assert_eq!(found(ask(&cluster, &query).await).items().len(), 2);
    api.fail("events", Fault::DenyClusterWide);
    assert_eq!(found(ask(&cluster, &query).await).items().len(), 1, "only those of the namespace");
    api.fail("events", Fault::Deny);
    assert!(matches!(ask(&cluster, &query).await, Answer::Denied { .. }));
    let hostile = Query::Events { uid: "u1,type=Normal".into(), namespace: "a".into() };
    assert!(why(ask(&cluster, &hostile).await).contains("UID"));
}

#[tokio::test]
async fn logs_are_text_whatever_bytes_they_are() {
    let lines = (0..3000).fold(String::new(), |text, i| text + &format!("line {i}\n"));
    let objects = small().with_log("a/web-0/late", lines).with_log("a/web-0/bytes", b"ok \xff\xfe\n".to_vec());
    let api = FakeApi::start(objects).unwrap();
    let cluster = connected(&api).await;
    assert!(found(ask(&cluster, &log("web", false)).await).as_str().unwrap().starts_with("2026-11-21T03:45:34Z one"));
    assert_eq!(found(ask(&cluster, &log("bytes", false)).await).as_str(), Some("ok \u{fffd}\u{fffd}\n"));
    let newest = found(ask(&cluster, &log("late", false)).await);
    assert!(newest.as_str().unwrap().starts_with("line 1000\n"));
    assert!(newest.as_str().unwrap().ends_with("line 2999\n"));
    assert!(
        api.seen()
            .iter()
            .any(|seen| seen.path.contains("timestamps=true&tailLines=2000&limitBytes=2097152&sinceSeconds=86400"))
    );
}

#[tokio::test]
async fn a_log_of_very_long_lines_keeps_its_newest() {
    let lines = (0..1000).fold(String::new(), |text, i| text + &format!("{i} {}\n", "x".repeat(4000)));
    let api = FakeApi::start(small().with_log("a/web-0/web", lines)).unwrap();
    let cluster = connected(&api).await;
    let Answer::Truncated(text, why) = ask(&cluster, &log("web", false)).await else { panic!() };
    assert!(text.as_str().unwrap().lines().last().unwrap().starts_with("999 "));
    assert!(why.contains("200 lines"), "{why}");
    let endless = "y".repeat(3 * 1024 * 1024);
    let api = FakeApi::start(small().with_log("a/web-0/web", endless)).unwrap();
    let cluster = connected(&api).await;
    let Answer::Truncated(text, _) = ask(&cluster, &log("web", false)).await else { panic!() };
    assert_eq!(text.as_str().unwrap().len(), 2 * 1024 * 1024);
}

#[tokio::test]
async fn a_log_that_does_not_exist_is_absent() {
    let api = FakeApi::start(small()).unwrap();
    let cluster = connected(&api).await;
    for query in [log("web", true), log("late", false), log("nosuch", false)] {
        assert!(matches!(ask(&cluster, &query).await, Answer::Absent), "{query:?}");
    }
    let elsewhere = Query::Log { namespace: "a".into(), pod: "gone".into(), container: "c".into(), previous: false };
    assert!(matches!(ask(&cluster, &elsewhere).await, Answer::Absent));
    api.fail("pods/log", Fault::Code(500));
    assert!(why(ask(&cluster, &log("web", false)).await).contains("500"), "a dead kubelet says nothing about the log");
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again() {
    let api = FakeApi::start(small()).unwrap();
    let cluster = connected(&api).await;
    for code in [429, 503] {
        api.fail(CLASSES, Fault::CodeTimes(code, 2));
        assert_eq!(found(ask(&cluster, &list(CLASSES, None)).await).items().len(), 1);
    }
    assert_eq!(api.count("/storageclasses"), 6);
    api.fail(CLASSES, Fault::Code(503));
    let start = Instant::now();
    assert!(why(ask(&cluster, &list(CLASSES, None)).await).contains("503"));
    assert!(start.elapsed() < Duration::from_secs(2));
    assert_eq!(api.count("/storageclasses"), 9, "three tries");
}

#[tokio::test]
async fn what_went_wrong_is_said() {
    let api = FakeApi::start(small()).unwrap();
    let cluster = connected(&api).await;
    let cases = [
        (Fault::Code(500), "500"),
        (Fault::Code(401), "credentials were refused"),
        (Fault::Garbage, "not JSON"),
        (Fault::Break, "broke off"),
    ];
    for (fault, words) in cases {
        api.fail(CLASSES, fault);
        for query in [list(CLASSES, None), object(CLASSES, None, "fast")] {
            let why = why(ask(&cluster, &query).await);
            assert!(why.contains(words), "{fault:?}: {why}");
        }
    }
    api.heal();
    found(ask(&cluster, &list(CLASSES, None)).await);
}

#[tokio::test]
async fn a_stall_costs_one_deadline_and_nobody_elses_answer() {
    let api = FakeApi::start(small()).unwrap();
    let options = ConnectOptions { request_timeout: Some(Duration::from_millis(300)), ..options(&api) };
    let cluster = Cluster::connect(&options, &Environment::default()).await.unwrap();
    for fault in [Fault::Stall, Fault::StallMidway] {
        api.fail(CLASSES, fault);
        let start = Instant::now();
        assert_eq!(why(ask(&cluster, &list(CLASSES, None)).await), "no answer within 300ms");
        assert!(start.elapsed() < Duration::from_secs(1));
        found(ask(&cluster, &list(CLAIMS, None)).await);
    }
    assert_eq!(why(ask(&cluster, &list(CLASSES, None)).await), "no answer within 300ms");
    let sent = cluster.requests();
    assert_eq!(why(ask(&cluster, &list(CLASSES, None)).await), "no answer within 300ms (not asked again)");
    assert_eq!(cluster.requests(), sent);
    found(ask(&cluster, &list(CLAIMS, None)).await);
}

#[tokio::test]
async fn eight_requests_run_at_once_and_no_more() {
    let api = FakeApi::start(small()).unwrap();
    let options = ConnectOptions { request_timeout: Some(Duration::from_millis(500)), ..options(&api) };
    let cluster = Cluster::connect(&options, &Environment::default()).await.unwrap();
    api.fail(CLASSES, Fault::Stall);
    let query = list(CLASSES, None);
    let start = Instant::now();
    let answers = futures::future::join_all((0..50).map(|_| cluster.answer(&query))).await;
    assert!(answers.into_iter().all(|answer| why(answer).contains("no answer within 500ms")));
    assert_eq!(api.count("/storageclasses"), 8, "the others were told without being sent");
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_recording_is_served_as_it_was() {
    let folder = tempfile::TempDir::new().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let items = json!({ "items": [thing("VolumeSnapshot", "snapshot.storage.k8s.io/v1", Some("a"), "s")] });
    write(&format!("resources/{SNAPSHOTS}.json"), &items.to_string());
    write("version.json", r#"{"serverVersion": {"gitVersion": "v1.35.0"}}"#);
    write("logs/a/web-0/web.log", "now\n");
    write("logs/a/web-0/web.previous.log", "before\n");
    let api = FakeApi::start(Objects::folder(folder.path()).unwrap()).unwrap();
    let cluster = connected(&api).await;
    assert_eq!(cluster.version(), Some("v1.35.0"));
    assert_eq!(found(ask(&cluster, &list(SNAPSHOTS, Some("a"))).await).items().len(), 1);
    assert_eq!(found(ask(&cluster, &log("web", false)).await).as_str(), Some("now\n"));
    assert_eq!(found(ask(&cluster, &log("web", true)).await).as_str(), Some("before\n"));
}

#[tokio::test]
async fn a_server_that_goes_away_is_noticed_once() {
    let api = FakeApi::start(small()).unwrap();
    let cluster = connected(&api).await;
    drop(api);
    let start = Instant::now();
    let queries: Vec<Query> = (0..200).map(|i| object(CLAIMS, Some("a"), &format!("data-{i}"))).collect();
    for query in &queries {
        assert!(matches!(ask(&cluster, query).await, Answer::Unreachable { .. }));
    }
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(cluster.requests() < 10, "{}", cluster.requests());
}

#[tokio::test]
async fn a_run_has_an_end() {
    let api = FakeApi::start(small()).unwrap();
    let options = ConnectOptions { run_timeout: Some(Duration::from_millis(500)), ..options(&api) };
    let cluster = Cluster::connect(&options, &Environment::default()).await.unwrap();
    api.fail("*", Fault::Stall);
    let start = Instant::now();
    for _ in 0..20 {
        assert!(why(ask(&cluster, &list(CLASSES, None)).await).contains("the whole run is over"));
    }
    assert!(start.elapsed() < Duration::from_millis(1500));
}

#[tokio::test]
async fn many_questions_at_once_are_answered_and_watched() {
    let api = FakeApi::start(small()).unwrap();
    let watched = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&watched);
    let cluster = connected(&api).await.observed_by(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    });
    let query = object(CLAIMS, Some("a"), "data-0");
    let answers = futures::future::join_all((0..100).map(|_| cluster.answer(&query))).await;
    assert!(answers.into_iter().all(|answer| matches!(answer, Answer::Found(_))));
    assert_eq!(watched.load(Ordering::Relaxed), 100);
    assert!(api.seen().iter().all(|seen| seen.method == "GET"));
}
