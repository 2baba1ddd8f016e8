//! From files to lists: all of them, before any question is answered, so that a bad one is an error
//! and not half a diagnosis.

use super::error::{Fault, Reason};
use super::files::{Files, MAX_TOTAL};
use super::name::{Use, resource};
use super::{Holding, Recording, captured, events, manifest};
use crate::evidence::{Answer, Held, Resource};
use crate::source::decode::{DecodeError, DecodedList, decode_list, decode_list_yaml};
use crate::time::Time;
use crate::value::Value;
use std::collections::BTreeMap;

/// Resources whose contents are never read, even where a list does not say what it is.
pub(super) const PRIVATE: [&str; 2] = ["secrets", "configmaps"];

/// When something happened, at the latest, in any kind of object: events, leases (renewed every few
/// seconds), and that it was made.
const TIMES: [&str; 6] = [
    "metadata.creationTimestamp",
    "lastTimestamp",
    "eventTime",
    "series.lastObservedTime",
    "deprecatedLastTimestamp",
    "spec.renewTime",
];

/// Reads everything but logs and statistics, which are read when they are asked for.
pub(super) fn load(files: Files) -> Result<Recording, Fault> {
    if files.contains_key(manifest::FILE) {
        return captured::load(files);
    }
    let (mut taken_at, mut texts) = (None, Files::new());
    let mut lists: BTreeMap<String, (String, DecodedList)> = BTreeMap::new();
    let mut left = MAX_TOTAL;
    for (name, (what, content)) in files {
        if matches!(what, Use::Log | Use::Stats) {
            texts.insert(name, (what, content));
            continue;
        }
        if !name.starts_with("resources/") && what == Use::Resource {
            continue;
        }
        let bytes = content.read(what.part()).map_err(|e| Reason::Unreadable(e).at(&name))?;
        let bytes = bytes.ok_or_else(|| Reason::TooLarge("more than is read of such a file").at(&name))?;
        left = left.checked_sub(bytes.len() as u64).ok_or(Reason::TooLarge("more than 512 MiB of lists"))?;
        if what == Use::CapturedAt {
            let time = Time::parse(&String::from_utf8_lossy(&bytes));
            taken_at = Some(time.map_err(|e| Reason::NotATime(e).at(&name))?);
            continue;
        }
        let (key, list) = decode(&name, &bytes).map_err(|reason| reason.at(&name))?;
        if let Some((other, _)) = lists.insert(key, (name.clone(), list)) {
            return Err(Reason::Twice(other).at(&name));
        }
    }
    events::settle(&mut lists);
    if lists.is_empty() {
        return Err(Reason::NoResources.into());
    }
    let taken_at = taken_at.or_else(|| newest(&lists)).ok_or(Reason::NoTime)?;
    let resources = lists.into_iter().map(|(key, (file, list))| (key.clone(), hold(&key, &file, list))).collect();
    Ok(Recording { held: Holding::Dump(resources), texts, taken_at, server_version: None })
}

/// The resource that a file is about, and its objects.
fn decode(name: &str, bytes: &[u8]) -> Result<(String, DecodedList), Reason> {
    let file = name.rsplit('/').next().unwrap_or(name);
    let key = resource(file).ok_or_else(|| Reason::Name(name.to_owned()))?;
    let is_json = file.strip_prefix(key) == Some(".json");
    let read = if is_json { decode_list } else { decode_list_yaml };
    let list = read(bytes).map_err(Reason::Malformed)?;
    if list.items.is_empty() && list.malformed > 0 {
        let message = "none of its items is an object that can be read".to_owned();
        return Err(Reason::Malformed(DecodeError::Shape { message }));
    }
    let list = if PRIVATE.contains(&key) { list.emptied() } else { list };
    Ok((key.to_owned(), list))
}

fn hold(key: &str, file: &str, list: DecodedList) -> Held {
    let resource = Resource::by_name(key);
    let DecodedList { items, malformed, .. } = match &resource {
        Some(resource) => list.stamped(resource),
        None => list,
    };
    let items = Value::list(items);
    let answer = match malformed {
        0 => Answer::Found(items),
        1 => Answer::Truncated(items, format!("1 item of {file} is no object")),
        n => Answer::Truncated(items, format!("{n} items of {file} are no objects")),
    };
    Held::new(key == events::EVENTS, answer)
}

/// The newest time in the recording.
fn newest(lists: &BTreeMap<String, (String, DecodedList)>) -> Option<Time> {
    let items = lists.values().flat_map(|(_, list)| &list.items);
    let times = items.flat_map(|item| TIMES.iter().map(|path| item.at(path)));
    times.filter_map(|time| Time::parse(time.as_str()?).ok()).max()
}
