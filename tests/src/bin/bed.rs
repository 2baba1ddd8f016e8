//! The test bed by hand: `cargo run -p storage-doctor-tests --bin bed -- up`.

#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods, reason = "this is a command")]

use std::process::ExitCode;
use storage_doctor_tests::bed::cluster::Cluster;
use storage_doctor_tests::bed::scenario::load::Loaded;
use storage_doctor_tests::bed::state::State;
use storage_doctor_tests::bed::{Result, Trouble, places, signals, suite, teardown};

/// The folder of the cluster that is kept up.
const STATE: &str = "storage-doctor-bed";

const HELP: &str = "\
A real Kubernetes for the tests, with nodes and CSI drivers.

  bed up                 bring a cluster up, and keep it
  bed status             say whether it is up, or what is left of it
  bed down               take it down, and whatever is left of it
  bed run [NAME...]      run scenarios in it, or all; without one, bring up a cluster for the time being
  bed record [NAME...]   make recordings of scenarios that hold, in tests/recordings/scenarios
  bed demo               make the demo of kubectl-storage-doctor anew
  bed build              build what it is made of";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match act(&words) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("bed: {error}");
            ExitCode::from(2)
        }
    }
}

fn act(words: &[String]) -> Result<ExitCode> {
    let state = State::at(places::state(STATE)?);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["up"] => up(&state),
        ["down"] => {
            teardown::down(&state)?;
            teardown::nothing_left(&state)?;
            Ok(ExitCode::SUCCESS)
        }
        ["status"] => {
            if state.is_up()? {
                println!("up in {}", state.folder().display());
                return Ok(ExitCode::SUCCESS);
            }
            println!("down");
            for left in teardown::leftovers(&state) {
                println!("left behind: {left}");
            }
            Ok(ExitCode::FAILURE)
        }
        ["run", names @ ..] => run(&state, names),
        ["record", names @ ..] => {
            let (loaded, chosen) = chosen(names)?;
            guarded(&state, move |state| suite::record(state, &loaded, &chosen))
        }
        ["demo"] => guarded(&state, suite::demo),
        ["build"] => {
            let built = storage_doctor_tests::bed::build::build()?;
            println!("{}\n{}", built.components.display(), built.own.display());
            Ok(ExitCode::SUCCESS)
        }
        ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        _ => Err(Trouble::new(format!("what to do?\n\n{HELP}"))),
    }
}

fn up(state: &State) -> Result<ExitCode> {
    let folder = state.folder().to_owned();
    signals::guard(state, move || match Cluster::up(folder, false) {
        Ok(cluster) => {
            println!("kubeconfig: {}", cluster.kubeconfig().display());
            println!("enter with: nsenter --net={}", cluster.sandbox.network());
            println!("kubectl:    {}", cluster.built.program("kubectl").display());
            ExitCode::SUCCESS
        }
        Err(error) => failed(&error),
    })
}

/// The scenarios, and which of them are meant.
fn chosen(names: &[&str]) -> Result<(Loaded, Vec<String>)> {
    let loaded = suite::load()?;
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let chosen = suite::chosen(&loaded, &names);
    if chosen.is_empty() {
        return Err(Trouble::new(format!("there is no scenario {}", names.join(" or "))));
    }
    Ok((loaded, chosen))
}

/// Does work in a cluster. One that was up before stays up when it is stopped.
fn guarded(state: &State, work: impl FnOnce(&State) -> Result<ExitCode> + Send + 'static) -> Result<ExitCode> {
    if state.is_up()? {
        return work(state);
    }
    let folder = state.clone();
    signals::guard(state, move || work(&folder).unwrap_or_else(|error| failed(&error)))
}

fn run(state: &State, names: &[&str]) -> Result<ExitCode> {
    let (loaded, chosen) = chosen(names)?;
    if state.is_up()? {
        return suite::run_in_kept(state, &loaded, &chosen);
    }
    let folder = state.clone();
    signals::guard(state, move || {
        suite::run(&folder, &loaded, &chosen, Vec::new()).unwrap_or_else(|error| failed(&error))
    })
}

fn failed(error: &Trouble) -> ExitCode {
    eprintln!("bed: {error}");
    ExitCode::FAILURE
}
