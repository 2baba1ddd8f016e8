//! Lines of container logs: when, how bad, and the text without its wrapping.
//!
//! Four ways of writing a line are known; whatever else comes is kept as it is. An RFC 3339 time before
//! the line, as `kubectl logs --timestamps` adds it, is believed before the line's own; so is what journald puts before
//! a line of a node's service.
//!
//! - klog text: `E1121 03:45:34.123456       1 controller.go:12] words`, or `"words" err="why" key="value"`
//!   (k8s.io/klog/v2 `internal/serialize`, `internal/buffer`)
//! - JSON: `{"ts":1580306777047.28,"msg":"words","err":"why"}` (k8s.io/component-base/logs/json), and what
//!   zap, logrus and slog make of it
//! - `time="…" level=error msg="words" error="why"` (logrus)

mod go;
mod journal;
mod json;
mod klog;
mod logfmt;

use crate::time::Time;
use crate::value::Value;
use std::borrow::Cow;
use std::fmt;

/// What is longer than this is cut, in bytes. Container runtimes split lines at 16 KiB themselves.
const MAX_LINE: usize = 16 * 1024;
/// Only that many last lines are read.
const MAX_LINES: usize = 20_000;

/// How bad a line says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// All is well, or detail.
    Info,
    /// Something to look at.
    Warning,
    /// Something failed.
    Error,
    /// The program ended over it.
    Fatal,
}

impl Level {
    /// The level as a playbook sees it: `info`, `warning`, `error`, `fatal`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }

    /// The level by any of the names that loggers give it.
    fn from_name(name: &str) -> Option<Self> {
        let known = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if known(&["error", "err"]) {
            Some(Self::Error)
        } else if known(&["warning", "warn"]) {
            Some(Self::Warning)
        } else if known(&["fatal", "panic", "dpanic", "critical"]) {
            Some(Self::Fatal)
        } else if known(&["info", "information", "debug", "trace", "notice"]) {
            Some(Self::Info)
        } else {
            None
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One line of a log, or several that are one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When it was written. A line that does not say takes the time of the line before it: it was
    /// written then, or after.
    pub time: Option<Time>,
    /// How bad it says it is.
    pub level: Option<Level>,
    /// The text alone, unquoted; when the line names an error, the words and then the error after a colon.
    pub message: String,
    /// The line as it was written, without an added time before it.
    pub raw: String,
}

impl Line {
    /// The line as a playbook sees it: `time`, `level`, `message`, `raw`.
    pub fn into_value(self) -> Value {
        Value::map([
            ("time", self.time.map_or(Value::Null, Value::Time)),
            ("level", self.level.map_or(Value::Null, |level| Value::text(level.as_str()))),
            ("message", Value::text(self.message)),
            ("raw", Value::text(self.raw)),
        ])
    }
}

/// What one way of writing lines makes of one.
#[derive(Debug, Default)]
struct Parsed {
    time: Option<Time>,
    level: Option<Level>,
    message: String,
    /// Whether the lines that follow may belong to this one: klog's `err=<`.
    open: bool,
}

/// How the part of a mount's failure begins that says what was run and what it answered: one message in several
/// lines, of which only the first has a head (k8s.io/mount-utils mount_linux.go `doMount`).
const COMMAND: &str = "Mounting command: ";

/// Reads the lines of a log, in their order. klog writes no year: it is chosen so that the line comes
/// closest before `now`.
pub fn parse_lines(text: &str, now: Time) -> Vec<Line> {
    let mut last: Vec<&str> = text.lines().rev().filter(|line| !line.trim().is_empty()).take(MAX_LINES).collect();
    last.reverse();
    let mut lines: Vec<Line> = Vec::with_capacity(last.len());
    let mut open = false;
    let mut command = false;
    for line in last {
        let (prefix, body) = split_time(cut(line), now);
        if let Some(before) = lines.last_mut()
            && open
            && continues(before, body)
        {
            open = body.starts_with('\t');
            continue;
        }
        let parsed = parse(body, now);
        let bare = prefix.is_none() && parsed.time.is_none() && parsed.level.is_none();
        command = bare && (command || body.starts_with(COMMAND));
        if command && let Some(before) = lines.last_mut() {
            append(before, body);
            continue;
        }
        open = parsed.open;
        let before = lines.last().and_then(|line| line.time);
        lines.push(Line {
            time: prefix.or(parsed.time).or(before),
            level: parsed.level,
            message: parsed.message,
            raw: body.to_owned(),
        });
    }
    lines
}

/// Adds a line to the one before it, as far as there is room.
fn append(before: &mut Line, body: &str) {
    if before.raw.len() + body.len() < MAX_LINE {
        for text in [&mut before.raw, &mut before.message] {
            text.push('\n');
            text.push_str(body);
        }
    }
}

/// Adds a line to the one before it, if it is part of the value that klog began there:
/// `\tone line` each, and ` >` after the last.
fn continues(before: &mut Line, body: &str) -> bool {
    let ended = body == " >" || body.starts_with(" > ");
    let Some(part) = body.strip_prefix('\t').or(ended.then_some("")) else { return false };
    if before.raw.len() + body.len() < MAX_LINE {
        before.raw.push('\n');
        before.raw.push_str(body);
        if !ended {
            if !before.message.ends_with(": ") {
                before.message.push('\n');
            }
            before.message.push_str(part);
        }
    }
    true
}

fn parse(body: &str, now: Time) -> Parsed {
    klog::parse(body, now)
        .or_else(|| json::parse(body))
        .or_else(|| logfmt::parse(body))
        .unwrap_or_else(|| Parsed { message: body.trim().to_owned(), ..Parsed::default() })
}

/// The words of a line, and its error if it names one.
fn message(words: Cow<'_, str>, error: Option<&str>) -> String {
    match error.map(str::trim).filter(|error| !error.is_empty()) {
        None => words.into_owned(),
        Some(error) if words.is_empty() => error.to_owned(),
        Some(error) => format!("{words}: {error}"),
    }
}

/// The time before a line, if there is one, and the rest.
fn split_time(line: &str, now: Time) -> (Option<Time>, &str) {
    // The shortest RFC 3339 time is `2026-11-21T03:45:34Z`.
    let looks_like_one = line.as_bytes().first_chunk::<20>().is_some_and(|b| b[4] == b'-' && b[10] == b'T');
    if looks_like_one
        && let Some((first, rest)) = line.split_once(' ')
        && let Ok(time) = Time::parse(first)
    {
        return (Some(time), rest);
    }
    journal::split(line, now).map_or((None, line), |(time, rest)| (Some(time), rest))
}

fn cut(line: &str) -> &str {
    let mut end = line.len().min(MAX_LINE);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line.get(..end).unwrap_or(line)
}

#[cfg(test)]
mod tests;
