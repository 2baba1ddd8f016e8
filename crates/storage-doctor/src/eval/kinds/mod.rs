//! The kinds of evidence: one file each, from the author's words to a value.

mod events;
mod lines;
mod list;
mod logs;
mod node_logs;
mod object;
mod stats;

use super::Exam;
use crate::check::{Truth, truth};
use crate::evidence::Query;
use crate::playbook::{EvidenceDef, EvidenceKind};
use crate::value::Value;

/// The value of a piece of evidence: null when its `when` does not hold or when what it is about is
/// null, unknown when it could not be seen.
pub(crate) fn gather(exam: &Exam<'_>, def: &EvidenceDef) -> Value {
    if let Some(when) = &def.when {
        match truth(&exam.eval(when)) {
            Truth::Holds => {}
            Truth::Fails => return Value::Null,
            Truth::Unknown(gaps) => return Value::Unknown(gaps),
        }
    }
    match &def.kind {
        EvidenceKind::Object { resource, namespace, name } => {
            object::query(exam, resource, namespace.as_ref(), name).map_or_else(|value| value, |query| exam.ask(query))
        }
        EvidenceKind::List { resource, namespace } => list::gather(exam, resource, namespace.as_ref()),
        EvidenceKind::Events { of } => events::gather(exam, of),
        EvidenceKind::Logs { of, about, within } => logs::gather(exam, of, about, *within),
        EvidenceKind::Stats { node } => stats::gather(exam, node),
        EvidenceKind::NodeLogs { node, service, about, within } => {
            node_logs::gather(exam, node, service, about, *within)
        }
    }
}

/// The question behind a piece of object evidence, if it could be asked.
pub(crate) fn object_query(exam: &Exam<'_>, def: &EvidenceDef) -> Option<Query> {
    match &def.kind {
        EvidenceKind::Object { resource, namespace, name } => {
            object::query(exam, resource, namespace.as_ref(), name).ok()
        }
        _ => None,
    }
}

/// A node that a check names: its name, or the value that stands in its way.
fn node_of(exam: &Exam<'_>, check: &crate::check::Check) -> Result<String, Value> {
    match exam.eval(check) {
        Value::Text(text) if !text.is_empty() => Ok(text.to_string()),
        unknown @ Value::Unknown(_) => Err(unknown),
        _ => Err(Value::Null),
    }
}

/// A namespace that a check names: the text, or the value that stands in its way.
fn namespace_of(exam: &Exam<'_>, check: Option<&crate::check::Check>) -> Result<Option<String>, Value> {
    let value = match check {
        Some(check) => exam.eval(check),
        None => return Ok(None),
    };
    match value {
        Value::Text(text) => Ok(Some(text.to_string())),
        Value::Unknown(_) => Err(value),
        _ => Err(Value::Null),
    }
}
