//! Running cases.

use super::cluster::Seen;
use super::compare::{Difference, compare, is_echo};
use super::coverage::coverage;
use super::laws;
use super::load::{Case, CaseFile, Known, load};
use super::outcome::{CaseOutcome, Mismatch, Outcome};
use crate::doctor::Doctor;
use crate::playbook::Playbook;
use crate::problem::{Problem, Problems, tidy};
use crate::report::v1::{Diagnosis, Verdict};
use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// Runs the cases of files, given by name and text, with these playbooks; with a filter, only those
/// cases whose names contain it. The error is all that is wrong with the files themselves.
pub fn run(files: &[(String, String)], playbooks: &Arc<[Playbook]>, filter: Option<&str>) -> Result<Outcome, Problems> {
    let known = Known::new(playbooks);
    let mut loaded = Vec::new();
    let mut problems: Vec<Problem> = Vec::new();
    for (name, text) in files {
        match load(name, text, &known) {
            Ok(file) => loaded.push(file),
            Err(bad) => problems.extend(bad.into_vec()),
        }
    }
    if let Some(problems) = Problems::new(problems) {
        return Err(problems);
    }
    let mut cases = Vec::new();
    for file in &loaded {
        let wanted = file.cases.iter().filter(|case| filter.is_none_or(|text| case.name.contains(text)));
        cases.extend(wanted.map(|case| {
            let doctor = Doctor::new(Arc::clone(playbooks), case.now);
            Run { doctor: &doctor, playbooks, file, case }.run()
        }));
    }
    let coverage = coverage(&loaded, &cases, playbooks);
    Ok(Outcome { cases, coverage })
}

/// One case being run.
struct Run<'a> {
    doctor: &'a Doctor,
    playbooks: &'a [Playbook],
    file: &'a CaseFile,
    case: &'a Case,
}

impl Run<'_> {
    fn run(&self) -> CaseOutcome {
        let (mut mismatches, mut gone) = (Vec::new(), Gone::default());
        let nothing = BTreeSet::new();
        let line = self.case.expected.line;
        let (full, asked) = self.look(&nothing, &nothing);
        let diagnosis = match full {
            Ok(diagnosis) => Some(diagnosis),
            Err(error) => {
                mismatches.push(self.mismatch(line, "", ("a diagnosis".to_owned(), error)));
                None
            }
        };
        if let Some(full) = &diagnosis {
            mismatches.extend(compare(&self.case.expected, full).into_iter().map(|d| self.mismatch(line, "", d)));
            mismatches.extend(self.variants());
            mismatches.extend(self.laws(full, &asked, &mut gone));
        }
        let (file, name) = (self.file.name.clone(), tidy(&self.case.name));
        let (lost, unseen) = (gone.lost.into_iter().collect(), gone.unseen.into_iter().collect());
        CaseOutcome { file, line, name, diagnosis, lost, unseen, mismatches }
    }

    /// The case seen with less, as its author says.
    fn variants(&self) -> Vec<Mismatch> {
        let mut mismatches = Vec::new();
        for variant in &self.case.without {
            let seen = less(&variant.deny, &variant.unrecorded);
            let differences = match self.look(&variant.deny, &variant.unrecorded).0 {
                Ok(diagnosis) => compare(&variant.expected, &diagnosis),
                Err(error) => vec![("a diagnosis".to_owned(), error)],
            };
            mismatches.extend(differences.into_iter().map(|d| self.mismatch(variant.expected.line, &seen, d)));
        }
        mismatches
    }

    /// The case seen again, and without each of the resources that were asked for; what is found no longer then
    /// is taken down.
    fn laws(&self, full: &Diagnosis, asked: &BTreeSet<String>, gone: &mut Gone) -> Vec<Mismatch> {
        let line = self.case.expected.line;
        let nothing = BTreeSet::new();
        let mut mismatches = Vec::new();
        let again = self.look(&nothing, &nothing).0;
        if again.as_ref().map(bytes) != Ok(bytes(full)) {
            let found = again.map_or_else(|error| error, |again| bytes(&again));
            mismatches.push(self.mismatch(line, "seen again", (bytes(full), found)));
        }
        let subject = self.case.subject.kind.facts().resource.to_string();
        for right in asked.difference(&self.case.unrecorded) {
            let one = BTreeSet::from([right.clone()]);
            for (denied, unrecorded) in [(&one, &nothing), (&nothing, &one)] {
                let difference = match self.look(denied, unrecorded).0 {
                    Ok(seen) => {
                        // Without the subject itself nothing is known of anything.
                        if *right != subject {
                            gone.lost.extend(no_longer(full, &seen));
                        } else if seen.verdict == Verdict::Unknown {
                            gone.unseen.extend(no_longer(full, &seen));
                        }
                        laws::broken(full, &seen, self.playbooks)
                    }
                    Err(error) => Some(("a diagnosis".to_owned(), error)),
                };
                let seen = format!("by law {}", less(denied, unrecorded));
                mismatches.extend(difference.map(|d| self.mismatch(line, &seen, d)));
            }
        }
        mismatches
    }

    /// The diagnosis without what is denied or not recorded, and what was asked for.
    fn look(
        &self,
        denied: &BTreeSet<String>,
        unrecorded: &BTreeSet<String>,
    ) -> (Result<Diagnosis, String>, BTreeSet<String>) {
        let unrecorded = unrecorded.union(&self.case.unrecorded).cloned().collect();
        let seen = Seen::new(&self.case.world, denied, &unrecorded);
        let diagnosis = wait(self.doctor.diagnose(&self.case.subject, &seen)).map_err(|error| error.to_string());
        (diagnosis, seen.asked())
    }

    fn mismatch(&self, line: usize, seen: &str, (expected, found): Difference) -> Mismatch {
        Mismatch {
            file: self.file.name.clone(),
            line,
            case: tidy(&self.case.name),
            seen: tidy(seen),
            expected: tidy(&expected),
            found: tidy(&found),
        }
    }
}

/// What is found no longer with less to see.
#[derive(Default)]
struct Gone {
    /// Without some one resource that is not the subject's own.
    lost: BTreeSet<String>,
    /// Without the subject, when nothing else is said either.
    unseen: BTreeSet<String>,
}

/// The causes found, or seen as echoes, that are so no longer.
fn no_longer<'a>(full: &'a Diagnosis, less: &'a Diagnosis) -> impl Iterator<Item = String> + 'a {
    let is_there = move |id: &str, of: &Diagnosis| of.findings.iter().any(|f| f.cause == id) || is_echo(id, of);
    let found = full.findings.iter().map(|finding| &finding.cause);
    let echoes = full.unknown.iter().map(|unknown| &unknown.cause).filter(|id| is_echo(id, full));
    found.chain(echoes).filter(move |id| !is_there(id, less)).cloned()
}

/// What cannot be seen, in words.
fn less(denied: &BTreeSet<String>, unrecorded: &BTreeSet<String>) -> String {
    let part = |names: &BTreeSet<String>, how: &str| {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        (!names.is_empty()).then(|| format!("{} {how}", names.join(", ")))
    };
    let parts: Vec<String> = [part(denied, "denied"), part(unrecorded, "not recorded")].into_iter().flatten().collect();
    format!("with {}", parts.join(", "))
}

fn bytes(diagnosis: &Diagnosis) -> String {
    serde_json::to_string(diagnosis).unwrap_or_default()
}

/// Waits for a future that only waits for what is in memory.
fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}
