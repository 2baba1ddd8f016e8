//! Reading a recording of our own: every question that was asked is answered as it was then, and narrower
//! ones as far as that settles them. Anything else was not recorded.

use super::Recording;
use super::error::{Fault, Reason};
use super::files::{Files, MAX_TOTAL};
use super::load::PRIVATE;
use super::manifest::{Ask, Entry, FILE, FORMAT, Got, Head, Manifest, VERSION};
use super::name::{Use, resource};
use crate::evidence::{Answer, Evidence, Query, Resource};
use crate::source::decode::{DecodedList, decode_list};
use crate::time::Time;
use crate::value::Value;
use std::collections::BTreeMap;

/// What was asked, and what was said.
#[derive(Debug, Default)]
pub(super) struct Captured {
    evidence: Evidence,
    /// By the name that questions are matched by: a playbook may ask for another version.
    resources: BTreeMap<String, Resource>,
    /// Where the logs and measurements are that were found, and why they are not whole.
    texts: BTreeMap<Query, (String, Option<String>)>,
}

impl Captured {
    /// Where what was found is if it is a text or a measurement, and why it is not whole.
    pub(super) fn text(&self, query: &Query) -> Option<(&str, Option<&str>)> {
        self.texts.get(query).map(|(file, why)| (file.as_str(), why.as_deref()))
    }

    /// What was said to any other question.
    pub(super) fn answer(&self, query: &Query) -> Answer {
        let same = |resource: &Resource| self.resources.get(&resource.to_string()).unwrap_or(resource).clone();
        let query = match query.clone() {
            Query::Object { resource, namespace, name } => Query::Object { resource: same(&resource), namespace, name },
            Query::List { resource, namespace } => Query::List { resource: same(&resource), namespace },
            other => other,
        };
        self.evidence.answer(&query).or_else(|| self.refused(&query)).unwrap_or(Answer::NotRecorded)
    }

    /// Why what was not asked by itself is not there: the list that would hold it was refused or did not come.
    fn refused(&self, query: &Query) -> Option<Answer> {
        let list = |resource: &Resource| Query::List { resource: resource.clone(), namespace: None };
        let wide = match query {
            Query::Object { resource, .. } | Query::List { resource, .. } => list(resource),
            Query::Events { .. } => list(self.resources.get("events")?),
            Query::Log { .. } | Query::Stats { .. } | Query::NodeLog { .. } => return None,
        };
        let answer = self.evidence.answer(&wide)?;
        matches!(answer, Answer::Denied { .. } | Answer::Unreachable { .. }).then_some(answer)
    }
}

/// Lists that were read, by file; each is read once.
type Lists = BTreeMap<String, DecodedList>;

/// Reads a recording that has a manifest.
pub(super) fn load(mut files: Files) -> Result<Recording, Fault> {
    let mut left = MAX_TOTAL;
    let manifest = manifest(&take(&mut files, FILE, &mut left)?).map_err(|reason| reason.at(FILE))?;
    let taken_at = Time::parse(&manifest.taken_at).map_err(|e| Reason::NotATime(e).at(FILE))?;
    let mut captured = Captured {
        resources: manifest.resources.iter().map(|(name, facts)| (name.clone(), facts.resource(name))).collect(),
        ..Captured::default()
    };
    let mut lists = Lists::new();
    for entry in &manifest.answers {
        let query = entry.query(&captured.resources).ok_or_else(|| wrong("an answer without its question").at(FILE))?;
        let is_there = matches!(entry.answer, Got::Found | Got::Truncated);
        if let Some(what) = is_text(entry.ask).filter(|_| is_there) {
            let file = file_of(entry).map_err(|reason| reason.at(FILE))?;
            if files.get(file).is_none_or(|(found, _)| *found != what) {
                return Err(missing(file));
            }
            captured.texts.insert(query, (file.to_owned(), entry.why.clone()));
            continue;
        }
        if let Some(file) = &entry.file
            && !lists.contains_key(file)
        {
            let bytes = take(&mut files, file, &mut left)?;
            lists.insert(file.clone(), decode(file, &bytes).map_err(|reason| reason.at(file))?);
        }
        let answer = answer(entry, &query, &lists).map_err(|reason| reason.at(FILE))?;
        captured.evidence.supply(query, answer);
    }
    files.retain(|_, (what, _)| matches!(what, Use::Log | Use::Stats));
    Ok(Recording {
        held: super::Holding::Capture(Box::new(captured)),
        texts: files,
        taken_at,
        server_version: manifest.server_version,
    })
}

/// What the file of such an answer is, if it is read only when it is asked for.
fn is_text(ask: Ask) -> Option<Use> {
    match ask {
        Ask::Log | Ask::NodeLog => Some(Use::Log),
        Ask::Stats => Some(Use::Stats),
        Ask::Object | Ask::List | Ask::Events => None,
    }
}

fn manifest(bytes: &[u8]) -> Result<Manifest, Reason> {
    let not_json = |e: serde_json::Error| {
        let message: String = e.to_string().chars().filter(|c| !c.is_control()).take(200).collect();
        Reason::Manifest(message)
    };
    let head: Head = serde_json::from_slice(bytes).map_err(not_json)?;
    if head.format != FORMAT {
        return Err(wrong("it does not say that it is a capture of storage-doctor"));
    }
    if head.version > VERSION {
        return Err(Reason::Newer { found: head.version, known: VERSION });
    }
    serde_json::from_slice(bytes).map_err(not_json)
}

fn take(files: &mut Files, name: &str, left: &mut u64) -> Result<Vec<u8>, Fault> {
    let wanted = |what: &Use| matches!(what, Use::Resource | Use::Manifest);
    let Some((what, content)) = files.remove(name).filter(|(what, _)| wanted(what)) else { return Err(missing(name)) };
    let bytes = content.read(what.part()).map_err(|e| Reason::Unreadable(e).at(name))?;
    let bytes = bytes.ok_or_else(|| Reason::TooLarge("more than is read of such a file").at(name))?;
    *left = left.checked_sub(bytes.len() as u64).ok_or(Reason::TooLarge("more than 512 MiB of lists"))?;
    Ok(bytes)
}

fn missing(name: &str) -> Fault {
    let shown: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    Reason::Manifest(format!("it names the file {shown:?}, which is not there")).at(FILE)
}

fn wrong(what: &str) -> Reason {
    Reason::Manifest(what.to_owned())
}

fn decode(file: &str, bytes: &[u8]) -> Result<DecodedList, Reason> {
    let list = decode_list(bytes).map_err(Reason::Malformed)?;
    let stem = resource(file.rsplit(['/', '-']).next().unwrap_or_default()).unwrap_or_default();
    Ok(if PRIVATE.contains(&stem) { list.emptied() } else { list })
}

fn file_of(entry: &Entry) -> Result<&str, Reason> {
    entry.file.as_deref().ok_or_else(|| wrong("something was found that lies in no file"))
}

fn answer(entry: &Entry, query: &Query, lists: &Lists) -> Result<Answer, Reason> {
    let why = || entry.why.clone().unwrap_or_default();
    let value = match entry.answer {
        Got::Absent => return Ok(Answer::Absent),
        Got::Denied => return Ok(Answer::Denied { message: why() }),
        Got::Unreachable => return Ok(Answer::Unreachable { why: why() }),
        Got::NotRecorded => return Ok(Answer::NotRecorded),
        Got::Found | Got::Truncated => {
            let list = lists.get(file_of(entry)?).ok_or_else(|| wrong("a file is missing"))?;
            if list.malformed > 0 {
                return Err(wrong("a file holds what is no object"));
            }
            found(query, &list.items).ok_or_else(|| Reason::Manifest(format!("{query} is not in its file")))?
        }
    };
    Ok(if entry.answer == Got::Truncated { Answer::Truncated(value, why()) } else { Answer::Found(value) })
}

/// What answers the question among the items of its file.
fn found(query: &Query, items: &[Value]) -> Option<Value> {
    match query {
        Query::Object { namespace, name, .. } => {
            let is_it = |item: &&Value| {
                let metadata = item.field("metadata");
                metadata.field("name").as_str() == Some(name)
                    && metadata.field("namespace").as_str() == namespace.as_deref()
            };
            items.iter().find(is_it).cloned()
        }
        Query::Events { uid, .. } => {
            let about = items.iter().filter(|event| event.at("involvedObject.uid").as_str() == Some(uid));
            Some(Value::list(about.cloned().collect()))
        }
        _ => Some(Value::list(items.to_vec())),
    }
}
