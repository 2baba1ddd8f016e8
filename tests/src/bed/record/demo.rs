//! The demo of the plugin: a shop with the troubles of `tests/demo`, made in a real cluster and captured there.

use super::archive;
use super::keep::Keep;
use super::plain::Machine;
use super::provenance::{self, Entry, Provenance};
use crate::bed::access;
use crate::bed::places;
use crate::bed::scenario::bench::Bench;
use crate::bed::scenario::load::{self, Vocabulary};
use crate::bed::scenario::spec::Scenario;
use crate::bed::scenario::tell::{self, Outcome};
use crate::bed::scenario::{expect, run, tool};
use crate::bed::trouble::{Attempt, Result, Trouble};
use serde_json::Value;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// The command that makes it.
const COMMAND: &str = "cargo run -p storage-doctor-tests --bin bed -- demo";

/// The scenario, which is the name of its namespace.
const NAME: &str = "shop";

/// Makes the demo anew.
pub fn make(bench: &mut Bench) -> Result<ExitCode> {
    let began = Instant::now();
    provenance::program();
    let folder = places::demo();
    let loaded = load::load(&folder, &Vocabulary::built_in())?;
    bench.keep = Some(Keep::new()?);
    let told = run::run(bench, &loaded, &[NAME.to_owned()]);
    if !told.iter().all(|one| matches!(one.outcome, Outcome::Holds(_))) {
        tell::sum(&told, began.elapsed());
        return Ok(ExitCode::FAILURE);
    }
    let (_, scenario) = loaded.scenarios.get(NAME).attempt("there is no scenario of the demo")?;
    let own = bench.own.as_ref().attempt("the demo is made in a cluster of the bed's own")?;
    let machine = Machine::of(own);
    let staging = tempfile::tempdir().attempt("a temporary folder")?;
    let raw = staging.path().join("raw.tar.gz");
    capture(bench, &raw)?;
    let mut files = archive::read(&raw)?;
    machine.forget(&mut files)?;
    let leaks = machine.leaks(&files);
    if !leaks.is_empty() {
        return Err(Trouble::new(format!("it tells of this machine: {}", leaks.join(", "))));
    }
    for (name, text) in files.iter_mut().filter(|(name, _)| archive::is_json(name)) {
        let value: Value = serde_json::from_str(text).attempt(name)?;
        *text = serde_json::to_string_pretty(&value).attempt(name)? + "\n";
    }
    let whole = staging.path().join("demo.tar.gz");
    archive::write(&files, "demo", &whole)?;
    right(bench, scenario, &whole)?;
    replace(&files, &places::embedded())?;
    let mut provenance = Provenance::default();
    provenance.made_by(COMMAND)?;
    provenance.replace(NAME, vec![entry(&whole, archive::captured_at(&files)?)?]);
    provenance.write(&folder)?;
    Ok(ExitCode::SUCCESS)
}

fn entry(packed: &Path, captured_at: String) -> Result<Entry> {
    Ok(Entry {
        file: "../../kubectl-storage-doctor/demo".to_owned(),
        scenario: NAME.to_owned(),
        subject: "the whole cluster".to_owned(),
        captured_at,
        bytes: std::fs::metadata(packed).attempt(packed.display())?.len(),
        program: provenance::program(),
    })
}

/// Captures the whole cluster, as a user would.
fn capture(bench: &Bench, file: &Path) -> Result<()> {
    let own = bench.own.as_ref().attempt("no cluster")?;
    let kubeconfig = access::login(&own.cluster.authority, &tool::user(NAME), access::ROLE)?;
    let words = ["capture", "-A", "-o", &file.to_string_lossy(), "--kubeconfig", &kubeconfig.to_string_lossy()];
    let done = tool::run(bench, &words.map(str::to_owned))?;
    if done.code == Some(0) { Ok(()) } else { Err(Trouble::new(format!("capture: {}", done.errors.trim()))) }
}

/// What has to be said of the cluster is said of the recording.
fn right(bench: &Bench, scenario: &Scenario, file: &Path) -> Result<()> {
    for due in &scenario.expect {
        let said = tool::recorded(bench, &tool::subject(due, NAME), file)?;
        expect::judge(due, &said).attempt(&due.subject)?;
    }
    Ok(())
}

/// Puts files in the place of a folder.
fn replace(files: &archive::Files, folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error).attempt(folder.display()),
        _ => {}
    }
    for (name, text) in files {
        let path = folder.join(name);
        let parent = path.parent().attempt(name)?;
        std::fs::create_dir_all(parent).attempt(parent.display())?;
        std::fs::write(&path, text).attempt(path.display())?;
    }
    Ok(())
}
