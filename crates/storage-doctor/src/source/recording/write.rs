//! Writing a recording of our own: what a source said, redacted, into one archive.
//!
//! Nothing in a file's name comes from the cluster but names that are safe in any file system.

use super::manifest::{BY_OBJECT, Counts, Entry, FILE, FORMAT, Facts, Manifest, VERSION};
use super::name::{STATS, resource as is_resource_file};
use crate::evidence::{Answer, Gap, Query};
use crate::source::Redactor;
use crate::time::Time;
use crate::value::Value;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

/// What a recording is of, for its first page.
#[derive(Clone, Debug)]
pub struct About {
    /// The folder in the archive.
    pub folder: String,
    /// The program that writes it, and its version.
    pub tool: String,
    /// When the answers were given.
    pub taken_at: Time,
    /// The API server's version, if it told.
    pub server_version: Option<String>,
    /// What was looked at, for a person.
    pub scope: String,
}

/// What went into a recording.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Written {
    /// How much of what.
    pub counts: Counts,
    /// What could not be had, and why, in a fixed order.
    pub open: Vec<Gap>,
}

/// Writes answers into a `.tar.gz`. The redactor's key has to be random, and of this recording only.
pub fn write(
    out: impl Write,
    answers: &BTreeMap<Query, Answer>,
    about: &About,
    mut redactor: Redactor,
) -> io::Result<Written> {
    for answer in answers.values() {
        redactor.knowing(objects(answer).iter().filter_map(name_of));
    }
    let mut writer = Writer {
        tar: tar::Builder::new(GzEncoder::new(out, Compression::default())),
        folder: segment(&about.folder).unwrap_or("capture").to_owned(),
        seconds: u64::try_from(about.taken_at.unix_seconds()).unwrap_or_default(),
        redactor,
        manifest: Manifest { format: FORMAT.to_owned(), version: VERSION, ..Manifest::default() },
        single: BTreeMap::new(),
        seen: BTreeSet::new(),
        whole: BTreeSet::new(),
        parts: 0,
        open: Vec::new(),
    };
    writer.manifest.tool.clone_from(&about.tool);
    writer.manifest.taken_at = about.taken_at.to_string();
    writer.manifest.server_version.clone_from(&about.server_version);
    writer.manifest.scope.clone_from(&about.scope);
    for (query, answer) in answers {
        writer.answer(query, answer)?;
    }
    writer.finish()
}

struct Writer<W: Write> {
    tar: tar::Builder<GzEncoder<W>>,
    folder: String,
    seconds: u64,
    redactor: Redactor,
    manifest: Manifest,
    /// What was asked for one by one, by file.
    single: BTreeMap<String, Vec<Value>>,
    /// Kind, namespace and name of every object that is in.
    seen: BTreeSet<[Arc<str>; 3]>,
    /// The files of whole lists.
    whole: BTreeSet<String>,
    parts: usize,
    open: Vec<Gap>,
}

/// A list as kubectl prints it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List<'a> {
    api_version: &'static str,
    kind: &'static str,
    items: &'a [Value],
}

impl<W: Write> Writer<W> {
    fn answer(&mut self, query: &Query, answer: &Answer) -> io::Result<()> {
        let mut entry = Entry::new(query, answer);
        self.open.extend(answer.gap(query));
        if let Query::Object { resource, .. } | Query::List { resource, .. } = query {
            self.manifest.resources.entry(resource.to_string()).or_insert_with(|| Facts::of(resource));
        }
        entry.why = entry.why.map(|why| self.redactor.text(&why));
        if let Answer::Found(value) | Answer::Truncated(value, _) = answer {
            entry.file = Some(match query {
                Query::List { resource, namespace } => {
                    let whole = namespace.is_none() && matches!(answer, Answer::Found(_));
                    let name = self.list_file(&resource.to_string(), whole);
                    let items = self.redacted(value.items());
                    self.list(&name, &items)?;
                    name
                }
                Query::Object { resource, .. } => self.keep(
                    single_file(&resource.to_string()).unwrap_or_else(|| "objects/others.json".to_owned()),
                    std::slice::from_ref(value),
                ),
                Query::Events { .. } => self.keep(BY_OBJECT.to_owned(), value.items()),
                Query::Log { .. } | Query::NodeLog { .. } | Query::Stats { .. } => {
                    let Some(name) = text_file(query) else {
                        // No API server has such names.
                        return Ok(());
                    };
                    self.text(&name, value)?;
                    name
                }
            });
        }
        self.manifest.answers.push(entry);
        Ok(())
    }

    /// Where a list goes: one that is whole where a plain dump has it.
    fn list_file(&mut self, resource: &str, whole: bool) -> String {
        let file = format!("{resource}.json");
        let plain = is_resource_file(&file).is_some();
        // Two versions of one resource do not share a file.
        if whole && plain && self.whole.insert(file.clone()) {
            return format!("resources/{file}");
        }
        self.parts += 1;
        format!("parts/{}-{}", self.parts, if plain { &file } else { "list.json" })
    }

    fn keep(&mut self, file: String, items: &[Value]) -> String {
        let items = self.redacted(items);
        self.single.entry(file.clone()).or_default().extend(items);
        file
    }

    fn redacted(&mut self, items: &[Value]) -> Vec<Value> {
        items
            .iter()
            .map(|item| {
                let item = self.redactor.object(item);
                self.seen.insert(["kind", "metadata.namespace", "metadata.name"].map(|path| text(&item.at(path))));
                item
            })
            .collect()
    }

    /// A log, or what a kubelet measured.
    fn text(&mut self, name: &str, value: &Value) -> io::Result<()> {
        let Some(text) = value.as_str() else {
            let measured = serde_json::to_vec(&self.redactor.object(value))?;
            return self.file(name, &measured);
        };
        let text = self.redactor.text(text);
        self.manifest.counts.logs += 1;
        self.file(name, text.as_bytes())
    }

    fn list(&mut self, name: &str, items: &[Value]) -> io::Result<()> {
        let bytes = serde_json::to_vec(&List { api_version: "v1", kind: "List", items })?;
        self.file(name, &bytes)
    }

    fn file(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(self.seconds);
        self.tar.append_data(&mut header, format!("{}/{name}", self.folder), bytes)
    }

    fn finish(mut self) -> io::Result<Written> {
        for (name, mut items) in std::mem::take(&mut self.single) {
            let mut known = BTreeSet::new();
            items.retain(|item| {
                known.insert(["kind", "metadata.namespace", "metadata.name"].map(|path| text(&item.at(path))))
            });
            self.list(&name, &items)?;
        }
        for [kind, ..] in std::mem::take(&mut self.seen) {
            match &*kind {
                "Event" => self.manifest.counts.events += 1,
                kind => *self.manifest.counts.objects.entry(kind.to_owned()).or_default() += 1,
            }
        }
        self.manifest.counts.masked = self.redactor.masked();
        let manifest = serde_json::to_vec_pretty(&self.manifest)?;
        let taken_at = self.manifest.taken_at.clone();
        self.file("captured-at", format!("{taken_at}\n").as_bytes())?;
        self.file(FILE, &manifest)?;
        self.tar.into_inner()?.finish()?.flush()?;
        Ok(Written { counts: self.manifest.counts, open: self.open })
    }
}

fn objects(answer: &Answer) -> &[Value] {
    match answer {
        Answer::Found(value @ Value::List(_)) | Answer::Truncated(value @ Value::List(_), _) => value.items(),
        Answer::Found(value) => std::slice::from_ref(value),
        _ => &[],
    }
}

fn name_of(object: &Value) -> Option<Arc<str>> {
    match object.at("metadata.name") {
        Value::Text(name) => Some(name),
        _ => None,
    }
}

fn text(value: &Value) -> Arc<str> {
    match value {
        Value::Text(text) => Arc::clone(text),
        _ => Arc::from(""),
    }
}

fn single_file(resource: &str) -> Option<String> {
    let file = format!("{resource}.json");
    is_resource_file(&file).is_some().then(|| format!("objects/{file}"))
}

/// Where a log or a measurement lies; none when a name in it is not safe in a file system.
fn text_file(query: &Query) -> Option<String> {
    Some(match query {
        Query::Log { namespace, pod, container, previous } => {
            let [namespace, pod, container] = [segment(namespace)?, segment(pod)?, segment(container)?];
            format!("logs/{namespace}/{pod}/{container}{}.log", if *previous { ".previous" } else { "" })
        }
        Query::NodeLog { node, service } => format!("nodes/{}/{}.log", segment(node)?, segment(service)?),
        Query::Stats { node } => format!("nodes/{}/{STATS}", segment(node)?),
        Query::Object { .. } | Query::List { .. } | Query::Events { .. } => return None,
    })
}

/// A name that is one part of a path on any system.
fn segment(name: &str) -> Option<&str> {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
    (plain && name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.len() <= 253).then_some(name)
}
