use super::*;
use proptest::prelude::*;
use std::io::{self, Read};

const GOOD: &[(&str, &str)] = &[("captured-at", "2026-11-21T03:45:34Z"), ("resources/pods.json", PODS)];

/// What a folder and an archive of these files say, which must be the same.
fn refused(files: &[(&str, &str)]) -> String {
    let from_folder = why(Recording::open(folder(files).path()));
    let from_archive = why(Recording::from_archive_bytes(&tar(files)));
    let tail = |text: &str| text.split_once(": ").unwrap().1.to_owned();
    assert_eq!(tail(&from_folder), tail(&from_archive));
    from_archive
}

fn refused_with(name: &str, text: &str) -> String {
    let mut files = GOOD.to_vec();
    files.retain(|(other, _)| *other != name);
    files.push((name, text));
    refused(&files)
}

/// A tar with one entry, whose name is written as it stands: the builder refuses bad ones.
fn raw_entry(name: &[u8], kind: tar::EntryType, size: u64, text: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_size(size);
    header.set_entry_type(kind);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend_from_slice(text);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

#[test]
fn what_is_no_recording_is_said_to_be_none() {
    let nowhere = why(Recording::open("/nowhere/at/all"));
    assert!(nowhere.starts_with("cannot read the recording /nowhere/at/all: "), "{nowhere}");
    assert_eq!(why(Recording::from_archive_bytes(b"")), "cannot read the built-in recording: it is empty");
    assert!(refused(&[]).ends_with("it is empty"));
    assert!(refused(&[("a/b", "x")]).ends_with("it holds no folder `resources`"));
    for (name, says) in [
        ("b/cluster-resources/pods/a.json", "it looks like a support bundle of troubleshoot.sh, which is not read"),
        ("m/quay-io/namespaces/a/core/pods.yaml", "it looks like a must-gather or `oc adm inspect`"),
        ("m/cluster-scoped-resources/core/nodes/a.yaml", "must-gather"),
    ] {
        let error = refused(&[(name, "x")]);
        assert!(error.contains(says), "{error}");
    }
    let dump = refused(&[("nodes.json", "x"), ("kube-system/pods.json", "x")]);
    assert!(dump.contains("it looks like a `kubectl cluster-info dump`"), "{dump}");
    let two =
        why(Recording::from_archive_bytes(&tar(&[("a/resources/pods.json", "[]"), ("b/resources/pods.json", "[]")])));
    assert!(two.ends_with(r#"it holds several recordings, among them "a" and "b""#), "{two}");
    assert!(refused(&[("resources/a.txt", "x")]).contains("`resources` holds no .json"));
}

#[test]
fn a_bad_file_is_named() {
    for (text, says) in [
        ("", "empty"),
        ("{\"items\":[{", "ends in the middle, at line 1, column 11"),
        ("<html>", "not JSON"),
        ("{\"kind\":\"Pod\"}", "not a list but a Pod without `items`"),
        ("7", "expected a list"),
        ("[] x", "trailing characters"),
    ] {
        let error = refused_with("resources/pods.json", text);
        assert!(error.starts_with("cannot read resources/pods.json of the built-in recording: "), "{error}");
        assert!(error.contains(says), "{error}");
    }
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = refused_with("resources/pods.json", &deep);
    assert!(deep.ends_with("none of its items is an object that can be read"), "{deep}");
    assert!(refused_with("resources/nodes.yaml", "items: [").contains("not YAML"));
    assert!(refused_with("resources/nodes.yaml", &"[".repeat(10_000)).contains("not YAML"));
    assert!(refused_with("captured-at", "yesterday").ends_with("not an RFC 3339 time: \"yesterday\""));
    assert!(refused_with("captured-at", &"2".repeat(2000)).contains("too large"));
    assert!(refused_with("resources/pods.yaml", "[]").ends_with("the same resource is in resources/pods.json too"));
}

#[test]
fn an_archive_that_was_cut_is_not_read_in_part() {
    let whole = tar(GOOD);
    let end = whole.len() - 1024;
    for cut in [1, 100, 512, 600, 1024, 1100, 1536, end - 10, end] {
        let error = why(Recording::from_archive_bytes(&whole[..cut]));
        assert!(error.contains("damaged") || error.contains("in the middle"), "{cut}: {error}");
    }
    let packed = gzip(&whole);
    for cut in [3, 20, packed.len() / 2, packed.len() - 8, packed.len() - 1] {
        let error = why(Recording::from_archive_bytes(&packed[..cut]));
        assert!(error.contains("damaged"), "{cut}: {error}");
    }
    let mut wrong = packed.clone();
    let at = wrong.len() - 6;
    wrong[at] ^= 1;
    assert!(why(Recording::from_archive_bytes(&wrong)).contains("damaged"));
    assert!(Recording::from_archive_bytes(&packed).is_ok());
}

#[test]
fn other_ways_of_packing_are_named() {
    for (bytes, says) in
        [(&b"PK\x03\x04abcdef"[..], "a zip"), (b"\xfd7zXZ\0ab", "an xz"), (b"\x28\xb5\x2f\xfdabcd", "a zstd")]
    {
        assert!(why(Recording::from_archive_bytes(bytes)).contains(says));
    }
    assert!(why(Recording::from_archive_bytes(PODS.as_bytes())).contains("no archive"));
    assert!(why(Recording::from_archive_bytes(&gzip(PODS.as_bytes()))).contains("no archive"));
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    for name in ["../resources/pods.json", "/resources/pods.json", "a/../../b", "resources/\u{1b}[2J.json", "a\nb"] {
        let mut archive = raw_entry(name.as_bytes(), tar::EntryType::Regular, 2, b"[]");
        archive.extend(tar(GOOD));
        let error = why(Recording::from_archive_bytes(&archive));
        assert!(error.contains("leads out of the recording") && !error.contains(char::is_control), "{error}");
    }
    let dir = folder(GOOD);
    fs::write(dir.path().join("resources/a\u{1b}[2J.json"), "[]").unwrap();
    let error = why(Recording::open(dir.path()));
    assert!(error.contains("leads out of the recording") && !error.contains(char::is_control), "{error}");
}

#[test]
fn links_and_devices_are_passed_by() {
    let mut archive = Vec::new();
    for kind in [tar::EntryType::Symlink, tar::EntryType::Link, tar::EntryType::Char, tar::EntryType::Fifo] {
        archive.extend(raw_entry(b"resources/nodes.json", kind, 0, b""));
    }
    archive.extend(tar(GOOD));
    let recording = Recording::from_archive_bytes(&archive).unwrap();
    assert_eq!(ask(&recording, &list("nodes", None)), "not recorded");
}

#[cfg(unix)]
#[test]
fn links_in_a_folder_are_passed_by() {
    use std::os::unix::fs::symlink;
    let dir = folder(GOOD);
    symlink("pods.json", dir.path().join("resources/nodes.json")).unwrap();
    symlink("/dev/zero", dir.path().join("resources/events.json")).unwrap();
    symlink("/", dir.path().join("logs")).unwrap();
    let recording = Recording::open(dir.path()).unwrap();
    assert_eq!(ask(&recording, &list("nodes", None)), "not recorded");
    assert_eq!(ask(&recording, &list("events", None)), "not recorded");
    assert!(why(Recording::open("/dev/null")).ends_with("neither a folder nor a file"));
}

/// A tar as large as its header says, without holding it.
fn endless(name: &str, size: u64) -> impl Read {
    let head = raw_entry(name.as_bytes(), tar::EntryType::Regular, size, b"");
    io::Cursor::new(head).chain(io::repeat(0).take(size))
}

#[test]
fn ten_gigabytes_of_zeros_are_not_read() {
    let read = |input: &mut dyn Read| why(archive::read(input).and_then(load::load).map_err(|fault| fault.of(None)));
    for (name, says) in [
        ("resources/pods.json", "too large: more than is read of such a file"),
        ("logs/a/b/c.log", "too large: more than 512 MiB unpacked"),
        ("other", "too large: more than 512 MiB unpacked"),
    ] {
        let error = read(&mut endless(name, 10 << 30));
        assert!(error.contains(says), "{name}: {error}");
    }
    // A name of gigabytes.
    let head = raw_entry(b"././@LongLink", tar::EntryType::GNULongName, 7 << 30, b"");
    let error = read(&mut io::Cursor::new(head).chain(io::repeat(b'a')));
    assert!(error.contains("too large"), "{error}");
}

#[test]
fn a_hundred_thousand_files_are_too_many() {
    let one = raw_entry(b"a", tar::EntryType::Regular, 0, b"");
    let error = why(Recording::from_archive_bytes(&one.repeat(100_001)));
    assert!(error.ends_with("more than 100,000 files"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_a_recording_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = Recording::from_archive_bytes(&bytes);
        let _ = Recording::from_archive_bytes(&gzip(&bytes));
    }

    #[test]
    fn a_changed_byte_harms_nobody(at in 0_usize..2048, byte in any::<u8>()) {
        let mut archive = tar(GOOD);
        archive[at] = byte;
        let _ = Recording::from_archive_bytes(&archive);
    }
}
