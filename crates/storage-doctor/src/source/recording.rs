//! A recording of a cluster as a source. Stand-in until the recordings are merged.
#![allow(clippy::disallowed_methods, clippy::pedantic, reason = "stand-in")]
use super::{BoxFuture, Source, decode_list, decode_list_yaml};
use crate::evidence::{Answer, Evidence, Query, Resource};
use crate::time::Time;
use std::path::{Path, PathBuf};

/// A recording of a cluster.
#[derive(Debug)]
pub struct Recording {
    evidence: Evidence,
    at: Time,
    path: PathBuf,
}

/// Why a recording cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RecordingError(String);

impl Recording {
    /// Opens a folder or an archive.
    pub fn open(path: &Path) -> Result<Self, RecordingError> {
        let err = |e: String| RecordingError(format!("{}: {e}", path.display()));
        let mut evidence = Evidence::default();
        for resource in Resource::all_known() {
            let base = path.join("resources");
            let list = if let Ok(bytes) = std::fs::read(base.join(format!("{resource}.json"))) {
                decode_list(&bytes).map_err(|e| err(e.to_string()))?
            } else if let Ok(bytes) = std::fs::read(base.join(format!("{resource}.yaml"))) {
                decode_list_yaml(&bytes).map_err(|e| err(e.to_string()))?
            } else {
                evidence.supply(Query::List { resource: resource.clone(), namespace: None }, Answer::NotRecorded);
                continue;
            };
            evidence.supply(
                Query::List { resource: resource.clone(), namespace: None },
                Answer::Found(crate::value::Value::list(list.items)),
            );
        }
        let at = std::fs::read_to_string(path.join("captured-at")).map_err(|e| err(e.to_string()))?;
        Ok(Self { evidence, at: Time::parse(&at).map_err(|e| err(e.to_string()))?, path: path.to_owned() })
    }

    /// Opens an archive in memory.
    pub fn from_archive_bytes(_bytes: &[u8]) -> Result<Self, RecordingError> {
        Err(RecordingError("no".into()))
    }
}

impl Source for Recording {
    fn answer<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            if let Query::Log { namespace, pod, container, previous } = query {
                let p = self
                    .path
                    .join("logs")
                    .join(namespace)
                    .join(pod)
                    .join(format!("{container}{}.log", if *previous { ".previous" } else { "" }));
                return match std::fs::read(p) {
                    Ok(b) => Answer::Found(crate::value::Value::text(String::from_utf8_lossy(&b))),
                    Err(_) => Answer::NotRecorded,
                };
            }
            self.evidence.answer(query).unwrap_or(Answer::NotRecorded)
        })
    }
    fn taken_at(&self) -> Option<Time> {
        Some(self.at)
    }
}
