//! Names of files in a recording: which are safe, which are wanted, and what layout they make.

use super::error::Reason;
use super::manifest;
use std::collections::BTreeSet;

/// Longer paths are refused, in bytes (`PATH_MAX` of Linux).
const MAX_PATH: usize = 4096;
/// The most of a bad name that is shown, in characters.
const MAX_SHOWN: usize = 200;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// The time of the recording.
    CapturedAt,
    /// What our own recordings say of themselves.
    Manifest,
    /// A list of objects.
    Resource,
    /// A log of a container, or of a node's service.
    Log,
    /// What a kubelet measured.
    Stats,
}

/// The file that holds what a kubelet measured.
pub(super) const STATS: &str = "stats-summary.json";

/// The parts of a path inside an archive. An absolute path, `..`, or a control character is an error,
/// whatever the entry is: an archive with such names was not made by honest tools.
pub(super) fn parts(path: &str) -> Result<Vec<&str>, Reason> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let bad =
        path.starts_with('/') || path.len() > MAX_PATH || path.chars().any(char::is_control) || parts.contains(&"..");
    if bad { Err(Reason::Name(path.chars().take(MAX_SHOWN).collect())) } else { Ok(parts) }
}

/// What a file is for, and how many of its parts lie above the recording; none when it is not read.
pub(super) fn wanted(parts: &[&str]) -> Option<(Use, usize)> {
    match parts {
        [above @ .., manifest::FILE] => Some((Use::Manifest, above.len())),
        [above @ .., "captured-at"] => Some((Use::CapturedAt, above.len())),
        [above @ .., "logs", _, _, log] if has_extension(log, &["log"]) => Some((Use::Log, above.len())),
        [above @ .., "nodes", _, log] if has_extension(log, &["log"]) => Some((Use::Log, above.len())),
        [above @ .., "nodes", _, file] if *file == STATS => Some((Use::Stats, above.len())),
        [above @ .., "resources", file] if resource(file).is_some() => Some((Use::Resource, above.len())),
        [above @ .., "objects" | "parts", file] if has_extension(file, &["json"]) => Some((Use::Resource, above.len())),
        _ => None,
    }
}

/// The resource that a file is named after: lower case, digits, dots and dashes, so that a stray file
/// (`._pods.json` of macOS, `README.json`) is none.
pub(super) fn resource(file: &str) -> Option<&str> {
    let stem = ["json", "yaml", "yml"].iter().find_map(|extension| file.strip_suffix(extension)?.strip_suffix('.'))?;
    let named = stem.starts_with(|c: char| c.is_ascii_lowercase())
        && stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-');
    named.then_some(stem)
}

fn has_extension(file: &str, extensions: &[&str]) -> bool {
    file.rsplit_once('.').is_some_and(|(stem, found)| !stem.is_empty() && extensions.contains(&found))
}

/// Remembers what tells other tools' layouts apart.
#[derive(Debug, Default)]
pub(super) struct Layout {
    anything: bool,
    folders: BTreeSet<&'static str>,
    files: BTreeSet<&'static str>,
}

const FOLDERS: [&str; 5] = ["resources", "cluster-resources", "cluster-scoped-resources", "namespaces", "kube-system"];
const FILES: [&str; 4] = ["nodes.json", "nodes.yaml", "pods.json", "pods.yaml"];

impl Layout {
    /// Takes note of a path.
    pub(super) fn see(&mut self, parts: &[&str]) {
        self.anything |= !parts.is_empty();
        self.folders.extend(FOLDERS.iter().filter(|name| parts.contains(name)));
        self.files.extend(FILES.iter().filter(|name| parts.last() == Some(name)));
    }

    /// Why it is not a recording.
    pub(super) fn not_a_recording(&self) -> Reason {
        let has = |name: &str| self.folders.contains(name);
        let looks_like = if has("cluster-resources") {
            Some("a support bundle of troubleshoot.sh")
        } else if has("cluster-scoped-resources") || has("namespaces") {
            Some("a must-gather or `oc adm inspect`")
        } else if has("kube-system") && !self.files.is_empty() {
            Some("a `kubectl cluster-info dump`")
        } else {
            None
        };
        if has("resources") {
            return Reason::NoResources;
        }
        if self.anything { Reason::NotARecording { looks_like } } else { Reason::Empty }
    }
}
