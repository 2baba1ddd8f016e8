//! A recording of a cluster: a folder or an archive of what `kubectl` prints.
//!
//! | path | is |
//! |---|---|
//! | `captured-at` | when, RFC 3339: the "now" of a diagnosis |
//! | `resources/<plural>[.<group>].json` | `kubectl get <resource> -A -o json`; `.yaml` and `.yml` too |
//! | `logs/<namespace>/<pod>/<container>.log`, `….previous.log` | `kubectl logs` |
//! | `nodes/<node>/<service>.log` | the log of a node's service: `kubelet` |
//! | `nodes/<node>/stats-summary.json` | `kubectl get --raw /api/v1/nodes/<node>/proxy/stats/summary` |
//!
//! A recording of our own ([`write`]) has the same files, and one more, `storage-doctor.json`, that says of
//! every question what became of it: so it may hold parts, and that something was denied. `docs/capture.md`
//! describes it. Without that file:
//!
//! Events may lie under their second name, `events.events.k8s.io`, too.
//! A file that is there is complete: what it lacks does not exist. What has no file was not recorded. All
//! of it may lie in folders of its own, and be packed as `.tar` or `.tar.gz`.
//!
//! A recording comes from elsewhere and is read as if it were hostile: everything is bounded, nothing is
//! unpacked to disk, no link is followed, and one bad file is an error before any question is answered.

mod archive;
mod captured;
mod error;
mod events;
mod files;
mod folder;
mod load;
mod manifest;
mod name;
mod write;

pub use error::{Reason, RecordingError};
pub use manifest::Counts;
pub use write::{About, Written, write};

use super::{BoxFuture, Source, decode_stats};
use crate::evidence::{Answer, Held, Query, Resource};
use crate::time::Time;
use crate::value::Value;
use captured::Captured;
use error::Fault;
use files::Files;
use name::STATS;
use std::collections::BTreeMap;
use std::path::Path;

/// A recording of a cluster.
#[derive(Debug)]
pub struct Recording {
    held: Holding,
    /// Logs, and what kubelets measured.
    texts: Files,
    taken_at: Time,
    server_version: Option<String>,
}

/// What a recording holds beside logs and measurements.
#[derive(Debug)]
enum Holding {
    /// A plain dump: lists, by the name that the file has, and so `kubectl api-resources -o name` prints.
    Dump(BTreeMap<String, Held>),
    /// Our own: questions and answers.
    Capture(Box<Captured>),
}

impl Recording {
    /// Opens a folder or an archive, and reads all of it but logs and statistics.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, RecordingError> {
        let path = path.as_ref();
        let read = || {
            let is_folder = std::fs::metadata(path)?.is_dir();
            load::load(if is_folder { folder::read(path) } else { archive::open(path) }?)
        };
        read().map_err(|fault: Fault| fault.of(Some(path)))
    }

    /// Reads an archive that is in memory.
    pub fn from_archive_bytes(bytes: &[u8]) -> Result<Self, RecordingError> {
        archive::read(bytes).and_then(load::load).map_err(|fault| fault.of(None))
    }
}

impl Recording {
    /// The version of the API server that it was taken from, if it says so.
    pub fn server_version(&self) -> Option<&str> {
        self.server_version.as_deref()
    }

    fn known(&self, query: &Query) -> Answer {
        match &self.held {
            Holding::Dump(resources) => self.dumped(resources, query),
            Holding::Capture(captured) => captured.text(query).map_or_else(
                || captured.answer(query),
                |(file, why)| {
                    let is_stats = matches!(query, Query::Stats { .. });
                    let answer = if is_stats { self.stats(file) } else { self.log(file) };
                    match (answer, why) {
                        (Answer::Found(text), Some(why)) => Answer::Truncated(text, why.to_owned()),
                        (answer, _) => answer,
                    }
                },
            ),
        }
    }

    fn dumped(&self, resources: &BTreeMap<String, Held>, query: &Query) -> Answer {
        let held = |resource: &Resource| resources.get(&resource.to_string());
        let answer = match query {
            Query::Object { resource, namespace: None, .. } if resource.namespaced => {
                return Answer::Unreachable { why: "asked for without a namespace".to_owned() };
            }
            Query::Object { resource, namespace, name } => {
                let namespace = namespace.as_deref().filter(|_| resource.namespaced).unwrap_or_default();
                held(resource).map(|held| held.object(namespace, name).ok_or(held))
            }
            Query::List { resource, namespace: Some(namespace) } => {
                held(resource).map(|held| held.namespace(namespace).ok_or(held))
            }
            Query::List { resource, namespace: None } => held(resource).map(|held| Ok(held.answer())),
            Query::Events { uid, .. } => resources.get("events").map(|held| held.involving(uid).ok_or(held)),
            Query::Log { namespace, pod, container, previous } => {
                let which = if *previous { ".previous" } else { "" };
                return self.log(&format!("logs/{namespace}/{pod}/{container}{which}.log"));
            }
            Query::NodeLog { node, service } => return self.log(&format!("nodes/{node}/{service}.log")),
            Query::Stats { node } => return self.stats(&format!("nodes/{node}/{STATS}")),
        };
        match answer {
            None => Answer::NotRecorded,
            Some(Ok(answer)) => answer,
            // Not among what could be read, but not all could.
            Some(Err(held)) => Answer::Unreachable { why: held.why().unwrap_or("not seen").to_owned() },
        }
    }

    /// The log of that name: a look-up, not a path, since names come from the recording and may be anything.
    fn log(&self, name: &str) -> Answer {
        match self.text(name) {
            Ok(bytes) => Answer::Found(Value::text(String::from_utf8_lossy(whole_lines(&bytes)))),
            Err(answer) => answer,
        }
    }

    /// What a kubelet measured. An empty file is what is left of an attempt that failed.
    fn stats(&self, name: &str) -> Answer {
        match self.text(name) {
            Ok(bytes) if bytes.trim_ascii().is_empty() => Answer::NotRecorded,
            Ok(bytes) => match decode_stats(&bytes) {
                Ok(stats) => Answer::Found(stats),
                Err(error) => Answer::Unreachable { why: format!("cannot read {name}: {error}") },
            },
            Err(answer) => answer,
        }
    }

    fn text(&self, name: &str) -> Result<Vec<u8>, Answer> {
        let (what, content) = self.texts.get(name).ok_or(Answer::NotRecorded)?;
        match content.look(what.part()) {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(Answer::Unreachable { why: format!("{name} is too large") }),
            Err(error) => Err(Answer::Unreachable { why: format!("cannot read {name}: {error}") }),
        }
    }
}

/// Without the part of a line that a log begins with when it was cut to its end.
fn whole_lines(log: &[u8]) -> &[u8] {
    if (log.len() as u64) < files::MAX_LOG {
        return log;
    }
    let start = log.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    log.get(start..).unwrap_or_default()
}

impl Source for Recording {
    fn answer<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Answer> {
        Box::pin(std::future::ready(self.known(query)))
    }

    fn taken_at(&self) -> Option<Time> {
        Some(self.taken_at)
    }
}

#[cfg(test)]
mod tests;
