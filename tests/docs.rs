//! What the documents show is what happens: their files are written, their commands run, and what these
//! print is compared.
//!
//! `<!-- file: NAME -->` before a block gives it a place; `<!-- file: NEW from OLD: A -> B -->` is the same
//! file with one change; `<!-- exit: 1 -->` is the exit code of the next block's last command; `<!-- with:
//! other.md -->` brings the files of another document. In a `console` block a line of `…` stands for any
//! lines. `UPDATE_DOCS=1` writes the output of blocks without such a line anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "these are tests"
)]

use std::fmt::Write as _;
use std::path::Path;
use storage_doctor_tests::binary::{self, root, written};
use tempfile::TempDir;

/// A block of a document.
#[derive(Debug, Default)]
struct Block {
    /// Comments right before it.
    notes: Vec<String>,
    /// The word behind the fence.
    language: String,
    text: String,
}

/// The blocks of a document, in order; a comment that makes a file by itself is a block without text.
fn blocks(document: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut notes = Vec::new();
    let mut open: Option<Block> = None;
    for line in document.lines() {
        if let Some(block) = &mut open {
            if line == "```" {
                blocks.extend(open.take());
            } else {
                block.text.push_str(line);
                block.text.push('\n');
            }
        } else if let Some(language) = line.strip_prefix("```") {
            open =
                Some(Block { notes: std::mem::take(&mut notes), language: language.to_owned(), text: String::new() });
        } else if let Some(note) = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->")) {
            if note.contains(" from ") || note.starts_with("with: ") {
                blocks.push(Block { notes: vec![note.to_owned()], ..Block::default() });
            } else {
                notes.push(note.to_owned());
            }
        } else if !line.is_empty() {
            assert!(notes.is_empty(), "{notes:?} stands before no block");
        }
    }
    assert!(open.is_none() && notes.is_empty(), "a block or a note is left open");
    blocks
}

fn document(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Writes what a block's notes ask for; whether there was anything.
fn write(block: &Block, folder: &Path) -> bool {
    let mut any = false;
    for note in &block.notes {
        if let Some(other) = note.strip_prefix("with: ") {
            for block in blocks(&document(&format!("docs/{other}"))) {
                write(&block, folder);
            }
            continue;
        }
        let Some(name) = note.strip_prefix("file: ") else { continue };
        any = true;
        match name.split_once(" from ") {
            None => drop(written(folder, name, block.text.as_bytes())),
            Some((name, change)) => {
                let (old, change) = change.split_once(": ").unwrap();
                let (was, is) = change.split_once(" -> ").unwrap();
                let text = std::fs::read_to_string(folder.join(old)).unwrap();
                assert_eq!(text.matches(was).count(), 1, "{old} has {was:?} not once");
                written(folder, name, text.replace(was, is).as_bytes());
            }
        }
    }
    any
}

/// Runs the commands of a console block in the folder; gives the block as it should be.
fn run(document: &str, block: &Block, folder: &Path) -> String {
    let due = block.notes.iter().find_map(|note| note.strip_prefix("exit: ")).map_or(0, |code| code.parse().unwrap());
    let commands: Vec<&str> = block.text.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    let mut shown = String::new();
    for (n, command) in commands.iter().enumerate() {
        let words = command.strip_prefix("kubectl storage-doctor ").unwrap_or_else(|| panic!("{document}: {command}"));
        assert!(!words.contains(['|', '>', '\'', '"', '\\', '$']), "{document}: no shell reads {command}");
        let run = binary::program(words.split(' ')).within_folder(folder).run();
        let expected = if n + 1 == commands.len() { due } else { 0 };
        assert_eq!(run.code, Some(expected), "{document}: {command}: {run:?}");
        write!(shown, "$ {command}\n{}{}", run.text(), run.stderr).unwrap();
    }
    // An editor strips what ends a line, and a document ends no block with empty lines.
    let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned() + "\n"
}

/// Whether the lines are those expected, where `…` stands for any number of lines.
fn fits(expected: &[&str], lines: &[&str]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((&"…", rest)) => (0..=lines.len()).any(|n| fits(rest, &lines[n..])),
        Some((first, rest)) => lines.first() == Some(first) && fits(rest, &lines[1..]),
    }
}

/// Writes the files of a document and runs its commands; gives how many of each there were.
fn hold(name: &str) -> (usize, usize) {
    let text = document(name);
    let folder = TempDir::new().unwrap();
    let (mut files, mut commands, mut renewed) = (0, 0, text.clone());
    for block in blocks(&text) {
        files += usize::from(write(&block, folder.path()));
        if block.language == "yaml" && !block.text.trim_start().starts_with("# yaml-language-server") {
            let parsed = serde_yaml::from_str::<serde_yaml::Value>(&block.text);
            assert!(parsed.is_ok(), "{name}: {parsed:?}\n{}", block.text);
        }
        if block.language != "console" {
            continue;
        }
        commands += 1;
        let shown = run(name, &block, folder.path());
        let (expected, lines): (Vec<&str>, Vec<&str>) = (block.text.lines().collect(), shown.lines().collect());
        if std::env::var_os("UPDATE_DOCS").is_some() && !expected.contains(&"…") {
            renewed = renewed.replace(&format!("```console\n{}```", block.text), &format!("```console\n{shown}```"));
        } else {
            assert!(fits(&expected, &lines), "{name}\n--- is shown\n{}--- is printed\n{shown}", block.text);
        }
    }
    if renewed != text {
        std::fs::write(root().join(name), renewed).unwrap();
    }
    (files, commands)
}

#[test]
fn the_guide_leads_where_it_says() {
    let (files, commands) = hold("docs/guide.md");
    assert!(files >= 10 && commands >= 8, "{files} files, {commands} commands");
}

#[test]
fn the_other_documents_are_true() {
    for (name, least) in [("docs/playbooks.md", (1, 2)), ("docs/cases.md", (1, 1)), ("README.md", (0, 1))] {
        let (files, commands) = hold(name);
        assert!(files >= least.0 && commands >= least.1, "{name}: {files} files, {commands} commands");
    }
    // The examples of this one are tests of the functions themselves, and it is made from them.
    assert_eq!(document("docs/language.md"), storage_doctor::check::reference());
}

#[test]
fn a_page_that_is_not_true_is_found() {
    assert!(fits(&["a", "…", "d"], &["a", "b", "c", "d"]) && fits(&["…"], &[]) && fits(&["a"], &["a"]));
    assert!(!fits(&["a", "…", "d"], &["a", "b"]) && !fits(&["a"], &["a", "b"]) && !fits(&[], &["a"]));
    let found = blocks("x\n<!-- exit: 1 -->\n```console\n$ a\n```\n<!-- file: n from o: a -> b -->\n```sh\nz\n```\n");
    assert_eq!(found.len(), 3);
    assert_eq!((found[0].notes[0].as_str(), found[0].text.as_str()), ("exit: 1", "$ a\n"));
    assert!(found[2].notes.is_empty());
}
