//! What a cluster writes down of itself, so that the next run can take it down.

use super::host;
use super::trouble::{Attempt, Result, Trouble};
use serde::{Deserialize, Serialize};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The file in the folder of state that says whose it is.
const FILE: &str = "storage-doctor-bed.json";

/// The variable that all processes of a cluster have, with the folder of its state.
pub const MARK: &str = "STORAGE_DOCTOR_BED_IS";

/// The names of the nodes, and their addresses.
pub const NODES: [(&str, &str); 2] = [("node-a", "10.250.0.1"), ("node-b", "10.250.0.2")];

/// A process that cannot be mistaken for a later one with the same number.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub id: u32,
    /// When it began, in ticks since the machine did.
    pub began: u64,
}

impl Process {
    /// The process of that number, while it runs.
    pub fn of(id: u32) -> Option<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // Its name, in parentheses, may hold anything.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
        let runs = !matches!(fields.next()?, "Z" | "X");
        let began = fields.nth(18)?.parse().ok()?;
        runs.then_some(Self { id, began })
    }

    /// Whether it still runs.
    pub fn runs(self) -> bool {
        Self::of(self.id) == Some(self)
    }
}

/// What is written down.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Written {
    /// The process that holds the namespaces.
    #[serde(default)]
    pub holder: Option<Process>,
}

/// The folder of a cluster.
#[derive(Clone, Debug)]
pub struct State {
    folder: PathBuf,
}

impl State {
    /// The cluster in that folder, whether it is there or not.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A path in it, as text.
    pub fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    /// The name of the control group of its containers.
    pub fn group(&self) -> String {
        let folder = self.folder.to_string_lossy();
        format!("storage-doctor-bed{}", folder.replace(|c: char| !c.is_ascii_alphanumeric(), "-"))
    }

    /// Makes the folder; only its owner may change what is in it.
    pub fn create(&self) -> Result<()> {
        host::need_space(&self.folder, 3, "a cluster")?;
        std::fs::create_dir_all(&self.folder).attempt(self.folder.display())?;
        let mine = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&self.folder, mine).attempt(self.folder.display())?;
        self.write(&Written::default())
    }

    /// What was written down; nothing if there is no cluster. A folder that is not ours is an error.
    pub fn read(&self) -> Result<Option<Written>> {
        let Ok(there) = std::fs::symlink_metadata(&self.folder) else { return Ok(None) };
        let mut entries = std::fs::read_dir(&self.folder).attempt(self.folder.display())?;
        if there.is_dir() && there.uid() == rustix::process::geteuid().as_raw() {
            if let Ok(text) = std::fs::read_to_string(self.path(FILE)) {
                // Whoever was killed while writing had not started anything yet.
                return Ok(Some(serde_json::from_str(&text).unwrap_or_default()));
            }
            if entries.next().is_none() {
                return Ok(Some(Written::default()));
            }
        }
        Err(Trouble::new(format!(
            "{} is there and not a folder of the test bed: move it away, or set STORAGE_DOCTOR_BED_STATE to another",
            self.folder.display()
        )))
    }

    /// Writes it down.
    pub fn write(&self, written: &Written) -> Result<()> {
        let text = serde_json::to_string(written).attempt(FILE)?;
        let new = self.path("new.json");
        std::fs::write(&new, text).attempt(new.display())?;
        std::fs::rename(&new, self.path(FILE)).attempt(FILE)
    }

    /// Whether the cluster's namespaces are held.
    pub fn is_up(&self) -> Result<bool> {
        Ok(self.read()?.and_then(|written| written.holder).is_some_and(Process::runs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_elses_folder_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("thesis.tex"), "").unwrap();
        let error = State::at(folder.path().to_owned()).read().unwrap_err().to_string();
        assert!(error.contains("not a folder of the test bed"), "{error}");
        assert!(folder.path().join("thesis.tex").exists());
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::at(folder.path().join("bed"));
        assert!(state.read().unwrap().is_none());
        state.create().unwrap();
        assert!(!state.is_up().unwrap());
        state.write(&Written { holder: Process::of(std::process::id()) }).unwrap();
        assert!(state.is_up().unwrap());
        std::fs::write(state.path(FILE), "{\"hol").unwrap();
        assert!(!state.is_up().unwrap(), "half a file is no holder");
    }

    #[test]
    fn a_number_that_was_used_again_is_another_process() {
        let this = Process::of(std::process::id()).unwrap();
        assert!(this.runs() && !Process { began: this.began + 1, ..this }.runs());
        assert_eq!(Process::of(u32::MAX), None);
    }
}
