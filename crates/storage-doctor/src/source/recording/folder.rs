//! Recordings in a folder.

use super::error::{Fault, Reason};
use super::files::{Content, Files, MAX_ENTRIES};
use super::manifest;
use super::name::{Layout, parts, wanted};
use std::path::{Path, PathBuf};

/// How many folders may lie around the recording.
const MAX_ABOVE: usize = 8;
/// `logs/<namespace>/<pod>/<container>.log`
const MAX_DEPTH: usize = 4;

/// Finds the files of the recording; logs and statistics stay unread.
pub(super) fn read(path: &Path) -> Result<Files, Fault> {
    let root = root(path)?;
    let mut walk = Walk { files: Files::new(), count: 0 };
    for name in [manifest::FILE, "captured-at", "resources", "objects", "parts", "logs", "nodes"] {
        walk.visit(&root.join(name), name, 1)?;
    }
    Ok(walk.files)
}

/// The folder that holds `resources/`: this one, or the only one in it, and so on.
fn root(path: &Path) -> Result<PathBuf, Fault> {
    let mut layout = Layout::default();
    let mut at = path.to_owned();
    for _ in 0..=MAX_ABOVE {
        let (mut folders, mut ours) = (Vec::new(), false);
        for (name, path) in entries(&at, MAX_ENTRIES)? {
            layout.see(&[&name]);
            ours |= name == manifest::FILE;
            if is_folder(&path) {
                folders.push((name, path));
            }
        }
        if ours || folders.iter().any(|(name, _)| name == "resources") {
            return Ok(at);
        }
        folders.retain(|(name, _)| !name.starts_with('.'));
        match <[_; 1]>::try_from(folders) {
            Ok([(_, only)]) => at = only,
            Err(folders) => {
                for (_, path) in folders {
                    entries(&path, MAX_ENTRIES)?.iter().for_each(|(name, _)| layout.see(&[name]));
                }
                break;
            }
        }
    }
    Err(layout.not_a_recording().into())
}

/// The names in a folder, in order, and their paths.
#[allow(clippy::disallowed_methods, reason = "a source of recordings reads files")]
fn entries(folder: &Path, most: usize) -> Result<Vec<(String, PathBuf)>, Fault> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        if names.len() >= most {
            return Err(Reason::TooLarge("more than 100,000 files").into());
        }
        let entry = entry?;
        names.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    names.sort();
    Ok(names)
}

/// Whether it is a folder itself, not a link to one.
fn is_folder(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

struct Walk {
    files: Files,
    count: usize,
}

impl Walk {
    /// Takes in a file that is wanted, or what is in a folder. Links and devices are passed by.
    fn visit(&mut self, path: &Path, name: &str, depth: usize) -> Result<(), Fault> {
        let Ok(found) = std::fs::symlink_metadata(path) else { return Ok(()) };
        if found.is_file() {
            let parts = parts(name)?;
            if let Some((what, 0)) = wanted(&parts) {
                self.files.insert(name.to_owned(), (what, Content::File(path.to_owned())));
            }
        } else if found.is_dir() && depth < MAX_DEPTH {
            for (child, path) in entries(path, MAX_ENTRIES - self.count)? {
                self.count += 1;
                self.visit(&path, &format!("{name}/{child}"), depth + 1)?;
            }
        }
        Ok(())
    }
}
