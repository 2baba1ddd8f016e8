//! `time="…" level=error msg="…"`, as logrus and slog write it.

use super::{Level, Parsed, go, message};
use crate::time::Time;

pub(super) fn parse(line: &str) -> Option<Parsed> {
    if !["time=", "ts=", "level="].iter().any(|start| line.starts_with(start)) {
        return None;
    }
    let (mut time, mut level, mut words, mut error) = (None, None, None, None);
    for pair in go::pairs(line) {
        match pair.key {
            "time" | "ts" => time = time.or_else(|| Time::parse(&pair.value).ok()),
            "level" => level = level.or_else(|| Level::from_name(&pair.value)),
            "msg" => words = words.or(Some(pair.value)),
            "err" | "error" => error = error.or(Some(pair.value)),
            _ => {}
        }
    }
    Some(Parsed { time, level, message: message(words?, error.as_deref()), open: false })
}
