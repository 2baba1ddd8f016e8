//! The recordings of `tests/recordings`, and what a diagnosis of each has to find.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::disallowed_methods,
    reason = "a test that cannot run has failed"
)]

use crate::binary;
use crate::fake_api::Objects;
use flate2::read::GzDecoder;
use jiff::{SignedDuration, Timestamp};
use regex::RegexBuilder;
use serde_json::Value;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::UNIX_EPOCH;
use storage_doctor::subject::{Kind, Subject};
use tempfile::TempDir;

/// One recording.
#[derive(Debug)]
pub struct Recorded {
    /// Its name, such as `faults-a`.
    pub name: String,
    /// The archive.
    pub archive: PathBuf,
    /// The same, unpacked.
    pub folder: PathBuf,
    /// What has to be found.
    pub expected: Vec<Expected>,
}

/// What a diagnosis of one subject has to find.
#[derive(Debug)]
pub struct Expected {
    /// Its namespace; none for cluster-scoped ones.
    pub namespace: Option<String>,
    /// Its type, as on the command line.
    pub word: String,
    /// Its name.
    pub name: String,
    verdicts: Vec<String>,
    causes: Vec<String>,
    facts: Vec<String>,
}

/// Every recording there is, by name.
pub fn all() -> &'static [Recorded] {
    static ALL: LazyLock<Vec<Recorded>> = LazyLock::new(|| {
        let folder = binary::root().join("tests/recordings");
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".tar.gz")?.to_owned()))
            .collect();
        names.sort();
        assert!(!names.is_empty(), "there are no recordings");
        names.iter().map(|name| Recorded::read(name)).collect()
    });
    &ALL
}

/// The recording of that name.
pub fn named(name: &str) -> &'static Recorded {
    all().iter().find(|recorded| recorded.name == name).unwrap_or_else(|| panic!("no recording {name}"))
}

impl Recorded {
    fn read(name: &str) -> Self {
        let folder = binary::root().join("tests/recordings");
        let archive = folder.join(format!("{name}.tar.gz"));
        let expected = fs::read_to_string(folder.join(format!("{name}.expected.tsv"))).unwrap();
        let lines = expected.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let expected: Vec<_> = lines.map(Expected::parse).collect();
        assert!(!expected.is_empty(), "nothing is expected of {name}");
        Self { name: name.to_owned(), folder: unpacked(name, &archive), archive, expected }
    }
}

impl Recorded {
    /// The objects for a fake cluster, as if recorded just now: every time is moved by as much as has
    /// passed since, so that what was fresh is fresh.
    pub fn alive(&self) -> Objects {
        let at = fs::read_to_string(self.folder.join("captured-at")).unwrap();
        let at: Timestamp = at.trim().parse().unwrap();
        let passed = Timestamp::now().duration_since(at);
        let mut objects = Objects::folder(&self.folder).unwrap();
        objects.resources.values_mut().flatten().for_each(|object| move_times(object, passed));
        for log in objects.logs.values_mut() {
            let text = String::from_utf8_lossy(log);
            let lines = text.split_inclusive('\n').map(|line| match line.split_once(' ') {
                Some((time, rest)) => format!("{} {rest}", moved(time, passed).unwrap_or_else(|| time.to_owned())),
                None => line.to_owned(),
            });
            *log = lines.collect::<String>().into_bytes();
        }
        objects
    }
}

fn move_times(value: &mut Value, by: SignedDuration) {
    match value {
        Value::String(text) => *text = moved(text, by).unwrap_or_else(|| std::mem::take(text)),
        Value::Array(items) => items.iter_mut().for_each(|item| move_times(item, by)),
        Value::Object(map) => map.values_mut().for_each(|value| move_times(value, by)),
        _ => {}
    }
}

/// A time that much later; none if it is no time.
fn moved(text: &str, by: SignedDuration) -> Option<String> {
    let time: Timestamp = text.parse().ok()?;
    Some(time.checked_add(by).ok()?.to_string())
}

/// The folder that an archive unpacks to; unpacked once, and again when the archive changes.
fn unpacked(name: &str, archive: &Path) -> PathBuf {
    let meta = fs::metadata(archive).unwrap();
    let made = meta.modified().unwrap().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let folder = binary::scratch().join(format!("{name}-{}-{made}", meta.len()));
    if !folder.exists() {
        let staging = TempDir::new_in(binary::scratch()).unwrap();
        tar::Archive::new(GzDecoder::new(File::open(archive).unwrap())).unpack(staging.path()).unwrap();
        // Another test may have been quicker.
        if fs::rename(staging.path().join(name), &folder).is_err() {
            assert!(folder.exists(), "{name}.tar.gz holds no folder {name}");
        }
    }
    folder
}

impl Expected {
    /// Whether this cause is one of those that may be named first.
    pub fn allows(&self, cause: &str) -> bool {
        self.causes.iter().any(|allowed| allowed == cause)
    }

    fn parse(line: &str) -> Self {
        let columns: Vec<&str> = line.split('\t').collect();
        let column = |i: usize| columns.get(i).copied().unwrap_or_default();
        let (word, name) = column(1).split_once('/').unwrap_or_else(|| panic!("no TYPE/NAME in {line:?}"));
        let list = |text: &str, separator: char| -> Vec<String> {
            text.split(separator).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        Self {
            namespace: Some(column(0)).filter(|namespace| *namespace != "-").map(str::to_owned),
            word: word.to_owned(),
            name: name.to_owned(),
            verdicts: list(column(2), '|'),
            causes: list(column(3), '|'),
            facts: list(column(4), ';'),
        }
    }

    /// The subject; none while its type is not known.
    pub fn subject(&self) -> Option<Subject> {
        Kind::from_name(&self.word).map(|kind| Subject::new(kind, self.namespace.as_deref(), &self.name))
    }

    /// As one says it: `pvc p01-missing-class/data`.
    pub fn label(&self) -> String {
        format!("{} {}/{}", self.word, self.namespace.as_deref().unwrap_or("-"), self.name)
    }

    /// The arguments that ask for it.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = vec![self.word.clone(), self.name.clone()];
        if let Some(namespace) = &self.namespace {
            arguments.extend(["-n".to_owned(), namespace.clone()]);
        }
        arguments
    }

    /// Where a report falls short of what is expected.
    pub fn shortcomings(&self, report: &Value, code: Option<i32>) -> Vec<String> {
        let mut short = Vec::new();
        let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let verdict = text(report, "verdict");
        if !self.verdicts.contains(&verdict) {
            short.push(format!("verdict {verdict}, expected {}", self.verdicts.join("|")));
        }
        if code != exit_code(&verdict) {
            short.push(format!("exit code {code:?} with verdict {verdict}"));
        }
        let findings = report["findings"].as_array().cloned().unwrap_or_default();
        let first = findings.first().cloned().unwrap_or_default();
        match self.causes.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["*"] => {}
            ["-"] => {
                let loud = findings.iter().filter(|finding| finding["severity"] == "error");
                short.extend(loud.map(|finding| format!("false alarm {}", finding["cause"])));
            }
            causes if causes.contains(&text(&first, "cause").as_str()) => {}
            causes => short.push(format!("first cause {}, expected {}", first["cause"], causes.join("|"))),
        }
        let words = first.to_string();
        for fact in &self.facts {
            let pattern = RegexBuilder::new(fact).case_insensitive(true).build().unwrap();
            if !pattern.is_match(&words) {
                short.push(format!("fact missing: {fact}"));
            }
        }
        short
    }
}

/// The exit code that goes with a verdict.
pub fn exit_code(verdict: &str) -> Option<i32> {
    match verdict {
        "Healthy" | "Waiting" => Some(0),
        "Failing" => Some(1),
        "Unknown" => Some(3),
        _ => None,
    }
}
