//! Good and bad playbooks through the public door.

mod hostile;
mod semantics;
mod structure;

use super::*;
use crate::problem::Problems;

const GOOD: &str = include_str!("good.yaml");
const BASE: &str = include_str!("base.yaml");

fn files(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// Loads one text as `good.yaml`, beside the library it uses.
fn load_good(text: &str) -> Result<Loaded, Problems> {
    load(&files(&[("base.yaml", BASE), ("good.yaml", text)]))
}

/// The good playbook with one part replaced.
fn edited(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "the good playbook has no `{from}`");
    GOOD.replacen(from, to, 1)
}

/// `code line:column` of each problem.
fn places(problems: &Problems) -> Vec<String> {
    let records = problems.to_records();
    records.iter().map(|r| format!("{} {}:{}", r.code, r.at.line, r.at.column)).collect()
}

/// Checks that a text has just these problems, and their looks.
fn assert_bad(title: &str, text: &str, expected: &[&str]) {
    let problems = load_good(text).err().unwrap_or_else(|| panic!("{title} is loaded"));
    assert_eq!(places(&problems), expected, "{title}\n{problems}");
    insta::with_settings!({ description => title, omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(format!("bad_{}", title.replace(' ', "_")), problems.render(false));
    });
}

#[test]
fn a_good_playbook_is_loaded_whole() {
    let loaded = load_good(GOOD).unwrap_or_else(|p| panic!("{p}"));
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    let [playbook] = loaded.playbooks.as_slice() else { panic!("one playbook") };
    assert_eq!(playbook.name, "good");
    assert_eq!(playbook.origin, "good.yaml");
    let names: Vec<&str> = playbook.names.iter().map(|(_, name)| name).collect();
    let expected = [
        "claim",
        "item",
        "events",
        "class_name",
        "class",
        "volumes",
        "backend",
        "log",
        "leaders",
        "misfits",
        "class_missing",
    ];
    assert_eq!(names, expected);
    assert_eq!(playbook.definitions.len(), names.len());
    assert_eq!(playbook.waiting[0].worry_after, Some(600));
    assert_eq!(playbook.causes[0].role, Role::RootCause);
    assert_eq!(playbook.causes[0].severity, Severity::Error);
    assert_eq!(playbook.causes[1].role, Role::Generic);
    let Definition::Evidence(backend) = &playbook.definitions[6] else { panic!("evidence") };
    let EvidenceKind::Object { resource, namespace, .. } = &backend.kind else { panic!("an object") };
    assert_eq!(resource.to_string(), "widgets.example.com");
    assert!(namespace.is_some());
    let Definition::Message(message) = &playbook.definitions[10] else { panic!("a message") };
    assert_eq!(message.event_type.as_deref(), Some("Warning"));
}

#[test]
fn carriage_returns_and_a_byte_order_mark_change_nothing() {
    let crlf = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
    assert!(load_good(&crlf).is_ok());
    let bad = crlf.replacen("title:", "titel:", 1);
    let problems = load_good(&bad).unwrap_err();
    assert_eq!(places(&problems), ["unknown-field 5:1"]);
}

#[test]
fn the_order_of_files_does_not_matter() {
    assert!(load(&files(&[("x/good.yaml", GOOD), ("y/base.yaml", BASE)])).is_ok());
}

#[test]
fn files_are_read_in_order() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["b.yaml", "a.yml", "c.txt"] {
        std::fs::write(dir.path().join(name), name).unwrap();
    }
    let read = read_path(dir.path()).unwrap();
    let texts: Vec<&str> = read.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["a.yml", "b.yaml"]);
    assert_eq!(read_path(&dir.path().join("c.txt")).unwrap().len(), 1);
    assert!(matches!(read_path(&dir.path().join("none")), Err(ReadError::Io { .. })));
    std::fs::write(dir.path().join("a.yml"), [0xff, 0xfe, b'a', 0]).unwrap();
    assert!(matches!(read_path(dir.path()), Err(ReadError::NotText(_))));
    std::fs::write(dir.path().join("a.yml"), vec![b'a'; (1 << 20) + 1]).unwrap();
    assert!(matches!(read_path(dir.path()), Err(ReadError::TooLarge(_))));
    assert!(matches!(read_path(tempfile::tempdir().unwrap().path()), Err(ReadError::NoPlaybooks(_))));
}
