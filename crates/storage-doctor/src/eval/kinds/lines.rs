//! Which lines of a log are kept, and the shape that a playbook sees them in.

use super::Exam;
use crate::check::{Check, Scope};
use crate::evidence::Gaps;
use crate::log::{Line, parse_lines};
use crate::value::{List, Value};
use std::sync::Arc;

/// Lines kept, newest first in importance.
const LINES: usize = 2_000;

/// Which lines are kept.
pub(super) struct Filter {
    /// Lines that hold one of these texts; every line when there are none.
    wanted: Vec<Arc<str>>,
    /// Lines younger than so many seconds; those that do not say when they were written are kept.
    within: i64,
}

impl Filter {
    /// The filter; the error is the value that stands in its way.
    pub(super) fn new(exam: &Exam<'_>, about: &[Check], within: i64) -> Result<Self, Value> {
        let mut wanted = Vec::new();
        for check in about {
            match exam.eval(check) {
                Value::Text(text) if !text.is_empty() => wanted.push(text),
                unknown @ Value::Unknown(_) => return Err(unknown),
                _ => {}
            }
        }
        Ok(Self { wanted, within })
    }

    fn keeps(&self, exam: &Exam<'_>, line: &Line) -> bool {
        let young = line.time.is_none_or(|time| exam.now().seconds_since(time) <= self.within);
        young && (self.wanted.is_empty() || self.wanted.iter().any(|term| line.raw.contains(&**term)))
    }
}

/// Lines of one log or several.
#[derive(Default)]
pub(super) struct Lines(Vec<(i64, Value)>);

impl Lines {
    /// Adds the lines of a log that the filter keeps, each with the fields that say where it stands: in the shape of
    /// an event, so that one way of recognising messages serves both.
    pub(super) fn add(&mut self, exam: &Exam<'_>, text: &str, filter: &Filter, place: &[(&str, Value)]) {
        let lines = parse_lines(text, exam.now()).into_iter().filter(|line| filter.keeps(exam, line));
        self.0.extend(lines.map(|line| value(&line, place)));
    }

    /// The lines, oldest first.
    pub(super) fn finished(mut self, unseen: Gaps) -> Value {
        self.0.sort_by_key(|(time, _)| *time);
        let skip = self.0.len().saturating_sub(LINES);
        let items = self.0.into_iter().skip(skip).map(|(_, line)| line).collect();
        Value::List(Arc::new(if unseen.is_empty() { List::new(items) } else { List::partial(items, Arc::new(unseen)) }))
    }
}

fn value(line: &Line, place: &[(&str, Value)]) -> (i64, Value) {
    let time = line.time.map_or(Value::Null, |t| Value::text(t.to_string()));
    let seconds = line.time.map_or(i64::MIN, crate::time::Time::unix_seconds);
    let level = line.level.map_or(Value::Null, |level| Value::text(level.as_str()));
    let own =
        [("time", time), ("level", level), ("message", Value::text(&line.message)), ("raw", Value::text(&line.raw))];
    (seconds, Value::map(own.into_iter().chain(place.iter().cloned())))
}
