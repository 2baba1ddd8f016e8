//! Tells what came of scenarios, in lines like those of other tests.

use std::io::Write;
use std::time::Duration;

/// What came of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds; what else is worth to know.
    Holds(String),
    /// It does not, and why.
    Fails(String),
    /// It was not run, and why.
    NotRun(String),
}

/// A scenario that is over.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its name.
    pub name: String,
    /// What came of it.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
}

/// Prints the line of a scenario.
pub fn one(told: &Told) {
    let seconds = told.took.as_secs_f32();
    let line = match &told.outcome {
        Outcome::Holds(note) => format!("test {} ... ok ({seconds:.1} s{note})", told.name),
        // At once, and again at the end: who waits for the others wants to look meanwhile.
        Outcome::Fails(why) => format!("test {} ... FAILED ({seconds:.1} s)\n    {why}", told.name),
        Outcome::NotRun(why) => format!("test {} ... not run: {why}", told.name),
    };
    print(&line);
}

/// Prints why scenarios failed, and the sum; whether all hold that were run.
pub fn sum(all: &[Told], took: Duration) -> bool {
    for told in all {
        if let Outcome::Fails(why) = &told.outcome {
            print(&format!("\n---- {} ----\n    {why}", told.name));
        }
    }
    let count = |is: fn(&Outcome) -> bool| all.iter().filter(|told| is(&told.outcome)).count();
    let failed = count(|outcome| matches!(outcome, Outcome::Fails(_)));
    print(&format!(
        "\ntest result: {}. {} passed; {failed} failed; {} not run; finished in {:.1} s",
        if failed == 0 { "ok" } else { "FAILED" },
        count(|outcome| matches!(outcome, Outcome::Holds(_))),
        count(|outcome| matches!(outcome, Outcome::NotRun(_))),
        took.as_secs_f32(),
    ));
    failed == 0
}

fn print(line: &str) {
    // Nobody may be listening any more.
    let _ = writeln!(std::io::stdout(), "{line}");
}
