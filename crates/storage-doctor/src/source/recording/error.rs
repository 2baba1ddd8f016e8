//! Why a recording cannot be used.

use crate::source::DecodeError;
use crate::time::NotATime;
use std::io;
use std::path::Path;

/// A recording that cannot be used, and why (its `source()`).
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}", self.what())]
pub struct RecordingError {
    recording: Option<String>,
    entry: Option<String>,
    #[source]
    reason: Reason,
}

/// Why a recording, or one file of it, cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The file system says no, above all when there is nothing at that path.
    #[error("{0}")]
    Unreadable(io::Error),
    /// A folder without anything in it, or a file without a byte.
    #[error("it is empty")]
    Empty,
    /// Neither a folder nor a file: a device, a socket.
    #[error("it is neither a folder nor a file")]
    NotAFile,
    /// Something else, and what it looks like if it is known.
    #[error("it holds no folder `resources`{}", .looks_like.map(|what| format!("; it looks like {what}, which is not read")).unwrap_or_default())]
    NotARecording {
        /// Another tool's layout.
        looks_like: Option<&'static str>,
    },
    /// A folder `resources` without a list.
    #[error("its folder `resources` holds no .json, .yaml or .yml file")]
    NoResources,
    /// More than one folder `resources`.
    #[error("it holds several recordings, among them {first:?} and {second:?}")]
    Several {
        /// One of them.
        first: String,
        /// Another.
        second: String,
    },
    /// Packed in a way that is not read.
    #[error("it is {0}; folders, .tar and .tar.gz are read")]
    Packed(&'static str),
    /// An archive that is none, or ends in the middle.
    #[error("it is no archive, or a damaged one: {0}")]
    Damaged(String),
    /// A file whose name must not be used.
    #[error("the name {0:?} leads out of the recording, holds control characters, or is too long")]
    Name(String),
    /// More than is ever read.
    #[error("it is too large: {0}")]
    TooLarge(&'static str),
    /// A file that is no list of objects.
    #[error("{0}")]
    Malformed(DecodeError),
    /// A manifest of our own that cannot be used.
    #[error("it is no manifest of a capture, or a damaged one: {0}")]
    Manifest(String),
    /// A recording of our own in a later format.
    #[error("it is in format {found}, and this program knows formats up to {known}; a newer storage-doctor reads it")]
    Newer {
        /// The format that it says it is in.
        found: u32,
        /// The newest that is read.
        known: u32,
    },
    /// The same resource in two files.
    #[error("the same resource is in {0} too")]
    Twice(String),
    /// A file `captured-at` that holds no time.
    #[error("{0}")]
    NotATime(NotATime),
    /// Nothing says when the recording was made.
    #[error("it has no file `captured-at`, and no object with a time that could stand for it")]
    NoTime,
}

/// A reason, and the file it is about, before it is known what the recording is called.
#[derive(Debug)]
pub(super) struct Fault {
    entry: Option<String>,
    reason: Reason,
}

impl Fault {
    /// The error, about the recording at that path; none for one that was in memory.
    pub(super) fn of(self, path: Option<&Path>) -> RecordingError {
        let shown = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
        let recording = path.map(|path| path.to_string_lossy().chars().map(shown).collect());
        RecordingError { recording, entry: self.entry, reason: self.reason }
    }
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self { entry: None, reason }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Reason::Unreadable(error).into()
    }
}

impl Reason {
    /// The reason, about that file.
    pub(super) fn at(self, entry: &str) -> Fault {
        Fault { entry: Some(entry.to_owned()), reason: self }
    }
}

impl RecordingError {
    fn what(&self) -> String {
        let recording =
            self.recording.as_ref().map_or("the built-in recording".to_owned(), |path| format!("the recording {path}"));
        match &self.entry {
            Some(entry) => format!("{entry} of {recording}"),
            None => recording,
        }
    }

    /// The path of the recording; none for one that was in memory.
    pub fn recording(&self) -> Option<&str> {
        self.recording.as_deref()
    }

    /// The file in the recording, if it is about one.
    pub fn entry(&self) -> Option<&str> {
        self.entry.as_deref()
    }

    /// Why.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }
}
