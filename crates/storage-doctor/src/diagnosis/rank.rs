//! Which finding is named first.

use crate::playbook::{Role, Severity};
use crate::report::v1::{Evidence, Finding};
use std::collections::BTreeSet;

/// A finding with what decides its place.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) finding: Finding,
    /// Causes that this one explains.
    pub(super) instead_of: Vec<String>,
    /// The object the cause lies in.
    pub(super) root: crate::report::v1::ObjectRef,
    /// How far from the subject it was found: the farther, the nearer to the root.
    pub(super) depth: usize,
    /// The place of the playbook among the playbooks and of the cause in it.
    pub(super) order: (usize, usize),
}

/// The findings, the root first: what breaks before what may break, causes before echoes, then how
/// directly the evidence proves them, then causes before wrappers, then the authors' order.
pub(super) fn rank(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    let explained: BTreeSet<String> = candidates.iter().flat_map(|c| c.instead_of.iter().cloned()).collect();
    candidates.retain(|c| !explained.contains(&c.finding.cause));
    if candidates.iter().any(|c| c.finding.role == Role::RootCause && c.finding.severity == Severity::Error) {
        candidates.retain(|c| c.finding.role != Role::Symptom);
    }
    drop_wrappers(&mut candidates);
    candidates.sort_by_key(|c| {
        let f = &c.finding;
        (f.severity, f.role == Role::Symptom, f.confidence, f.role, std::cmp::Reverse(c.depth), c.order)
    });
    candidates
}

/// A wrapper that rests on the same quotations as a cause says the same thing less well.
fn drop_wrappers(candidates: &mut Vec<Candidate>) {
    let rooted: Vec<Vec<Evidence>> =
        candidates.iter().filter(|c| c.finding.role == Role::RootCause).map(|c| c.finding.evidence.clone()).collect();
    let said = |quotes: &[Evidence]| {
        let messages: Vec<&Evidence> = quotes.iter().filter(|quote| quote.time.is_some()).collect();
        !messages.is_empty() && rooted.iter().any(|known| messages.iter().all(|quote| known.contains(quote)))
    };
    candidates.retain(|c| c.finding.role == Role::RootCause || !said(&c.finding.evidence));
}
