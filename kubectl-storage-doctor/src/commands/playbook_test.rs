//! `playbook test`: whether playbooks find in made-up clusters what they should.

use crate::args::Test;
use crate::error::Failure;
use crate::exit::Exit;
use crate::{output, playbooks};
use std::fmt::Write as _;
use storage_doctor::cases::{self, Outcome};
use storage_doctor::playbook;

pub(super) fn run(args: &Test) -> Result<Exit, Failure> {
    let loaded = playbooks::load(&args.playbooks, args.look.color)?;
    let mut files = Vec::new();
    for path in &args.paths {
        files.extend(playbook::read_path(path)?);
    }
    let outcome = cases::run(&files, &loaded.playbooks.into(), args.filter.as_deref()).map_err(|problems| {
        output::note(&problems.render(output::stderr_color(args.look.color)));
        let n = problems.iter().count();
        let them = if n == 1 { "1 problem" } else { &format!("{n} problems") };
        Failure::new(&format!("{them} in the cases"))
    })?;
    if let (true, Some(filter)) = (outcome.cases.is_empty(), &args.filter) {
        return Err(Failure::new(&format!("no case has {filter:?} in its name")));
    }
    output::print(&page(&outcome, args), false)?;
    let uncovered = args.coverage && !outcome.coverage.is_complete();
    Ok(if outcome.failed() > 0 || uncovered { Exit::Failing } else { Exit::Fine })
}

fn page(outcome: &Outcome, args: &Test) -> String {
    let mut out = String::new();
    for case in &outcome.cases {
        // Writing into a text does not fail.
        if args.verbose {
            let mark = if case.mismatches.is_empty() { "ok  " } else { "FAIL" };
            let _ = writeln!(out, "{mark} {}: {}", case.name, case.summary());
        }
        for mismatch in &case.mismatches {
            let _ = writeln!(out, "{mismatch}");
        }
    }
    if args.coverage {
        let _ = write!(out, "{}", outcome.coverage);
    }
    let _ = writeln!(out, "{} passed, {} failed", outcome.passed(), outcome.failed());
    out
}
