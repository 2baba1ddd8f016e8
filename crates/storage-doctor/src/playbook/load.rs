//! From files to playbooks. Placeholder until the loader is merged.

use super::Playbook;
use crate::problem::{Problem, Problems};
use std::path::Path;

/// Playbooks that were loaded.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The playbooks.
    pub playbooks: Vec<Playbook>,
    /// What is worth mending.
    pub warnings: Vec<Problem>,
}

/// Why a file or folder could not be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}", .0.display())]
pub struct ReadError(std::path::PathBuf);

/// Loads playbooks.
pub fn load(_files: &[(String, String)]) -> Result<Loaded, Problems> {
    Ok(Loaded::default())
}

/// Reads a file or a folder.
pub fn read_path(path: &Path) -> Result<Vec<(String, String)>, ReadError> {
    Err(ReadError(path.to_owned()))
}
