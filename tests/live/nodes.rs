//! What nodes tell of themselves, through the API server.

use super::*;
use storage_doctor_tests::fake_api::{Fault, NodeLogs};

const CLASSES: &str = "storageclasses.storage.k8s.io";

const SUMMARY: &str = r#"{"node":{"nodeName":"n","fs":{"usedBytes":1}},
    "pods":[{"podRef":{"namespace":"a","name":"web"},"volume":[{"name":"v","usedBytes":9}]}]}"#;

fn with_node(way: NodeLogs, log: impl Into<Vec<u8>>) -> Objects {
    let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}});
    small().with("nodes", [node]).with_stats("n", SUMMARY).with_node_log("n", "kubelet", log).node_logs(way)
}

fn stats(node: &str) -> Query {
    Query::Stats { node: node.into() }
}

fn node_log(node: &str, service: &str) -> Query {
    Query::NodeLog { node: node.into(), service: service.into() }
}

#[tokio::test]
async fn a_kubelet_tells_its_statistics() {
    let api = FakeApi::start(with_node(NodeLogs::Journal, "")).unwrap();
    let cluster = connected(&api).await;
    let summary = found(ask(&cluster, &stats("n")).await);
    assert_eq!(summary.field("pods").items()[0].at("podRef.name").as_str(), Some("web"));
    assert!(matches!(ask(&cluster, &stats("gone")).await, Answer::Absent));
    api.fail("nodes/proxy", Fault::Deny);
    assert!(matches!(ask(&cluster, &stats("n")).await, Answer::Denied { .. }));
    assert!(matches!(ask(&cluster, &node_log("n", "kubelet")).await, Answer::Denied { .. }));
    for fault in [Fault::Garbage, Fault::Break, Fault::Html404, Fault::Code(502)] {
        api.fail("nodes/proxy", fault);
        assert!(matches!(ask(&cluster, &stats("n")).await, Answer::Unreachable { .. }), "{fault:?}");
    }
    let broken = FakeApi::start(with_node(NodeLogs::Journal, "").with_stats("n", "")).unwrap();
    assert!(matches!(ask(&connected(&broken).await, &stats("n")).await, Answer::Unreachable { .. }));
}

#[tokio::test]
async fn a_nodes_log_is_had_in_whichever_way_the_node_has() {
    let ways = [(NodeLogs::Journal, 1), (NodeLogs::Files, 2), (NodeLogs::Listed, 2)];
    for (way, requests) in ways {
        let api = FakeApi::start(with_node(way, b"caf\xe9\nup\n".as_slice())).unwrap();
        let cluster = connected(&api).await;
        let text = found(ask(&cluster, &node_log("n", "kubelet")).await);
        assert_eq!(text.as_str(), Some("caf\u{fffd}\nup\n"), "{way:?}");
        assert_eq!(api.count("/proxy/logs"), requests, "{way:?}");
        assert!(matches!(ask(&cluster, &node_log("gone", "kubelet")).await, Answer::Absent));
        let other = ask(&cluster, &node_log("n", "crio")).await;
        match way {
            NodeLogs::Journal => assert_eq!(found(other).as_str().map(str::trim), Some("")),
            _ => assert!(why(other).contains("crio"), "{way:?}"),
        }
    }
    let off = FakeApi::start(with_node(NodeLogs::Off, "x")).unwrap();
    assert!(why(ask(&connected(&off).await, &node_log("n", "kubelet")).await).contains("405"));
}

#[tokio::test]
async fn of_a_long_log_of_a_node_the_end_is_kept() {
    let line = format!("{}\n", "x".repeat(1023));
    for (text, whole) in [(line.repeat(5000) + "the end\n", true), ("x".repeat(5 * 1024 * 1024), false)] {
        let api = FakeApi::start(with_node(NodeLogs::Files, text)).unwrap();
        let text = found(ask(&connected(&api).await, &node_log("n", "kubelet")).await);
        let text = text.as_str().unwrap();
        assert!(text.len() <= 2 * 1024 * 1024 && text.len() > 2_000_000, "{}", text.len());
        assert!(!whole || (text.starts_with(&line) && text.ends_with("the end\n")));
    }
}

#[tokio::test]
async fn a_node_that_does_not_answer_is_no_reason_to_give_up_others() {
    let api = FakeApi::start(with_node(NodeLogs::Journal, "up\n")).unwrap();
    let cluster = connected(&api).await;
    api.fail("nodes/proxy", Fault::Code(503));
    assert!(why(ask(&cluster, &node_log("n", "kubelet")).await).contains("503"));
    assert_eq!(found(ask(&cluster, &list(CLASSES, None)).await).items().len(), 1, "the rest goes on");
}
