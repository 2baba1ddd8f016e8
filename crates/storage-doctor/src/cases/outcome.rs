//! What came of running cases.

use super::coverage::Coverage;
use crate::problem::tidy;
use crate::report::v1::Diagnosis;
use std::fmt;

/// What came of running cases.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Every case that was run, in the order of the files.
    pub cases: Vec<CaseOutcome>,
    /// What the cases leave untested.
    pub coverage: Coverage,
}

impl Outcome {
    /// How many cases hold.
    pub fn passed(&self) -> usize {
        self.cases.iter().filter(|case| case.mismatches.is_empty()).count()
    }

    /// How many cases do not hold.
    pub fn failed(&self) -> usize {
        self.cases.len().saturating_sub(self.passed())
    }
}

/// What came of one case.
#[derive(Clone, Debug)]
pub struct CaseOutcome {
    /// The file it stands in.
    pub file: String,
    /// The line of its name, from 1.
    pub line: usize,
    /// Its name, fit for a terminal.
    pub name: String,
    /// What was found, when everything could be seen; none when there was no diagnosis.
    pub diagnosis: Option<Diagnosis>,
    /// Causes among its findings that are found no longer when some one resource cannot be seen.
    pub lost: Vec<String>,
    /// Causes among its findings that are unknown once the subject itself cannot be seen.
    pub unseen: Vec<String>,
    /// What does not hold; empty when all is as expected.
    pub mismatches: Vec<Mismatch>,
}

/// An expectation that does not hold. Prints in two or three lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The file of the case.
    pub file: String,
    /// The line of the expectation, from 1.
    pub line: usize,
    /// The name of the case.
    pub case: String,
    /// What of the cluster could not be seen; empty when everything could.
    pub seen: String,
    /// What was expected, in words.
    pub expected: String,
    /// What was found, in words.
    pub found: String,
}

impl CaseOutcome {
    /// The first finding's sentence, or what is waited for, or what is not known; fit for a terminal.
    pub fn summary(&self) -> String {
        let Some(diagnosis) = &self.diagnosis else { return "no diagnosis".to_owned() };
        let finding = diagnosis.findings.first().map(|f| format!("{}: {}", f.cause, f.summary));
        let waiting = || diagnosis.waiting.first().map(|w| format!("{}: {}", w.state, w.summary));
        let unknown = || diagnosis.unknown.first().map(|u| u.why.clone());
        let what = finding.or_else(waiting).or_else(unknown).unwrap_or_default();
        tidy(format!("{:?} {what}", diagnosis.verdict).trim_end())
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", tidy(&self.file), self.line, self.case)?;
        if !self.seen.is_empty() {
            write!(f, ", {}", self.seen)?;
        }
        write!(f, "\n  expected {}\n  found    {}", self.expected, self.found)
    }
}
