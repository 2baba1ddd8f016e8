//! The events about an object, oldest first, brought into one shape.
//!
//! core/v1 and events.k8s.io/v1 write the same objects in two ways; times and counts are taken where
//! they are: series, then last, then event time, then first, then creation
//! (kubernetes/kubernetes:pkg/printers/internalversion/printers.go `printEvent`).

use super::Exam;
use crate::check::Check;
use crate::evidence::Query;
use crate::time::Time;
use crate::value::{List, Value};
use std::sync::Arc;

/// client-go puts this before the message when it folds similar events into one
/// (client-go `tools/record/events_cache.go`).
const COMBINED: &str = "(combined from similar events): ";

/// The most of a message that is looked at, in bytes. Kubernetes itself cuts messages at 1 KiB; what is longer comes from
/// something that goes past it, and would be searched by every pattern.
const LONGEST: usize = 16 << 10;

/// The events about an object; null when there is no such object.
pub(super) fn gather(exam: &Exam<'_>, of: &Check) -> Value {
    let object = exam.eval(of);
    if matches!(object, Value::Unknown(_)) {
        return object;
    }
    let Value::Text(uid) = object.at("metadata.uid") else { return Value::Null };
    let namespace = object.at("metadata.namespace");
    let query = Query::Events { uid: uid.to_string(), namespace: namespace.as_str().unwrap_or("default").to_owned() };
    match exam.ask(query) {
        Value::List(list) => in_order(&list),
        other => other,
    }
}

fn in_order(list: &Arc<List>) -> Value {
    let mut events: Vec<(i64, Value)> = list.items().iter().map(event).collect();
    events.sort_by_key(|(time, _)| *time);
    let items = events.into_iter().map(|(_, event)| event).collect();
    Value::List(Arc::new(match list.unseen() {
        Some(gaps) => List::partial(items, Arc::clone(gaps)),
        None => List::new(items),
    }))
}

/// An event in one shape: `type`, `reason`, `component`, `message`, `count`, `time`, `first`, `about`.
fn event(raw: &Value) -> (i64, Value) {
    let first_of = |paths: &[&str]| paths.iter().map(|p| raw.at(p)).find(|v| !v.is_null()).unwrap_or_default();
    let last = first_of(&[
        "series.lastObservedTime",
        "lastTimestamp",
        "eventTime",
        "firstTimestamp",
        "metadata.creationTimestamp",
    ]);
    let first = first_of(&["firstTimestamp", "eventTime", "metadata.creationTimestamp"]);
    let component = [raw.at("reportingComponent"), raw.at("source.component")]
        .into_iter()
        .find(|v| v.as_str().is_some_and(|s| !s.is_empty()))
        .unwrap_or_default();
    let message = raw.field("message");
    let message = message.as_str().unwrap_or_default();
    let count = match first_of(&["series.count", "count"]) {
        Value::Int(count) => count,
        _ => 1,
    };
    let seconds = last.as_str().and_then(|t| Time::parse(t).ok()).map_or(i64::MIN, Time::unix_seconds);
    let value = Value::map([
        ("type", raw.field("type")),
        ("reason", raw.field("reason")),
        ("component", component.as_str().map_or(Value::Null, |name| Value::text(beginning(name)))),
        ("message", Value::text(beginning(message.strip_prefix(COMBINED).unwrap_or(message)).trim())),
        ("count", Value::Int(count)),
        ("time", last),
        ("first", first),
        ("about", Value::text(about(raw))),
        ("about_name", raw.at("involvedObject.name")),
    ]);
    (seconds, value)
}

/// As much of a text as is looked at.
fn beginning(text: &str) -> &str {
    let end = (0..=LONGEST.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// The object an event is about, for a person.
fn about(raw: &Value) -> String {
    let object = raw.field("involvedObject");
    let text = |name: &str| object.field(name).as_str().unwrap_or_default().to_owned();
    match text("namespace") {
        ns if ns.is_empty() => format!("{} {}", text("kind"), text("name")),
        ns => format!("{} {ns}/{}", text("kind"), text("name")),
    }
}
