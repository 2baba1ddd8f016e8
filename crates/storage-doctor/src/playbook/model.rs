//! A valid playbook. Nothing here can be ill-formed: names are resolved, expressions compiled,
//! patterns checked.

use super::matcher::Matcher;
use crate::check::{Check, Names, Template};
use crate::evidence::Resource;
use crate::span::SourceFile;
use crate::subject::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// A playbook: one symptom of one kind of subject, and every cause it may have.
#[derive(Clone, Debug)]
pub struct Playbook {
    /// Its name, which is its file's name without `.yaml`.
    pub name: String,
    /// What it is about, for a list of playbooks.
    pub title: String,
    /// The file it came from, as shown to a person.
    pub origin: String,
    /// The kind of subject it is about.
    pub subject: Kind,
    /// The names its checks may use; slot `n` is described by `definitions[n]`.
    pub names: Names,
    /// What stands behind each name.
    pub definitions: Vec<Definition>,
    /// The libraries it uses, and which of its names are theirs.
    pub libraries: Vec<Borrowed>,
    /// Whether the subject shows the symptom. When it does, a cause or a waiting state has to explain it.
    pub symptom: Check,
    /// States that look like trouble and are none.
    pub waiting: Vec<Waiting>,
    /// What may be wrong, in the author's order.
    pub causes: Vec<Cause>,
    /// The objects on the way from the subject to the cause.
    pub chain: Vec<Link>,
    /// Other subjects to diagnose along with this one.
    pub related: Vec<Related>,
    /// Its texts in other languages, by language.
    pub translations: BTreeMap<String, Words>,
}

/// The names that a playbook has from a library. They say the same of a subject in every playbook that uses it: a library
/// knows no names but its own.
#[derive(Clone, Debug)]
pub struct Borrowed {
    /// The library; of two playbooks the same one where it is the same allocation.
    pub file: Arc<SourceFile>,
    /// The slots of its names, in its own order.
    pub slots: Range<usize>,
}

/// What stands behind a name.
#[derive(Clone, Debug)]
pub enum Definition {
    /// The subject itself.
    Subject,
    /// The element of a citation's `each`; null elsewhere.
    Item,
    /// Evidence to gather.
    Evidence(EvidenceDef),
    /// A named expression.
    Let(Check),
    /// A message to recognise in events or log lines.
    Message(MessageDef),
}

/// Evidence to gather.
#[derive(Clone, Debug)]
pub struct EvidenceDef {
    /// Gather it only when this holds; otherwise it is null.
    pub when: Option<Check>,
    /// What to gather.
    pub kind: EvidenceKind,
}

/// The kinds of evidence.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum EvidenceKind {
    /// One object; null when it does not exist or when its name is null.
    Object {
        /// Its resource.
        resource: Resource,
        /// Its namespace; the subject's when left out.
        namespace: Option<Check>,
        /// Its name.
        name: Check,
    },
    /// A list of objects.
    List {
        /// The resource.
        resource: Resource,
        /// The namespace; the whole cluster when left out.
        namespace: Option<Check>,
    },
    /// The events about an object, oldest first.
    Events {
        /// The object.
        of: Check,
    },
    /// Log lines of containers, oldest first.
    Logs {
        /// The containers: a list of maps with `namespace`, `pod`, `container` and, for the instance
        /// before the last restart, `previous: true`.
        of: Check,
        /// Keep only lines that hold one of these texts; every line when there are none.
        about: Vec<Check>,
        /// Keep only lines younger than so many seconds.
        within: i64,
    },
    /// What a node's kubelet measured of the volumes in use there.
    Stats {
        /// The node's name.
        node: Check,
    },
    /// Log lines of a service of a node, oldest first.
    NodeLogs {
        /// The node's name.
        node: Check,
        /// The service, such as `kubelet`.
        service: String,
        /// Keep only lines that hold one of these texts; every line when there are none.
        about: Vec<Check>,
        /// Keep only lines younger than so many seconds.
        within: i64,
    },
}

/// A message to recognise. As a value: null, or a map of the newest matching event or line with its
/// `message`, `reason`, `component`, `count`, `time`, and every named group of the pattern.
#[derive(Clone, Debug)]
pub struct MessageDef {
    /// The list of events or log lines to look in.
    pub within: Check,
    /// Event reasons that qualify; any when empty.
    pub reasons: Vec<String>,
    /// The event's type, `Normal` or `Warning`; any when left out.
    pub event_type: Option<String>,
    /// What the component that reported it has to match; any when left out.
    pub component: Option<Matcher>,
    /// The wordings, as alternatives: releases differ.
    pub patterns: Vec<Pattern>,
}

/// One wording of a message.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// What the text has to match, anchored by its author.
    pub regex: Matcher,
    /// The versions that write it so.
    pub versions: Option<String>,
    /// A text that matches; the loader tries it.
    pub example: Option<String>,
}

/// A state that looks like trouble and is none.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its code, kebab-case.
    pub id: String,
    /// When it is so.
    pub when: Check,
    /// What is waited for, in one sentence.
    pub summary: Template,
    /// Since when (a time), if it can be told.
    pub since: Option<Check>,
    /// After how many seconds it stops being normal; never when left out. Past that, the state no
    /// longer excuses the symptom.
    pub worry_after: Option<i64>,
    /// What proves it.
    pub cites: Vec<Cite>,
}

/// What may be wrong.
#[derive(Clone, Debug)]
pub struct Cause {
    /// Its code: kebab-case, stable.
    pub id: String,
    /// How close to the root it is.
    pub role: Role,
    /// How bad it is.
    pub severity: Severity,
    /// Ways to prove it, strongest first: the first that holds decides.
    pub proofs: Vec<Proof>,
    /// The cause in one sentence.
    pub summary: Template,
    /// Why that is so, for a person who has not met it before.
    pub explanation: Template,
    /// The object the cause lies in, by which findings are grouped; the subject when left out.
    pub root: Option<Link>,
    /// What to do, in the author's order; shown safest first.
    pub remedies: Vec<Remedy>,
    /// Codes of causes that this one explains: they are not shown beside it.
    pub instead_of: Vec<String>,
    /// Where the facts come from.
    pub sources: Vec<String>,
}

/// One way to prove a cause.
#[derive(Clone, Debug)]
pub struct Proof {
    /// When it holds.
    pub when: Check,
    /// How directly that proves the cause.
    pub confidence: Confidence,
    /// How bad it is when proven so, if that differs from the cause's own severity.
    pub severity: Option<Severity>,
    /// What to quote. A finding without a citation cannot be built.
    pub cites: Vec<Cite>,
}

/// What to quote as evidence.
#[derive(Clone, Debug)]
pub enum Cite {
    /// A field of an object: `claim.spec.storageClassName`. A field that is not there is quoted as unset.
    Field(Check),
    /// A message that was recognised.
    Message(Check),
    /// That an object does not exist.
    Absent(Check),
    /// Something computed.
    Quote {
        /// Repeat for each item of this list, which the templates see as `item`.
        each: Option<Check>,
        /// Where it was seen.
        source: Template,
        /// What was seen.
        quote: Template,
    },
}

/// Something to do.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// Show it only when this holds; always when left out.
    pub when: Option<Check>,
    /// What to do, in one sentence.
    pub text: Template,
    /// A command that does it or looks at it.
    pub command: Option<Template>,
    /// What it may break.
    pub risk: Risk,
}

/// An object on the way from the subject to the cause.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its kind.
    pub kind: Template,
    /// Its namespace, if it has one.
    pub namespace: Option<Template>,
    /// Its name, a text, or a list of names. The link is left out when it is null.
    pub name: Check,
    /// How the one before it relates to it: `asks for class`.
    pub relation: Template,
    /// What state it is in, in a few words.
    pub state: Template,
    /// It hangs on the subject itself, not on the link before it.
    pub direct: bool,
}

/// Other subjects to diagnose along with this one.
#[derive(Clone, Debug)]
pub struct Related {
    /// Their kind.
    pub subject: Kind,
    /// Their names, in the subject's namespace: a text or a list of texts.
    pub names: Check,
    /// How they relate to this subject: `its claim`.
    pub relation: String,
    /// Follow them also when the subject itself does not show the symptom.
    pub always: bool,
}

/// How close to the root a cause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The thing to mend.
    RootCause,
    /// A component's own error whose cause lies behind it.
    Generic,
    /// An echo: never a first finding while another holds.
    Symptom,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Something does not work.
    Error,
    /// Something works and may not for long, or not as meant.
    Warning,
    /// Worth knowing.
    Info,
}

/// How directly the evidence proves a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// State says so.
    Certain,
    /// A component says so in its own message.
    Likely,
    /// It follows from what else is there.
    Possible,
}

/// What a remedy may break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// It only looks.
    Look,
    /// It changes something that can be changed back.
    Change,
    /// It interrupts a workload.
    Disruptive,
    /// It can lose data.
    DataLoss,
}

/// A playbook's texts in another language.
#[derive(Clone, Debug)]
pub struct Words {
    /// Its title.
    pub title: String,
    /// The summaries of waiting states, by code.
    pub waiting: BTreeMap<String, Template>,
    /// The texts of causes, by code.
    pub causes: BTreeMap<String, CauseWords>,
    /// Those of the chain, in order; empty, or one a link.
    pub chain: Vec<LinkWords>,
    /// How related subjects relate, in order; empty, or one a subject.
    pub related: Vec<String>,
}

/// The texts of a cause in another language.
#[derive(Clone, Debug)]
pub struct CauseWords {
    /// The cause in one sentence.
    pub summary: Template,
    /// Why that is so.
    pub explanation: Template,
    /// The text of each remedy, as many as the cause has.
    pub remedies: Vec<Template>,
}

/// The texts of a link of the chain in another language.
#[derive(Clone, Debug)]
pub struct LinkWords {
    /// How the one before it relates to it.
    pub relation: Template,
    /// What state it is in.
    pub state: Template,
}

impl Playbook {
    /// The playbook with its texts in that language. What is not translated stays as it is.
    #[must_use]
    pub fn in_language(&self, language: &str) -> Self {
        let mut spoken = self.clone();
        let Some(words) = self.translations.get(language) else { return spoken };
        spoken.title.clone_from(&words.title);
        for state in &mut spoken.waiting {
            if let Some(summary) = words.waiting.get(&state.id) {
                state.summary = summary.clone();
            }
        }
        for cause in &mut spoken.causes {
            let Some(words) = words.causes.get(&cause.id) else { continue };
            cause.summary = words.summary.clone();
            cause.explanation = words.explanation.clone();
            for (remedy, text) in cause.remedies.iter_mut().zip(&words.remedies) {
                remedy.text = text.clone();
            }
        }
        for (link, words) in spoken.chain.iter_mut().zip(&words.chain) {
            link.relation = words.relation.clone();
            link.state = words.state.clone();
        }
        for (related, relation) in spoken.related.iter_mut().zip(&words.related) {
            related.relation.clone_from(relation);
        }
        spoken
    }
}
