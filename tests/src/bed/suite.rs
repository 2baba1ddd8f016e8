//! All of it: from the files of the scenarios to the sum of what came of them.

use super::cluster::Cluster;
use super::scenario::bench::Bench;
use super::scenario::load::{self, Loaded, Vocabulary};
use super::scenario::tell::{self, Outcome, Told};
use super::scenario::run;
use super::state::State;
use super::trouble::Result;
use super::{existing, places, teardown, tier};
use crate::binary;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The scenarios whose names contain one of these words; all of them without any.
pub fn chosen(loaded: &Loaded, words: &[String]) -> Vec<String> {
    let is_chosen = |name: &&String| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    loaded.scenarios.keys().filter(is_chosen).cloned().collect()
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

/// Runs scenarios in the cluster that the environment names, else in one of our own for the time being.
pub fn run(state: &State, loaded: &Loaded, names: &[String]) -> Result<ExitCode> {
    let began = Instant::now();
    if names.is_empty() {
        tell::sum(&[], began.elapsed());
        return Ok(ExitCode::SUCCESS);
    }
    let program = program();
    if let Some(existing) = existing::named()? {
        return Ok(end(&run::run(&Bench::existing(existing, program), loaded, names), began));
    }
    if let Some(why) = tier::obstacle() {
        let told = |name: &String| Told { name: name.clone(), outcome: Outcome::NotRun("no cluster".into()), took: Duration::ZERO };
        let told: Vec<Told> = names.iter().map(told).collect();
        tell::sum(&told, began.elapsed());
        return Ok(not_run(&why));
    }
    let cluster = Cluster::up(state.folder().to_owned(), true)?;
    let bench = Bench::own(cluster, program)?;
    let mut told = run::run(&bench, loaded, names);
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
