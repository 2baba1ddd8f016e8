//! How long the released program takes, and how much memory: `cargo bench -p storage-doctor-tests`.
//!
//! With `-- --check` it fails where the loosest bounds are passed: a look that takes longer is no look.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "this is a measurement"
)]

use std::path::Path;
use std::time::Duration;
use storage_doctor_tests::binary::{self, Program};
use storage_doctor_tests::{recorded, synthetic};
use tempfile::TempDir;

const MEGABYTE: f64 = 1_048_576.0;

/// What many runs of the same took.
#[derive(Clone, Copy)]
struct Measured {
    median: Duration,
    least: Duration,
    most: Duration,
    peak: u64,
}

fn main() {
    let check = std::env::args().any(|argument| argument == "--check");
    let faults = recorded::named("faults-a");
    println!("{:<34}{:>10}{:>10}{:>10}{:>12}", "", "median", "least", "most", "peak memory");
    let start = shown("--version", measured(20, &["--version"], None));
    let archive = shown("pvc -A, faults-a.tar.gz", measured(10, &["pvc", "-A"], Some(&faults.archive)));
    let folder = shown("pvc -A, faults-a, a folder", measured(10, &["pvc", "-A"], Some(&faults.folder)));
    let [thousand, ten_thousand] = [1_000, 10_000].map(|claims| {
        let made = TempDir::new().unwrap();
        synthetic::write_recording(made.path(), claims).unwrap();
        shown(&format!("pvc -A, {claims} claims"), measured(3, &["pvc", "-A"], Some(made.path())))
    });
    let ratio = ten_thousand.median.as_secs_f64() / thousand.median.as_secs_f64();
    println!("\nten times the claims take {ratio:.1} times as long");
    if check {
        let soon = |what: &str, measured: &Measured, limit: u64, megabytes: f64| {
            assert!(measured.median <= Duration::from_millis(limit), "{what} takes longer than {limit} ms");
            assert!(measured.peak as f64 <= megabytes * MEGABYTE, "{what} takes more than {megabytes} MB");
        };
        soon("the start", &start, 20, 50.0);
        soon("faults-a", &archive, 300, 100.0);
        soon("faults-a as a folder", &folder, 300, 100.0);
        assert!(ratio <= 14.0, "ten times the claims take {ratio:.1} times as long");
    }
}

/// Runs the released program so many times.
fn measured(times: usize, words: &[&str], from: Option<&Path>) -> Measured {
    let mut runs: Vec<_> = (0..times)
        .map(|_| {
            let mut program = Program::new(binary::release(), words);
            if let Some(from) = from {
                program = program.arg("--from").arg(from);
            }
            let run = program.within(Duration::from_secs(300)).run();
            assert!(matches!(run.code, Some(0 | 1 | 3)), "{run:?}");
            (run.took, run.peak.unwrap_or_default())
        })
        .collect();
    runs.sort();
    let at = |place: usize| runs.get(place).expect("at least one run").0;
    let peak = runs.iter().map(|(_, peak)| *peak).max().unwrap_or_default();
    Measured { median: at(times / 2), least: at(0), most: at(times - 1), peak }
}

/// Prints a line of the table.
fn shown(what: &str, measured: Measured) -> Measured {
    let seconds = |time: Duration| format!("{:.3} s", time.as_secs_f64());
    let Measured { median, least, most, peak } = measured;
    let memory = format!("{:.1} MB", peak as f64 / MEGABYTE);
    println!("{what:<34}{:>10}{:>10}{:>10}{memory:>12}", seconds(median), seconds(least), seconds(most));
    measured
}
