//! A live cluster, over a socket: which requests are sent, and what each way of failing is taken for.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "these are tests"
)]

#[path = "live/answers.rs"]
mod answers;
#[path = "live/connecting.rs"]
mod connecting;
#[path = "live/kubeconfig.rs"]
mod kubeconfig;
#[path = "live/nodes.rs"]
mod nodes;
#[path = "live/plugins.rs"]
mod plugins;

use serde_json::{Value as Json, json};
use std::time::Duration;
use storage_doctor::evidence::{Answer, Query, Resource};
use storage_doctor::source::Source;
use storage_doctor::value::Value;
use storage_doctor_kube::{Cluster, ConnectOptions, Environment};
use storage_doctor_tests::fake_api::{FakeApi, Objects};

/// One that fails soon, so that the tests of stalls are short.
fn options(api: &FakeApi) -> ConnectOptions {
    ConnectOptions {
        server: Some(api.url()),
        request_timeout: Some(Duration::from_secs(2)),
        ..ConnectOptions::default()
    }
}

async fn connected(api: &FakeApi) -> Cluster {
    Cluster::connect(&options(api), &Environment::default()).await.unwrap()
}

async fn ask(cluster: &Cluster, query: &Query) -> Answer {
    cluster.answer(query).await
}

fn resource(name: &str) -> Resource {
    Resource::by_name(name).unwrap()
}

fn object(name: &str, namespace: Option<&str>, object: &str) -> Query {
    Query::Object { resource: resource(name), namespace: namespace.map(str::to_owned), name: object.to_owned() }
}

fn list(name: &str, namespace: Option<&str>) -> Query {
    Query::List { resource: resource(name), namespace: namespace.map(str::to_owned) }
}

fn log(container: &str, previous: bool) -> Query {
    Query::Log { namespace: "a".into(), pod: "web-0".into(), container: container.into(), previous }
}

fn found(answer: Answer) -> Value {
    match answer {
        Answer::Found(value) => value,
        other => panic!("expected found, got {other:?}"),
    }
}

fn why(answer: Answer) -> String {
    match answer {
        Answer::Unreachable { why } => why,
        other => panic!("expected unreachable, got {other:?}"),
    }
}

fn thing(kind: &str, version: &str, namespace: Option<&str>, name: &str) -> Json {
    let mut thing = json!({
        "apiVersion": version, "kind": kind,
        "metadata": {
            "name": name, "uid": format!("uid-of-{name}"), "managedFields": [{ "manager": "kubectl" }],
            "annotations": { "kubectl.kubernetes.io/last-applied-configuration": "{}", "kept": "yes" },
        },
    });
    if let Some(namespace) = namespace {
        thing["metadata"]["namespace"] = json!(namespace);
    }
    thing
}

fn event(namespace: &str, name: &str, uid: &str) -> Json {
    let mut event = thing("Event", "v1", Some(namespace), name);
    event["involvedObject"] = json!({ "uid": uid });
    event
}

fn pod() -> Json {
    let mut pod = thing("Pod", "v1", Some("a"), "web-0");
    pod["spec"] = json!({ "containers": [{ "name": "web" }, { "name": "late" }] });
    pod
}

fn small() -> Objects {
    let claims = [("a", "data-0"), ("a", "data-1"), ("b", "data-0")];
    Objects::new()
        .with("persistentvolumeclaims", claims.map(|(ns, name)| thing("PersistentVolumeClaim", "v1", Some(ns), name)))
        .with("storageclasses.storage.k8s.io", [thing("StorageClass", "storage.k8s.io/v1", None, "fast")])
        .with("pods", [pod()])
        .with("events", [event("a", "e1", "u1"), event("default", "e2", "u1"), event("a", "e3", "u2")])
        .with_log("a/web-0/web", "2026-11-21T03:45:34Z one\n2026-11-21T03:45:35Z tw\u{fffd}o\n")
}
