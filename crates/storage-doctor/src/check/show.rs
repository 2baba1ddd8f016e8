//! Values as text for people, and durations read from text.

use crate::time::human_duration;
use crate::value::Value;

/// Beyond this many bytes a hole of a template is cut.
const LONGEST: usize = 4096;

/// A value in a sentence: `(not known)`, `(none)`, `10Gi`, `a, b`. Cut when it is very long.
pub(super) fn show(value: &Value) -> String {
    let mut text = String::new();
    append(&mut text, value, 0);
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

fn append(text: &mut String, value: &Value, depth: usize) {
    if text.len() > LONGEST || depth > 16 {
        return;
    }
    match value {
        Value::Unknown(_) => text.push_str("(not known)"),
        Value::List(list) => {
            let parts = list.items().iter().map(|item| (None, item));
            let empty = if list.unseen().is_some() { "(not known)" } else { "(none)" };
            append_parts(text, parts, empty, depth);
            if list.unseen().is_some() && !list.items().is_empty() {
                text.push_str(", …");
            }
        }
        Value::Map(map) => {
            text.push('{');
            append_parts(text, map.iter().map(|(name, item)| (Some(&**name), item)), "", depth);
            text.push('}');
        }
        other => text.push_str(&scalar(other).unwrap_or_else(|| "(none)".to_owned())),
    }
}

fn append_parts<'a>(
    text: &mut String,
    parts: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
    empty: &str,
    depth: usize,
) {
    let mut first = true;
    for (name, item) in parts {
        if text.len() > LONGEST {
            break;
        }
        if !first {
            text.push_str(", ");
        }
        first = false;
        if let Some(name) = name {
            text.push_str(name);
            text.push_str(": ");
        }
        append(text, item, depth + 1);
    }
    if first {
        text.push_str(empty);
    }
}

/// The text of a value that is one thing; none for null, lists, maps and the unknown.
pub(super) fn scalar(value: &Value) -> Option<String> {
    Some(match value {
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Float(f) => f.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Quantity(quantity) => quantity.to_string(),
        Value::Time(time) => time.to_string(),
        Value::Seconds(s) if *s < 0 => format!("-{}", human_duration(s.saturating_neg())),
        Value::Seconds(s) => human_duration(*s),
        Value::Null | Value::List(_) | Value::Map(_) | Value::Unknown(_) => return None,
    })
}

/// Reads a duration such as `90s`, `5m` or `1h30m`: whole numbers with a unit of `s`, `m`, `h` or `d`.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut rest = text;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = rest.split_at_checked(end)?;
        let each = match unit.chars().next()? {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            _ => return None,
        };
        let number: i64 = number.parse().ok()?;
        total = total.checked_add(number.checked_mul(each)?)?;
        rest = unit.get(1..)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::{seconds, show};
    use crate::value::{List, Value};
    use std::sync::Arc;

    #[test]
    fn shows_values_in_a_sentence() {
        let gaps = Value::failed("x").gaps().unwrap().clone();
        for (value, text) in [
            (Value::Null, "(none)"),
            (Value::list(vec![]), "(none)"),
            (Value::Unknown(gaps.clone()), "(not known)"),
            (Value::list(vec![Value::text("a"), Value::Null, Value::Int(1)]), "a, (none), 1"),
            (Value::List(Arc::new(List::partial(vec![Value::text("a")], gaps.clone()))), "a, …"),
            (Value::List(Arc::new(List::partial(vec![], gaps))), "(not known)"),
            (Value::map([("b", Value::Int(1)), ("a", Value::Bool(true))]), "{a: true, b: 1}"),
            (Value::Seconds(330), "5m30s"),
            (Value::Seconds(-330), "-5m30s"),
            (Value::Float(1.5), "1.5"),
        ] {
            assert_eq!(show(&value), text);
        }
    }

    #[test]
    fn cuts_what_is_very_long_between_letters() {
        let shown = show(&Value::text("é".repeat(5000)));
        assert!(shown.len() < 4200 && shown.ends_with('…'));
        let mut deep = Value::Null;
        for _ in 0..1000 {
            deep = Value::list(vec![deep]);
        }
        assert_eq!(show(&deep), "");
    }

    #[test]
    fn reads_durations() {
        for (text, s) in [("90s", 90), ("5m", 300), ("1h30m", 5400), ("2d", 172_800), ("0s", 0)] {
            assert_eq!(seconds(text), Some(s), "{text}");
        }
        for text in ["", "5", "m", "-5m", "5 m", "5w", "1.5h", "99999999999999999999s", "999999999999999999d", "5é"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
