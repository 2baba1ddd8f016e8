//! One at a time.

use super::trouble::{Attempt, Result, Trouble};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// A lock that is held; the system lets it go with the process, however that ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the lock of a folder; `busy` says what to do when somebody else holds it.
pub fn take(folder: &Path, busy: &str) -> Result<Lock> {
    let file = open(folder)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(Trouble::new(format!("{} is in use: {busy}", folder.display()))),
        Err(TryLockError::Error(error)) => Err(error).attempt(path(folder).display()),
    }
}

/// Takes the lock of a folder as soon as whoever holds it lets it go; says so when that is not at once.
pub fn wait(folder: &Path, busy: &str) -> Result<Lock> {
    if let Ok(lock) = take(folder, busy) {
        return Ok(lock);
    }
    eprintln!("bed: {busy}");
    let file = open(folder)?;
    file.lock().attempt(path(folder).display())?;
    Ok(Lock { _file: file })
}

fn open(folder: &Path) -> Result<File> {
    let path = path(folder);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).attempt(parent.display())?;
    }
    OpenOptions::new().create(true).truncate(false).write(true).open(&path).attempt(path.display())
}

/// Beside the folder, so that the folder can be removed while it is locked.
fn path(folder: &Path) -> PathBuf {
    let mut path = folder.as_os_str().to_owned();
    path.push(".lock");
    path.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_cannot_hold_it() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("bed");
        let held = take(&state, "first").unwrap();
        let error = take(&state, "wait for the other").unwrap_err().to_string();
        assert!(error.ends_with("bed is in use: wait for the other"), "{error}");
        drop(held);
        take(&state, "second").unwrap();
    }
}
