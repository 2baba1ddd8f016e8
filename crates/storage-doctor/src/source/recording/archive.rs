//! Recordings packed as `.tar` or `.tar.gz`, read as a stream and never unpacked to disk.

use super::error::{Fault, Reason};
use super::files::{Content, Files, MAX_ENTRIES, MAX_TOTAL, read as read_part};
use super::manifest;
use super::name::{Layout, parts, wanted};
use flate2::read::MultiGzDecoder;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// How each way of packing begins.
const KINDS: [(&[u8], &str); 5] = [
    (b"PK\x03\x04", "a zip archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
];
const GZIP: &[u8] = b"\x1f\x8b";
/// A tar ends with two blocks of zeros; one of them is enough to tell that it was not cut between files.
const BLOCK: usize = 512;

/// Reads the archive at that path.
#[allow(clippy::disallowed_methods, reason = "a source of recordings reads files")]
pub(super) fn open(path: &Path) -> Result<Files, Fault> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(Reason::NotAFile.into());
    }
    read(BufReader::new(File::open(path)?))
}

/// Reads an archive.
pub(super) fn read(mut input: impl Read) -> Result<Files, Fault> {
    let mut head = Vec::new();
    input.by_ref().take(8).read_to_end(&mut head)?;
    if head.is_empty() {
        return Err(Reason::Empty.into());
    }
    if let Some((_, what)) = KINDS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(Reason::Packed(what).into());
    }
    let is_gzip = head.starts_with(GZIP);
    let whole = io::Cursor::new(head).chain(input);
    if is_gzip { unpack(MultiGzDecoder::new(whole)) } else { unpack(whole) }
}

fn unpack(input: impl Read) -> Result<Files, Fault> {
    let left = Cell::new(MAX_TOTAL);
    let zeros = Cell::new(0);
    let mut archive = tar::Archive::new(Limited { input, left: &left, zeros: &zeros });
    let fault = |error: &io::Error| match left.get() {
        0 => Fault::from(Reason::TooLarge("more than 512 MiB unpacked")),
        _ => Reason::Damaged(error.to_string().chars().take(200).collect()).into(),
    };
    let mut all = Packed::default();
    let mut count = 0;
    for entry in archive.entries().map_err(|e| fault(&e))? {
        count += 1;
        if count > MAX_ENTRIES {
            return Err(Reason::TooLarge("more than 100,000 files").into());
        }
        let mut entry = entry.map_err(|e| fault(&e))?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let parts = parts(&path)?;
        all.layout.see(&parts);
        // Links, devices, and sparse files, which hold more than is stored, are not read.
        let is_file = matches!(entry.header().entry_type(), tar::EntryType::Regular | tar::EntryType::Continuous);
        let Some((what, above)) = wanted(&parts).filter(|_| is_file) else { continue };
        let before = left.get();
        let content = read_part(&mut entry, what.part()).map_err(|e| fault(&e))?;
        let content =
            content.ok_or_else(|| Reason::TooLarge("more than is read of such a file").at(&parts.join("/")))?;
        let is_cut = before - left.get() < entry.size();
        if is_cut {
            return Err(Reason::Damaged("it ends in the middle of a file".to_owned()).at(&parts.join("/")));
        }
        let (root, name) = parts.split_at_checked(above).unwrap_or_default();
        all.files.entry(root.join("/")).or_default().insert(name.join("/"), (what, Content::Bytes(content)));
    }
    // To the end, where gzip has its checksum.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(|e| fault(&e))?;
    if zeros.get() < BLOCK {
        return Err(Reason::Damaged("it ends in the middle".to_owned()).into());
    }
    all.recording()
}

/// What was found, by the folder above it.
#[derive(Default)]
struct Packed {
    files: BTreeMap<String, Files>,
    layout: Layout,
}

impl Packed {
    /// The files below the topmost folder that holds `resources/` or a manifest.
    fn recording(mut self) -> Result<Files, Fault> {
        let depth = |root: &str| root.split('/').filter(|part| !part.is_empty()).count();
        let holds = |files: &Files| files.keys().any(|name| name.starts_with("resources/") || name == manifest::FILE);
        let roots: BTreeSet<(usize, String)> =
            self.files.iter().filter(|(_, files)| holds(files)).map(|(root, _)| (depth(root), root.clone())).collect();
        let mut roots = roots.into_iter();
        let Some((top, root)) = roots.next() else { return Err(self.layout.not_a_recording().into()) };
        match roots.next() {
            Some((next, other)) if next == top => Err(Reason::Several { first: root, second: other }.into()),
            _ => Ok(self.files.remove(&root).unwrap_or_default()),
        }
    }
}

/// Reads no more than is left, and remembers how many zeros came last.
struct Limited<'a, R> {
    input: R,
    left: &'a Cell<u64>,
    zeros: &'a Cell<usize>,
}

impl<R: Read> Read for Limited<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let left = self.left.get().checked_sub(count as u64).filter(|left| *left > 0);
        self.left.set(left.unwrap_or(0));
        if left.is_none() {
            return Err(io::Error::other("too large"));
        }
        let came = buffer.get(..count).unwrap_or_default();
        let zeros = came.iter().rev().take(BLOCK).take_while(|byte| **byte == 0).count();
        self.zeros.set(if zeros == count { self.zeros.get().saturating_add(zeros) } else { zeros });
        Ok(count)
    }
}
