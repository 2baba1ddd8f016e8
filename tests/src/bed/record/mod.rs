//! Recordings of the scenarios: of each that holds, what `capture` wrote of its subjects, made fit to be kept in
//! the repository. Tests that have no cluster go by them.

pub mod archive;
pub mod demo;
pub mod keep;
pub mod others;
pub mod plain;
pub mod provenance;
pub mod replay;

use self::archive::Files;
use self::keep::Keep;
use self::others::{Leave, Others};
use self::plain::Machine;
use self::provenance::{Entry, Provenance};
use self::replay::Replay;
use super::places;
use super::scenario::bench::Bench;
use super::scenario::load::Loaded;
use super::scenario::spec::{Expect, Scenario};
use super::scenario::tell::{self, Outcome};
use super::scenario::tool::Answer;
use super::scenario::{expect, run};
use super::trouble::{Attempt, Result, Trouble};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use storage_doctor::source::recording::Recording;

/// The largest recording of one subject, in bytes: more is a sign that something went in that has nothing to do
/// with it.
pub const LARGEST: u64 = 100_000;

/// The command that makes them.
const COMMAND: &str = "cargo run -p storage-doctor-tests --bin bed -- record";

/// The file of a scenario's recording; of its second expectation and those behind it with their numbers.
pub fn file_name(scenario: &str, number: usize) -> String {
    if number == 0 { format!("{scenario}.tar.gz") } else { format!("{scenario}-{}.tar.gz", number + 1) }
}

/// Runs scenarios in a cluster, and writes the recordings of those that hold.
pub fn record(bench: &mut Bench, loaded: &Loaded, names: &[String]) -> Result<ExitCode> {
    let began = Instant::now();
    // Before somebody changes what the program that is tested was built from.
    provenance::program();
    bench.keep = Some(Keep::new()?);
    let mut told = run::run(bench, loaded, names);
    let (Some(own), Some(keep)) = (&bench.own, &bench.keep) else {
        return Err(Trouble::new("recordings are made in a cluster of the bed's own"));
    };
    let (machine, folder, replay) = (Machine::of(own), places::recordings(), Replay::default());
    let recorder = Recorder { keep, loaded, machine, folder, replay };
    std::fs::create_dir_all(&recorder.folder).attempt(recorder.folder.display())?;
    let mut provenance = Provenance::read(&recorder.folder)?;
    provenance.made_by(COMMAND)?;
    for one in &mut told {
        if !matches!(one.outcome, Outcome::Holds(_)) {
            continue;
        }
        let Some((_, scenario)) = loaded.scenarios.get(&one.name) else { continue };
        match recorder.write(&one.name, scenario) {
            Ok(entries) => provenance.replace(&one.name, entries),
            Err(error) => {
                one.outcome = Outcome::Fails(format!("it holds, but its recording is not fit: {error}"));
                tell::one(one);
            }
        }
    }
    provenance.keep_only(loaded);
    provenance.write(&recorder.folder)?;
    Ok(if tell::sum(&told, began.elapsed()) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Recorder<'a> {
    keep: &'a Keep,
    loaded: &'a Loaded,
    machine: Machine,
    folder: PathBuf,
    replay: Replay,
}

impl Recorder<'_> {
    /// Writes the recordings of a scenario, all or none.
    fn write(&self, name: &str, scenario: &Scenario) -> Result<Vec<Entry>> {
        let staging = tempfile::tempdir().attempt("a temporary folder")?;
        let mut entries = Vec::new();
        for (number, due) in scenario.expect.iter().enumerate() {
            let file = staging.path().join(file_name(name, number));
            let captured_at = self.fit(name, scenario, due, &file).attempt(&due.subject)?;
            entries.push(Entry::of(name, due, &file, captured_at)?);
        }
        for entry in &entries {
            let to = self.folder.join(&entry.file);
            std::fs::copy(staging.path().join(&entry.file), &to).attempt(to.display())?;
        }
        Ok(entries)
    }

    /// Makes a capture fit to be kept: without what tells of this machine, and without what belongs to others as
    /// far as the same is said without it. When it was captured.
    fn fit(&self, name: &str, scenario: &Scenario, due: &Expect, file: &Path) -> Result<String> {
        let raw = self.keep.of(name, due).attempt(format!(
            "nothing was captured in namespace {name}: was the scenario run in this cluster before? Take it down first"
        ))?;
        let mut all = archive::read(&raw)?;
        self.machine.forget(&mut all)?;
        let said = self.said(name, due, &all, file)?;
        expect::judge(due, &said)?;
        for leave in [Leave::Drivers, Leave::Scenarios] {
            let less = Others::of(self.loaded, name, scenario, leave).left_out(&all)?;
            let again = self.said(name, due, &less, file)?;
            if gist(&said) == gist(&again) && expect::judge(due, &again).is_ok() {
                return self.checked(&less, file);
            }
        }
        self.said(name, due, &all, file)?;
        self.checked(&all, file)
    }

    fn said(&self, name: &str, due: &Expect, files: &Files, file: &Path) -> Result<Answer> {
        archive::write(files, name, file)?;
        let source = Recording::open(file).attempt(file.display())?;
        self.replay.answer(due, name, &source)
    }

    /// The time of a recording that may go into the repository.
    fn checked(&self, files: &Files, file: &Path) -> Result<String> {
        let leaks = self.machine.leaks(files);
        if !leaks.is_empty() {
            return Err(Trouble::new(format!("it tells of this machine: {}", leaks.join(", "))));
        }
        let bytes = std::fs::metadata(file).attempt(file.display())?.len();
        if bytes > LARGEST {
            let mut files: Vec<_> = files.iter().map(|(name, text)| (text.len(), name)).collect();
            files.sort_unstable_by(|a, b| b.cmp(a));
            return Err(Trouble::new(format!("{bytes} bytes, more than {LARGEST}: {files:?}")));
        }
        archive::captured_at(files)
    }
}

/// What an answer comes to: the verdict, the causes in their order, what is waited for and what is open. Its advice
/// may name other objects of the cluster, such as the classes that there are.
fn gist(answer: &Answer) -> Vec<String> {
    let mut gist = vec![answer.verdict().to_owned()];
    for (list, fields) in
        [("findings", ["cause", "confidence"]), ("waiting", ["state", ""]), ("unknown", ["cause", "needs"])]
    {
        let entries = answer.report.get(list).and_then(Value::as_array).into_iter().flatten();
        gist.extend(entries.map(|entry| format!("{list} {:?}", fields.map(|name| entry.get(name)))));
    }
    gist
}
