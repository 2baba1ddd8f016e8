//! One diagnosis from what the playbooks say of a subject and of the subjects it leads to.

use super::rank::{Candidate, rank};
use super::unknown;
use crate::eval::{CauseOutcome, ChainLink, Outcome};
use crate::evidence::{Gap, Gaps};
use crate::playbook::{Playbook, Severity};
use crate::report::v1::{self, Diagnosis, Finding, Link, ObjectRef, RuledOut, Unknown, Verdict};
use crate::subject::Subject;
use crate::time::Time;
use crate::value::Value;
use std::collections::BTreeSet;

/// A subject with everything its playbooks say, and the subjects it leads to.
#[derive(Debug)]
pub(crate) struct Examined<'a> {
    pub(crate) subject: Subject,
    pub(crate) object: Value,
    /// How it relates to the subject that led here; empty for the first.
    pub(crate) relation: String,
    /// Whether any playbook is about it.
    pub(crate) is_studied: bool,
    /// None where it is known to be silent.
    pub(crate) outcomes: Vec<(usize, &'a Playbook, Outcome)>,
    pub(crate) related: Vec<Examined<'a>>,
    /// Why subjects that it leads to could not be seen.
    pub(crate) unseen: Gaps,
}

impl Examined<'_> {
    /// Whether it and all that it leads to was seen and shows nothing, so that [`assemble`] has no more to say than that.
    pub(crate) fn is_well(&self) -> bool {
        self.is_studied
            && self.unseen.is_empty()
            && self.outcomes.iter().all(|(_, _, outcome)| outcome.shows_nothing())
            && self.related.iter().all(Self::is_well)
    }
}

/// What is gathered on the walk over a subject and the subjects it leads to.
#[derive(Default)]
struct Parts {
    candidates: Vec<Candidate>,
    waiting: Vec<v1::Waiting>,
    chain: Vec<Link>,
    ruled_out: Vec<RuledOut>,
    unknown: Vec<Unknown>,
}

/// The diagnosis, and the object in which its first finding lies.
pub(crate) fn assemble(examined: &Examined<'_>, at: Time) -> (Diagnosis, Option<ObjectRef>) {
    let mut parts = Parts::default();
    walk(examined, 0, &mut parts);
    parts.unknown.extend(unstudied(examined));
    let (ranked, echoes) = rank(parts.candidates);
    parts.unknown.extend(echoes.iter().map(echo));
    once(&mut parts.unknown);
    let mut waits = BTreeSet::new();
    parts.waiting.retain(|wait| waits.insert((wait.state.clone(), wait.summary.clone(), wait.since.clone())));
    let root = ranked.first().map(|c| c.root.clone());
    let findings: Vec<Finding> = ranked.into_iter().map(|c| c.finding).collect();
    let verdict = verdict(&findings, &parts.unknown, &parts.waiting);
    // Every case and every recording of the tests comes by here; a scan counts what is well without.
    debug_assert!(!examined.is_well() || (verdict == Verdict::Healthy && findings.is_empty()), "{findings:?}");
    let diagnosis = Diagnosis {
        api_version: v1::API_VERSION.to_owned(),
        kind: "Diagnosis".to_owned(),
        subject: reference(&examined.subject, &examined.object),
        at: at.to_string(),
        verdict,
        findings,
        waiting: parts.waiting,
        chain: parts.chain,
        ruled_out: parts.ruled_out,
        unknown: parts.unknown,
    };
    (diagnosis, root)
}

/// Says each thing once: two playbooks may have missed the same.
fn once(unknown: &mut Vec<Unknown>) {
    let mut said = BTreeSet::new();
    unknown.retain(|one| said.insert((one.cause.clone(), one.why.clone(), one.needs.clone())));
}

/// An echo with no cause behind it in sight: worth saying, and no answer.
fn echo(echo: &Candidate) -> Unknown {
    Unknown {
        cause: echo.finding.cause.clone(),
        why: format!("{}: {}", v1::ECHO, echo.finding.summary),
        needs: "evidence of what lies behind it".to_owned(),
    }
}

/// The diagnosis of a subject that could not be seen.
pub(crate) fn not_seen(subject: &Subject, gaps: &Gaps, at: Time) -> Diagnosis {
    Diagnosis {
        api_version: v1::API_VERSION.to_owned(),
        kind: "Diagnosis".to_owned(),
        subject: reference(subject, &Value::Null),
        at: at.to_string(),
        verdict: Verdict::Unknown,
        findings: Vec::new(),
        waiting: Vec::new(),
        chain: Vec::new(),
        ruled_out: Vec::new(),
        unknown: unknown::entries("", gaps),
    }
}

/// Failing outranks not knowing: what is proven wrong stays wrong. Not knowing outranks every good word.
fn verdict(findings: &[Finding], unknown: &[Unknown], waiting: &[v1::Waiting]) -> Verdict {
    if findings.iter().any(|f| f.severity == Severity::Error) {
        Verdict::Failing
    } else if !unknown.is_empty() {
        Verdict::Unknown
    } else if !waiting.is_empty() {
        Verdict::Waiting
    } else {
        Verdict::Healthy
    }
}

fn walk(examined: &Examined<'_>, depth: usize, parts: &mut Parts) {
    let object = reference(&examined.subject, &examined.object);
    let state = examined.object.at("status.phase");
    parts.chain.push(Link {
        object: object.clone(),
        relation: examined.relation.clone(),
        state: state.as_str().unwrap_or_default().to_owned(),
        depth,
    });
    let before = (parts.candidates.len(), parts.waiting.len(), parts.unknown.len());
    for (order, playbook, outcome) in &examined.outcomes {
        hang(&outcome.chain, depth, &mut parts.chain);
        take(outcome, playbook, *order, &object, depth, parts);
    }
    parts.unknown.extend(unknown::entries("", &examined.unseen));
    let told = parts.candidates.iter().skip(before.0).any(|c| c.finding.severity != Severity::Info);
    if !told && before.1 == parts.waiting.len() && before.2 == parts.unknown.len() {
        parts
            .unknown
            .extend(examined.outcomes.iter().filter_map(|(_, playbook, outcome)| unexplained(playbook, outcome)));
    }
    for related in &examined.related {
        walk(related, depth.saturating_add(1), parts);
    }
}

/// Hangs the links of one playbook below their subject; an object that hangs there already stays where it is.
fn hang(links: &[ChainLink], depth: usize, chain: &mut Vec<Link>) {
    let mut last = depth;
    for link in links {
        last = if link.direct { depth } else { last }.saturating_add(1);
        if chain.iter().any(|known| known.object == link.object) {
            continue;
        }
        chain.push(Link {
            object: link.object.clone(),
            relation: link.relation.clone(),
            state: link.state.clone(),
            depth: last,
        });
    }
}

/// Takes over what one playbook says of one subject.
fn take(outcome: &Outcome, playbook: &Playbook, order: usize, object: &ObjectRef, depth: usize, parts: &mut Parts) {
    parts.unknown.extend(unknown::entries("", &outcome.symptom_gaps));
    parts.unknown.extend(unknown::entries("", &outcome.related_unseen));
    if outcome.symptom != Some(true) {
        return;
    }
    parts.waiting.extend(outcome.waiting.iter().cloned());
    let before = parts.candidates.len();
    for cause in &outcome.causes {
        let Some(authored) = playbook.causes.get(cause.index) else { continue };
        parts.unknown.extend(unknown::entries(&authored.id, &cause.gaps));
        if let Some(candidate) = candidate(cause, playbook, order, object, depth) {
            parts.candidates.push(candidate);
        } else if cause.gaps.is_empty() {
            parts.ruled_out.push(RuledOut { cause: authored.id.clone(), why: cause.why_not.clone() });
        }
    }
    // A wait that could not be decided matters only where nothing else explains the symptom.
    if parts.candidates.len() == before && outcome.waiting.is_empty() {
        for (state, gaps) in &outcome.waiting_unknown {
            parts.unknown.extend(unknown::entries(state, gaps));
        }
    }
}

/// No playbook is about such a subject, so nothing was looked at: that is no good health.
fn unstudied(examined: &Examined<'_>) -> Option<Unknown> {
    (!examined.is_studied).then(|| Unknown {
        cause: String::new(),
        why: format!("no playbook is about a {}", examined.subject.kind),
        needs: format!("a playbook with `subject: {}`", examined.subject.kind),
    })
}

/// A symptom that nothing explains: no cause of it holds, none is open, and it is no healthy wait. What is only worth
/// knowing (`info`) of another playbook explains nothing.
fn unexplained(playbook: &Playbook, outcome: &Outcome) -> Option<Unknown> {
    let found = outcome.causes.iter().any(|cause| cause.found.is_some());
    (outcome.symptom == Some(true) && !found).then(|| Unknown {
        cause: String::new(),
        why: format!(
            "{}: none of the {} causes that {} knows holds",
            playbook.title,
            outcome.causes.len(),
            playbook.name
        ),
        needs: "a playbook that knows this cause".to_owned(),
    })
}

fn candidate(
    cause: &CauseOutcome,
    playbook: &Playbook,
    order: usize,
    object: &ObjectRef,
    depth: usize,
) -> Option<Candidate> {
    let authored = playbook.causes.get(cause.index)?;
    let found = cause.found.as_ref()?;
    Some(Candidate {
        finding: Finding {
            cause: authored.id.clone(),
            playbook: playbook.name.clone(),
            role: authored.role,
            severity: found.severity,
            confidence: found.confidence,
            subject: object.clone(),
            summary: found.summary.clone(),
            explanation: found.explanation.clone(),
            evidence: found.evidence.clone(),
            remedies: found.remedies.clone(),
        },
        root: found.root.clone().unwrap_or_else(|| object.clone()),
        instead_of: authored.instead_of.clone(),
        depth,
        order: (order, cause.index),
    })
}

pub(super) fn reference(subject: &Subject, object: &Value) -> ObjectRef {
    ObjectRef {
        kind: subject.kind.to_string(),
        namespace: subject.namespace.clone(),
        name: subject.name.clone(),
        uid: object.at("metadata.uid").as_str().map(str::to_owned),
    }
}

/// A gap of its own: a diagnosis that stopped before its questions ended.
pub(crate) fn unfinished(why: &str) -> Gaps {
    Gaps::from([Gap::failed(why)])
}
