//! What the process's exit code says.

use std::process::ExitCode;
use storage_doctor::report::v1::{Diagnosis, DiagnosisList, Verdict};

/// What the process's exit code says. A contract: scripts rely on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Healthy, or waiting for something that comes by itself.
    Fine = 0,
    /// Something is failing.
    Failing = 1,
    /// Bad arguments, no cluster, a bad playbook, no such object.
    CouldNotRun = 2,
    /// Something could not be seen that may decide.
    CouldNotTell = 3,
    /// Ended by Ctrl-C: 128 and the number of the signal, as shells say it.
    Interrupted = 130,
}

impl Exit {
    /// For one subject.
    pub(crate) fn of(diagnosis: &Diagnosis) -> Self {
        match diagnosis.verdict {
            Verdict::Failing => Self::Failing,
            Verdict::Unknown => Self::CouldNotTell,
            Verdict::Waiting | Verdict::Healthy => Self::Fine,
        }
    }

    /// For several: the worst of them. Subjects that could not be listed may be failing.
    pub(crate) fn of_list(list: &DiagnosisList) -> Self {
        let any = |exit: Self| list.items.iter().any(|item| Self::of(item) == exit);
        if any(Self::Failing) {
            Self::Failing
        } else if any(Self::CouldNotTell) || !list.unknown.is_empty() {
            Self::CouldNotTell
        } else {
            Self::Fine
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn list(verdicts: &[&str], unknown: bool) -> DiagnosisList {
        let item = |verdict: &&str| {
            json!({"apiVersion": "", "kind": "", "subject": {"kind": "", "name": ""}, "at": "", "verdict": verdict,
                "findings": [], "waiting": [], "chain": [], "ruledOut": [], "unknown": []})
        };
        let items: Vec<_> = verdicts.iter().map(item).collect();
        let open: Vec<_> = unknown.then(|| json!({"cause": "", "why": "denied", "needs": ""})).into_iter().collect();
        serde_json::from_value(json!({"apiVersion": "", "kind": "", "items": items, "groups": [], "unknown": open}))
            .unwrap()
    }

    #[test]
    fn the_worst_of_several_counts() {
        let cases: [(&[&str], bool, u8); 9] = [
            (&[], false, 0),
            (&[], true, 3),
            (&["Healthy"], false, 0),
            (&["Waiting", "Healthy"], false, 0),
            (&["Healthy"], true, 3),
            (&["Healthy", "Unknown"], false, 3),
            (&["Failing"], false, 1),
            (&["Unknown", "Failing"], false, 1),
            (&["Failing"], true, 1),
        ];
        for (verdicts, unknown, code) in cases {
            assert_eq!(Exit::of_list(&list(verdicts, unknown)) as u8, code, "{verdicts:?} {unknown}");
        }
        for (verdict, code) in [("Healthy", 0), ("Waiting", 0), ("Failing", 1), ("Unknown", 3)] {
            assert_eq!(Exit::of(&list(&[verdict], false).items[0]) as u8, code, "{verdict}");
        }
    }
}
