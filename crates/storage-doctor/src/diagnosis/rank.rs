//! Which finding is named first.

use crate::playbook::{Role, Severity};
use crate::report::v1::{Evidence, Finding, ObjectRef};
use std::collections::BTreeSet;

/// A finding with what decides its place.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) finding: Finding,
    /// Causes that this one explains.
    pub(super) instead_of: Vec<String>,
    /// The object the cause lies in.
    pub(super) root: ObjectRef,
    /// How far from the subject it was found: the farther, the nearer to the root.
    pub(super) depth: usize,
    /// The place of the playbook among the playbooks and of the cause in it.
    pub(super) order: (usize, usize),
}

/// The findings, the root first: what breaks before what may break, then how directly the evidence
/// proves them, then causes before wrappers, then the authors' order. Echoes are shown only beside a
/// cause they may be an echo of; the second list holds those with none in sight.
pub(super) fn rank(mut candidates: Vec<Candidate>) -> (Vec<Candidate>, Vec<Candidate>) {
    drop_repeated(&mut candidates);
    drop_explained(&mut candidates);
    drop_wrappers(&mut candidates);
    let (mut echoes, mut causes): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|c| c.finding.role == Role::Symptom);
    let error = |c: &Candidate| c.finding.severity == Severity::Error;
    if causes.iter().any(|c| error(c) && c.finding.role == Role::RootCause) {
        // A root cause says all that its echo does.
        echoes.clear();
    }
    if causes.iter().any(error) {
        causes.append(&mut echoes);
    } else {
        let (unanswered, mild): (Vec<_>, Vec<_>) = echoes.into_iter().partition(error);
        causes.extend(mild);
        echoes = unanswered;
    }
    causes.sort_by_key(|c| {
        let f = &c.finding;
        (f.severity, f.role == Role::Symptom, f.confidence, f.role, std::cmp::Reverse(c.depth), c.order)
    });
    (causes, echoes)
}

/// A subject that is led to by two ways says everything twice (a claim, by its `StatefulSet` and by a pod of that): it is
/// kept where it was found nearest to the root.
fn drop_repeated(candidates: &mut Vec<Candidate>) {
    candidates.sort_by_key(|c| std::cmp::Reverse(c.depth));
    let mut said = BTreeSet::new();
    candidates.retain(|c| said.insert((c.finding.subject.clone(), c.order, c.root.clone())));
}

/// Leaves out what another finding explains: one on the same object, or on one that this object leads to.
fn drop_explained(candidates: &mut Vec<Candidate>) {
    let explaining: Vec<(ObjectRef, usize, Vec<String>)> = candidates
        .iter()
        .filter(|c| !c.instead_of.is_empty())
        .map(|c| (c.finding.subject.clone(), c.depth, c.instead_of.clone()))
        .collect();
    candidates.retain(|c| {
        !explaining.iter().any(|(subject, depth, causes)| {
            (*subject == c.finding.subject || *depth > c.depth) && causes.contains(&c.finding.cause)
        })
    });
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::Confidence;

    fn candidate(claim: &str, depth: usize, place: usize) -> Candidate {
        let object =
            |kind: &str, name: &str| ObjectRef { kind: kind.into(), namespace: None, name: name.into(), uid: None };
        let finding = Finding {
            cause: "quota".into(),
            playbook: "p".into(),
            role: Role::RootCause,
            severity: Severity::Error,
            confidence: Confidence::Certain,
            subject: object("PersistentVolumeClaim", claim),
            summary: String::new(),
            explanation: String::new(),
            evidence: Vec::new(),
            remedies: Vec::new(),
        };
        Candidate { finding, instead_of: Vec::new(), root: object("ResourceQuota", "q"), depth, order: (0, place) }
    }

    #[test]
    fn what_two_ways_lead_to_is_said_once() {
        let (ranked, _) =
            rank(vec![candidate("a", 1, 0), candidate("b", 1, 0), candidate("a", 2, 0), candidate("a", 1, 1)]);
        let said: Vec<_> = ranked.iter().map(|c| (c.finding.subject.name.as_str(), c.depth, c.order.1)).collect();
        assert_eq!(said, [("a", 2, 0), ("b", 1, 0), ("a", 1, 1)]);
    }
}
