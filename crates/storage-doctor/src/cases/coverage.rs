//! What the cases of a playbook leave untested.

use super::compare::is_echo;
use super::load::{Case, CaseFile};
use super::outcome::CaseOutcome;
use crate::playbook::Playbook;
use crate::report::v1::{Diagnosis, Verdict};
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
    /// Causes that no case of their playbook says must not be found: without a near miss.
    pub never_excluded: Vec<String>,
    /// Causes that no case makes unknown by leaving something out; but for those that are
    /// found still, whatever one thing cannot be seen.
    pub never_unknown: Vec<String>,
}

/// What the files leave untested; the outcomes are those of their cases, in the same order.
pub(super) fn coverage(files: &[CaseFile], outcomes: &[CaseOutcome], playbooks: &[Playbook]) -> Coverage {
    let mut tested = Tested::default();
    let cases = files.iter().flat_map(|file| file.cases.iter().map(move |case| (file, case)));
    for (file, case) in cases {
        let outcome = outcomes.iter().find(|o| o.file == file.name && o.line == case.expected.line);
        let Some(outcome) = outcome else { continue };
        tested.lost.extend(outcome.lost.iter().map(String::as_str));
        if let Some(diagnosis) = &outcome.diagnosis {
            tested.add(file, case, diagnosis);
        }
    }
    let about: BTreeSet<&str> = files.iter().map(|file| file.playbook.as_str()).collect();
    let mut coverage = Coverage::default();
    for playbook in playbooks.iter().filter(|playbook| about.contains(playbook.name.as_str())) {
        let named = |id: &str| format!("{}/{id}", playbook.name);
        for cause in &playbook.causes {
            let id = cause.id.as_str();
            coverage.never_found.extend((!tested.found.contains(id)).then(|| named(id)));
            let excluded = tested.excluded.contains(&(playbook.name.as_str(), id));
            coverage.never_excluded.extend((!excluded).then(|| named(id)));
            let decided = tested.found.contains(id) && !tested.lost.contains(id);
            let unknown = tested.unknown.contains(id) || decided;
            coverage.never_unknown.extend((!unknown).then(|| named(id)));
        }
        let shown = playbook.waiting.iter().map(|state| state.id.as_str()).filter(|id| !tested.shown.contains(id));
        coverage.never_shown.extend(shown.map(named));
    }
    coverage
}

/// What some case tests, by code; what is excluded with the playbook that the file is about.
#[derive(Default)]
struct Tested<'a> {
    found: BTreeSet<&'a str>,
    shown: BTreeSet<&'a str>,
    excluded: BTreeSet<(&'a str, &'a str)>,
    unknown: BTreeSet<&'a str>,
    /// What is no longer found in some case when something is taken away.
    lost: BTreeSet<&'a str>,
}

impl<'a> Tested<'a> {
    fn add(&mut self, file: &'a CaseFile, case: &'a Case, diagnosis: &Diagnosis) {
        let holds = |id: &&String| diagnosis.findings.iter().any(|finding| finding.cause == **id);
        self.found.extend(case.expected.finds.iter().filter(holds).map(String::as_str));
        let echoes = case.expected.echoes.iter().filter(|id| is_echo(id, diagnosis));
        self.found.extend(echoes.map(String::as_str));
        let waits = |id: &&String| diagnosis.waiting.iter().any(|waiting| waiting.state == **id);
        self.shown.extend(case.expected.waiting.iter().filter(waits).map(String::as_str));
        self.excluded.extend(case.expected.not.iter().map(|id| (file.playbook.as_str(), id.as_str())));
        for variant in case.without.iter().filter(|variant| variant.expected.verdict == Verdict::Unknown) {
            let gone = |id: &&String| !variant.expected.finds.contains(*id) && !variant.expected.echoes.contains(*id);
            let named = case.expected.finds.iter().chain(&case.expected.echoes);
            self.unknown.extend(named.filter(gone).map(String::as_str));
        }
    }
}

impl Coverage {
    /// Whether every cause is found, missed narrowly and made unknown, and every waiting state shown, by some case.
    pub fn is_complete(&self) -> bool {
        [&self.never_found, &self.never_shown, &self.never_excluded, &self.never_unknown]
            .iter()
            .all(|ids| ids.is_empty())
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
