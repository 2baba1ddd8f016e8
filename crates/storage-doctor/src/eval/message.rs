//! Messages recognised in events and log lines: structure first, wording second.

use super::Exam;
use crate::check::Budget;
use crate::playbook::MessageDef;
use crate::value::Value;
use regex::Regex;

/// The newest event or line that matches: a map of its fields and of the pattern's named groups.
/// Null when none does; unknown when there may be more that were not seen.
pub(super) fn find(exam: &Exam<'_>, def: &MessageDef) -> Value {
    let list = match exam.eval(&def.within) {
        Value::List(list) => list,
        unknown @ Value::Unknown(_) => return unknown,
        _ => return Value::Null,
    };
    for entry in list.items().iter().rev() {
        match recognise(exam, def, entry) {
            Ok(None) => {}
            Ok(Some(found)) => return found,
            Err(unknown) => return unknown,
        }
    }
    list.unseen().map_or(Value::Null, |gaps| Value::Unknown(gaps.clone()))
}

/// What a message says, if it is this one; the error is the value that stands for a search that took too long.
fn recognise(exam: &Exam<'_>, def: &MessageDef, entry: &Value) -> Result<Option<Value>, Value> {
    let field = |name: &str| entry.field(name);
    pay(exam, 0)?;
    if !def.reasons.is_empty()
        && !field("reason").as_str().is_some_and(|reason| def.reasons.iter().any(|r| r == reason))
    {
        return Ok(None);
    }
    if let Some(wanted) = &def.event_type
        && field("type").as_str() != Some(wanted)
    {
        return Ok(None);
    }
    if let Some(component) = &def.component {
        let name = field("component");
        let Some(name) = name.as_str() else { return Ok(None) };
        pay(exam, component.cost(name))?;
        if !component.regex.is_match(name) {
            return Ok(None);
        }
    }
    let message = field("message");
    let Some(message) = message.as_str() else { return Ok(None) };
    for pattern in &def.patterns {
        pay(exam, pattern.regex.cost(message))?;
        if let Some(found) = captured(&pattern.regex.regex, message, entry) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn pay(exam: &Exam<'_>, bytes: usize) -> Result<(), Value> {
    if exam.pay(bytes) { Ok(()) } else { Err(Budget::exhausted()) }
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
