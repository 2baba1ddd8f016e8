//! Log lines of containers, oldest first; only those about the subject when the author says so.

use super::Exam;
use crate::check::{Check, Scope};
use crate::evidence::{Gaps, Query};
use crate::log::{Line, parse_lines};
use crate::value::{List, Value};
use std::sync::Arc;

/// Logs of more containers than these are not read: a driver has one to three controllers.
const CONTAINERS: usize = 4;
/// Lines kept, newest first in importance.
const LINES: usize = 2_000;

/// The lines; null when there is no container to read.
pub(super) fn gather(exam: &Exam<'_>, of: &Check, about: &[Check]) -> Value {
    let containers = match exam.eval(of) {
        Value::List(list) => list,
        unknown @ Value::Unknown(_) => return unknown,
        _ => return Value::Null,
    };
    let wanted = match terms(exam, about) {
        Ok(wanted) => wanted,
        Err(unknown) => return unknown,
    };
    let mut unseen = containers.unseen().map_or_else(Gaps::new, |gaps| Gaps::clone(gaps));
    let mut lines = Vec::new();
    for container in containers.items().iter().take(CONTAINERS) {
        let Some(query) = query(container) else { continue };
        unseen.extend(exam.gap(&query));
        match exam.ask(query) {
            Value::Text(text) => lines.extend(read(exam, &text, &wanted, container)),
            Value::Unknown(gaps) => unseen.extend(gaps.iter().cloned()),
            _ => {}
        }
    }
    lines.sort_by_key(|(time, _)| *time);
    let skip = lines.len().saturating_sub(LINES);
    let items = lines.into_iter().skip(skip).map(|(_, line)| line).collect();
    Value::List(Arc::new(if unseen.is_empty() { List::new(items) } else { List::partial(items, Arc::new(unseen)) }))
}

fn terms(exam: &Exam<'_>, about: &[Check]) -> Result<Vec<Arc<str>>, Value> {
    let mut wanted = Vec::new();
    for check in about {
        match exam.eval(check) {
            Value::Text(text) if !text.is_empty() => wanted.push(text),
            unknown @ Value::Unknown(_) => return Err(unknown),
            _ => {}
        }
    }
    Ok(wanted)
}

fn query(container: &Value) -> Option<Query> {
    let text = |name: &str| container.field(name).as_str().map(str::to_owned);
    Some(Query::Log {
        namespace: text("namespace")?,
        pod: text("pod")?,
        container: text("container")?,
        previous: matches!(container.field("previous"), Value::Bool(true)),
    })
}

fn read(exam: &Exam<'_>, text: &str, wanted: &[Arc<str>], container: &Value) -> Vec<(i64, Value)> {
    parse_lines(text, exam.now())
        .into_iter()
        .filter(|line| wanted.is_empty() || wanted.iter().any(|term| line.raw.contains(&**term)))
        .map(|line| value(&line, container))
        .collect()
}

/// A line in the shape of an event, so that one way of recognising messages serves both.
fn value(line: &Line, container: &Value) -> (i64, Value) {
    let place = |name: &str| container.field(name);
    let text = |name: &str| place(name).as_str().unwrap_or_default().to_owned();
    let time = line.time.map_or(Value::Null, |t| Value::text(t.to_string()));
    let seconds = line.time.map_or(i64::MIN, crate::time::Time::unix_seconds);
    let level = line.level.map_or(Value::Null, |level| Value::text(level.as_str()));
    let value = Value::map([
        ("time", time),
        ("level", level),
        ("message", Value::text(&line.message)),
        ("raw", Value::text(&line.raw)),
        ("namespace", place("namespace")),
        ("pod", place("pod")),
        ("container", place("container")),
        ("component", place("container")),
        (
            "about",
            Value::text(format!("log of {}/{}, container {}", text("namespace"), text("pod"), text("container"))),
        ),
    ]);
    (seconds, value)
}
