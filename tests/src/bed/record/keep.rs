//! The captures of scenarios that hold, until it is clear which of them are recorded.

use crate::bed::scenario::spec::Expect;
use crate::bed::trouble::{Attempt, Result};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tempfile::TempDir;

/// Namespace of the scenario, subject and its namespace.
type Of = (String, String, Option<String>);

/// Captures that were proven to say the same as the cluster.
#[derive(Debug)]
pub struct Keep {
    folder: TempDir,
    taken: Mutex<BTreeMap<Of, PathBuf>>,
}

impl Keep {
    /// None as yet.
    pub fn new() -> Result<Self> {
        Ok(Self { folder: tempfile::tempdir().attempt("a temporary folder")?, taken: Mutex::default() })
    }

    /// Keeps a capture.
    pub fn take(&self, namespace: &str, due: &Expect, file: &Path) -> Result<()> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let to = self.folder.path().join(format!("{}.tar.gz", taken.len()));
        std::fs::copy(file, &to).attempt(file.display())?;
        taken.insert(of(namespace, due), to);
        Ok(())
    }

    /// The capture of what was expected in that namespace.
    pub fn of(&self, namespace: &str, due: &Expect) -> Option<PathBuf> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).get(&of(namespace, due)).cloned()
    }
}

fn of(namespace: &str, due: &Expect) -> Of {
    (namespace.to_owned(), due.subject.clone(), due.namespace.clone())
}
