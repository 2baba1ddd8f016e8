//! `capture` itself: the file it writes or does not, and what it says.

use crate::unpacked;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use storage_doctor_tests::binary::{self, Program, Run};
use storage_doctor_tests::fake_api::{FakeApi, Fault, Objects};
use storage_doctor_tests::recorded;
use tempfile::TempDir;

fn demo(words: &str, file: &Path) -> Program {
    binary::program(format!("capture {words} --from demo -o").split(' ')).arg(file)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_file_is_named_on_standard_output_and_described_on_standard_error() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("c.tar.gz");
    let run = demo("-A", &file).run();
    assert_eq!((run.code, run.text()), (Some(0), format!("{}\n", file.display()).as_str()), "{run:?}");
    assert_eq!(names(folder.path()), ["c.tar.gz"]);
    let files = unpacked(&fs::read(&file).unwrap());
    let manifest: Value = serde_json::from_str(&files["storage-doctor.json"]).unwrap();
    let events = manifest["counts"]["events"].as_u64().unwrap();
    assert!(events > 9, "{events}");
    let counted = format!(" {events} events");
    for words in
        ["captured the whole cluster", "7 PersistentVolumeClaim", &counted, "values masked", ": denied (needs: "]
    {
        assert!(run.stderr.contains(words), "{words}: {run:?}");
    }
    assert_eq!((&manifest["format"], &manifest["version"]), (&"storage-doctor.io/capture".into(), &1.into()));
    assert_eq!(manifest["takenAt"], files["captured-at"].trim());
}

#[test]
fn without_a_name_it_is_called_after_where_it_comes_from_and_when() {
    let api = FakeApi::start(Objects::folder(&recorded::named("faults-a").folder).unwrap()).unwrap();
    let program =
        binary::program(["capture", "-n", "h01-healthy", "--kubeconfig", "config"]).file("config", &api.kubeconfig());
    let run = program.run();
    assert_eq!(run.code, Some(0), "{run:?}");
    let name = regex::Regex::new(r"^storage-doctor-fake-\d{8}T\d{6}Z\.tar\.gz\n$").unwrap();
    assert!(name.is_match(run.text()), "{run:?}");
}

#[test]
fn nothing_is_written_over_unasked() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("c.tar.gz");
    fs::write(&file, "mine").unwrap();
    let run = demo("-A", &file).run();
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("is there already") && run.stderr.contains("--force"), "{run:?}");
    assert_eq!(fs::read(&file).unwrap(), b"mine");
    let run = demo("-A --force", &file).run();
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(unpacked(&fs::read(&file).unwrap()).contains_key("storage-doctor.json"));
    assert_eq!(names(folder.path()), ["c.tar.gz"]);
}

#[test]
fn what_cannot_be_written_or_is_not_meant_is_refused() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let at = |name: &str| folder.path().join(name);
    let cases = [
        (demo("-A", &at("nowhere/c.tar.gz")).run(), "cannot write"),
        (demo("-A", &at("file/c.tar.gz")).run(), "cannot write"),
        (demo("-A", &at(".")).run(), "folder"),
        (demo("pvc", &at("a")).run(), "no NAME"),
        (demo("pvc x -A", &at("b")).run(), "across all namespaces"),
        (demo("pcv x", &at("c")).run(), "did you mean"),
        (demo("pvc nothing-like-it -n shop", &at("d")).run(), "not found"),
        (demo("-n nowhere", &at("e")).run(), "namespace nowhere not found"),
    ];
    for (run, said) in cases {
        assert_eq!(run.code, Some(2), "{said}: {run:?}");
        assert!(run.stdout.is_empty() && run.stderr.contains(said), "{said}: {run:?}");
    }
    assert_eq!(names(folder.path()), ["file"]);
}

#[test]
fn what_was_denied_is_said_and_recorded() {
    let api = FakeApi::start(recorded::named("faults-a").alive()).unwrap();
    api.fail("storageclasses.storage.k8s.io", Fault::Deny);
    api.fail("nodes", Fault::Code(500));
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("c.tar.gz");
    let run = binary::program(format!("capture -A --server {} -o", api.url()).split(' ')).arg(&file).run();
    assert_eq!(run.code, Some(0), "{run:?}");
    for words in
        ["storageclasses.storage.k8s.io: denied", "needs: list storageclasses.storage.k8s.io", "nodes: no answer"]
    {
        assert!(run.stderr.contains(words), "{words}: {run:?}");
    }
    let words = "pvc pvc-pending-demo -n p01-missing-class -o json --from";
    let report = binary::program(words.split(' ')).arg(&file).run().json();
    assert_eq!(report["findings"][0]["confidence"], "likely", "{report:#}");
    assert!(report["unknown"].to_string().contains("denied"), "{report:#}");
}

/// A capture with something changed in its manifest.
fn with_manifest(folder: &Path, name: &str, change: impl FnOnce(&mut Value)) -> Run {
    let file = folder.join("good.tar.gz");
    if !file.exists() {
        assert_eq!(demo("-A", &file).run().code, Some(0));
    }
    let mut files = unpacked(&fs::read(&file).unwrap());
    let mut manifest: Value = serde_json::from_str(&files["storage-doctor.json"]).unwrap();
    change(&mut manifest);
    files.insert("storage-doctor.json".to_owned(), manifest.to_string());
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, text) in &files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("c/{name}"), text.as_bytes()).unwrap();
    }
    let changed = folder.join(name);
    fs::write(&changed, tar.into_inner().unwrap().finish().unwrap()).unwrap();
    binary::program(["pvc", "-A", "--from"]).arg(&changed).run()
}

#[test]
fn a_capture_that_is_none_is_refused() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    let answer = |manifest: &mut Value, change: &dyn Fn(&mut Value)| {
        let answers = manifest["answers"].as_array_mut().unwrap();
        change(answers.iter_mut().find(|answer| answer["file"].is_string()).unwrap());
    };
    assert_eq!(with_manifest(at, "same", |_| {}).code, Some(1));
    assert_eq!(with_manifest(at, "added", |m| m["more"] = true.into()).code, Some(1));
    let cases = [
        (with_manifest(at, "newer", |m| m["version"] = 2.into()), "format 2, and this program knows formats up to 1"),
        (with_manifest(at, "other", |m| m["format"] = "x".into()), "does not say"),
        (with_manifest(at, "no-version", |m| m["version"] = Value::Null), "no manifest"),
        (with_manifest(at, "no-time", |m| m["takenAt"] = "then".into()), "not an RFC 3339 time"),
        (with_manifest(at, "no-file", |m| answer(m, &|a| a["file"] = "parts/9-x.json".into())), "not there"),
        (with_manifest(at, "outside", |m| answer(m, &|a| a["file"] = "../../etc/passwd".into())), "not there"),
        (with_manifest(at, "odd", |m| answer(m, &|a| a["answer"] = "maybe".into())), "no manifest"),
        (with_manifest(at, "nothing", |m| answer(m, &|a| a["file"] = Value::Null)), "in no file"),
        (with_manifest(at, "unknown", |m| answer(m, &|a| a["resource"] = "x".into())), "without its question"),
        (with_manifest(at, "empty", |m| *m = Value::Null), "no manifest"),
    ];
    for (run, said) in cases {
        assert_eq!(run.code, Some(2), "{said}: {run:?}");
        assert!(run.stderr.contains(said) && run.stdout.is_empty(), "{said}: {run:?}");
    }
}

#[test]
fn a_capture_can_be_captured_and_unpacked() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert_eq!(demo("-A", &at("one.tar.gz")).run().code, Some(0));
    let again = |from: &Path, to: &Path| binary::program(["capture", "-A", "--from"]).arg(from).arg("-o").arg(to).run();
    assert_eq!(again(&at("one.tar.gz"), &at("two.tar.gz")).code, Some(0));
    for (name, text) in unpacked(&fs::read(at("two.tar.gz")).unwrap()) {
        let path = at("three").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let report = |from: &Path| binary::program(["pvc", "-A", "-o", "json", "--from"]).arg(from).run().json();
    let first = binary::run("pvc -A -o json --from demo").json();
    for name in ["one.tar.gz", "two.tar.gz", "three"] {
        assert_eq!(report(&at(name)), first, "{name}");
    }
}

#[test]
fn ctrl_c_leaves_no_half_file() {
    let api = FakeApi::start(recorded::named("faults-a").alive()).unwrap();
    api.fail("pods", Fault::Stall);
    let folder = TempDir::new().unwrap();
    let words = format!("capture -A --server {} -o", api.url());
    let program = binary::program(words.split(' ')).arg(folder.path().join("c.tar.gz"));
    let (mut child, _home) = program.start();
    let began = Instant::now();
    while api.count("pods") == 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "pods are never asked for");
        std::thread::sleep(Duration::from_millis(20));
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(ended(&mut child), Some(130));
    assert_eq!(names(folder.path()), [""; 0]);
}

fn ended(child: &mut Child) -> Option<i32> {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            assert!(!said.contains("panicked"), "{said}");
            return status.code();
        }
        assert!(began.elapsed() < Duration::from_secs(20), "it goes on");
        std::thread::sleep(Duration::from_millis(20));
    }
}
