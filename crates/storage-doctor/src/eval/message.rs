//! Messages recognised in events and log lines: structure first, wording second.

use super::Exam;
use crate::playbook::MessageDef;
use crate::value::{List, Value};
use regex::Regex;

/// The newest event or line that matches: a map of its fields and of the pattern's named groups.
/// Null when none does; unknown when there may be more that were not seen.
pub(super) fn find(exam: &Exam<'_>, def: &MessageDef) -> Value {
    let list = match exam.eval(&def.within) {
        Value::List(list) => list,
        unknown @ Value::Unknown(_) => return unknown,
        _ => return Value::Null,
    };
    list.items().iter().rev().find_map(|entry| recognise(def, entry)).unwrap_or_else(|| rest(&list))
}

fn rest(list: &List) -> Value {
    list.unseen().map_or(Value::Null, |gaps| Value::Unknown(gaps.clone()))
}

fn recognise(def: &MessageDef, entry: &Value) -> Option<Value> {
    let field = |name: &str| entry.field(name);
    if !def.reasons.is_empty() {
        let reason = field("reason");
        let reason = reason.as_str()?;
        if !def.reasons.iter().any(|r| r == reason) {
            return None;
        }
    }
    if let Some(wanted) = &def.event_type
        && field("type").as_str() != Some(wanted)
    {
        return None;
    }
    if let Some(component) = &def.component
        && !field("component").as_str().is_some_and(|c| component.is_match(c))
    {
        return None;
    }
    let message = field("message");
    let message = message.as_str()?;
    def.patterns.iter().find_map(|pattern| captured(&pattern.regex, message, entry))
}

/// The entry with the named groups of the pattern as further fields.
fn captured(regex: &Regex, message: &str, entry: &Value) -> Option<Value> {
    let groups = regex.captures(message)?;
    let named = regex.capture_names().flatten().map(|name| {
        let text = groups.name(name).map_or(Value::Null, |group| Value::text(group.as_str()));
        (name.to_owned(), text)
    });
    let Value::Map(fields) = entry else { return None };
    let own = fields.iter().map(|(key, value)| (key.to_string(), value.clone()));
    Some(Value::map(own.chain(named).collect::<Vec<_>>()))
}
