//! Whatever bytes come in, the loader, the expressions, the quantities and the logs take them without a panic
//! and within bounds of time, and what they promise holds.
//!
//! Texts are made by changing seeds: a minute a target, with `FUZZ_SECONDS` for more or less
//! of it. `FUZZ_SEED` repeats a run. What fails is written to `target/fuzz`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "these are tests"
)]

#[path = "fuzz/change.rs"]
mod change;
#[path = "fuzz/targets.rs"]
mod targets;

use change::Random;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use storage_doctor_tests::binary;
use targets::{TARGETS, Target};

/// How long each target is fuzzed.
const SECONDS: u64 = 60;
/// How long one text may take, in a build without optimisation on a busy machine.
const SLOW: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    // `cargo test -- --list` and the like want no fuzzing.
    if std::env::args().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let seconds = number("FUZZ_SECONDS").unwrap_or(SECONDS);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let seed = number("FUZZ_SEED").unwrap_or(now);
    println!("\nrunning {} targets for {seconds} s each, FUZZ_SEED={seed}", TARGETS.len());
    std::panic::set_hook(Box::new(|_| {}));
    let mut failed = 0;
    for pair in TARGETS.chunks(2) {
        let found = std::thread::scope(|scope| {
            let running: Vec<_> = pair.iter().map(|target| scope.spawn(move || fuzz(target, seed, seconds))).collect();
            running.into_iter().map(|target| target.join().unwrap()).collect::<Vec<_>>()
        });
        for (target, outcome) in pair.iter().zip(found) {
            match outcome {
                Ok(runs) => println!("test {} ... ok: {runs} texts", target.name),
                Err(why) => {
                    failed += 1;
                    println!("test {} ... FAILED: {why}", target.name);
                }
            }
        }
    }
    let result = if failed == 0 { "ok" } else { "FAILED" };
    println!("\ntest result: {result}. {} passed; {failed} failed; 0 ignored\n", TARGETS.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Fuzzes one target; how many texts were tried, or what is wrong.
fn fuzz(target: &Target, seed: u64, seconds: u64) -> Result<u64, String> {
    let mut random = Random::new(seed ^ target.name.bytes().map(u64::from).sum::<u64>());
    let mut seeds = (target.seeds)();
    assert!(seeds.len() > 5, "{} has hardly any seeds", target.name);
    let mut kinds: BTreeSet<u64> = BTreeSet::new();
    let began = Instant::now();
    let mut runs = 0;
    while runs < 10 || began.elapsed() < Duration::from_secs(seconds) {
        let text = random.change(&seeds, target.longest);
        let started = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| (target.run)(&text)));
        let slow = (started.elapsed() > SLOW).then(|| format!("took {:?}", started.elapsed()));
        match (outcome, slow) {
            // What makes something happen that did not happen before is worth changing further.
            (Ok(Ok(kind)), None) => {
                if kinds.insert(kind) && seeds.len() < 5000 {
                    seeds.push(text);
                }
            }
            (Ok(Err(why)), _) | (Ok(Ok(_)), Some(why)) => return Err(written(target, &text, &why)),
            (Err(panic), _) => {
                let why = panic.downcast_ref::<String>().map(String::as_str);
                let why = why.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panicked");
                return Err(written(target, &text, why));
            }
        }
        runs += 1;
    }
    Ok(runs)
}

/// Keeps a text that fails, and says where.
fn written(target: &Target, text: &str, why: &str) -> String {
    let folder = binary::root().join("target/fuzz");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{}-{:08x}.txt", target.name, text.len()));
    std::fs::write(&path, text).unwrap();
    format!("{why}; the text is in {}", path.display())
}
