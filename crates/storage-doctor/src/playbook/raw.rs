//! The shapes that an author writes: every scalar with its place, unknown fields refused. The published
//! schema, and with it the check of the structure, is made from these types.

mod evidence;

pub(super) use evidence::{FullResource, RawEvidence, RawList, RawLogs, RawNodeLogs, RawObject};

use super::entries::Entries;
use super::model::{Confidence, Risk, Role, Severity};
use crate::span::Sp;
use crate::subject::Kind;
use schemars::JsonSchema;
use serde::Deserialize;

/// A check: an expression over the playbook's names. The published schema knows it as a text.
pub(super) type Expr = Sp<String>;
/// A text with expressions in `{{ … }}`.
pub(super) type Text = Sp<String>;

/// The version of the format.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub(super) enum ApiVersion {
    /// The first.
    #[serde(rename = "storage-doctor.io/v1alpha1")]
    V1alpha1,
}

/// The kind of a playbook's file.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub(super) enum PlaybookKind {
    /// A playbook.
    Playbook,
}

/// The kind of a library's file.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub(super) enum LibraryKind {
    /// A library.
    Library,
}

/// A playbook: one symptom of one kind of subject, and every cause it may have.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Playbook")]
pub(super) struct RawPlaybook {
    /// The version of the format.
    #[serde(rename = "apiVersion")]
    #[expect(dead_code, reason = "its presence is what is asked")]
    api_version: Sp<ApiVersion>,
    /// `Playbook`.
    #[expect(dead_code, reason = "its presence is what is asked")]
    kind: Sp<PlaybookKind>,
    /// Its name: the file's name without `.yaml`.
    pub(super) name: Sp<String>,
    /// What it is about, for a list of playbooks.
    pub(super) title: Sp<String>,
    /// The kind of subject it is about.
    pub(super) subject: Sp<Kind>,
    /// Libraries whose names it uses.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(super) uses: Vec<Sp<String>>,
    /// Whether the subject shows the symptom.
    pub(super) symptom: Expr,
    /// Evidence to gather, by name.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 200))]
    pub(super) evidence: Entries<RawEvidence>,
    /// Expressions, by name.
    #[serde(default, rename = "let")]
    #[schemars(extend("maxProperties" = 500))]
    pub(super) lets: Entries<Expr>,
    /// Messages to recognise in events or log lines, by name.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 500))]
    pub(super) messages: Entries<RawMessage>,
    /// States that look like trouble and are none.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(super) waiting: Vec<RawWaiting>,
    /// What may be wrong.
    #[schemars(length(min = 1, max = 500))]
    pub(super) causes: Vec<RawCause>,
    /// The objects on the way from the subject to the cause.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(super) chain: Vec<RawLink>,
    /// Other subjects to diagnose along with this one.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(super) related: Vec<RawRelated>,
}

/// A library: names that several playbooks use.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Library")]
pub(super) struct RawLibrary {
    /// The version of the format.
    #[serde(rename = "apiVersion")]
    #[expect(dead_code, reason = "its presence is what is asked")]
    api_version: Sp<ApiVersion>,
    /// `Library`.
    #[expect(dead_code, reason = "its presence is what is asked")]
    kind: Sp<LibraryKind>,
    /// Its name: the file's name without `.yaml`.
    pub(super) name: Sp<String>,
    /// The kind of subject of the playbooks that may use it.
    pub(super) subject: Sp<Kind>,
    /// Evidence to gather, by name.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 200))]
    pub(super) evidence: Entries<RawEvidence>,
    /// Expressions, by name.
    #[serde(default, rename = "let")]
    #[schemars(extend("maxProperties" = 500))]
    pub(super) lets: Entries<Expr>,
    /// Messages to recognise in events or log lines, by name.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 500))]
    pub(super) messages: Entries<RawMessage>,
}

/// A message to recognise in events or log lines.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Message")]
pub(super) struct RawMessage {
    /// The list of events or log lines to look in (a check).
    #[serde(rename = "in")]
    pub(super) within: Expr,
    /// Event reasons that qualify; any when left out.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(super) reason: Vec<Sp<String>>,
    /// The event's type; any when left out.
    #[serde(rename = "type")]
    pub(super) event_type: Option<Sp<EventType>>,
    /// A regular expression for the component that reported it; any when left out.
    pub(super) component: Option<Sp<String>>,
    /// The wordings, as alternatives: releases differ.
    #[schemars(length(min = 1, max = 50))]
    pub(super) patterns: Vec<RawPattern>,
}

/// The type of an event.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub(super) enum EventType {
    /// Nothing is wrong.
    Normal,
    /// Something may be wrong.
    Warning,
}

/// One wording of a message.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Pattern")]
pub(super) struct RawPattern {
    /// The regular expression; anchor it. Its named groups become fields of the message.
    pub(super) regex: Sp<String>,
    /// The versions that write it so.
    pub(super) versions: Option<Sp<String>>,
    /// A text that matches; it is tried when the playbook is loaded.
    pub(super) example: Sp<String>,
}

/// A state that looks like trouble and is none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Waiting")]
pub(super) struct RawWaiting {
    /// Its code, kebab-case.
    pub(super) id: Sp<String>,
    /// When it is so (a check).
    pub(super) when: Expr,
    /// What is waited for, in one sentence (a template).
    pub(super) summary: Text,
    /// Since when (a check that gives a time).
    pub(super) since: Option<Expr>,
    /// After how long it stops being normal: `90s`, `10m`, `1h30m`, `2d`.
    pub(super) worry_after: Option<Sp<String>>,
    /// What proves it.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(super) cites: Vec<Sp<RawCite>>,
}

/// What may be wrong.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Cause")]
pub(super) struct RawCause {
    /// Its code: kebab-case, stable.
    pub(super) id: Sp<String>,
    /// How close to the root it is; `root-cause` when left out.
    pub(super) role: Option<Sp<Role>>,
    /// How bad it is; `error` when left out.
    pub(super) severity: Option<Sp<Severity>>,
    /// Ways to prove it, strongest first.
    #[schemars(length(min = 1, max = 50))]
    pub(super) proofs: Vec<RawProof>,
    /// The cause in one sentence (a template).
    pub(super) summary: Text,
    /// Why that is so, for a person who has not met it before (a template).
    pub(super) explanation: Text,
    /// The object the cause lies in, by which findings are grouped; the subject when left out.
    pub(super) root: Option<RawLink>,
    /// What to do.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(super) remedies: Vec<RawRemedy>,
    /// Codes of causes that this one explains: they are not shown beside it.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(super) instead_of: Vec<Sp<String>>,
    /// Where the facts come from.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(super) sources: Vec<Sp<String>>,
}

/// One way to prove a cause.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Proof")]
pub(super) struct RawProof {
    /// When it holds (a check).
    pub(super) when: Expr,
    /// How directly that proves the cause.
    pub(super) confidence: Sp<Confidence>,
    /// How bad it is when proven so, if that differs from the cause's own severity.
    pub(super) severity: Option<Sp<Severity>>,
    /// What to quote.
    #[schemars(length(min = 1, max = 50))]
    pub(super) cites: Vec<Sp<RawCite>>,
}

/// What to quote as evidence: exactly one of `field`, `message`, `absent` and `quote`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Cite", extend("x-one-of" = ["field", "message", "absent", "quote"]))]
pub(super) struct RawCite {
    /// A field of an object: `claim.spec.storageClassName`.
    pub(super) field: Option<Expr>,
    /// The name of a message that was recognised.
    pub(super) message: Option<Expr>,
    /// The name of an `object` that does not exist.
    pub(super) absent: Option<Expr>,
    /// Something computed (a template).
    pub(super) quote: Option<Text>,
    /// Where it was seen (a template); with `quote` only.
    pub(super) source: Option<Text>,
    /// Repeat for each item of this list (a check), seen as `item`; with `quote` only.
    pub(super) each: Option<Expr>,
}

/// Something to do.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Remedy")]
pub(super) struct RawRemedy {
    /// What to do, in one sentence (a template).
    pub(super) text: Text,
    /// A command that does it or looks at it (a template).
    pub(super) command: Option<Text>,
    /// What it may break.
    pub(super) risk: Sp<Risk>,
    /// Show it only when this holds (a check).
    pub(super) when: Option<Expr>,
}

/// An object on the way from the subject to the cause.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Link")]
pub(super) struct RawLink {
    /// Its kind (a template).
    pub(super) kind: Text,
    /// Its namespace, if it has one (a template).
    pub(super) namespace: Option<Text>,
    /// Its name (a check): a text, or a list of names. The link is left out when it is null.
    pub(super) name: Expr,
    /// How the one before it relates to it (a template): `asks for class`.
    pub(super) relation: Text,
    /// What state it is in, in a few words (a template).
    pub(super) state: Text,
    /// It hangs on the subject itself, not on the link before it.
    pub(super) direct: Option<Sp<bool>>,
}

/// Other subjects to diagnose along with this one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Related")]
pub(super) struct RawRelated {
    /// Their kind.
    pub(super) subject: Sp<Kind>,
    /// Their names (a check): a text or a list of texts; `namespace/name` where one lies in another
    /// namespace than this subject.
    pub(super) names: Expr,
    /// How they relate to this subject: `its claim`.
    pub(super) relation: Sp<String>,
    /// Follow them also when the subject itself does not show the symptom.
    pub(super) always: Option<Sp<bool>>,
}
