//! What holds of every case, whatever its author says: seeing less never makes another cause certain,
//! nor a subject healthy that is not.

use super::compare::{Difference, named, verdict};
use crate::playbook::{Playbook, Role, Severity};
use crate::report::v1::{Diagnosis, Finding, Verdict};
use std::collections::BTreeSet;

/// How a diagnosis with less to see breaks the law, if it does.
pub(super) fn broken(full: &Diagnosis, less: &Diagnosis, playbooks: &[Playbook]) -> Option<Difference> {
    let first = full.findings.first();
    let same_first = first.map(|f| &f.cause) == less.findings.first().map(|f| &f.cause);
    let allowed = match (less.verdict, full.verdict) {
        (Verdict::Unknown, _) => true,
        (Verdict::Failing, Verdict::Failing) => {
            same_first || less.findings.first().is_some_and(|f| was_there(f, full, playbooks))
        }
        (now, before) => now == before && same_first,
    };
    if allowed {
        return None;
    }
    let expected = match full.verdict {
        Verdict::Failing => format!("verdict Unknown, or Failing with {}", first.map_or("the same", |f| &f.cause)),
        Verdict::Unknown => "verdict Unknown".to_owned(),
        Verdict::Waiting | Verdict::Healthy => {
            let same = first.map(|f| format!(" with {} first", f.cause)).unwrap_or_default();
            format!("verdict Unknown or {:?}{same}, as with everything seen", full.verdict)
        }
    };
    let found = match less.verdict {
        Verdict::Failing => verdict(less),
        _ => format!("{}, {}", verdict(less), named(less.findings.first())),
    };
    Some((expected, found))
}

/// Whether the full look held a finding too: shown, or left out for one that says more.
fn was_there(finding: &Finding, full: &Diagnosis, playbooks: &[Playbook]) -> bool {
    let cause = finding.cause.as_str();
    if finding.severity != Severity::Error || full.findings.iter().any(|f| f.cause == cause) {
        return true;
    }
    // What is left out is neither ruled out nor open.
    let decided = full.ruled_out.iter().any(|r| r.cause == cause) || full.unknown.iter().any(|u| u.cause == cause);
    !decided && (finding.role != Role::RootCause || explained(full, playbooks).contains(cause))
}

/// The causes that those found stand instead of, and those that these would stand instead of.
fn explained<'a>(full: &'a Diagnosis, playbooks: &'a [Playbook]) -> BTreeSet<&'a str> {
    let mut held: BTreeSet<&str> = full.findings.iter().map(|f| f.cause.as_str()).collect();
    loop {
        let causes = playbooks.iter().flat_map(|playbook| &playbook.causes);
        let more: Vec<&str> = causes
            .filter(|cause| held.contains(cause.id.as_str()))
            .flat_map(|cause| cause.instead_of.iter().map(String::as_str))
            .filter(|id| !held.contains(id))
            .collect();
        if more.is_empty() {
            return held;
        }
        held.extend(more);
    }
}
