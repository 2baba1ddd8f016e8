//! From files to playbooks. All that is wrong in any of them comes at once.

use super::compile::Shared;
use super::mend::{self, Mended};
use super::model::Playbook;
use super::raw::{RawLibrary, RawPlaybook};
use super::raw_words::RawTranslation;
use super::shape::{self, FileKind};
use super::sink::Sink;
use super::yaml;
use super::{translation, validate};
use crate::problem::{Problem, Problems};
use crate::span::{SourceFile, Span};
use serde::de::DeserializeOwned;
use serde_saphyr::{MergeKeyPolicy, Options};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The most files of a folder, and the most documents loaded together.
const MAX_FILES: usize = 1000;

/// Playbooks that were loaded.
#[derive(Debug)]
pub struct Loaded {
    /// The playbooks, in order of the files.
    pub playbooks: Vec<Playbook>,
    /// What is worth mending and kept nothing from being loaded.
    pub warnings: Vec<Problem>,
}

/// A file that is well-formed.
pub(super) enum Document {
    /// A playbook.
    Playbook(Box<RawPlaybook>),
    /// A library.
    Library(Box<RawLibrary>),
    /// The texts of a playbook in another language.
    Translation(Box<RawTranslation>),
}

impl Document {
    /// Its name; a translation's with its language.
    pub(super) fn full_name(&self) -> String {
        match self {
            Self::Playbook(raw) => raw.name.value().clone(),
            Self::Library(raw) => raw.name.value().clone(),
            Self::Translation(raw) => format!("{}.{}", raw.name.value(), raw.language.value()),
        }
    }
}

/// Loads playbooks and libraries from texts, each with the name of its file. Libraries may come in any
/// order. Either all playbooks are good, or every problem of every file is returned.
pub fn load(files: &[(String, String)]) -> Result<Loaded, Problems> {
    let Loading { shared, playbooks, .. } = documents(files);
    let errors = shared.sink.errors();
    let problems = Problems::new(shared.sink.into_problems());
    match problems {
        Some(problems) if errors > 0 => Err(problems),
        problems => Ok(Loaded { playbooks, warnings: problems.map(Problems::into_vec).unwrap_or_default() }),
    }
}

/// Files on the way to being loaded.
pub(super) struct Loading {
    /// Those that are well-formed.
    pub(super) documents: Vec<(Arc<SourceFile>, Arc<Document>)>,
    /// The names of those that are not.
    pub(super) unread: Vec<String>,
    /// What is wrong with any of them.
    pub(super) shared: Shared,
    /// What came of those that are right.
    pub(super) playbooks: Vec<Playbook>,
}

/// Reads and validates files.
pub(super) fn documents(files: &[(String, String)]) -> Loading {
    let mut shared = Shared::default();
    let mut documents = Vec::new();
    let mut unread = Vec::new();
    for (name, text) in files {
        let file = SourceFile::new(name.as_str(), text.as_str());
        match read(&file, &mut shared.sink) {
            Some(document) => documents.push((file, Arc::new(document))),
            None => unread.push(stem(file.name()).to_owned()),
        }
    }
    let mut playbooks = validate::validate(&documents, &unread, &mut shared);
    for (file, document) in &documents {
        if let Document::Translation(raw) = &**document
            && (shared.sink.errors() == 0 || playbooks.iter().any(|p| p.name == *raw.name.value()))
        {
            shared.begin();
            translation::add(file, raw, &mut playbooks, &mut shared);
        }
    }
    Loading { documents, unread, shared, playbooks }
}

/// The name that the document of a file has to have.
pub(super) fn stem(file_name: &str) -> &str {
    Path::new(file_name).file_stem().and_then(|s| s.to_str()).unwrap_or(file_name)
}

/// The document of a file; nothing when its structure is not right, with all that is wrong in `sink`.
pub(super) fn read(file: &Arc<SourceFile>, sink: &mut Sink) -> Option<Document> {
    let before = sink.errors();
    let root = yaml::parse(file, sink)?;
    let kind = shape::check(file, &root, sink)?;
    if sink.errors() > before {
        return None;
    }
    match kind {
        FileKind::Playbook => typed(file, sink).map(Box::new).map(Document::Playbook),
        FileKind::Library => typed(file, sink).map(Box::new).map(Document::Library),
        FileKind::Translation => typed(file, sink).map(Box::new).map(Document::Translation),
    }
}

/// The text of a file without what is wrong with its structure; nothing when that is sound, or past mending.
pub(super) fn mend(file: &Arc<SourceFile>) -> Option<Mended> {
    let mut sink = Sink::default();
    let root = yaml::parse(file, &mut sink)?;
    shape::check(file, &root, &mut sink)?;
    let problems = sink.into_problems();
    let mendable = !problems.is_empty() && problems.iter().all(|problem| !problem.code.starts_with("too-many"));
    mendable.then(|| mend::mend(file, &root, &problems)).flatten()
}

/// The document as a type. The structure has been checked, so this finds nothing new; if it does all the
/// same, that is a problem like any other.
pub(super) fn typed<T: DeserializeOwned>(file: &Arc<SourceFile>, sink: &mut Sink) -> Option<T> {
    let mut options = Options::default();
    options.strict_booleans = true;
    options.with_snippet = false;
    options.merge_keys = MergeKeyPolicy::AsOrdinary;
    match serde_saphyr::from_str_with_options(file.text(), options) {
        Ok(document) => Some(document),
        Err(error) => {
            let start = error.location().and_then(|l| l.span().byte_offset()).unwrap_or_default();
            let start = usize::try_from(start).unwrap_or_default();
            sink.push(Problem::error("yaml-structure", file, Span::new(start, start + 1), &error.to_string()));
            None
        }
    }
}

/// Why a file or folder of playbooks could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The system refused.
    #[error("cannot read {}", path.display())]
    Io {
        /// What was to be read.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// It is neither a file nor a folder.
    #[error("{} is neither a file nor a folder", .0.display())]
    NotAFile(PathBuf),
    /// It is not UTF-8.
    #[error("{} is not UTF-8 text", .0.display())]
    NotText(PathBuf),
    /// It is too large for a playbook.
    #[error("{} is larger than the {} bytes allowed", .0.display(), yaml::MAX_BYTES)]
    TooLarge(PathBuf),
    /// The folder holds no playbook.
    #[error("no *.yaml or *.yml file in {}", .0.display())]
    NoPlaybooks(PathBuf),
    /// The folder holds too many files.
    #[error("more than {MAX_FILES} files in {}", .0.display())]
    TooMany(PathBuf),
}

/// Reads a file, or every `*.yaml` and `*.yml` right in a folder, in order of their names. Gives names
/// and texts for [`load`].
pub fn read_path(path: &Path) -> Result<Vec<(String, String)>, ReadError> {
    files_of(path)?.iter().map(|p| read_file(p)).collect()
}

/// The same, but a file that cannot be read as text keeps no other from being read.
pub fn read_each(path: &Path) -> Result<(super::Files, Vec<ReadError>), ReadError> {
    let (mut read, mut bad) = (Vec::new(), Vec::new());
    for file in files_of(path)? {
        match read_file(&file) {
            Ok(file) => read.push(file),
            Err(error) => bad.push(error),
        }
    }
    Ok((read, bad))
}

/// The file itself, or the playbooks right in a folder, in order of their names.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let meta = std::fs::metadata(path).map_err(|e| io(path, e))?;
    if meta.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !meta.is_dir() {
        return Err(ReadError::NotAFile(path.to_owned()));
    }
    let mut paths = Vec::new();
    #[expect(clippy::disallowed_methods, reason = "this is where playbooks are read")]
    let entries = std::fs::read_dir(path).map_err(|e| io(path, e))?;
    for entry in entries {
        let entry = entry.map_err(|e| io(path, e))?.path();
        let yaml = entry.extension().is_some_and(|e| e == "yaml" || e == "yml");
        if yaml && entry.is_file() {
            paths.push(entry);
        }
        if paths.len() > MAX_FILES {
            return Err(ReadError::TooMany(path.to_owned()));
        }
    }
    if paths.is_empty() {
        return Err(ReadError::NoPlaybooks(path.to_owned()));
    }
    paths.sort();
    Ok(paths)
}

fn io(path: &Path, source: std::io::Error) -> ReadError {
    ReadError::Io { path: path.to_owned(), source }
}

fn read_file(path: &Path) -> Result<(String, String), ReadError> {
    #[expect(clippy::disallowed_methods, reason = "this is where playbooks are read")]
    let file = std::fs::File::open(path).map_err(|e| io(path, e))?;
    let mut bytes = Vec::new();
    let limit = u64::try_from(yaml::MAX_BYTES).unwrap_or(u64::MAX);
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|e| io(path, e))?;
    if bytes.len() > yaml::MAX_BYTES {
        return Err(ReadError::TooLarge(path.to_owned()));
    }
    let text = String::from_utf8(bytes).map_err(|_| ReadError::NotText(path.to_owned()))?;
    Ok((path.display().to_string(), text))
}
