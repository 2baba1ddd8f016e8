//! What the machine has.

use super::command;
use super::trouble::{Attempt, Result, Trouble};
use std::path::{Path, PathBuf};

/// Bytes in a gigabyte, as disks count.
const GIGABYTE: u64 = 1_000_000_000;

/// Whether this is Linux.
pub fn is_linux() -> bool {
    cfg!(target_os = "linux")
}

/// Whether we may make namespaces, mounts and loop devices.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A program on the path, or where administrators' programs are.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/sbin", "/usr/bin"].map(PathBuf::from));
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The version of Go, as it says itself.
pub fn go() -> Result<String> {
    let go = program("go").attempt("Go is not installed, and the test bed's Kubernetes is built from source")?;
    Ok(command::output(&mut command::command(go, ["version"]))?.trim().to_owned())
}

/// Refuses to go on when the filesystem of a folder has less room than is needed.
pub fn need_space(folder: &Path, gigabytes: u64, what_for: &str) -> Result<()> {
    need(free(folder)?, folder, gigabytes, what_for)
}

/// What is free for us where a folder is, or will be, in bytes.
fn free(folder: &Path) -> Result<u64> {
    let there = folder.ancestors().find(|folder| folder.exists()).attempt("no such folder")?;
    let stat = rustix::fs::statvfs(there).attempt(format!("{}", there.display()))?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

fn need(free: u64, folder: &Path, gigabytes: u64, what_for: &str) -> Result<()> {
    if free >= gigabytes.saturating_mul(GIGABYTE) {
        return Ok(());
    }
    let (whole, tenth) = (free / GIGABYTE, free % GIGABYTE / (GIGABYTE / 10));
    Err(Trouble::new(format!("{}: {whole}.{tenth} GB free, but {what_for} needs {gigabytes} GB", folder.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_disk_is_an_error_that_says_how_much() {
        let error = need(2_540_000_000, Path::new("/cache"), 8, "a build").unwrap_err().to_string();
        assert_eq!(error, "/cache: 2.5 GB free, but a build needs 8 GB");
        assert_eq!(need(8 * GIGABYTE, Path::new("/cache"), 8, "a build"), Ok(()));
        assert!(need_space(Path::new("/"), u64::MAX / GIGABYTE, "everything").is_err());
    }

    #[test]
    fn a_folder_that_is_yet_to_be_made_counts_as_its_parent() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free(&folder.path().join("a/b/c")).unwrap() > 0);
    }

    #[test]
    fn programs_are_found_by_name() {
        assert!(program("sh").is_some());
        assert_eq!(program("storage-doctor-no-such-program"), None);
    }
}
