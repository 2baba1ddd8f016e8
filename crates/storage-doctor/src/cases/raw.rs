//! The shapes that an author of cases writes.

use crate::playbook::Confidence;
use crate::report::v1::Verdict;
use crate::span::Sp;
use crate::value::Value;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use std::borrow::Cow;

/// The JSON Schema (draft 07) of files of cases, for editors.
pub fn schema() -> serde_json::Value {
    crate::playbook::schema_of::<RawCases>("storage-doctor cases")
}

/// The version of the format.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub(super) enum ApiVersion {
    /// The first.
    #[serde(rename = "storage-doctor.io/v1alpha1")]
    V1alpha1,
}

/// The kind of a file of cases.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub(super) enum CasesKind {
    /// Cases.
    Cases,
}

/// A file of cases about one playbook.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Cases")]
pub(super) struct RawCases {
    /// The version of the format.
    #[serde(rename = "apiVersion")]
    #[expect(dead_code, reason = "its presence is what is asked")]
    api_version: Sp<ApiVersion>,
    /// `Cases`.
    #[expect(dead_code, reason = "its presence is what is asked")]
    kind: Sp<CasesKind>,
    /// The playbook whose causes these cases are about.
    pub(super) playbook: Sp<String>,
    /// What time it is, RFC 3339.
    pub(super) now: Option<Sp<String>>,
    /// Manifests that all cases share.
    #[serde(default)]
    pub(super) objects: Vec<Sp<Manifest>>,
    /// The cases.
    #[schemars(length(min = 1, max = 500))]
    pub(super) cases: Vec<RawCase>,
}

/// A cluster and what must be found in it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Case")]
pub(super) struct RawCase {
    /// What is the matter, unique in the file.
    pub(super) name: Sp<String>,
    /// What is diagnosed: `pvc/NAMESPACE/NAME`, `node/NAME`.
    pub(super) subject: Sp<String>,
    /// A recording to look at instead: an archive or a folder, relative to this file. It has its own time.
    pub(super) from: Option<Sp<String>>,
    /// Manifests; one of the same kind, namespace and name replaces the shared one.
    #[serde(default)]
    pub(super) objects: Vec<Sp<Manifest>>,
    /// Events.
    #[serde(default)]
    pub(super) events: Vec<RawEvent>,
    /// Logs of containers.
    #[serde(default)]
    pub(super) logs: Vec<RawLog>,
    /// Logs of nodes' services.
    #[serde(default)]
    pub(super) node_logs: Vec<RawNodeLog>,
    /// What kubelets measured.
    #[serde(default)]
    pub(super) stats: Vec<RawStats>,
    /// Resources that the recording does not hold.
    #[serde(default)]
    pub(super) unrecorded: Vec<Sp<String>>,
    /// The verdict.
    pub(super) verdict: Sp<Verdict>,
    /// Causes that must be found; the first of them has to be the first finding.
    #[serde(default)]
    pub(super) finds: Vec<Sp<String>>,
    /// How sure the first finding has to be.
    pub(super) confidence: Option<Sp<Confidence>>,
    /// Causes of role `symptom` that must hold with nothing behind them to be seen.
    #[serde(default)]
    pub(super) echoes: Vec<Sp<String>>,
    /// Causes that must not be found.
    #[serde(default)]
    pub(super) not: Vec<Sp<String>>,
    /// Waiting states that must be shown.
    #[serde(default)]
    pub(super) waiting: Vec<Sp<String>>,
    /// Regular expressions that have to match the first finding.
    #[serde(default)]
    pub(super) says: Vec<Sp<String>>,
    /// Regular expressions, each for something that has to be named as missing.
    #[serde(default)]
    pub(super) needs: Vec<Sp<String>>,
    /// The same cluster seen with less.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(super) without: Vec<RawWithout>,
}

/// The cluster of a case seen with less, and what must be found then.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Without")]
pub(super) struct RawWithout {
    /// Resources that may not be read; `pods/log` for logs, `nodes/proxy` for what nodes tell of themselves.
    #[serde(default)]
    pub(super) deny: Vec<Sp<String>>,
    /// Resources that the recording does not hold.
    #[serde(default)]
    pub(super) unrecorded: Vec<Sp<String>>,
    /// The verdict.
    pub(super) verdict: Sp<Verdict>,
    /// Causes that must be found; the first of them has to be the first finding.
    #[serde(default)]
    pub(super) finds: Vec<Sp<String>>,
    /// How sure the first finding has to be.
    pub(super) confidence: Option<Sp<Confidence>>,
    /// Causes of role `symptom` that must hold with nothing behind them to be seen.
    #[serde(default)]
    pub(super) echoes: Vec<Sp<String>>,
    /// Causes that must not be found.
    #[serde(default)]
    pub(super) not: Vec<Sp<String>>,
    /// Waiting states that must be shown.
    #[serde(default)]
    pub(super) waiting: Vec<Sp<String>>,
    /// Regular expressions that have to match the first finding.
    #[serde(default)]
    pub(super) says: Vec<Sp<String>>,
    /// Regular expressions, each for something that has to be named as missing.
    #[serde(default)]
    pub(super) needs: Vec<Sp<String>>,
}

/// An event in short.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Event")]
pub(super) struct RawEvent {
    /// The object it is about: `pvc/shop/data`, `persistentvolume/pv1`.
    pub(super) on: Sp<String>,
    /// Its reason.
    pub(super) reason: Sp<String>,
    /// Its type; `Normal` when left out.
    #[serde(rename = "type")]
    pub(super) event_type: Option<Sp<EventType>>,
    /// Who reported it; `persistentvolume-controller` when left out.
    pub(super) from: Option<Sp<String>>,
    /// What it says.
    pub(super) message: Sp<String>,
    /// How often it was seen; once when left out.
    pub(super) count: Option<Sp<i64>>,
    /// How long ago it was seen last; `10s` when left out.
    pub(super) age: Option<Sp<String>>,
    /// How long ago it was seen first; as `age` when left out.
    pub(super) first: Option<Sp<String>>,
}

/// The types of events.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub(super) enum EventType {
    /// All is well.
    Normal,
    /// Something to look at.
    Warning,
}

/// The log of a container.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Log")]
pub(super) struct RawLog {
    /// The container: `NAMESPACE/POD/CONTAINER`.
    pub(super) of: Sp<String>,
    /// The log of the instance before the last restart.
    pub(super) previous: Option<Sp<bool>>,
    /// Its lines.
    pub(super) lines: Vec<Sp<String>>,
}

/// The log of a node's service.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NodeLog")]
pub(super) struct RawNodeLog {
    /// The node.
    pub(super) of: Sp<String>,
    /// The service; `kubelet` when left out.
    pub(super) service: Option<Sp<String>>,
    /// Its lines.
    pub(super) lines: Vec<Sp<String>>,
}

/// What a node's kubelet measured.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Stats")]
pub(super) struct RawStats {
    /// The node.
    pub(super) of: Sp<String>,
    /// Its root filesystem.
    pub(super) fs: Option<RawFilesystem>,
    /// The volumes of its pods.
    #[serde(default)]
    pub(super) volumes: Vec<RawVolume>,
}

/// A volume in use, and how full it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Volume")]
pub(super) struct RawVolume {
    /// The pod: `NAMESPACE/POD`.
    pub(super) pod: Sp<String>,
    /// The volume's name in the pod.
    pub(super) volume: Sp<String>,
    /// The claim, if it comes from one.
    pub(super) claim: Option<Sp<String>>,
    /// Whether the driver calls it abnormal.
    pub(super) abnormal: Option<Sp<bool>>,
    /// How full it is.
    pub(super) fs: RawFilesystem,
}

/// How full a filesystem is: numbers, or quantities such as `10Gi`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Filesystem")]
pub(super) struct RawFilesystem {
    /// Its size in bytes.
    pub(super) capacity: Option<Sp<Manifest>>,
    /// Bytes in use.
    pub(super) used: Option<Sp<Manifest>>,
    /// Bytes that can be written.
    pub(super) available: Option<Sp<Manifest>>,
    /// How many files it can hold.
    pub(super) inodes: Option<Sp<Manifest>>,
    /// How many it holds.
    pub(super) inodes_used: Option<Sp<Manifest>>,
    /// How many more it can hold.
    pub(super) inodes_free: Option<Sp<Manifest>>,
    /// How long ago it was measured; `30s` when left out.
    pub(super) age: Option<Sp<String>>,
}

/// A manifest: whatever an object may hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Manifest(pub(super) Value);

impl JsonSchema for Manifest {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Manifest".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({})
    }
}
