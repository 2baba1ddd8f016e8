//! Secrets in objects: what the field says, and what the text in it says.

use super::{Redactor, is_plain};
use crate::value::{List, Map, Value};
use crate::value_de::{LAST_APPLIED, emptied, is_private};
use std::sync::Arc;

/// Fields that name things, or hold what was chosen from a set.
const NAMES: [&str; 14] = [
    "name",
    "namespace",
    "uid",
    "kind",
    "apiVersion",
    "generateName",
    "resourceVersion",
    "claimName",
    "volumeName",
    "storageClassName",
    "nodeName",
    "secretName",
    "type",
    "reason",
];
/// Maps of labels, by which objects are selected.
const LABELS: [&str; 3] = ["labels", "matchLabels", "nodeSelector"];
/// What is not worth keeping of an annotation or of metadata.
const BULK: [&str; 2] = [LAST_APPLIED, "managedFields"];

/// The object without its secrets, and without what is bulk or private in it altogether.
pub(super) fn redacted(redactor: &Redactor, object: &Value) -> Value {
    let is_private = object.field("kind").as_str().is_some_and(is_private);
    let object = if is_private { emptied(object) } else { object.clone() };
    value(redactor, "", &object).unwrap_or(object)
}

/// The value of a field; none when it is as it was.
fn value(redactor: &Redactor, name: &str, old: &Value) -> Option<Value> {
    match old {
        Value::Text(text) if NAMES.contains(&name) => redactor_of_names(redactor, text),
        Value::Text(text) if redactor.is_secret(name) => {
            redactor.hides(name, text).then(|| Value::text(redactor.mask(text)))
        }
        Value::Text(text) => inside(redactor, text),
        Value::List(list) => self::list(redactor, name, list),
        Value::Map(_) if LABELS.contains(&name) => None,
        Value::Map(map) => self::map(redactor, map),
        _ => None,
    }
}

/// A name is never masked for the words in it; only what no name can be is.
fn redactor_of_names(redactor: &Redactor, text: &str) -> Option<Value> {
    super::text::shapes(redactor, text).map(Value::text)
}

/// A text, which may hold JSON: an annotation in which some tool keeps an object.
fn inside(redactor: &Redactor, text: &str) -> Option<Value> {
    if text.trim_start().starts_with(['{', '['])
        && let Ok(inner) = serde_json::from_str::<Value>(text)
    {
        let Some(inner) = value(redactor, "", &inner) else {
            return super::text::shapes(redactor, text).map(Value::text);
        };
        return Some(Value::text(serde_json::to_string(&inner).unwrap_or_default()));
    }
    super::text::redacted(redactor, text).map(Value::text)
}

fn map(redactor: &Redactor, map: &Map) -> Option<Value> {
    // `{name: DB_PASSWORD, value: …}`, as environment variables are written.
    let named = map.get("name").and_then(Value::as_str).is_some_and(|name| redactor.is_secret(name));
    let mut changed = false;
    let mut fields: Vec<(Arc<str>, Value)> = Vec::with_capacity(map.len());
    for (name, old) in map.iter() {
        if BULK.contains(&&**name) {
            changed = true;
            continue;
        }
        let new = match old {
            Value::Text(text) if named && &**name == "value" => {
                (!is_plain(text)).then(|| Value::text(redactor.mask(text)))
            }
            _ => value(redactor, name, old),
        };
        changed |= new.is_some();
        fields.push((Arc::clone(name), new.unwrap_or_else(|| old.clone())));
    }
    changed.then(|| Value::Map(Arc::new(Map::new(fields))))
}

/// A list; in one of arguments, what follows `--password` is one.
fn list(redactor: &Redactor, name: &str, list: &List) -> Option<Value> {
    let mut changed = false;
    let mut items = Vec::with_capacity(list.items().len());
    let mut after_flag = false;
    for old in list.items() {
        let new = match old {
            Value::Text(text) if after_flag && !text.starts_with('-') => {
                (!is_plain(text)).then(|| Value::text(redactor.mask(text)))
            }
            Value::Text(text) => flag(redactor, text).or_else(|| value(redactor, name, old)),
            _ => value(redactor, name, old),
        };
        after_flag = old.as_str().is_some_and(|text| {
            text.strip_prefix('-').is_some_and(|flag| !flag.contains(['=', ' ']) && redactor.is_secret(flag))
        });
        changed |= new.is_some();
        items.push(new.unwrap_or_else(|| old.clone()));
    }
    changed.then(|| {
        Value::List(Arc::new(match list.unseen() {
            Some(gaps) => List::partial(items, Arc::clone(gaps)),
            None => List::new(items),
        }))
    })
}

/// `--password=all of it`.
fn flag(redactor: &Redactor, text: &str) -> Option<Value> {
    let (key, secret) = text.split_once('=')?;
    let is_flag = key.starts_with('-') && !key.contains(char::is_whitespace);
    (is_flag && redactor.hides(key, secret)).then(|| Value::text(format!("{key}={}", redactor.mask(secret))))
}
