//! The files of a capture, read and written again so that the same files give the same bytes.

use crate::bed::trouble::{Attempt, Result, Trouble};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Texts by their paths below the folder of the capture.
pub type Files = BTreeMap<String, String>;

/// The file that says when it was taken.
const TIME: &str = "captured-at";

/// Reads a capture.
pub fn read(path: &Path) -> Result<Files> {
    let file = File::open(path).attempt(path.display())?;
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    let mut files = Files::new();
    for entry in archive.entries().attempt(path.display())? {
        let mut entry = entry.attempt(path.display())?;
        let name = entry.path().attempt(path.display())?.to_string_lossy().into_owned();
        let (_, below) = name.split_once('/').attempt(format!("{name} lies in no folder"))?;
        let mut text = String::new();
        entry.read_to_string(&mut text).attempt(&name)?;
        if files.insert(below.to_owned(), text).is_some() {
            return Err(Trouble::new(format!("{name} is there twice")));
        }
    }
    Ok(files)
}

/// Writes a capture: sorted, of nobody, at no time.
pub fn write(files: &Files, folder: &str, path: &Path) -> Result<()> {
    let file = File::create(path).attempt(path.display())?;
    let mut archive = tar::Builder::new(GzEncoder::new(file, Compression::best()));
    for (name, text) in files {
        let mut header = tar::Header::new_ustar();
        header.set_mode(0o644);
        header.set_size(text.len() as u64);
        archive.append_data(&mut header, format!("{folder}/{name}"), text.as_bytes()).attempt(name)?;
    }
    let gzip = archive.into_inner().attempt(path.display())?;
    gzip.finish().map(drop).attempt(path.display())
}

/// Whether a file holds objects, or tells what there is.
pub fn is_json(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "json")
}

/// When it was taken.
pub fn captured_at(files: &Files) -> Result<String> {
    files.get(TIME).map(|time| time.trim().to_owned()).attempt("a capture without a time")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_give_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two] = ["one.tar.gz", "two.tar.gz"].map(|name| folder.path().join(name));
        let files: Files = [("captured-at", "2026-11-25T20:06:05Z\n"), ("resources/pods.json", "{}")]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into();
        write(&files, "a", &one).unwrap();
        write(&read(&one).unwrap(), "a", &two).unwrap();
        assert_eq!(std::fs::read(&one).unwrap(), std::fs::read(&two).unwrap());
        assert_eq!(read(&two).unwrap(), files);
        assert_eq!(captured_at(&files).unwrap(), "2026-11-25T20:06:05Z");
    }
}
