//! Version `storage-doctor.io/v1alpha1` of the report: a contract, changed only by adding.

pub use crate::playbook::{Confidence, Risk, Role, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The `apiVersion` of every report.
pub const API_VERSION: &str = "storage-doctor.io/v1alpha1";

/// How `why` begins where all that is known of a cause is an echo of it.
pub const ECHO: &str = "only an echo of the cause is to be seen";

/// The diagnosis of one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Diagnosis {
    /// Always `storage-doctor.io/v1alpha1`.
    pub api_version: String,
    /// Always `Diagnosis`.
    pub kind: String,
    /// The object it is about.
    pub subject: ObjectRef,
    /// When the evidence was taken, RFC 3339.
    pub at: String,
    /// The answer in one word.
    pub verdict: Verdict,
    /// What is wrong, the root first.
    pub findings: Vec<Finding>,
    /// What is waited for.
    pub waiting: Vec<Waiting>,
    /// The objects from the subject to the root.
    pub chain: Vec<Link>,
    /// Causes that the evidence excludes.
    pub ruled_out: Vec<RuledOut>,
    /// Causes that could not be decided, and what would settle them.
    pub unknown: Vec<Unknown>,
}

/// The diagnoses of several subjects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DiagnosisList {
    /// Always `storage-doctor.io/v1alpha1`.
    pub api_version: String,
    /// Always `DiagnosisList`.
    pub kind: String,
    /// How many subjects were looked at, those left out of `items` included.
    #[serde(default)]
    pub counts: Counts,
    /// Failing first, then unknown, waiting, healthy; by namespace and name within each.
    pub items: Vec<Diagnosis>,
    /// The failing ones by root cause.
    pub groups: Vec<Group>,
    /// What could not be listed at all, so that subjects may be missing.
    pub unknown: Vec<Unknown>,
}

/// How many subjects have which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Something is wrong.
    pub failing: usize,
    /// It could not be told.
    pub unknown: usize,
    /// Something is not done yet.
    pub waiting: usize,
    /// Nothing is wrong.
    pub healthy: usize,
}

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Failing => self.failing += 1,
            Verdict::Unknown => self.unknown += 1,
            Verdict::Waiting => self.waiting += 1,
            Verdict::Healthy => self.healthy += 1,
        }
    }

    /// Counts those of others too.
    pub(crate) fn join(&mut self, others: Self) {
        let Self { failing, unknown, waiting, healthy } = others;
        self.failing += failing;
        self.unknown += unknown;
        self.waiting += waiting;
        self.healthy += healthy;
    }
}

/// Subjects with the same root cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// The code of the cause.
    pub cause: String,
    /// The object that the cause lies in.
    pub root: ObjectRef,
    /// The cause in one sentence, of the first subject.
    pub summary: String,
    /// Who suffers from it.
    pub subjects: Vec<ObjectRef>,
}

/// The answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Verdict {
    /// Something is wrong, and the first finding says what.
    Failing,
    /// It could not be told.
    Unknown,
    /// Nothing is wrong; something is not done yet.
    Waiting,
    /// Nothing is wrong.
    Healthy,
}

/// An object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct ObjectRef {
    /// Its kind, as in a manifest.
    pub kind: String,
    /// Its namespace; left out for cluster-scoped objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// Its UID, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The code of the cause, stable.
    pub cause: String,
    /// The playbook that found it.
    pub playbook: String,
    /// How close to the root it is.
    pub role: Role,
    /// How bad it is.
    pub severity: Severity,
    /// How directly the evidence proves it.
    pub confidence: Confidence,
    /// The object it was found on.
    pub subject: ObjectRef,
    /// The cause in one sentence.
    pub summary: String,
    /// Why that is so.
    pub explanation: String,
    /// What proves it; never empty.
    pub evidence: Vec<Evidence>,
    /// What to do, safest first.
    pub remedies: Vec<Remedy>,
}

/// A quotation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// Where it was seen: `PersistentVolumeClaim shop/data`, `event on …`, `log of …`.
    pub source: String,
    /// The field within the object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was seen, in its own words, bounded.
    pub quote: String,
    /// When, RFC 3339; of repeated events the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// How often an event was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    /// The component that said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// An event's reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Remedy {
    /// What to do, in one sentence.
    pub text: String,
    /// A command; never run by us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// What it may break.
    pub risk: Risk,
}

/// An object on the way from the subject to the root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// The object.
    pub object: ObjectRef,
    /// How the one before it relates to it; empty for the first.
    pub relation: String,
    /// Its state in a few words.
    pub state: String,
    /// How deep it hangs below the subject, which is at 0.
    pub depth: usize,
}

/// Something that is waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// The code of the state.
    pub state: String,
    /// What is waited for, in one sentence.
    pub summary: String,
    /// Since when, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// When to begin to worry, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worry_after: Option<String>,
    /// What proves it.
    pub evidence: Vec<Evidence>,
}

/// A cause that the evidence excludes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuledOut {
    /// The code of the cause.
    pub cause: String,
    /// Which check does not hold.
    pub why: String,
}

/// A cause that could not be decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unknown {
    /// The code of the cause; empty when it concerns the whole diagnosis.
    pub cause: String,
    /// What could not be seen, and why.
    pub why: String,
    /// What would settle it: a right such as `list storageclasses.storage.k8s.io`, or a recording of it.
    pub needs: String,
}
