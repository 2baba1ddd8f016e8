//! What the cases of a playbook leave untested.

use super::load::CaseFile;
use super::outcome::CaseOutcome;
use crate::playbook::Playbook;
use crate::report::v1::Verdict;
use std::collections::BTreeSet;
use std::fmt;

/// What the cases leave untested, as `playbook/cause`. Only playbooks that some file of cases is about
/// are looked at. Prints a line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Causes that no case finds.
    pub never_found: Vec<String>,
    /// Waiting states that no case shows.
    pub never_shown: Vec<String>,
    /// Causes that no case says must not be found: without a near miss.
    pub never_excluded: Vec<String>,
    /// Causes without a case that makes the verdict Unknown by leaving something out.
    pub never_unknown: Vec<String>,
}

/// What the files leave untested; the outcomes are those of their cases, in the same order.
pub(super) fn coverage(files: &[CaseFile], outcomes: &[CaseOutcome], playbooks: &[Playbook]) -> Coverage {
    let mut fired: BTreeSet<&str> = BTreeSet::new();
    let mut waited: BTreeSet<&str> = BTreeSet::new();
    let mut excluded: BTreeSet<&str> = BTreeSet::new();
    let mut unknown: BTreeSet<&str> = BTreeSet::new();
    let cases = files.iter().flat_map(|file| file.cases.iter().map(move |case| (&file.name, case)));
    for (file, case) in cases {
        let outcome = outcomes.iter().find(|o| o.file == *file && o.line == case.expected.line);
        let Some(diagnosis) = outcome.and_then(|outcome| outcome.diagnosis.as_ref()) else { continue };
        let holds = |id: &&String| diagnosis.findings.iter().any(|f| f.cause == **id);
        fired.extend(case.expected.finds.iter().filter(holds).map(String::as_str));
        let waits = |id: &&String| diagnosis.waiting.iter().any(|w| w.state == **id);
        waited.extend(case.expected.waiting.iter().filter(waits).map(String::as_str));
        excluded.extend(case.expected.not.iter().map(String::as_str));
        if case.without.iter().any(|variant| variant.expected.verdict == Verdict::Unknown) {
            unknown.extend(case.expected.finds.first().map(String::as_str));
        }
    }
    let about: BTreeSet<&str> = files.iter().map(|file| file.playbook.as_str()).collect();
    let mut coverage = Coverage::default();
    for playbook in playbooks.iter().filter(|playbook| about.contains(playbook.name.as_str())) {
        let missing = |all: Vec<&str>, known: &BTreeSet<&str>| -> Vec<String> {
            all.into_iter().filter(|id| !known.contains(id)).map(|id| format!("{}/{id}", playbook.name)).collect()
        };
        let ids = || playbook.causes.iter().map(|cause| cause.id.as_str()).collect::<Vec<_>>();
        coverage.never_found.extend(missing(ids(), &fired));
        coverage.never_excluded.extend(missing(ids(), &excluded));
        coverage.never_unknown.extend(missing(ids(), &unknown));
        coverage.never_shown.extend(missing(playbook.waiting.iter().map(|w| w.id.as_str()).collect(), &waited));
    }
    coverage
}

impl Coverage {
    /// Whether every cause is found and every waiting state shown by some case.
    pub fn is_complete(&self) -> bool {
        self.never_found.is_empty() && self.never_shown.is_empty()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("no case finds", &self.never_found),
            ("no case shows", &self.never_shown),
            ("no case excludes", &self.never_excluded),
            ("no case makes unknown", &self.never_unknown),
        ];
        for (what, ids) in parts {
            for id in ids {
                writeln!(f, "{what} {id}")?;
            }
        }
        Ok(())
    }
}
