//! Where the recordings come from: a file beside them, one line a recording.

use crate::bed::scenario::load::Loaded;
use crate::bed::scenario::spec::Expect;
use crate::bed::trouble::{Attempt, Result, Trouble};
use crate::bed::{command, host, places};
use crate::binary;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

/// Its name.
pub const FILE: &str = "provenance.yaml";

const HEAD: &str = "\
# Written by the command below, not by hand.
# Each recording is what `capture` wrote of the subject while the diagnosis of the cluster was right, and the diagnosis
# of the capture the same. Then, as far as the same is said without it: what other scenarios of the cluster made is left
# out; and what tells of the machine (its numbers, its kernel's own name, the cluster's folder) is replaced.
";

/// Modules of the bed's `go.mod`, and what their programs are called.
const MODULES: [(&str, &str); 6] = [
    ("k8s.io/kubernetes", "kubernetes"),
    ("go.etcd.io/etcd/server/v3", "etcd"),
    ("github.com/kubernetes-csi/external-provisioner/v6", "csi-provisioner"),
    ("github.com/kubernetes-csi/external-attacher/v4", "csi-attacher"),
    ("github.com/kubernetes-csi/external-resizer/v2", "csi-resizer"),
    ("github.com/kubernetes-csi/external-snapshotter/v8", "csi-snapshotter and snapshot-controller"),
];

/// Where the program's sources are.
const SOURCES: [&str; 4] = ["Cargo.lock", "crates", "playbooks", "kubectl-storage-doctor/src"];

/// Programs of the machine.
const PROGRAMS: [&str; 2] = ["containerd", "runc"];

/// What the file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The command that makes them again.
    pub made_by: String,
    /// The day of the last run.
    pub made_on: String,
    /// The versions of what the cluster was made of.
    pub made_of: BTreeMap<String, String>,
    /// How many there are.
    pub count: usize,
    /// What each is of.
    pub recordings: Vec<Entry>,
}

/// A recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The file.
    pub file: String,
    /// The scenario.
    pub scenario: String,
    /// Its subject, as TYPE/NAME.
    pub subject: String,
    /// When it was captured.
    pub captured_at: String,
    /// How large the file is, packed.
    pub bytes: u64,
    /// The program that captured it.
    pub program: String,
}

impl Entry {
    /// Of that file.
    pub fn of(scenario: &str, due: &Expect, file: &Path, captured_at: String) -> Result<Self> {
        Ok(Self {
            file: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            scenario: scenario.to_owned(),
            subject: due.subject.replace("${NS}", scenario),
            captured_at,
            bytes: std::fs::metadata(file).attempt(file.display())?.len(),
            program: program(),
        })
    }
}

impl Provenance {
    /// What is said of the recordings of a folder; nothing if there are none.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => serde_yaml::from_str(&text).attempt(path.display()),
            Err(_) => Ok(Self::default()),
        }
    }

    /// Notes what makes them from now on. Recordings of other versions may not stay beside the new ones.
    pub fn made_by(&mut self, command: &str) -> Result<()> {
        let made_of = versions()?;
        if !self.recordings.is_empty() && self.made_of != made_of {
            let text =
                format!("recordings are there of other versions ({:?}): remove them, and record all", self.made_of);
            return Err(Trouble::new(text));
        }
        self.made_of = made_of;
        command.clone_into(&mut self.made_by);
        self.made_on = jiff::Timestamp::now().to_string().chars().take(10).collect();
        Ok(())
    }

    /// Puts the recordings of a scenario in the place of those it had.
    pub fn replace(&mut self, scenario: &str, entries: Vec<Entry>) {
        self.recordings.retain(|entry| entry.scenario != scenario);
        self.recordings.extend(entries);
        self.recordings.sort_by(|a, b| a.scenario.cmp(&b.scenario));
    }

    /// Forgets scenarios that are no longer there.
    pub fn keep_only(&mut self, loaded: &Loaded) {
        self.recordings.retain(|entry| loaded.scenarios.contains_key(&entry.scenario));
    }

    /// Writes it into the folder, and removes recordings of which it says nothing.
    pub fn write(&mut self, folder: &Path) -> Result<()> {
        self.count = self.recordings.len();
        let path = folder.join(FILE);
        std::fs::write(&path, self.text()?).attempt(path.display())?;
        let known: BTreeSet<&str> = self.recordings.iter().map(|entry| entry.file.as_str()).collect();
        for file in std::fs::read_dir(folder).attempt(folder.display())?.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if name.ends_with(".tar.gz") && !known.contains(name.as_str()) {
                std::fs::remove_file(file.path()).attempt(name)?;
            }
        }
        Ok(())
    }

    /// The file: a line for each recording, so that a change of one is a change of a line.
    fn text(&self) -> Result<String> {
        let mut text = HEAD.to_owned();
        line(&mut text, "made_by: ", &self.made_by)?;
        line(&mut text, "made_on: ", &self.made_on)?;
        text.push_str("made_of:\n");
        for (name, version) in &self.made_of {
            line(&mut text, &format!("  {name}: "), version)?;
        }
        line(&mut text, "count: ", &self.count)?;
        text.push_str(if self.recordings.is_empty() { "recordings: []\n" } else { "recordings:\n" });
        for entry in &self.recordings {
            line(&mut text, "- ", entry)?;
        }
        Ok(text)
    }
}

/// Adds a line that ends with a value; JSON is YAML too.
fn line(text: &mut String, begin: &str, value: &impl Serialize) -> Result<()> {
    let value = serde_json::to_string(value).attempt(begin)?;
    writeln!(text, "{begin}{value}").attempt(begin)
}

/// The version of this program, and the last commit that changed it, if that is known.
pub fn program() -> String {
    // Asked once, before a recording is written that would make a difference.
    static PROGRAM: LazyLock<String> = LazyLock::new(|| {
        let git = |words: &[&str]| {
            let mut git = command::command("git", words.iter().chain(&["--"]).chain(&SOURCES));
            command::output(git.current_dir(binary::root())).unwrap_or_default()
        };
        let commit = git(&["log", "-1", "--format=%h"]);
        let changed = if git(&["status", "--porcelain"]).is_empty() { "" } else { " and changes" };
        format!("{} {}{changed}", env!("CARGO_PKG_VERSION"), commit.trim()).trim().to_owned()
    });
    PROGRAM.clone()
}

/// The versions of what clusters are made of.
fn versions() -> Result<BTreeMap<String, String>> {
    let path = places::module().join("go.mod");
    let mut versions = modules(&std::fs::read_to_string(&path).attempt(path.display())?)?;
    for name in PROGRAMS {
        let program = host::program(name).attempt(format!("{name} is not there"))?;
        let said = command::output(&mut command::command(program, ["--version"]))?;
        versions.insert(name.to_owned(), version(&said).attempt(format!("{name} tells no version"))?.to_owned());
    }
    Ok(versions)
}

/// The versions in a `go.mod`.
fn modules(text: &str) -> Result<BTreeMap<String, String>> {
    let mut versions = BTreeMap::new();
    for (module, name) in MODULES {
        let mut lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let found = lines.find_map(|words| match words.as_slice() {
            [first, version, ..] if *first == module => Some((*version).to_owned()),
            _ => None,
        });
        versions.insert(name.to_owned(), found.attempt(format!("go.mod: no {module}"))?);
    }
    Ok(versions)
}

/// The first word that is a version: `containerd github.com/containerd/containerd 1.6.20~ds1 …`.
fn version(said: &str) -> Option<&str> {
    let is_version = |word: &&str| {
        let word = word.trim_start_matches('v');
        word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.')
    };
    said.split_whitespace().find(is_version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_the_module() {
        let text = std::fs::read_to_string(places::module().join("go.mod")).unwrap();
        let versions = modules(&text).unwrap();
        assert_eq!(versions.len(), MODULES.len());
        assert!(versions.values().all(|version| version.starts_with('v')), "{versions:?}");
        assert_eq!(version("containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1"), Some("1.6.20~ds1"));
        assert_eq!(version("runc version 1.1.5+ds1"), Some("1.1.5+ds1"));
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let entry = |scenario: &str| Entry {
            file: format!("{scenario}.tar.gz"),
            scenario: scenario.to_owned(),
            subject: "pvc/data".to_owned(),
            captured_at: "2026-11-25T20:06:05Z".to_owned(),
            bytes: 4028,
            program: "0.1.0 fbf5e30".to_owned(),
        };
        let mut written = Provenance::default();
        written.made_of.insert("etcd".to_owned(), "v3.6.0".to_owned());
        written.replace("b", vec![entry("b")]);
        written.replace("a", vec![entry("a")]);
        for name in ["a.tar.gz", "b.tar.gz", "gone.tar.gz"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        written.write(folder.path()).unwrap();
        assert_eq!(Provenance::read(folder.path()).unwrap(), written);
        assert_eq!((written.count, written.recordings[0].scenario.as_str()), (2, "a"));
        assert!(folder.path().join("a.tar.gz").exists() && !folder.path().join("gone.tar.gz").exists());
        assert_eq!(Provenance::read(&folder.path().join("none")).unwrap(), Provenance::default());
    }
}
