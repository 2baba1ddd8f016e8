//! What a playbook knows of a cause, for a person who has no cluster before him: what it is, how it shows,
//! how it is proven, what it is confused with, how it is mended.

mod names;

use crate::check::{Names, Slot};
use crate::playbook::{Cause, Cite, Confidence, Definition, MessageDef, Playbook, Proof, Risk, Role, Severity};
use names::reachable;
use serde::Serialize;
use std::collections::BTreeSet;

pub use names::{NameWords, evidence_in_words};

/// A cause, explained. Holes of texts are named: `<class_name>`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Its code.
    pub cause: String,
    /// The playbook that knows it.
    pub playbook: String,
    /// What that playbook is about.
    pub title: String,
    /// The file it came from.
    pub file: String,
    /// The kind of subject it is about.
    pub subject: String,
    /// How close to the root it is.
    pub role: Role,
    /// How bad it is.
    pub severity: Severity,
    /// The cause in one sentence.
    pub summary: String,
    /// Why that is so.
    pub explanation: String,
    /// The messages by which it shows.
    pub messages: Vec<MessageWords>,
    /// Ways to prove it, strongest first.
    pub proofs: Vec<ProofWords>,
    /// What stands behind the names that the proofs use.
    pub names: Vec<NameWords>,
    /// Causes that are not shown beside it, as it explains them.
    pub instead_of: Vec<String>,
    /// Causes that explain it, so that it is not shown beside them.
    pub explained_by: Vec<String>,
    /// Other causes of the playbook that rest on the same messages or evidence.
    pub neighbours: Vec<Neighbour>,
    /// What to do, safest first.
    pub remedies: Vec<RemedyWords>,
    /// Where the facts come from.
    pub sources: Vec<String>,
}

/// A message to recognise.
#[derive(Clone, Debug, Serialize)]
pub struct MessageWords {
    /// Its name in the playbook.
    pub name: String,
    /// Where it is looked for: an expression.
    #[serde(rename = "in")]
    pub within: String,
    /// The reasons of events that qualify; any when empty.
    pub reasons: Vec<String>,
    /// Its wordings.
    pub wordings: Vec<Wording>,
}

/// One wording of a message.
#[derive(Clone, Debug, Serialize)]
pub struct Wording {
    /// A text that it matches.
    pub example: String,
    /// The regular expression.
    pub regex: String,
    /// The versions that write it so; empty when that is not said.
    pub versions: String,
}

/// One way to prove a cause.
#[derive(Clone, Debug, Serialize)]
pub struct ProofWords {
    /// How directly it proves it.
    pub confidence: Confidence,
    /// How bad it is when proven so.
    pub severity: Severity,
    /// The expression that has to hold.
    pub when: String,
    /// What is quoted.
    pub cites: Vec<String>,
}

/// A cause that is near to another.
#[derive(Clone, Debug, Serialize)]
pub struct Neighbour {
    /// Its code.
    pub cause: String,
    /// Its sentence.
    pub summary: String,
}

/// Something to do.
#[derive(Clone, Debug, Serialize)]
pub struct RemedyWords {
    /// What to do.
    pub text: String,
    /// A command, with what has to be filled in in capitals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// What it may break.
    pub risk: Risk,
    /// The expression under which it applies; always when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
}

/// What the playbooks know of a cause: one entry a playbook that has it; none when nobody knows it.
pub fn cause(playbooks: &[Playbook], id: &str) -> Vec<Explanation> {
    let having = |playbook: &&Playbook| playbook.causes.iter().any(|cause| cause.id == id);
    playbooks
        .iter()
        .filter(having)
        .flat_map(|playbook| playbook.causes.iter().filter(|c| c.id == id).map(|c| explain(playbooks, playbook, c)))
        .collect()
}

/// What is known of one cause of a playbook.
pub fn explain(playbooks: &[Playbook], playbook: &Playbook, cause: &Cause) -> Explanation {
    let names = &playbook.names;
    let used = reachable(playbook, &slots(cause));
    let explained_by = playbooks.iter().flat_map(|p| &p.causes).filter(|other| other.instead_of.contains(&cause.id));
    let explained_by: BTreeSet<&str> = explained_by.map(|other| other.id.as_str()).collect();
    let mut remedies: Vec<RemedyWords> = cause.remedies.iter().map(|remedy| remedy_words(remedy, names)).collect();
    remedies.sort_by_key(|remedy| remedy.risk);
    Explanation {
        cause: cause.id.clone(),
        playbook: playbook.name.clone(),
        title: playbook.title.clone(),
        file: playbook.origin.clone(),
        subject: playbook.subject.to_string(),
        role: cause.role,
        severity: cause.severity,
        summary: cause.summary.gist(names),
        explanation: cause.explanation.gist(names),
        messages: telling(playbook, cause).iter().filter_map(|slot| message_words(playbook, *slot)).collect(),
        proofs: cause.proofs.iter().map(|proof| proof_words(playbook, cause, proof)).collect(),
        names: names::in_words(playbook, &used),
        instead_of: cause.instead_of.clone(),
        explained_by: explained_by.into_iter().map(str::to_owned).collect(),
        neighbours: neighbours(playbook, cause),
        remedies,
        sources: cause.sources.clone(),
    }
}

/// The names that a cause's proofs read themselves.
fn slots(cause: &Cause) -> BTreeSet<Slot> {
    let of_proof = |proof: &Proof| {
        let mut slots: BTreeSet<Slot> = proof.when.uses().iter().copied().collect();
        slots.extend(proof.cites.iter().flat_map(cite_slots));
        slots
    };
    cause.proofs.iter().flat_map(of_proof).collect()
}

fn cite_slots(cite: &Cite) -> Vec<Slot> {
    match cite {
        Cite::Field(check) | Cite::Message(check) | Cite::Absent(check) => check.uses().to_vec(),
        Cite::Quote { each, source, quote } => {
            let each = each.iter().flat_map(crate::check::Check::uses);
            each.chain(source.uses()).chain(quote.uses()).copied().collect()
        }
    }
}

/// The messages by which a cause shows: those that its proofs quote, or read and do not want to be missing.
fn telling(playbook: &Playbook, cause: &Cause) -> BTreeSet<Slot> {
    let quoted = |proof: &Proof, slot: &Slot| {
        proof.cites.iter().any(|cite| matches!(cite, Cite::Message(check) if check.uses().contains(slot)))
    };
    let wanted = |proof: &Proof, slot: &Slot| {
        let missing = format!("{} == null", playbook.names.name(*slot));
        proof.when.uses().contains(slot) && !one_line(proof.when.source()).contains(&missing)
    };
    let told = |slot: &Slot| cause.proofs.iter().any(|proof| quoted(proof, slot) || wanted(proof, slot));
    slots(cause).into_iter().filter(told).collect()
}

fn message_words(playbook: &Playbook, slot: Slot) -> Option<MessageWords> {
    let Some(Definition::Message(def)) = playbook.definitions.get(slot.0) else { return None };
    let MessageDef { within, reasons, patterns, .. } = def;
    let wordings = patterns.iter().map(|pattern| Wording {
        example: pattern.example.clone().unwrap_or_default(),
        regex: pattern.regex.regex.as_str().to_owned(),
        versions: pattern.versions.clone().unwrap_or_default(),
    });
    Some(MessageWords {
        name: playbook.names.name(slot).to_owned(),
        within: one_line(within.source()),
        reasons: reasons.clone(),
        wordings: wordings.collect(),
    })
}

fn proof_words(playbook: &Playbook, cause: &Cause, proof: &Proof) -> ProofWords {
    ProofWords {
        confidence: proof.confidence,
        severity: proof.severity.unwrap_or(cause.severity),
        when: one_line(proof.when.source()),
        cites: proof.cites.iter().map(|cite| cite_words(playbook, cite)).collect(),
    }
}

fn cite_words(playbook: &Playbook, cite: &Cite) -> String {
    match cite {
        Cite::Field(check) => format!("field {}", one_line(check.source())),
        Cite::Message(check) => format!("message {}", one_line(check.source())),
        Cite::Absent(check) => format!("that {} does not exist", one_line(check.source())),
        Cite::Quote { each, source, quote } => {
            let each = each.as_ref().map_or(String::new(), |each| format!("for each of {}: ", one_line(each.source())));
            format!("{each}{}: {}", source.gist(&playbook.names), quote.gist(&playbook.names))
        }
    }
}

fn remedy_words(remedy: &crate::playbook::Remedy, names: &Names) -> RemedyWords {
    RemedyWords {
        text: remedy.text.gist(names),
        command: remedy.command.as_ref().map(|command| command.gist_command(names)),
        risk: remedy.risk,
        when: remedy.when.as_ref().map(|when| one_line(when.source())),
    }
}

/// Causes of the playbook that read a message, or evidence of their own, which this one reads too.
fn neighbours(playbook: &Playbook, cause: &Cause) -> Vec<Neighbour> {
    let is_message = |slot: &Slot| matches!(playbook.definitions.get(slot.0), Some(Definition::Message(_)));
    let messages = |cause: &Cause| -> BTreeSet<Slot> { slots(cause).into_iter().filter(is_message).collect() };
    let cited = |cause: &Cause| -> BTreeSet<Slot> {
        let cites = cause.proofs.iter().flat_map(|proof| &proof.cites);
        cites.flat_map(cite_slots).filter(|slot| slot.0 > 1 && !is_message(slot)).collect()
    };
    let (mine, quoted) = (messages(cause), cited(cause));
    let near = |other: &&Cause| {
        other.id != cause.id && (!messages(other).is_disjoint(&mine) || !cited(other).is_disjoint(&quoted))
    };
    let neighbour = |other: &Cause| Neighbour { cause: other.id.clone(), summary: other.summary.gist(&playbook.names) };
    playbook.causes.iter().filter(near).map(neighbour).collect()
}

/// An expression as it is quoted.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
