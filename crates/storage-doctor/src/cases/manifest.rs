//! From a short manifest to an object as an API server would hold it.

use super::names::Resources;
use crate::evidence::Resource;
use crate::playbook::parse_duration;
use crate::time::Time;
use crate::value::{Map, Value};
use std::sync::Arc;

/// How old an object is that does not say.
const AGE: i64 = 3600;

/// What tells one object from another: kind, namespace (empty when it has none), name.
pub(super) type Key = (String, String, String);

/// An object with what was left out of its manifest.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) resource: Resource,
    pub(super) key: Key,
    pub(super) value: Value,
}

/// Completes a manifest; the error says what is wrong with it.
pub(super) fn complete(manifest: &Value, now: Time, resources: &mut Resources) -> Result<Object, String> {
    if !matches!(manifest, Value::Map(_)) {
        return Err("a manifest has to be a map".to_owned());
    }
    let text = |path: &str| manifest.at(path).as_str().map(str::to_owned);
    let kind = text("kind").ok_or("a manifest without `kind`")?;
    let name = text("metadata.name").ok_or_else(|| format!("a {kind} without `metadata.name`"))?;
    let namespace = text("metadata.namespace");
    let (resource, api_version) = resources.of_manifest(&kind, text("apiVersion").as_deref(), namespace.is_some())?;
    match (resource.namespaced, &namespace) {
        (true, None) => return Err(format!("the {kind} `{name}` needs `metadata.namespace`")),
        (false, Some(_)) => return Err(format!("the {kind} `{name}` lives in no namespace")),
        _ => {}
    }
    let key = (kind.clone(), namespace.unwrap_or_default(), name);
    let metadata = metadata(&manifest.field("metadata"), &key, now)?;
    let mut value = with(manifest, [("apiVersion", Value::text(api_version)), ("metadata", metadata)]);
    let status = manifest.field("status");
    if kind == "PersistentVolumeClaim" && status.field("phase").is_null() {
        value = with(&value, [("status", with(&status, [("phase", Value::text("Pending"))]))]);
    }
    Ok(Object { resource, key, value })
}

fn metadata(given: &Value, key: &Key, now: Time) -> Result<Value, String> {
    let created = match (given.field("creationTimestamp"), given.field("age")) {
        (Value::Null, Value::Null) => before(now, AGE),
        (Value::Null, age) => {
            let seconds = age.as_str().and_then(seconds).ok_or("`metadata.age` has to be a time such as 20s or 1h30m")?;
            before(now, seconds)
        }
        (created, Value::Null) => created.as_str().unwrap_or_default().to_owned(),
        _ => return Err("`metadata.age` and `metadata.creationTimestamp` say the same; give one".to_owned()),
    };
    Time::parse(&created).map_err(|error| format!("`metadata.creationTimestamp`: {error}"))?;
    let uid = given.field("uid").as_str().map_or_else(|| uid(key), str::to_owned);
    let filled = with(given, [("creationTimestamp", Value::text(created)), ("uid", Value::text(uid))]);
    let Value::Map(map) = filled else { return Ok(filled) };
    let kept = map.iter().filter(|(name, _)| &***name != "age").map(|(name, value)| (Arc::clone(name), value.clone()));
    Ok(Value::Map(Arc::new(Map::new(kept.collect()))))
}

/// The object with these fields instead of its own.
fn with<const N: usize>(object: &Value, fields: [(&str, Value); N]) -> Value {
    let mut all: Vec<(Arc<str>, Value)> = match object {
        Value::Map(map) => map.iter().map(|(name, value)| (Arc::clone(name), value.clone())).collect(),
        _ => Vec::new(),
    };
    all.extend(fields.into_iter().map(|(name, value)| (Arc::from(name), value)));
    Value::Map(Arc::new(Map::new(all)))
}

/// Seconds of `8s`, `1h30m`; unlike in a playbook, none are some too.
pub(super) fn seconds(text: &str) -> Option<i64> {
    if text == "0s" { Some(0) } else { parse_duration(text) }
}

/// The time that many seconds ago.
pub(super) fn before(now: Time, seconds: i64) -> String {
    Time::from_unix_seconds(now.unix_seconds().saturating_sub(seconds)).to_string()
}

/// A UID that is the same for the same object: FNV-1a in the shape of a UUID.
pub(super) fn uid(key: &Key) -> String {
    let hash = |seed: u64| {
        let bytes = [key.0.as_str(), "/", &key.1, "/", &key.2].into_iter().flat_map(str::bytes);
        bytes.fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    };
    let (high, low) = (hash(0xcbf2_9ce4_8422_2325), hash(0x9ae1_6a3b_2f90_404f));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}
