//! What the cases of a playbook leave untested.

use super::compare::is_echo;
use super::load::{Case, CaseFile};
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
    /// Causes that no case of their playbook says must not be found: without a near miss.
    pub never_excluded: Vec<String>,
    /// Causes that no case makes unknown by leaving something out: what its author says, or, for those that rest on
    /// the subject alone, the subject itself.
    pub never_unknown: Vec<String>,
}

/// What the files leave untested; the outcomes are those of their cases, in the same order.
pub(super) fn coverage(files: &[CaseFile], outcomes: &[CaseOutcome], playbooks: &[Playbook]) -> Coverage {
    let mut tested = Tested::default();
    let cases = files.iter().flat_map(|file| file.cases.iter().map(move |case| (file, case)));
    for (file, case) in cases {
        let outcome = outcomes.iter().find(|o| o.file == file.name && o.line == case.expected.line);
        if let Some(outcome) = outcome {
            tested.add(file, case, outcome);
        }
    }
    let about: BTreeSet<&str> = files.iter().map(|file| file.playbook.as_str()).collect();
    let mut coverage = Coverage::default();
    for playbook in playbooks.iter().filter(|playbook| about.contains(playbook.name.as_str())) {
        let named = |id: &str| format!("{}/{id}", playbook.name);
        for cause in &playbook.causes {
            let key = (playbook.name.as_str(), cause.id.as_str());
            coverage.never_found.extend((!tested.found.contains(&key)).then(|| named(key.1)));
            coverage.never_excluded.extend((!tested.excluded.contains(&key)).then(|| named(key.1)));
            let of_the_subject_alone = tested.unseen.contains(&key) && !tested.lost.contains(&key);
            let unknown = tested.unknown.contains(&key) || of_the_subject_alone;
            coverage.never_unknown.extend((!unknown).then(|| named(key.1)));
        }
        let states = playbook.waiting.iter().map(|state| (playbook.name.as_str(), state.id.as_str()));
        coverage.never_shown.extend(states.filter(|key| !tested.shown.contains(key)).map(|key| named(key.1)));
    }
    coverage
}

/// A playbook and one of its codes: where two playbooks know the same cause, each has to prove it.
type Key<'a> = (&'a str, &'a str);

/// What some case tests: of the playbook that its file is about.
#[derive(Default)]
struct Tested<'a> {
    found: BTreeSet<Key<'a>>,
    shown: BTreeSet<Key<'a>>,
    excluded: BTreeSet<Key<'a>>,
    unknown: BTreeSet<Key<'a>>,
    /// What is no longer found in some case when something is taken away.
    lost: BTreeSet<Key<'a>>,
    /// What became unknown in some case when the subject itself was taken away.
    unseen: BTreeSet<Key<'a>>,
}

impl<'a> Tested<'a> {
    fn add(&mut self, file: &'a CaseFile, case: &'a Case, outcome: &'a CaseOutcome) {
        let key = |id: &'a String| (file.playbook.as_str(), id.as_str());
        self.lost.extend(outcome.lost.iter().map(key));
        self.unseen.extend(outcome.unseen.iter().map(key));
        let Some(diagnosis) = &outcome.diagnosis else { return };
        let ours = |id: &&String| diagnosis.findings.iter().any(|f| f.cause == **id && f.playbook == file.playbook);
        self.found.extend(case.expected.finds.iter().filter(ours).map(key));
        self.found.extend(case.expected.echoes.iter().filter(|id| is_echo(id, diagnosis)).map(key));
        let waits = |id: &&String| diagnosis.waiting.iter().any(|waiting| waiting.state == **id);
        self.shown.extend(case.expected.waiting.iter().filter(waits).map(key));
        self.excluded.extend(case.expected.not.iter().map(key));
        for variant in case.without.iter().filter(|variant| variant.expected.verdict == Verdict::Unknown) {
            let gone = |id: &&String| !variant.expected.finds.contains(*id) && !variant.expected.echoes.contains(*id);
            let named = case.expected.finds.iter().chain(&case.expected.echoes);
            self.unknown.extend(named.filter(gone).map(key));
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
