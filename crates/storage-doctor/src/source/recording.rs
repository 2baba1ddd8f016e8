//! A recording of a cluster as a source. Placeholder until the recordings are merged.

use super::{BoxFuture, Source};
use crate::evidence::{Answer, Query};
use std::path::Path;

/// A recording of a cluster.
#[derive(Debug)]
pub struct Recording(());

/// Why a recording cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("recordings cannot be read yet")]
pub struct RecordingError(());

impl Recording {
    /// Opens a folder or an archive.
    pub fn open(_path: &Path) -> Result<Self, RecordingError> {
        Err(RecordingError(()))
    }

    /// Opens an archive in memory.
    pub fn from_archive_bytes(_bytes: &[u8]) -> Result<Self, RecordingError> {
        Err(RecordingError(()))
    }
}

impl Source for Recording {
    fn answer<'a>(&'a self, _query: &'a Query) -> BoxFuture<'a, Answer> {
        Box::pin(async { Answer::NotRecorded })
    }
}
