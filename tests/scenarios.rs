//! The scenarios of `tests/scenarios`, in a real Kubernetes.
//!
//! Without the harness of the standard library: a cluster is brought up once for all, and signals take it down.
//!
//! Where no cluster can be (no root, no Go, not Linux) they are read and checked, and it is said that they were not
//! run; under continuous integration that is a failure.

#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods, reason = "this is a test's main")]

use std::process::ExitCode;
use storage_doctor_tests::bed::state::State;
use storage_doctor_tests::bed::{Result, Trouble, checks, places, signals, suite};

/// The folder of the cluster for the time of the tests.
const STATE: &str = "storage-doctor-bed-test";

fn main() -> ExitCode {
    tests().unwrap_or_else(|error| failed(&error))
}

fn failed(error: &Trouble) -> ExitCode {
    eprintln!("{error}");
    println!("test result: FAILED. 0 passed; 1 failed; the scenarios cannot be run");
    ExitCode::FAILURE
}

fn tests() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<String> = arguments.iter().filter(|word| !word.starts_with('-')).cloned().collect();
    let state = State::at(places::state(STATE)?);
    if let [hold, how] = arguments.as_slice()
        && hold == checks::HOLD
    {
        return checks::hold(&state, how == "bound");
    }
    let loaded = suite::load()?;
    let names = suite::chosen(&loaded, &words);
    if arguments.iter().any(|word| word == "--list") {
        for name in suite::list(&loaded, &words) {
            println!("{name}: test");
        }
        return Ok(ExitCode::SUCCESS);
    }
    let folder = state.clone();
    signals::guard(&state, move || {
        let told = suite::checks(&folder, &words);
        suite::run(&folder, &loaded, &names, told).unwrap_or_else(|error| failed(&error))
    })
}
