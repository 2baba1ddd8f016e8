//! Log lines of containers, oldest first; only those about the subject when the author says so.

use super::Exam;
use super::lines::{Filter, Lines};
use crate::check::Check;
use crate::evidence::{Gaps, Query};
use crate::value::Value;

/// Logs of more containers than these are not read: a driver has one to three controllers.
const CONTAINERS: usize = 4;

/// The lines; null when there is no container to read.
pub(super) fn gather(exam: &Exam<'_>, of: &Check, about: &[Check], within: i64) -> Value {
    let containers = match exam.eval(of) {
        Value::List(list) => list,
        unknown @ Value::Unknown(_) => return unknown,
        _ => return Value::Null,
    };
    let filter = match Filter::new(exam, about, within) {
        Ok(filter) => filter,
        Err(unknown) => return unknown,
    };
    let mut unseen = containers.unseen().map_or_else(Gaps::new, |gaps| Gaps::clone(gaps));
    let mut lines = Lines::default();
    for container in containers.items().iter().take(CONTAINERS) {
        let Some(query) = query(container) else { continue };
        unseen.extend(exam.gap(&query));
        match exam.ask(query) {
            Value::Text(text) => lines.add(exam, &text, &filter, &place(container)),
            Value::Unknown(gaps) => unseen.extend(gaps.iter().cloned()),
            _ => {}
        }
    }
    lines.finished(unseen)
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

fn place(container: &Value) -> [(&'static str, Value); 5] {
    let field = |name: &str| container.field(name);
    let text = |name: &str| field(name).as_str().unwrap_or_default().to_owned();
    let about = format!("log of {}/{}, container {}", text("namespace"), text("pod"), text("container"));
    [
        ("namespace", field("namespace")),
        ("pod", field("pod")),
        ("container", field("container")),
        ("component", field("container")),
        ("about", Value::text(about)),
    ]
}
