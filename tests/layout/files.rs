//! Sizes, names and what must not be in a file.

use super::*;
use regex::Regex;

/// The most lines of production code in a file.
const LONG: usize = 400;

/// Files that may be longer, and why.
const MAY_BE_LONG: &[(&str, &str)] = &[];

#[test]
fn no_file_is_long() {
    for file in tracked().into_iter().filter(|file| file.ends_with(".rs")) {
        let lines = if is_for_tests(&file) { read(&file) } else { production(&file) }.lines().count();
        let may = MAY_BE_LONG.iter().any(|(name, why)| *name == file && !why.is_empty());
        assert!(lines <= LONG || may, "{file} has {lines} lines");
        assert!(!may || lines > LONG, "{file} is no longer long");
    }
    let main = read("kubectl-storage-doctor/src/main.rs").lines().count();
    assert!(main <= 40, "main.rs has {main} lines");
}

#[test]
fn every_test_file_is_run() {
    // Without `autotests` a file that is not listed is not run, and nobody is told.
    let manifest = read("tests/Cargo.toml");
    for file in fs::read_dir(root().join("tests")).unwrap().map(|entry| entry.unwrap().file_name()) {
        let file = file.to_str().unwrap();
        if file.ends_with(".rs") {
            assert!(manifest.contains(&format!("path = {file:?}")), "tests/{file} is not in tests/Cargo.toml");
        }
    }
    let ignored = Regex::new(r"(?m)^\s*#\[ignore").unwrap();
    for file in under("", ".rs") {
        assert!(!ignored.is_match(&read(&file)), "{file} has a test that is not run");
    }
}

#[test]
fn every_example_is_run() {
    let off = |folder: &str| read(&format!("{folder}Cargo.toml")).contains("\ndoctest = false\n");
    let example = Regex::new(r"(?m)^\s*//[/!]\s*```").unwrap();
    let manifests = tracked().into_iter().filter_map(|file| file.strip_suffix("Cargo.toml").map(str::to_owned));
    let folders: Vec<String> = manifests.filter(|folder| !folder.is_empty() && off(folder)).collect();
    assert!(!folders.is_empty());
    for file in folders.iter().flat_map(|folder| under(folder, ".rs")) {
        assert!(!example.is_match(&read(&file)), "{file} has an example, and its crate does not try examples");
    }
}

#[test]
fn the_scenarios_are_the_last_tests() {
    // cargo runs targets by name; the last words have to be about what could not be run.
    let manifest = read("tests/Cargo.toml");
    let names = Regex::new(r#"(?m)^\[\[test\]\]\nname = "(\w+)"$"#).unwrap();
    assert_eq!(names.captures_iter(&manifest).map(|found| found[1].to_owned()).max().as_deref(), Some("scenarios"));
}

#[test]
fn nothing_of_the_machine_it_was_made_on_is_left() {
    let here = root().to_str().unwrap().to_owned();
    let home = std::env::var("HOME").unwrap_or_default();
    let user = Regex::new(r#"["'`\s=(](/home/[a-z]|/Users/[A-Za-z]|/root/|/work/)"#).unwrap();
    for file in tracked() {
        let Ok(text) = fs::read_to_string(root().join(&file)) else { continue };
        assert!(!text.contains(&format!("{here}/")), "{file} names the folder it lies in");
        assert!(home.len() < 6 || !text.contains(&format!("{home}/")), "{file} names somebody's home");
        // This file has to say what it looks for.
        if file != "tests/layout/files.rs" {
            assert_eq!(user.find(&text).map(|found| found.as_str()), None, "{file}");
        }
        assert!(!file.starts_with(".cargo/"), "{file} is a matter of the machine");
    }
    for line in read("Cargo.lock").lines().filter_map(|line| line.strip_prefix("source = ")) {
        assert_eq!(line, "\"registry+https://github.com/rust-lang/crates.io-index\"");
    }
}

#[test]
fn text_is_text() {
    for file in tracked() {
        let Ok(text) = fs::read_to_string(root().join(&file)) else { continue };
        if file.ends_with(".snap") || file.starts_with("LICENSE") {
            continue;
        }
        assert!(!text.contains('\r'), "{file} has carriage returns");
        let raw = text.chars().find(|c| c.is_control() && *c != '\n' && *c != '\t');
        assert_eq!(raw, None, "{file} has control characters");
        assert!(text.is_empty() || text.ends_with('\n') || file.ends_with("captured-at"), "{file} ends within a line");
    }
}
