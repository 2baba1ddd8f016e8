//! Recordings that are none, are damaged, or mean harm.

use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::Path;
use storage_doctor_tests::binary::written;
use tempfile::TempDir;

/// The most memory that refusing a recording may take.
const LITTLE: u64 = 300 << 20;

fn list(items: &str) -> String {
    format!(r#"{{"apiVersion": "v1", "kind": "List", "items": [{items}]}}"#)
}

fn refused_recording(what: &str, path: &Path, said: &str) {
    let run = refused(what, binary::program(["pvc", "-A", "--from"]).arg(path), said);
    assert!(run.peak.is_none_or(|peak| peak < LITTLE), "{what}: {:?} bytes", run.peak);
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, content) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        // `set_path` refuses what a hostile archive would hold.
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        archive.append(&header, *content).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

#[test]
fn a_bad_recording_is_refused() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("empty")).unwrap();
    std::fs::create_dir_all(at("bare/resources")).unwrap();
    let claims = |name: &str, text: &str| {
        written(&at(name), "captured-at", b"2026-01-01T00:00:00Z");
        written(&at(name), "resources/persistentvolumeclaims.json", text.as_bytes());
        at(name)
    };
    let cases = [
        ("missing", at("nowhere"), "nowhere(?s:.*)No such file"),
        ("empty folder", at("empty"), "empty"),
        ("empty resources", at("bare"), "resources"),
        ("empty file", written(folder.path(), "file", b""), "empty"),
        ("a text", written(folder.path(), "text", b"hello, this is no recording\n"), "no archive"),
        ("a zip", written(folder.path(), "zip", b"PK\x03\x04aaaaaaaaaaaaa"), "zip"),
        ("truncated JSON", claims("cut", &list("")[..20]), "persistentvolumeclaims.json(?s:.*)in the middle"),
        ("not JSON", claims("nojson", "hello"), "not JSON"),
        ("empty list file", claims("nothing", ""), "empty"),
        ("a number", claims("number", "1"), "persistentvolumeclaims.json"),
        ("deep JSON", claims("deep", &"[".repeat(1_000_000)), "persistentvolumeclaims.json"),
        (
            "bad time",
            {
                let path = claims("time", &list(""));
                written(&path, "captured-at", b"yesterday");
                path
            },
            "yesterday|RFC 3339",
        ),
        ("a device", "/dev/zero".into(), "neither a folder nor a file"),
    ];
    for (what, path, said) in cases {
        refused_recording(what, &path, said);
    }
}

#[test]
fn a_bad_archive_is_refused() {
    let folder = TempDir::new().unwrap();
    let whole = std::fs::read(&recorded::named("faults-a").archive).unwrap();
    let claims = list("");
    let put = |name: &str, content: &[u8]| written(folder.path(), name, content);
    let good: (&str, &[u8]) = ("resources/persistentvolumeclaims.json", claims.as_bytes());
    let cases = [
        ("truncated", put("cut.tar.gz", &whole[..whole.len() / 2]), "damaged"),
        ("cut in its last bytes", put("tail.tar.gz", &whole[..whole.len() - 4]), "damaged"),
        ("leads out", put("out.tar.gz", &archive(&[good, ("../../out.json", b"{}")])), "leads out"),
        ("leads out in the middle", put("mid.tar.gz", &archive(&[good, ("resources/../../x", b"")])), "leads out"),
        (
            "two of them",
            put(
                "two.tar.gz",
                &archive(&[("a/resources/pods.json", claims.as_bytes()), ("b/resources/pods.json", claims.as_bytes())]),
            ),
            "several",
        ),
        ("no recording", put("other.tar.gz", &archive(&[("readme.txt", b"hello")])), "no folder `resources`"),
    ];
    for (what, path, said) in cases {
        refused_recording(what, &path, said);
    }
    assert!(!folder.path().parent().unwrap().join("out.json").exists());
}

/// Ten gigabytes of zeros in ten megabytes.
#[test]
fn an_archive_that_unpacks_to_ten_gigabytes_is_refused_in_little_memory() {
    let folder = TempDir::new().unwrap();
    let gzip = |bytes: &[u8]| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes).unwrap();
        gzip.finish().unwrap()
    };
    let part = 64 << 20;
    let parts = 160;
    let zeros = gzip(&vec![0; part]);
    for (what, name) in [
        ("a list", "resources/persistentvolumeclaims.json"),
        ("a log", "logs/a/b/c.log"),
        ("a file that is not read", "other/zeros.bin"),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_path(name).unwrap();
        header.set_size((part * parts) as u64);
        header.set_mode(0o644);
        header.set_cksum();
        // What is zipped in parts and put together is unzipped as one.
        let mut archive = gzip(header.as_bytes());
        for _ in 0..parts {
            archive.extend_from_slice(&zeros);
        }
        assert!(archive.len() < 20 << 20, "{} bytes", archive.len());
        refused_recording(what, &written(folder.path(), "zeros.tar.gz", &archive), "large|more than");
    }
}
