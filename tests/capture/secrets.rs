//! No secret leaves, and a diagnosis stays the same without them.

use crate::unpacked;
use serde_json::{Value, json};
use storage_doctor_tests::binary;
use storage_doctor_tests::fake_api::{FakeApi, Objects};
use tempfile::TempDir;

const SECRET: &str = "hunter2-S3cret";

/// A claim called like a secret, whose class is missing, and secrets wherever people put them.
fn objects() -> Objects {
    let meta = |name: &str, uid: &str| {
        json!({"name": name, "namespace": "shop", "uid": uid,
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "managedFields": [{"manager": SECRET}],
        "annotations": {"kubectl.kubernetes.io/last-applied-configuration": format!("{{\"password\":\"{SECRET}\"}}"),
            "tool.example/original": format!("{{\"env\":[{{\"name\":\"DB_PASSWORD\",\"value\":\"{SECRET}\"}}]}}"),
            "tool.example/api-token": SECRET}})
    };
    let claim = json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": meta("token-store", "u1"),
        "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "password",
            "resources": {"requests": {"storage": "1Gi"}}},
        "status": {"phase": "Pending"}});
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": meta("secret", "u2"),
        "spec": {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "token-store"}}],
            "containers": [{"name": "app", "image": "i", "args": ["--password", SECRET, format!("--token={SECRET}")],
                "env": [{"name": "API_KEY", "value": SECRET},
                    {"name": "URL", "value": format!("postgres://app:{SECRET}@db/x")}]}]},
        "status": {"phase": "Pending"}});
    let event = json!({"apiVersion": "v1", "kind": "Event", "metadata": meta("e", "u3"), "type": "Warning",
        "involvedObject": {"kind": "PersistentVolumeClaim", "namespace": "shop", "name": "token-store", "uid": "u1"},
        "reason": "ProvisioningFailed", "reportingComponent": "persistentvolume-controller", "count": 3,
        "lastTimestamp": "2026-01-01T00:00:00Z",
        "message": "storageclass.storage.k8s.io \"password\" not found"});
    let mut leak = event.clone();
    leak["metadata"]["name"] = json!("f");
    leak["message"] = json!(format!("cannot log in with Authorization: Bearer {SECRET} and password={SECRET}"));
    Objects::new()
        .with("persistentvolumeclaims", [claim])
        .with("pods", [pod])
        .with("events", [event, leak])
        .with("namespaces", [json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})])
        .with(
            "secrets",
            [json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "shop"},
            "data": {"a": SECRET}})],
        )
        .with(
            "configmaps",
            [json!({"apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "kube-root-ca.crt", "namespace": "shop"}, "data": {"a": SECRET}})],
        )
}

#[test]
fn a_capture_holds_no_secret_and_says_the_same() {
    let api = FakeApi::start(objects()).unwrap();
    let folder = TempDir::new().unwrap();
    let mut masks = Vec::new();
    for (name, scope) in [("one", "pvc token-store -n shop"), ("namespace", "-n shop"), ("all", "-A")] {
        let file = folder.path().join(format!("{name}.tar.gz"));
        let run = binary::program(format!("capture {scope} --server {} -o", api.url()).split(' ')).arg(&file).run();
        assert_eq!(run.code, Some(0), "{scope}: {run:?}");
        let files = unpacked(&std::fs::read(&file).unwrap());
        let all: String = files.iter().flat_map(|(name, text)| [name, "\n", text, "\n"]).collect();
        assert!(!all.contains(SECRET), "{scope}: {all}");
        assert!(!all.contains("managedFields") && !all.contains("last-applied"), "{scope}: {all}");
        assert!(all.contains("REDACTED-") && all.contains("\"claimName\":\"token-store\"") || name == "one", "{all}");
        masks.push(all[all.find("Bearer REDACTED-").unwrap()..][..28].to_owned());
        let words = "pvc token-store -n shop -o json";
        let mut live = binary::run(&format!("{words} --server {}", api.url())).json();
        let mut offline = binary::program(format!("{words} --from").split(' ')).arg(&file).run().json();
        assert_eq!(live["findings"][0]["cause"], "pvc-storageclass-not-found");
        for report in [&mut live, &mut offline] {
            report["at"] = Value::Null;
        }
        assert_eq!(live, offline, "{scope}");
    }
    assert!(!api.seen().iter().any(|seen| seen.path.contains("secrets") || seen.path.contains("configmaps")));
    masks.sort();
    masks.dedup();
    assert_eq!(masks.len(), 3, "the mask of a value is another in every capture: {masks:?}");
}
