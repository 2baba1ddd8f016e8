//! The files of a recording, wherever they are.

use super::name::Use;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;

const MIB: u64 = 1024 * 1024;
/// All that is unpacked of an archive, or read of a folder.
pub(super) const MAX_TOTAL: u64 = 512 * MIB;
/// One list.
pub(super) const MAX_RESOURCE: u64 = 256 * MIB;
/// What our own recordings say of themselves: some hundred bytes a question.
const MAX_MANIFEST: u64 = 64 * MIB;
/// The newest part of one log.
pub(super) const MAX_LOG: u64 = 4 * MIB;
/// What one kubelet measured: a node of 250 pods has some 2 MiB.
const MAX_STATS: u64 = 16 * MIB;
/// Enough for a time and whatever an editor adds.
const MAX_TIME: u64 = 1024;
/// Files and folders.
pub(super) const MAX_ENTRIES: usize = 100_000;
/// How much is read at once.
const CHUNK: usize = 64 * 1024;

/// The files by their path from the folder that holds `resources/`.
pub(super) type Files = BTreeMap<String, (Use, Content)>;

/// What a file holds.
#[derive(Debug)]
pub(super) enum Content {
    /// It, from an archive.
    Bytes(Vec<u8>),
    /// Where it is.
    File(PathBuf),
}

/// How much of a file is read, and which part.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// All; none when it is longer.
    AtMost(u64),
    /// What is at its end.
    Last(u64),
}

impl Use {
    /// How much is read of such a file.
    pub(super) fn part(self) -> Part {
        match self {
            Self::CapturedAt => Part::AtMost(MAX_TIME),
            Self::Manifest => Part::AtMost(MAX_MANIFEST),
            Self::Resource => Part::AtMost(MAX_RESOURCE),
            Self::Stats => Part::AtMost(MAX_STATS),
            Self::Log => Part::Last(MAX_LOG),
        }
    }
}

impl Content {
    /// The bytes of the file, which is not where it was if it has become a link or a device since.
    #[allow(clippy::disallowed_methods, reason = "a source of recordings reads files")]
    pub(super) fn read(self, part: Part) -> io::Result<Option<Vec<u8>>> {
        match self {
            Self::Bytes(bytes) => Ok(Some(bytes)),
            Self::File(path) => read_file(&mut File::open(path)?, part),
        }
    }

    /// As [`Self::read`], leaving the file as it is.
    #[allow(clippy::disallowed_methods, reason = "a source of recordings reads files")]
    pub(super) fn look(&self, part: Part) -> io::Result<Option<Vec<u8>>> {
        match self {
            Self::Bytes(bytes) => Ok(Some(bytes.clone())),
            Self::File(path) => read_file(&mut File::open(path)?, part),
        }
    }
}

fn read_file(file: &mut File, part: Part) -> io::Result<Option<Vec<u8>>> {
    if let Part::Last(max) = part {
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(max)))?;
    }
    read(file, part)
}

/// Reads a part of what is left; none when it is longer than it may be. Memory is bounded by the part,
/// not by what comes.
pub(super) fn read(from: &mut impl Read, part: Part) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    match part {
        Part::AtMost(max) => {
            from.take(max + 1).read_to_end(&mut bytes)?;
            Ok((bytes.len() as u64 <= max).then_some(bytes))
        }
        Part::Last(max) => {
            let max = usize::try_from(max).unwrap_or(usize::MAX);
            while from.take(CHUNK as u64).read_to_end(&mut bytes)? > 0 {
                if bytes.len() >= max.saturating_mul(2) {
                    bytes.drain(..bytes.len() - max);
                }
            }
            bytes.drain(..bytes.len().saturating_sub(max));
            Ok(Some(bytes))
        }
    }
}
