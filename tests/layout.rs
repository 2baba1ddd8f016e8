//! What this repository promises of itself: which module knows which, what is generated, how large a file
//! is. A promise that nothing holds to is soon none.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "these are tests"
)]

#[path = "layout/dependencies.rs"]
mod dependencies;
#[path = "layout/documents.rs"]
mod documents;
#[path = "layout/files.rs"]
mod files;

use std::fs;
use std::path::Path;
use std::process::Command;
use storage_doctor_tests::binary::root;

/// Every file of the repository, relative to its root: what git tracks; without git, what is there.
fn tracked() -> Vec<String> {
    let git = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let listed = git.ok().filter(|git| git.status.success()).map(|git| String::from_utf8(git.stdout).unwrap());
    let mut files: Vec<String> = match listed {
        Some(names) => names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        None => found(&root()),
    };
    // A file that was just removed is tracked until that is committed.
    files.retain(|file| root().join(file).is_file());
    files.sort();
    assert!(files.len() > 100, "{} files", files.len());
    files
}

fn found(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            if path.is_file() {
                files.push(name);
            } else if path.is_dir() && name != "target" && name != ".git" {
                folders.push(path);
            }
        }
    }
    files
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The files of a folder whose names end so.
fn under(folder: &str, end: &str) -> Vec<String> {
    tracked().into_iter().filter(|file| file.starts_with(folder) && file.ends_with(end)).collect()
}

/// A Rust file without its tests; nothing if all of it is for tests.
fn production(file: &str) -> String {
    if is_for_tests(file) {
        return String::new();
    }
    let text = read(file);
    let mut kept = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim() == "#[cfg(test)]" {
            // A module in place is the last thing of a file; one in a file of its own is left out there.
            match lines.next() {
                Some(next) if next.trim_start().starts_with("mod ") && next.trim_end().ends_with('{') => break,
                _ => continue,
            }
        }
        kept.push_str(line);
        kept.push('\n');
    }
    kept
}

/// Whether a file is a module, or lies in one, that is only there for tests.
fn is_for_tests(file: &str) -> bool {
    if file.starts_with("tests/") {
        return true;
    }
    let path = Path::new(file);
    path.ancestors().any(|module| {
        let Some(name) = module.file_stem().and_then(|name| name.to_str()) else { return false };
        let Some(folder) = module.parent() else { return false };
        let beside =
            [folder.join("mod.rs"), folder.join("lib.rs"), folder.join("main.rs"), folder.with_extension("rs")];
        beside.iter().filter_map(|parent| fs::read_to_string(root().join(parent)).ok()).any(|parent| {
            let lines: Vec<&str> = parent.lines().map(str::trim).collect();
            let due = format!("mod {name};");
            lines.windows(2).any(|pair| pair[0] == "#[cfg(test)]" && pair[1].ends_with(&due))
        })
    })
}

/// The lines that are no comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//"))
}
