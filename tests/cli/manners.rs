//! Exit codes, pipes, colours, widths and text from the cluster.

use super::*;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use storage_doctor_tests::binary::written;
use tempfile::TempDir;

#[test]
fn exit_codes_are_a_contract() {
    let cases = [
        ("pvc data -n h01-healthy", 0),
        ("pvc data -n p04-wffc-no-consumer", 0),
        ("pvc pvc-pending-demo -n p01-missing-class", 1),
        ("pvc/pvc-pending-demo -n p01-missing-class", 1),
        ("sts db -n p12-quota", 1),
        ("pvc -A", 1),
        ("pvc -n h01-healthy", 0),
        ("pvc -A -l no-such-label", 0),
    ];
    for (words, code) in cases {
        for format in ["text", "json", "yaml"] {
            let run = on_faults_a(&format!("{words} -o {format}")).run();
            assert_eq!(run.code, Some(code), "{words} -o {format}: {run:?}");
        }
    }
}

#[test]
fn what_was_not_recorded_cannot_be_told() {
    let folder = TempDir::new().unwrap();
    let recorded = recorded::named("faults-a").folder.join("resources/persistentvolumeclaims.json");
    let only = folder.path().join("only");
    written(&only, "resources/persistentvolumeclaims.json", &std::fs::read(recorded).unwrap());
    written(&only, "captured-at", b"2026-11-21T03:45:34Z");
    let run = binary::program("pvc pvc-pending-demo -n p01-missing-class -o json --from".split(' ')).arg(&only).run();
    assert_eq!((run.code, &run.json()["verdict"]), (Some(3), &"Unknown".into()), "{run:?}");
    let run = binary::program("sts db -n p12-quota -o json --from".split(' ')).arg(&only).run();
    assert_eq!((run.code, &run.json()["verdict"]), (Some(3), &"Unknown".into()), "{run:?}");
}

#[test]
fn what_no_playbook_is_about_is_not_called_healthy() {
    let run = binary::run("pvc orders-db -n shop --from demo --no-builtin");
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.text().contains("no playbook is about a PersistentVolumeClaim"), "{run:?}");
}

#[test]
fn the_demo_needs_nothing_and_shows_something() {
    let run = binary::run("pvc -A --from demo");
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""), "{run:?}");
    let report = binary::run("pvc -A --from demo -o json").json();
    let items = report["items"].as_array().unwrap();
    let verdicts: std::collections::BTreeSet<&str> = items.iter().map(|i| i["verdict"].as_str().unwrap()).collect();
    assert!(verdicts.contains("Failing") && verdicts.contains("Healthy"), "{verdicts:?}");
    for item in items {
        let subject = &item["subject"];
        let (name, namespace) = (subject["name"].as_str().unwrap(), subject["namespace"].as_str().unwrap());
        let alone = binary::run(&format!("pvc {name} -n {namespace} --from demo -o json")).json();
        assert_eq!(&alone, item);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for words in ["pvc -A -o json", "pvc -A -o yaml", "pvc -A", "language", "schema playbook"] {
        let program = if words.starts_with("pvc") { on_faults_a(words) } else { binary::program(words.split(' ')) };
        let (mut child, _home) = program.start();
        let mut first = String::new();
        let mut out = BufReader::with_capacity(16, child.stdout.take().unwrap());
        out.read_line(&mut first).unwrap();
        drop(out);
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let code = child.wait().unwrap().code();
        let due = i32::from(words.starts_with("pvc"));
        assert_eq!((code, said.as_str()), (Some(due), ""), "{words}");
        assert!(!first.is_empty(), "{words}");
    }
}

#[test]
fn help_and_version_are_no_failure() {
    for words in [
        "--help",
        "-h",
        "--version",
        "version",
        "playbook --help",
        "playbook list",
        "language",
        "schema report",
        "schema playbook",
    ] {
        let run = binary::run(words);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{words}: {run:?}");
        assert!(!run.text().trim().is_empty(), "{words}");
    }
    assert!(binary::run("--version").text().contains(env!("CARGO_PKG_VERSION")));
    assert!(binary::run("--help").text().contains("kubectl storage-doctor pvc -A"));
    // Nothing to do is a bad argument, and the help says what to do.
    let run = binary::run("");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("Usage"), "{run:?}");
}

#[test]
fn colours_are_only_for_terminals_and_those_who_ask() {
    let escapes = |program: Program| program.run().text().contains('\u{1b}');
    for words in ["pvc -A", "pvc pvc-pending-demo -n p01-missing-class"] {
        assert!(!escapes(on_faults_a(words)), "{words}: not a terminal");
        assert!(!escapes(on_faults_a(words).env("TERM", "xterm-256color")), "{words}: not a terminal");
        assert!(!escapes(on_faults_a(words).env("NO_COLOR", "1").env("TERM", "xterm")), "{words}: NO_COLOR");
        assert!(!escapes(on_faults_a(words).arg("--color").arg("never").env("CLICOLOR_FORCE", "1")), "{words}: never");
        assert!(escapes(on_faults_a(words).arg("--color").arg("always")), "{words}: asked for");
        for format in ["json", "yaml"] {
            let forced = on_faults_a(words).arg("--color").arg("always").arg("-o").arg(format);
            assert!(!escapes(forced), "{words}: {format} has no colours");
        }
    }
}

#[test]
fn a_narrow_page_is_kept() {
    for width in [40, 60, 100] {
        for words in ["pvc -A", "pvc pvc-pending-demo -n p01-missing-class", "pvc data -n p06-too-large --verbose"] {
            let run = on_faults_a(words).env("COLUMNS", &width.to_string()).run();
            // A table has no place to break.
            for line in run.text().lines().take_while(|line| !line.starts_with("NAMESPACE ")) {
                // A command is for copying, and a word that is too long has no place to break.
                let may = line.trim_start().starts_with("kubectl ") || !line.trim().contains(' ');
                assert!(may || line.chars().count() <= width, "{width}: {words}: {line:?}");
            }
        }
    }
    for width in ["0", "1", "-5", "99999999999999999999", "nonsense"] {
        let run = on_faults_a("pvc -A").env("COLUMNS", width).run();
        assert_eq!(run.code, Some(1), "COLUMNS={width}: {run:?}");
    }
}

/// A recording whose events and objects try to take over the terminal.
fn hostile(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("hostile");
    let from = &recorded::named("faults-a").folder;
    written(&path, "captured-at", b"2026-11-21T03:45:34Z");
    for entry in std::fs::read_dir(from.join("resources")).unwrap() {
        let file = entry.unwrap().path();
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.replace("Requested capacity", HOSTILE).replace("non-existent-sc", CLASS);
        let name = format!("resources/{}", file.file_name().unwrap().to_str().unwrap());
        written(&path, &name, text.as_bytes());
    }
    path
}

/// As it stands in JSON: clear the screen, set the title, ring, go back, turn the direction of text.
const HOSTILE: &str = r"Requested \u001b[2J\u001b]0;owned\u0007\b\r\u009b31m\u202e capacity";
const CLASS: &str = r"nosuch\u001b[31m-$(reboot)";

#[test]
fn text_from_the_cluster_does_not_reach_the_terminal_raw() {
    let folder = TempDir::new().unwrap();
    let recording = hostile(&folder);
    for words in [
        "pvc -A",
        "pvc data -n p06-too-large",
        "pvc data -n p06-too-large --verbose",
        "pvc pvc-pending-demo -n p01-missing-class",
    ] {
        for format in ["text", "json", "yaml"] {
            let program = binary::program(words.split(' ')).arg("-o").arg(format).arg("--from").arg(&recording);
            let run = program.run();
            assert_eq!(run.code, Some(1), "{words}: {run:?}");
            let raw = run.text().chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
            let raw = raw.filter(|c| format == "text" || *c != '\u{202e}');
            assert_eq!(raw, None, "{words} -o {format}: {:?}", run.text());
            assert!(!run.stderr.contains('\u{1b}'), "{words}");
        }
        let coloured =
            binary::program(words.split(' ')).arg("--color").arg("always").arg("--from").arg(&recording).run();
        assert!(!coloured.text().contains("\u{1b}]") && !coloured.text().contains("\u{1b}[2J"), "{words}");
    }
    let data = binary::program("pvc data -n p06-too-large -o json --from".split(' ')).arg(&recording).run().json();
    let findings = data["findings"].as_array().map_or(&[][..], Vec::as_slice);
    let quotes = findings.iter().flat_map(|f| f["evidence"].as_array().unwrap()).filter_map(|e| e["quote"].as_str());
    assert!(quotes.into_iter().any(|quote| quote.contains("owned")), "what was seen is quoted: {data:#}");
}

#[test]
fn a_command_to_copy_is_quoted() {
    let folder = TempDir::new().unwrap();
    let recording = hostile(&folder);
    let run = binary::program("pvc -A -o json --from".split(' ')).arg(&recording).run().json();
    let mut commands = Vec::new();
    collect(&run, "command", &mut commands);
    assert!(!commands.is_empty());
    for command in commands.iter().filter(|command| command.contains("$(")) {
        let quoted: usize = command.matches('\'').count();
        assert!(quoted >= 2, "{command}");
    }
}

fn collect(value: &Value, key: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get(key).and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|value| collect(value, key, found));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, key, found)),
        _ => {}
    }
}
