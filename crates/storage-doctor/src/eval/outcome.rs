//! What one playbook says of one subject.

use super::{Exam, Notes, quote_citations};
use crate::check::{Scope, Truth, truth};
use crate::evidence::{Gap, Gaps, Query};
use crate::playbook::{Cause, Confidence, Link, Playbook, Proof, Severity, Waiting};
use crate::report::v1;
use crate::subject::Kind;
use crate::time::Time;
use crate::value::Value;
use std::collections::BTreeSet;

/// What one playbook says of one subject.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Whether the subject shows the playbook's symptom; the gaps when that is not known.
    pub(crate) symptom: Option<bool>,
    pub(crate) symptom_gaps: Gaps,
    pub(crate) waiting: Vec<v1::Waiting>,
    /// Waiting states that could not be decided: their codes and what is not known.
    pub(crate) waiting_unknown: Vec<(String, Gaps)>,
    /// In the order of the playbook.
    pub(crate) causes: Vec<CauseOutcome>,
    pub(crate) chain: Vec<ChainLink>,
    pub(crate) related: Vec<(Kind, String, String)>,
    /// Why there may be further subjects that this one leads to.
    pub(crate) related_unseen: Gaps,
    /// Questions that have to be answered before this outcome is final.
    pub(crate) asked: BTreeSet<Query>,
}

impl Outcome {
    /// Whether it says that nothing is wrong, leads to no other subject, and needs nothing more to be sure.
    pub(crate) fn is_quiet(&self) -> bool {
        self.shows_nothing() && self.asked.is_empty() && self.related.is_empty()
    }

    /// Whether it says that nothing is wrong, and knows every subject that it leads to.
    pub(crate) fn shows_nothing(&self) -> bool {
        self.symptom == Some(false) && self.related_unseen.is_empty()
    }
}

/// What became of one cause.
#[derive(Debug)]
pub(crate) struct CauseOutcome {
    /// Its place in the playbook.
    pub(crate) index: usize,
    pub(crate) found: Option<Found>,
    /// What is not known about its proofs, or about stronger ones than the one that holds.
    pub(crate) gaps: Gaps,
    /// The check that does not hold, when it is ruled out.
    pub(crate) why_not: String,
}

/// A cause that holds.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) severity: Severity,
    pub(crate) confidence: Confidence,
    pub(crate) evidence: Vec<v1::Evidence>,
    pub(crate) summary: String,
    pub(crate) explanation: String,
    pub(crate) remedies: Vec<v1::Remedy>,
    pub(crate) root: Option<v1::ObjectRef>,
}

/// An object in the chain.
#[derive(Debug)]
pub(crate) struct ChainLink {
    pub(crate) object: v1::ObjectRef,
    pub(crate) relation: String,
    pub(crate) state: String,
    /// It hangs on the subject itself, not on the link before it.
    pub(crate) direct: bool,
}

/// Examines a subject by a playbook, with the evidence there is.
pub(crate) fn examine(
    playbook: &Playbook,
    subject: &Value,
    evidence: &crate::evidence::Evidence,
    now: Time,
    notes: &mut Notes,
) -> Outcome {
    let exam = Exam::new(playbook, subject, evidence, now, notes);
    let mut outcome = Outcome::default();
    match truth(&exam.eval(&playbook.symptom)) {
        Truth::Holds => {
            outcome.symptom = Some(true);
            explain(&exam, &mut outcome);
        }
        Truth::Fails => outcome.symptom = Some(false),
        Truth::Unknown(gaps) => outcome.symptom_gaps.clone_from(&gaps),
    }
    lead(&exam, &mut outcome, true);
    outcome.asked = exam.into_asked();
    outcome
}

fn explain(exam: &Exam<'_>, outcome: &mut Outcome) {
    for waiting in &exam.playbook.waiting {
        match truth(&exam.eval(&waiting.when)) {
            Truth::Holds => match wait(exam, waiting) {
                Ok(state) => outcome.waiting.extend(state),
                Err(gaps) => outcome.waiting_unknown.push((waiting.id.clone(), gaps)),
            },
            Truth::Fails => {}
            Truth::Unknown(gaps) => outcome.waiting_unknown.push((waiting.id.clone(), (*gaps).clone())),
        }
    }
    // A state that is known to be a healthy wait settles what would be an error; a warning stays one.
    let settled = !outcome.waiting.is_empty();
    let causes = exam.playbook.causes.iter().enumerate().filter(|(_, cause)| !settled || may_warn(cause));
    outcome.causes = causes.map(|(i, cause)| judge(exam, i, cause, settled)).collect();
    outcome.chain = exam.playbook.chain.iter().flat_map(|link| links(exam, link)).collect();
    lead(exam, outcome, false);
}

/// Takes down the subjects that this one leads to.
fn lead(exam: &Exam<'_>, outcome: &mut Outcome, always: bool) {
    for related in exam.playbook.related.iter().filter(|related| related.always == always) {
        let (names, unseen) = names(&exam.eval(&related.names));
        outcome.related.extend(names.into_iter().map(|name| (related.subject, name, related.relation.clone())));
        outcome.related_unseen.extend(unseen);
    }
}

/// The names that a check gives, a text or a list of texts, and why there may be more.
fn names(value: &Value) -> (Vec<String>, Gaps) {
    match value {
        Value::List(list) => {
            let unknown = list.items().iter().filter_map(Value::gaps);
            let gaps = unknown.chain(list.unseen()).flat_map(|gaps| gaps.iter().cloned()).collect();
            (list.items().iter().filter_map(|name| name.as_str().map(str::to_owned)).collect(), gaps)
        }
        Value::Unknown(gaps) => (Vec::new(), Gaps::clone(gaps)),
        name => (name.as_str().map(str::to_owned).into_iter().collect(), Gaps::new()),
    }
}

/// A waiting state; none when it has gone on for too long, and gaps when that cannot be told: a wait with
/// an end is no excuse without a beginning.
fn wait(exam: &Exam<'_>, waiting: &Waiting) -> Result<Option<v1::Waiting>, Gaps> {
    let began = waiting.since.as_ref().map(|check| exam.eval(check)).unwrap_or_default();
    let since = match &began {
        Value::Text(text) => Time::parse(text).ok(),
        Value::Time(time) => Some(*time),
        _ => None,
    };
    let worry = match (since, waiting.worry_after) {
        (Some(since), Some(seconds)) => Some(Time::from_unix_seconds(since.unix_seconds().saturating_add(seconds))),
        (None, Some(_)) if waiting.since.is_some() => {
            let untold = || Gaps::from([Gap::failed("when it began cannot be told")]);
            return Err(began.gaps().map_or_else(untold, |gaps| Gaps::clone(gaps)));
        }
        _ => None,
    };
    // In whole seconds, as `age()` counts: what a playbook says of the time after it must begin where this ends.
    if worry.is_some_and(|worry| exam.now().seconds_since(worry) > 0) {
        return Ok(None);
    }
    Ok(Some(v1::Waiting {
        state: waiting.id.clone(),
        summary: exam.render(&waiting.summary),
        since: since.map(|t| t.to_string()),
        worry_after: worry.map(|t| t.to_string()),
        evidence: quote_citations(exam, &waiting.cites),
    }))
}

/// Whether a cause can be told beside a healthy wait: one of its proofs is less than an error.
fn may_warn(cause: &Cause) -> bool {
    cause.proofs.iter().any(|proof| proof.severity.unwrap_or(cause.severity) != Severity::Error)
}

fn judge(exam: &Exam<'_>, index: usize, cause: &Cause, settled: bool) -> CauseOutcome {
    let mut outcome = CauseOutcome { index, found: None, gaps: Gaps::new(), why_not: String::new() };
    let severity = |proof: &Proof| proof.severity.unwrap_or(cause.severity);
    for proof in cause.proofs.iter().filter(|proof| !settled || severity(proof) != Severity::Error) {
        match truth(&exam.eval(&proof.when)) {
            Truth::Holds => {
                let evidence = quote_citations(exam, &proof.cites);
                // A finding without a citation cannot be built.
                if evidence.is_empty() {
                    outcome.gaps.insert(Gap::failed("nothing of what it cites could be seen"));
                    continue;
                }
                outcome.found = Some(found(exam, cause, proof, evidence));
                return outcome;
            }
            Truth::Fails if outcome.why_not.is_empty() => {
                outcome.why_not = format!("does not hold: {}", one_line(proof.when.source()));
            }
            Truth::Fails => {}
            Truth::Unknown(gaps) => outcome.gaps.extend(gaps.iter().cloned()),
        }
    }
    outcome
}

fn found(exam: &Exam<'_>, cause: &Cause, proof: &Proof, evidence: Vec<v1::Evidence>) -> Found {
    let mut remedies: Vec<v1::Remedy> = cause
        .remedies
        .iter()
        .filter(|remedy| remedy.when.as_ref().is_none_or(|when| matches!(truth(&exam.eval(when)), Truth::Holds)))
        .map(|remedy| v1::Remedy {
            text: exam.render(&remedy.text),
            command: remedy.command.as_ref().and_then(|command| exam.render_command(command)),
            risk: remedy.risk,
        })
        .collect();
    remedies.sort_by_key(|remedy| remedy.risk);
    Found {
        severity: proof.severity.unwrap_or(cause.severity),
        confidence: proof.confidence,
        evidence,
        summary: exam.render(&cause.summary),
        explanation: exam.render(&cause.explanation),
        remedies,
        root: cause.root.as_ref().and_then(|link| links(exam, link).into_iter().next()).map(|link| link.object),
    }
}

/// The objects a link names: none when its name is null or not known.
fn links(exam: &Exam<'_>, link: &Link) -> Vec<ChainLink> {
    let (names, _) = names(&exam.eval(&link.name));
    let names: Vec<Value> = names.into_iter().filter(|name| !name.is_empty()).map(Value::text).collect();
    let mut shown = names.iter();
    exam.for_each(&names, || ChainLink {
        object: v1::ObjectRef {
            kind: exam.render(&link.kind),
            namespace: link.namespace.as_ref().map(|namespace| exam.render(namespace)),
            name: shown.next().and_then(Value::as_str).unwrap_or_default().to_owned(),
            uid: None,
        },
        relation: exam.render(&link.relation),
        state: exam.render(&link.state),
        direct: link.direct,
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::playbook::load;

    #[test]
    fn what_comes_after_a_wait_begins_in_the_second_in_which_it_ends() {
        let text = "apiVersion: storage-doctor.io/v1alpha1\nkind: Playbook\nname: waits\ntitle: a claim\n\
                    subject: PersistentVolumeClaim\nsymptom: claim.status.phase == 'Pending'\n\
                    waiting: [{id: young, when: 'true', summary: s, since: claim.metadata.creationTimestamp, worry_after: 60s, \
                    cites: [{field: claim.status.phase}]}]\ncauses:\n\
                    - {id: old, proofs: [{when: age(claim.metadata.creationTimestamp) > duration('60s'), confidence: certain, \
                    cites: [{field: claim.status.phase}]}], summary: s, explanation: e}\n";
        let playbooks = load(&[("waits.yaml".to_owned(), text.to_owned())]).unwrap().playbooks;
        for created in ["09:00:00Z", "09:00:00.700Z"] {
            let claim = format!(
                r#"{{"metadata": {{"creationTimestamp": "2026-11-20T{created}"}}, "status": {{"phase": "Pending"}}}}"#
            );
            let claim: Value = serde_json::from_str(&claim).unwrap();
            for (now, waits) in [("00:59.9Z", true), ("01:00Z", true), ("01:00.999Z", true), ("01:01Z", false)] {
                let now = Time::parse(&format!("2026-11-20T09:{now}")).unwrap();
                let said = examine(&playbooks[0], &claim, &Evidence::default(), now, &mut Notes::default());
                let found = said.causes.iter().any(|cause| cause.found.is_some());
                assert_eq!((said.waiting.len() == 1, found), (waits, !waits), "made at {created}, seen at {now}");
            }
        }
    }
}
