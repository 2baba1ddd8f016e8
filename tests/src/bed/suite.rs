//! All of it: from the files of the scenarios to the sum of what came of them.

use super::cluster::Cluster;
use super::scenario::bench::Bench;
use super::scenario::load::{self, Loaded, Vocabulary};
use super::scenario::run;
use super::scenario::tell::{self, Outcome, Told};
use super::state::State;
use super::trouble::Result;
use super::{checks, existing, places, record, teardown, tier};
use crate::binary;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The scenarios whose names contain one of these words; all of them without any.
pub fn chosen(loaded: &Loaded, words: &[String]) -> Vec<String> {
    loaded.scenarios.keys().filter(|name| is_chosen(name, words)).cloned().collect()
}

fn is_chosen(name: &str, words: &[String]) -> bool {
    words.is_empty() || words.iter().any(|word| name.contains(word.as_str()))
}

/// All that the target of the tests tries, as cargo's `--list` has it.
pub fn list(loaded: &Loaded, words: &[String]) -> Vec<String> {
    let checks = checks::names().filter(|name| is_chosen(name, words)).map(str::to_owned);
    checks.chain(chosen(loaded, words)).collect()
}

/// The variable that names a program to test in place of the one that is built.
const PROGRAM: &str = "STORAGE_DOCTOR_BED_PROGRAM";

fn program() -> PathBuf {
    let named = std::env::var_os(PROGRAM).filter(|path| !path.is_empty());
    named.map_or_else(|| binary::path().to_owned(), PathBuf::from)
}

/// Reads the scenarios of this repository.
pub fn load() -> Result<Loaded> {
    load::load(&places::scenarios(), &Vocabulary::built_in())
}

/// Tries the harness itself where that is possible; nothing where it is not.
pub fn checks(state: &State, words: &[String]) -> Vec<Told> {
    if tier::obstacle().is_some() { Vec::new() } else { checks::run(state, &|name| is_chosen(name, words)) }
}

/// Runs scenarios in the cluster that the environment names, else in one of our own for the time being.
pub fn run(state: &State, loaded: &Loaded, names: &[String], mut told: Vec<Told>) -> Result<ExitCode> {
    let began = Instant::now();
    if names.is_empty() {
        return Ok(end(&told, began));
    }
    if let Some(existing) = existing::named()? {
        told.extend(run::run(&Bench::existing(existing, program()), loaded, names));
        return Ok(end(&told, began));
    }
    if let Some(why) = tier::obstacle() {
        let not_tried = |name: &String| Told {
            name: name.clone(),
            outcome: Outcome::NotRun("no cluster".into()),
            took: Duration::ZERO,
        };
        told.extend(names.iter().map(not_tried));
        tell::sum(&told, began.elapsed());
        return Ok(not_run(&why));
    }
    let cluster = Cluster::up(state.folder().to_owned(), true)?;
    let bench = Bench::own(cluster, program())?;
    told.extend(run::run(&bench, loaded, names));
    if told.iter().any(|told| matches!(told.outcome, Outcome::Fails(_))) {
        keep_logs(state);
    }
    drop(bench);
    let down = Instant::now();
    let outcome = match teardown::down(state).and_then(|()| teardown::nothing_left(state)) {
        Ok(()) => Outcome::Holds(String::new()),
        Err(error) => Outcome::Fails(error.to_string()),
    };
    told.push(Told { name: "nothing-is-left-behind".to_owned(), outcome, took: down.elapsed() });
    told.last().into_iter().for_each(tell::one);
    Ok(end(&told, began))
}

/// Runs scenarios in the cluster that was brought up by hand, which stays.
pub fn run_in_kept(state: &State, loaded: &Loaded, names: &[String]) -> Result<ExitCode> {
    let began = Instant::now();
    let bench = Bench::own(Cluster::open(state.folder().to_owned())?, program())?;
    Ok(end(&run::run(&bench, loaded, names), began))
}

/// Runs scenarios in the cluster that is up, else in one for the time being, and makes recordings of those that hold.
pub fn record(state: &State, loaded: &Loaded, names: &[String]) -> Result<ExitCode> {
    in_cluster(state, |bench| record::record(bench, loaded, names))
}

/// Makes the demo anew.
pub fn demo(state: &State) -> Result<ExitCode> {
    in_cluster(state, record::demo::make)
}

fn in_cluster(state: &State, work: impl FnOnce(&mut Bench) -> Result<ExitCode>) -> Result<ExitCode> {
    if state.is_up()? {
        return work(&mut Bench::own(Cluster::open(state.folder().to_owned())?, program())?);
    }
    let mut bench = Bench::own(Cluster::up(state.folder().to_owned(), true)?, program())?;
    let done = work(&mut bench);
    drop(bench);
    teardown::down(state).and_then(|()| teardown::nothing_left(state))?;
    done
}

/// Keeps what the daemons said, for who wants to know why a scenario failed.
fn keep_logs(state: &State) {
    let kept = binary::scratch().join("bed-logs");
    let _ = std::fs::remove_dir_all(&kept);
    let copied = std::fs::create_dir_all(&kept).is_ok() && copy(&state.path("logs"), &kept).is_some();
    if copied {
        println!("what the daemons said is kept in {}", kept.display());
    }
}

fn copy(from: &Path, to: &Path) -> Option<()> {
    for file in std::fs::read_dir(from).ok()?.flatten() {
        std::fs::copy(file.path(), to.join(file.file_name())).ok()?;
    }
    Some(())
}

fn end(told: &[Told], began: Instant) -> ExitCode {
    if tell::sum(told, began.elapsed()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Says which tier was not run; under continuous integration that is a failure.
fn not_run(why: &str) -> ExitCode {
    println!("scenarios were read and checked, but not run in a cluster: {why}");
    if tier::is_due() {
        println!("CI is set, so that is a failure");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
