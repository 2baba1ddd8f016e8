//! What was built, by the hash of what it was built from.

use crate::bed::host;
use crate::bed::lock;
use crate::bed::trouble::{Attempt, Result};
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// In the name of a folder that is not whole yet.
const PARTIAL: &str = ".partial";

/// How long an entry is kept that nobody uses.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);

/// A folder of finished builds.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
}

/// Something to be in the cache.
#[derive(Debug)]
pub struct Entry {
    name: String,
}

impl Entry {
    /// Named after its kind and the hash of what it is made of: some words, and files with their paths.
    pub fn new(kind: &str, words: &[&[u8]], files: &[(String, Vec<u8>)]) -> Self {
        let mut hash = ring::digest::Context::new(&ring::digest::SHA256);
        let named = files.iter().flat_map(|(path, content)| [path.as_bytes(), content.as_slice()]);
        for part in words.iter().copied().chain(named) {
            // With its length, or two lists of parts could read the same.
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut name = format!("{kind}-");
        for byte in hash.finish().as_ref().iter().take(8) {
            let _ = write!(name, "{byte:02x}");
        }
        Self { name }
    }
}

impl Cache {
    /// The cache in that folder, which is made if need be.
    pub fn open(folder: PathBuf) -> Result<Self> {
        std::fs::create_dir_all(&folder).attempt(format!("the cache {} cannot be made", folder.display()))?;
        Ok(Self { folder })
    }

    /// The folder of an entry, which `build` fills unless it is there already. What is not whole is never
    /// taken for the entry: it is built under another name, and renamed at the end.
    pub fn ensure(&self, entry: &Entry, gigabytes: u64, build: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
        let folder = self.folder.join(&entry.name);
        if folder.is_dir() {
            used(&folder);
            return Ok(folder);
        }
        let _lock = lock::wait(&self.folder.join("build"), "another build is running, waiting for it")?;
        if folder.is_dir() {
            return Ok(folder);
        }
        host::need_space(&self.folder, gigabytes, "building the test bed")?;
        let partial = self.folder.join(format!("{}{PARTIAL}", entry.name));
        remove(&partial)?;
        std::fs::create_dir_all(&partial).attempt(partial.display())?;
        let done = build(&partial).and_then(|()| std::fs::rename(&partial, &folder).attempt(folder.display()));
        if done.is_err() {
            remove(&partial)?;
        }
        done.map(|()| folder)
    }

    /// Removes every other entry that nobody used for a day, and what was left half built. Who works on two
    /// versions at once would build each anew all the time otherwise.
    pub fn keep_only(&self, keep: &[&Path]) -> Result<()> {
        let Ok(_lock) = lock::take(&self.folder.join("build"), "another build is running") else {
            return Ok(());
        };
        for entry in std::fs::read_dir(&self.folder).attempt(self.folder.display())? {
            let path = entry.attempt(self.folder.display())?.path();
            if path.is_dir() && !keep.contains(&path.as_path()) && is_old(&path) {
                remove(&path)?;
            }
        }
        Ok(())
    }
}

/// Notes that an entry was used now; that it cannot be noted makes it older than it is, and nothing worse.
fn used(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.set_modified(SystemTime::now()));
}

fn is_old(folder: &Path) -> bool {
    let is_partial = folder.to_string_lossy().ends_with(PARTIAL);
    let used = folder.metadata().and_then(|meta| meta.modified()).ok();
    is_partial || used.and_then(|used| used.elapsed().ok()).is_none_or(|age| age > OLD)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() { std::fs::remove_dir_all(folder).attempt(folder.display()) } else { Ok(()) }
}

/// The files that pin what is built.
pub fn pins(module: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let read = |name: &str| Ok((name.to_owned(), std::fs::read(module.join(name)).attempt(name)?));
    ["go.mod", "go.sum"].into_iter().map(read).collect()
}

/// Every Go file of the module, by path, in order.
pub fn sources(module: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut sources = Vec::new();
    let mut folders = vec![module.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).attempt(folder.display())? {
            let path = entry.attempt(folder.display())?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "go") {
                let name = path.strip_prefix(module).unwrap_or(&path).to_string_lossy().into_owned();
                if !name.ends_with("_test.go") {
                    sources.push((name, std::fs::read(&path).attempt(path.display())?));
                }
            }
        }
    }
    sources.sort();
    Ok(sources)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bed::Trouble;

    fn entry(word: &str) -> Entry {
        Entry::new("own", &[word.as_bytes()], &[])
    }

    #[test]
    fn what_was_built_is_built_once() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path().join("cache")).unwrap();
        let built = cache.ensure(&entry("a"), 0, |to| std::fs::write(to.join("x"), "1").attempt("x")).unwrap();
        let again = cache.ensure(&entry("a"), 0, |_| Err(Trouble::new("built twice"))).unwrap();
        assert_eq!((built.clone(), std::fs::read_to_string(built.join("x")).unwrap()), (again, "1".to_owned()));
    }

    #[test]
    fn a_half_built_cache_is_built_anew() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path().to_owned()).unwrap();
        // As a killed build leaves it.
        let partial = folder.path().join(format!("{}{PARTIAL}", entry("a").name));
        std::fs::create_dir(&partial).unwrap();
        std::fs::write(partial.join("half"), "").unwrap();
        let failed = cache.ensure(&entry("a"), 0, |_| Err(Trouble::new("no network")));
        assert_eq!(failed.unwrap_err().to_string(), "no network");
        assert!(!partial.exists(), "a failed build leaves nothing");
        let built = cache.ensure(&entry("a"), 0, |to| std::fs::write(to.join("x"), "").attempt("x")).unwrap();
        assert!(built.join("x").is_file() && !built.join("half").exists());
    }

    #[test]
    fn old_entries_go() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path().to_owned()).unwrap();
        let old = cache.ensure(&entry("a"), 0, |_| Ok(())).unwrap();
        let new = cache.ensure(&entry("b"), 0, |_| Ok(())).unwrap();
        let partial = folder.path().join(format!("c{PARTIAL}"));
        std::fs::create_dir(&partial).unwrap();
        cache.keep_only(&[&new]).unwrap();
        assert!(new.is_dir() && old.is_dir() && !partial.exists());
        let long_ago = SystemTime::now() - OLD - Duration::from_secs(1);
        for entry in [&old, &new] {
            File::open(entry).unwrap().set_modified(long_ago).unwrap();
        }
        cache.keep_only(&[&new]).unwrap();
        assert!(new.is_dir() && !old.exists());
        cache.ensure(&entry("b"), 0, |_| Ok(())).unwrap();
        cache.keep_only(&[]).unwrap();
        assert!(new.is_dir(), "it was used just now");
    }

    #[test]
    fn too_little_disk_stops_before_the_build() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path().to_owned()).unwrap();
        let error = cache.ensure(&entry("a"), 1 << 32, |_| panic!("built")).unwrap_err().to_string();
        assert!(error.contains("building the test bed needs"), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "only the lock");
    }

    #[test]
    fn a_change_of_any_part_is_another_entry() {
        let file = |name: &str, text: &str| vec![(name.to_owned(), text.as_bytes().to_owned())];
        let names = [
            Entry::new("own", &[b"ab", b"c"], &[]).name,
            Entry::new("own", &[b"a", b"bc"], &[]).name,
            Entry::new("own", &[], &file("go.mod", "1")).name,
            Entry::new("own", &[], &file("go.sum", "1")).name,
            Entry::new("own", &[], &file("go.mod", "2")).name,
        ];
        let mut unique = names.to_vec();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), names.len(), "{names:?}");
    }
}
