//! The built program: what it says to bad input and to good, in how long, and with which exit code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "these are tests"
)]

#[path = "cli/authoring.rs"]
mod authoring;
#[path = "cli/bad_clusters.rs"]
mod bad_clusters;
#[path = "cli/bad_playbooks.rs"]
mod bad_playbooks;
#[path = "cli/bad_recordings.rs"]
mod bad_recordings;
#[path = "cli/bad_words.rs"]
mod bad_words;
#[path = "cli/knowing.rs"]
mod knowing;
#[path = "cli/linting.rs"]
mod linting;
#[path = "cli/manners.rs"]
mod manners;
#[path = "cli/places.rs"]
mod places;
#[path = "cli/reading.rs"]
mod reading;

use regex::Regex;
use std::time::Duration;
use storage_doctor_tests::binary::{self, Program, Run};
use storage_doctor_tests::recorded;

/// The longest that a refusal may take.
const SOON: Duration = Duration::from_secs(10);

/// Checks a refusal: exit code 2, nothing on standard output, a word on standard error, soon.
fn refused(what: &str, program: Program, words: &str) -> Run {
    let run = program.within(SOON * 2).run();
    assert_eq!(run.code, Some(2), "{what}: {run:?}");
    assert!(run.stdout.is_empty(), "{what}: {run:?}");
    assert!(run.stderr.contains("error"), "{what}: {run:?}");
    assert!(Regex::new(words).unwrap().is_match(&run.stderr), "{what}: no {words:?} in {}", run.stderr);
    assert!(!run.stderr.contains("panicked") && !run.stderr.contains('\u{1b}'), "{what}: {run:?}");
    assert!(run.took < SOON, "{what}: took {:?}", run.took);
    run
}

/// A run on the recording faults-a.
fn on_faults_a(words: &str) -> Program {
    binary::program(words.split_whitespace()).arg("--from").arg(&recorded::named("faults-a").folder)
}
