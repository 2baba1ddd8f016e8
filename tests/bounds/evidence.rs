//! Evidence that somebody made to do harm: very many and very long events about one claim. Whoever may make events in
//! a namespace can do that.

use super::{is_released, program};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;
use storage_doctor_tests::binary::{Run, written};
use storage_doctor_tests::fake_api::{FakeApi, Fault, Objects};
use tempfile::TempDir;

/// What looking at a claim with such events may take of a processor, when the program is a released one.
const TIME: Duration = Duration::from_secs(10);
/// What it may take of memory: the texts of one list (256 MiB), and as much again while it is read.
const MEMORY: u64 = 600 << 20;
/// What it may take where nothing of the list is kept: a page of it (64 MiB), in a buffer that has grown to it.
const LITTLE: u64 = 250 << 20;

fn within_bounds(what: &str, run: &Run, memory: u64) {
    println!("{what}: {:?} of {:?}, {:?} MiB", run.cpu, run.took, run.peak.map(|bytes| bytes >> 20));
    let took = run.cpu.unwrap_or(run.took);
    let may = if is_released() { TIME } else { TIME * super::SLOWER };
    assert!(took < may, "{what}: took {took:?}");
    assert!(run.peak.is_none_or(|peak| peak < memory), "{what}: took {:?} bytes", run.peak);
    assert!(!run.stderr.contains("panicked"), "{what}: {}", run.stderr);
    assert!(run.stdout.len() < 4 << 20, "{what}: says {} bytes", run.stdout.len());
}

fn claim() -> Value {
    json!({
        "apiVersion": "v1", "kind": "PersistentVolumeClaim",
        "metadata": {
            "name": "data", "namespace": "shop", "uid": "u", "creationTimestamp": "2026-11-20T09:00:00Z",
            "annotations": { "volume.kubernetes.io/storage-provisioner": "csi.acme.example" },
        },
        "spec": { "storageClassName": "fast", "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "1Gi" } } },
        "status": { "phase": "Pending" },
    })
}

fn class() -> Value {
    json!({
        "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": { "name": "fast" },
        "provisioner": "csi.acme.example", "volumeBindingMode": "Immediate",
    })
}

fn event(message: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Event", "metadata": { "name": "e", "namespace": "shop" },
        "involvedObject": { "kind": "PersistentVolumeClaim", "namespace": "shop", "name": "data", "uid": "u" },
        "type": "Warning", "reason": "ProvisioningFailed", "message": message, "count": 3,
        "source": { "component": "csi.acme.example_a" },
        "firstTimestamp": "2026-11-20T09:00:00Z", "lastTimestamp": "2026-11-20T09:59:00Z",
    })
}

const ASKED: [&str; 6] = ["pvc", "data", "-n", "shop", "-o", "json"];

fn live(count: usize, bytes: usize) -> Run {
    let objects = Objects::new()
        .with("persistentvolumeclaims", [claim()])
        .with("storageclasses.storage.k8s.io", [class()])
        .with("events", [event("")]);
    let api = FakeApi::start(objects).unwrap();
    api.fail("events", Fault::Flood(count, bytes));
    let run = program(ASKED).arg("--server").arg(api.url()).run();
    assert!(api.count("/events") > 0, "nobody asked for events");
    run
}

/// What a report says that it does not know.
fn unknown(run: &Run) -> String {
    run.json()["unknown"].to_string()
}

#[test]
fn ten_thousand_events_of_a_live_cluster_are_read_within_bounds() {
    // As Kubernetes itself would have them: all are read.
    let run = live(10_000, 1 << 10);
    within_bounds("live, 10,000 events of 1 KiB", &run, LITTLE);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(!unknown(&run).contains("only the first"), "{}", unknown(&run));
    // A gigabyte: as many as fit are read, and that it was not all is said.
    let run = live(10_000, 100 << 10);
    within_bounds("live, 10,000 events of 100 KiB", &run, MEMORY);
    assert_eq!(run.code, Some(1), "the newest of those that were read tells of a failure: {run:?}");
    // Ten gigabytes: not even a page is read.
    let run = live(10_000, 1 << 20);
    within_bounds("live, 10,000 events of 1 MiB", &run, LITTLE);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(unknown(&run).contains("larger than 64 MiB"), "{}", unknown(&run));
}

/// A recording with so many events of that size.
fn recording(folder: &Path, count: usize, bytes: usize) {
    let list = |items: &str| format!(r#"{{"apiVersion":"v1","kind":"List","items":[{items}]}}"#);
    written(folder, "captured-at", b"2026-11-20T10:00:00Z");
    let put = |name: &str, items: &str| {
        written(folder, &format!("resources/{name}.json"), list(items).as_bytes());
    };
    put("persistentvolumeclaims", &claim().to_string());
    put("storageclasses.storage.k8s.io", &class().to_string());
    let mut events = String::new();
    let words = "many words (of no use) ".repeat(bytes / 23 + 1);
    for n in 0..count {
        write!(events, "{}{}", if n == 0 { "" } else { "," }, event(&format!("{n} {words}"))).unwrap();
    }
    put("events", &events);
}

#[test]
fn ten_thousand_events_of_a_recording_are_read_within_bounds() {
    for (count, bytes, memory) in [(10_000, 1 << 10, LITTLE), (10_000, 20 << 10, MEMORY), (200, 1 << 20, MEMORY)] {
        let folder = TempDir::new().unwrap();
        recording(folder.path(), count, bytes);
        let run = program(ASKED).arg("--from").arg(folder.path()).run();
        within_bounds(&format!("recorded, {count} events of {} KiB", bytes >> 10), &run, memory);
        assert_eq!(run.code, Some(1), "{run:?}");
    }
    // More than is read of one list: an error, before it is read.
    let folder = TempDir::new().unwrap();
    recording(folder.path(), 300, 1 << 20);
    let run = program(ASKED).arg("--from").arg(folder.path()).run();
    within_bounds("recorded, 300 events of 1 MiB", &run, MEMORY);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("too large"), "{run:?}");
}
