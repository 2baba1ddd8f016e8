//! The first file of our own recordings: what they are, and every question that was asked with what became
//! of it. `docs/capture.md` describes it for others.

use crate::evidence::{Answer, Query, Resource};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Its name. A plain dump has no such file.
pub(super) const FILE: &str = "storage-doctor.json";
/// What a manifest says it is.
pub(super) const FORMAT: &str = "storage-doctor.io/capture";
/// The newest format that is read, and the one that is written.
pub(super) const VERSION: u32 = 1;
/// Where the events lie that were asked for by the object they involve.
pub(super) const BY_OBJECT: &str = "objects/events-by-object.json";

/// Enough of any manifest to tell whether the rest can be read.
#[derive(Debug, Deserialize)]
pub(super) struct Head {
    pub(super) format: String,
    pub(super) version: u32,
}

/// The manifest. Fields are only ever added within a version.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    pub(super) format: String,
    pub(super) version: u32,
    /// Which program wrote it.
    pub(super) tool: String,
    /// RFC 3339: the "now" of a diagnosis.
    pub(super) taken_at: String,
    /// The API server's version, if it told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) server_version: Option<String>,
    /// What it was taken of, for a person.
    pub(super) scope: String,
    pub(super) counts: Counts,
    /// The resources that the answers name, by `<plural>[.<group>]`.
    pub(super) resources: BTreeMap<String, Facts>,
    pub(super) answers: Vec<Entry>,
}

/// How much there is of what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Objects by kind, each once; events are counted apart.
    pub objects: BTreeMap<String, usize>,
    /// Events.
    pub events: usize,
    /// Logs of containers.
    pub logs: usize,
    /// Values that were masked.
    pub masked: usize,
}

/// What is not in the name of a resource.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Facts {
    pub(super) version: String,
    pub(super) kind: String,
    pub(super) namespaced: bool,
}

/// The kinds of questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Ask {
    Object,
    List,
    Events,
    Log,
    Stats,
    NodeLog,
}

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Got {
    Found,
    Truncated,
    Absent,
    Denied,
    Unreachable,
    NotRecorded,
}

/// A question and what became of it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) ask: Ask,
    /// Of an object or a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) resource: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) namespace: Option<String>,
    /// Of an object, or of the pod or node whose log or measurements it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// Of the object that events involve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) uid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) container: Option<String>,
    /// Of a node, whose log it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) service: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) previous: bool,
    pub(super) answer: Got,
    /// Why not, or why not all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) why: Option<String>,
    /// Where what was found is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<String>,
}

impl Facts {
    pub(super) fn of(resource: &Resource) -> Self {
        Self { version: resource.version.to_string(), kind: resource.kind.to_string(), namespaced: resource.namespaced }
    }

    pub(super) fn resource(&self, name: &str) -> Resource {
        let (plural, group) = name.split_once('.').unwrap_or((name, ""));
        Resource {
            plural: plural.to_owned().into(),
            group: group.to_owned().into(),
            version: self.version.clone().into(),
            kind: self.kind.clone().into(),
            namespaced: self.namespaced,
        }
    }
}

impl Entry {
    /// The question, and what became of it, as yet without a file.
    pub(super) fn new(query: &Query, answer: &Answer) -> Self {
        let (got, why) = match answer {
            Answer::Found(_) => (Got::Found, None),
            Answer::Truncated(_, why) => (Got::Truncated, Some(why)),
            Answer::Absent => (Got::Absent, None),
            Answer::Denied { message } => (Got::Denied, Some(message)),
            Answer::Unreachable { why } => (Got::Unreachable, Some(why)),
            Answer::NotRecorded => (Got::NotRecorded, None),
        };
        let mut entry = Self {
            ask: Ask::Object,
            resource: None,
            namespace: None,
            name: None,
            uid: None,
            container: None,
            service: None,
            previous: false,
            answer: got,
            why: why.cloned(),
            file: None,
        };
        match query {
            Query::Object { resource, namespace, name } => {
                entry.resource = Some(resource.to_string());
                entry.namespace.clone_from(namespace);
                entry.name = Some(name.clone());
            }
            Query::List { resource, namespace } => {
                entry.ask = Ask::List;
                entry.resource = Some(resource.to_string());
                entry.namespace.clone_from(namespace);
            }
            Query::Events { uid, namespace } => {
                entry.ask = Ask::Events;
                entry.uid = Some(uid.clone());
                entry.namespace = Some(namespace.clone());
            }
            Query::Log { namespace, pod, container, previous } => {
                entry.ask = Ask::Log;
                entry.namespace = Some(namespace.clone());
                entry.name = Some(pod.clone());
                entry.container = Some(container.clone());
                entry.previous = *previous;
            }
            Query::Stats { node } => {
                entry.ask = Ask::Stats;
                entry.name = Some(node.clone());
            }
            Query::NodeLog { node, service } => {
                entry.ask = Ask::NodeLog;
                entry.name = Some(node.clone());
                entry.service = Some(service.clone());
            }
        }
        entry
    }

    /// The question; none when a part of it is missing or names a resource that is not described.
    pub(super) fn query(&self, resources: &BTreeMap<String, Resource>) -> Option<Query> {
        let resource = || self.resource.as_ref().and_then(|name| resources.get(name)).cloned();
        let namespace = self.namespace.clone();
        Some(match self.ask {
            Ask::Object => Query::Object { resource: resource()?, namespace, name: self.name.clone()? },
            Ask::List => Query::List { resource: resource()?, namespace },
            Ask::Events => Query::Events { uid: self.uid.clone()?, namespace: namespace? },
            Ask::Log => Query::Log {
                namespace: namespace?,
                pod: self.name.clone()?,
                container: self.container.clone()?,
                previous: self.previous,
            },
            Ask::Stats => Query::Stats { node: self.name.clone()? },
            Ask::NodeLog => Query::NodeLog { node: self.name.clone()?, service: self.service.clone()? },
        })
    }
}
