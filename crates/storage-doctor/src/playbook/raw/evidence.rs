//! Evidence as an author asks for it: one shape a kind.

use super::Expr;
use crate::playbook::entries::RawResource;
use crate::span::Sp;
use schemars::JsonSchema;
use serde::Deserialize;

/// Evidence to gather: exactly one of `object`, `list`, `events`, `logs`, `stats` and `node_logs`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Evidence", extend("x-one-of" = ["object", "list", "events", "logs", "stats", "node_logs"]))]
pub(in crate::playbook) struct RawEvidence {
    /// Gather it only when this holds; otherwise it is null.
    pub(in crate::playbook) when: Option<Expr>,
    /// One object.
    pub(in crate::playbook) object: Option<RawObject>,
    /// A list of objects.
    pub(in crate::playbook) list: Option<RawList>,
    /// The events about an object.
    pub(in crate::playbook) events: Option<RawEvents>,
    /// Log lines of containers.
    pub(in crate::playbook) logs: Option<RawLogs>,
    /// What a node's kubelet measured of the volumes in use there.
    pub(in crate::playbook) stats: Option<RawStats>,
    /// Log lines of a service of a node.
    pub(in crate::playbook) node_logs: Option<RawNodeLogs>,
}

/// One object; null when it does not exist or when its name is null.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Object")]
pub(in crate::playbook) struct RawObject {
    /// Its resource.
    pub(in crate::playbook) resource: Sp<RawResource>,
    /// Its namespace (a check); the subject's when left out.
    pub(in crate::playbook) namespace: Option<Expr>,
    /// Its name (a check).
    pub(in crate::playbook) name: Expr,
}

/// A list of objects.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "List")]
pub(in crate::playbook) struct RawList {
    /// The resource.
    pub(in crate::playbook) resource: Sp<RawResource>,
    /// The namespace (a check); the whole cluster when left out.
    pub(in crate::playbook) namespace: Option<Expr>,
}

/// The events about an object, oldest first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Events")]
pub(in crate::playbook) struct RawEvents {
    /// The object (a check).
    pub(in crate::playbook) of: Expr,
}

/// Log lines of containers, oldest first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Logs")]
pub(in crate::playbook) struct RawLogs {
    /// The containers (a check): a list of maps with `namespace`, `pod` and `container`.
    pub(in crate::playbook) of: Expr,
    /// Keep only lines that hold one of these texts (checks); every line when there are none.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(in crate::playbook) about: Vec<Expr>,
    /// Keep only lines younger than this: `10m`, `1h30m`; a day when left out, which is also the most.
    pub(in crate::playbook) within: Option<Sp<String>>,
}

/// What a node's kubelet measured: a map of `node`, `fs` (its root filesystem) and `volumes`, a list of maps with
/// `namespace`, `pod`, `volume`, `claim`, `capacity`, `used`, `available`, `inodes`, `inodes_used`, `inodes_free`,
/// `time` and `abnormal`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Stats")]
pub(in crate::playbook) struct RawStats {
    /// The node's name (a check).
    pub(in crate::playbook) node: Expr,
}

/// Log lines of a service of a node, oldest first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NodeLogs")]
pub(in crate::playbook) struct RawNodeLogs {
    /// The node's name (a check).
    pub(in crate::playbook) node: Expr,
    /// The service: `kubelet`.
    pub(in crate::playbook) service: Sp<String>,
    /// Keep only lines that hold one of these texts (checks); every line when there are none.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(in crate::playbook) about: Vec<Expr>,
    /// Keep only lines younger than this: `10m`, `1h30m`; a day when left out, which is also the most.
    pub(in crate::playbook) within: Option<Sp<String>>,
}

/// A resource in full.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Resource")]
pub(in crate::playbook) struct FullResource {
    /// The plural, lower case.
    pub(in crate::playbook) plural: Sp<String>,
    /// The API group; left out for the core group.
    pub(in crate::playbook) group: Option<Sp<String>>,
    /// The version.
    pub(in crate::playbook) version: Sp<String>,
    /// The kind of its objects.
    pub(in crate::playbook) kind: Sp<String>,
    /// Whether its objects live in namespaces.
    pub(in crate::playbook) namespaced: Sp<bool>,
    /// The fields that checks read, as paths: `status.phase`, `status.conditions[].type`. Then `playbook lint` finds a
    /// misspelt one. What lies below them is let pass, as is everything when this is left out; `apiVersion`, `kind`
    /// and `metadata` need not be stated.
    #[schemars(length(max = 100))]
    pub(in crate::playbook) fields: Option<Vec<Sp<String>>>,
}
