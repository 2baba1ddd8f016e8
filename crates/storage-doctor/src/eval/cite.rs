//! From what an author cites to quotations. What cannot be seen is not quoted.

use super::{Exam, kinds};
use crate::check::{Check, Scope, Slot};
use crate::playbook::{Cite, Definition, EvidenceKind};
use crate::report::v1::Evidence;
use crate::value::Value;

/// More quotations than these are no help to a reader.
const ITEMS: usize = 20;
/// Characters of one quotation.
const QUOTE: usize = 2_000;

/// The quotations that a proof or a waiting state cites, as far as they can be seen.
pub(crate) fn quote_citations(exam: &Exam<'_>, cites: &[Cite]) -> Vec<Evidence> {
    let mut quotes: Vec<Evidence> = Vec::new();
    for quote in cites.iter().flat_map(|cite| quote_one(exam, cite)) {
        if !quotes.contains(&quote) {
            quotes.push(quote);
        }
    }
    quotes
}

fn quote_one(exam: &Exam<'_>, cite: &Cite) -> Vec<Evidence> {
    match cite {
        Cite::Field(check) => field(exam, check).into_iter().collect(),
        Cite::Message(check) => message(&exam.eval(check)).into_iter().collect(),
        Cite::Absent(check) => absent(exam, check).into_iter().collect(),
        Cite::Quote { each: None, source, quote } => vec![plain(exam.render(source), exam.render(quote))],
        Cite::Quote { each: Some(each), source, quote } => {
            let list = exam.eval(each);
            let items: Vec<Value> = list.items().iter().take(ITEMS).cloned().collect();
            exam.for_each(&items, || plain(exam.render(source), exam.render(quote)))
        }
    }
}

/// A field of an object that was found: `Kind namespace/name`, the path, and what stands there.
fn field(exam: &Exam<'_>, check: &Check) -> Option<Evidence> {
    let (slot, path) = check.as_path()?;
    let object = exam.value(slot);
    let value = path.iter().fold(object.clone(), |value, name| value.field(name));
    if object.is_null() || matches!(value, Value::Unknown(_)) {
        return None;
    }
    let path: Vec<String> = path.iter().map(|part| readable(part)).collect();
    Some(Evidence {
        field: (!path.is_empty()).then(|| path.join(".")),
        ..plain(name_of(exam, slot, &object), shown(&value))
    })
}

/// A path segment that is no plain name, such as an annotation's key, in brackets.
fn readable(part: &str) -> String {
    if part.contains(['.', '/']) { format!("['{part}']") } else { part.to_owned() }
}

/// A value as a manifest would show it.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "(not set)".to_owned(),
        Value::Text(text) if text.is_empty() => "\"\"".to_owned(),
        Value::Text(text) => text.to_string(),
        other => {
            // What does not fit breaks the writing off, and is not shown.
            let mut json = Short(Vec::new());
            let _ = serde_json::to_writer(&mut json, other);
            String::from_utf8_lossy(&json.0).into_owned()
        }
    }
}

/// As much of a text as a quotation may need: a value that a playbook puts together may have no end.
struct Short(Vec<u8>);

impl std::io::Write for Short {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > 8 * QUOTE {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn name_of(exam: &Exam<'_>, slot: Slot, object: &Value) -> String {
    let kind = match object.field("kind") {
        Value::Text(kind) => kind.to_string(),
        _ => kind_of(exam, slot),
    };
    let metadata = object.field("metadata");
    let (namespace, name) = (metadata.field("namespace"), metadata.field("name"));
    match (namespace.as_str(), name.as_str()) {
        (Some(namespace), Some(name)) => format!("{kind} {namespace}/{name}"),
        (None, Some(name)) => format!("{kind} {name}"),
        _ => kind,
    }
}

fn kind_of(exam: &Exam<'_>, slot: Slot) -> String {
    match exam.playbook.definitions.get(slot.0) {
        Some(Definition::Subject) => exam.playbook.subject.to_string(),
        Some(Definition::Evidence(def)) => match &def.kind {
            EvidenceKind::Object { resource, .. } | EvidenceKind::List { resource, .. } => resource.kind.to_string(),
            EvidenceKind::Events { .. } => "Event".to_owned(),
            EvidenceKind::Logs { .. } | EvidenceKind::NodeLogs { .. } => "log".to_owned(),
            EvidenceKind::Stats { .. } => "volume statistics".to_owned(),
        },
        _ => exam.playbook.names.name(slot).to_owned(),
    }
}

/// An event or a log line that was recognised.
fn message(found: &Value) -> Option<Evidence> {
    let text = |name: &str| found.field(name).as_str().map(str::to_owned);
    let about = text("about")?;
    let quote = text("message")?;
    let in_log = !found.field("container").is_null() || !found.field("service").is_null();
    Some(Evidence {
        time: text("time"),
        count: match found.field("count") {
            Value::Int(count) if !in_log => Some(count),
            _ => None,
        },
        component: text("component").filter(|_| !in_log),
        reason: text("reason"),
        ..plain(if in_log { about } else { format!("event on {about}") }, quote)
    })
}

/// That an object does not exist, in the words of the question that found nothing.
fn absent(exam: &Exam<'_>, check: &Check) -> Option<Evidence> {
    let (slot, _) = check.as_path()?;
    let Some(Definition::Evidence(def)) = exam.playbook.definitions.get(slot.0) else { return None };
    let query = kinds::object_query(exam, def)?;
    exam.value(slot).is_null().then(|| plain(query.to_string(), "does not exist".to_owned()))
}

fn plain(source: String, quote: String) -> Evidence {
    let quote = match quote.char_indices().nth(QUOTE) {
        Some((end, _)) => format!("{}…", quote.get(..end).unwrap_or_default()),
        None => quote,
    };
    Evidence { source, field: None, quote, time: None, count: None, component: None, reason: None }
}
