//! Where things lie.

use super::trouble::{Attempt, Result, Trouble};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The longest path of a folder of state. Sockets of drivers lie some 60 bytes deeper, and the path of a Unix
/// socket has 108.
const LONGEST_STATE: usize = 44;

/// The Go module of the bed.
pub fn module() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bed")
}

/// The folder of the scenarios.
pub fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// The folder of the scenarios' recordings.
pub fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings/scenarios")
}

/// The folder of the demo's scenario.
pub fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo")
}

/// The folder of the demo in the program.
pub fn embedded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../kubectl-storage-doctor/demo")
}

/// Where what was built is kept: `$STORAGE_DOCTOR_BED_CACHE`, else `$XDG_CACHE_HOME/storage-doctor/bed`, else
/// `~/.cache/storage-doctor/bed`.
pub fn cache() -> Result<PathBuf> {
    cache_in(&|name| std::env::var_os(name))
}

fn cache_in(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<PathBuf> {
    let given = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(own) = given("STORAGE_DOCTOR_BED_CACHE") {
        return Ok(own);
    }
    let cache = given("XDG_CACHE_HOME").or_else(|| given("HOME").map(|home| home.join(".cache")));
    let cache = cache.attempt("there is no HOME to keep a cache in: set STORAGE_DOCTOR_BED_CACHE")?;
    Ok(cache.join("storage-doctor/bed"))
}

/// Where a cluster keeps its state: `$STORAGE_DOCTOR_BED_STATE`, else a folder of that name in `/tmp`.
pub fn state(name: &str) -> Result<PathBuf> {
    let own = std::env::var_os("STORAGE_DOCTOR_BED_STATE").filter(|value| !value.is_empty());
    let folder = own.map_or_else(|| Path::new("/tmp").join(name), PathBuf::from);
    check_state(&folder)?;
    Ok(folder)
}

fn check_state(folder: &Path) -> Result<()> {
    let path = folder.as_os_str();
    if !folder.is_absolute() || path.len() > LONGEST_STATE || folder.file_name().is_none() {
        return Err(Trouble::new(format!(
            "{}: the folder of a cluster's state needs an absolute path of at most {LONGEST_STATE} bytes, since sockets lie in it",
            folder.display()
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_follows_the_environment() {
        let all = |name: &str| Some(OsString::from(format!("/{name}")));
        assert_eq!(cache_in(&all).unwrap(), Path::new("/STORAGE_DOCTOR_BED_CACHE"));
        let xdg = |name: &str| (name != "STORAGE_DOCTOR_BED_CACHE").then(|| OsString::from("/xdg"));
        assert_eq!(cache_in(&xdg).unwrap(), Path::new("/xdg/storage-doctor/bed"));
        let home = |name: &str| (name == "HOME").then(|| OsString::from("/home"));
        assert_eq!(cache_in(&home).unwrap(), Path::new("/home/.cache/storage-doctor/bed"));
        let empty = |_: &str| Some(OsString::new());
        assert!(cache_in(&empty).unwrap_err().to_string().contains("STORAGE_DOCTOR_BED_CACHE"));
    }

    #[test]
    fn a_socket_has_to_fit() {
        assert_eq!(check_state(Path::new("/tmp/bed")), Ok(()));
        for bad in ["bed", "/", &format!("/{}", "x".repeat(LONGEST_STATE))] {
            assert!(check_state(Path::new(bad)).unwrap_err().to_string().contains("absolute path"), "{bad}");
        }
    }
}
