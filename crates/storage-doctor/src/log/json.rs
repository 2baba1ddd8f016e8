//! Lines that are JSON objects.

use super::{Level, Parsed, message};
use crate::source::decode_object;
use crate::time::Time;
use crate::value::Value;
use std::borrow::Cow;

pub(super) fn parse(line: &str) -> Option<Parsed> {
    let line = line.trim();
    if !line.starts_with('{') {
        return None;
    }
    let object = decode_object(line.as_bytes()).ok()?;
    let first = |names: &[&str]| names.iter().map(|name| object.field(name)).find(|value| !value.is_null());
    let words = first(&["msg", "message"])?;
    let error = first(&["err", "error"]);
    let error = error.as_ref().and_then(Value::as_str);
    let said = first(&["level", "severity", "lvl"]).and_then(|level| Level::from_name(level.as_str()?));
    Some(Parsed {
        time: first(&["ts", "time", "timestamp", "@timestamp"]).as_ref().and_then(time),
        // component-base writes no level; an error has an `err`.
        level: said.or(Some(if error.is_some() { Level::Error } else { Level::Info })),
        message: message(Cow::Borrowed(words.as_str()?.trim_end()), error),
        open: false,
    })
}

/// A time as text, or as seconds, milli-, micro- or nanoseconds since 1970; which, their size tells
/// (component-base writes milliseconds, zap seconds).
fn time(value: &Value) -> Option<Time> {
    let number = match value {
        Value::Text(text) => return Time::parse(text).ok(),
        #[allow(clippy::cast_precision_loss, reason = "a second is exact enough")]
        Value::Int(i) => *i as f64,
        Value::Float(f) => *f,
        _ => return None,
    };
    let scale = match number {
        n if n < 0.0 => return None,
        n if n < 1e11 => 1.0,
        n if n < 1e14 => 1e3,
        n if n < 1e17 => 1e6,
        _ => 1e9,
    };
    #[allow(clippy::cast_possible_truncation, reason = "`as` saturates, and so does the time")]
    let seconds = (number / scale) as i64;
    Some(Time::from_unix_seconds(seconds))
}
