//! The words for things of the report.

use super::style::Tone;
use super::{Language, safe};
use crate::playbook::{Confidence, Risk, Severity};
use crate::report::v1::{ObjectRef, Verdict};
use crate::time::{Time, human_duration};

/// How many names a list of names shows.
pub(super) const NAMES: usize = 10;

/// Kubernetes' own limit for a name.
const NAME_LIMIT: usize = 253;

/// `PersistentVolumeClaim shop/data`.
pub(super) fn object(object: &ObjectRef) -> String {
    format!("{} {}", safe::one_line(&object.kind, NAME_LIMIT), path(object))
}

/// `shop/data`.
pub(super) fn path(object: &ObjectRef) -> String {
    let name = safe::one_line(&object.name, NAME_LIMIT);
    match &object.namespace {
        Some(namespace) => format!("{}/{name}", safe::one_line(namespace, NAME_LIMIT)),
        None => name,
    }
}

/// A name that has to stay on its line.
pub(super) fn name(text: &str) -> String {
    safe::one_line(text, NAME_LIMIT)
}

/// `a, b, c and 4 more`.
pub(super) fn names(names: &[String], most: usize) -> String {
    let shown = names.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// `1 cause`, `2 causes`.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// The verdict as the report spells it, and its tone.
pub(super) fn verdict(verdict: Verdict) -> (&'static str, Tone) {
    match verdict {
        Verdict::Failing => ("Failing", Tone::Bad),
        Verdict::Unknown => ("Unknown", Tone::Doubt),
        Verdict::Waiting => ("Waiting", Tone::Wait),
        Verdict::Healthy => ("Healthy", Tone::Good),
    }
}

pub(super) fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Certain => "certain",
        Confidence::Likely => "likely",
        Confidence::Possible => "possible",
    }
}

pub(super) fn severity(severity: Severity) -> (&'static str, Tone) {
    match severity {
        Severity::Error => ("error", Tone::Bad),
        Severity::Warning => ("warning", Tone::Doubt),
        Severity::Info => ("info", Tone::Faint),
    }
}

/// What a remedy may break, in words; nothing for one that only looks.
pub(super) fn risk(risk: Risk) -> (&'static str, Tone) {
    match risk {
        Risk::Look => ("", Tone::Plain),
        Risk::Change => ("[changes the cluster]", Tone::Doubt),
        Risk::Disruptive => ("[interrupts a workload]", Tone::Doubt),
        Risk::DataLoss => ("[can lose data]", Tone::Bad),
    }
}

/// A time as seen from another: `35s ago`, `in 10m`. A text that is no time is shown as it is.
pub(super) fn relative(time: &str, at: &str, language: Language) -> String {
    match (Time::parse(time), Time::parse(at)) {
        (Ok(time), Ok(at)) => match at.seconds_since(time) {
            seconds if seconds < 0 => language.fill("in {}", &[&human_duration(seconds.saturating_neg())]),
            seconds => language.fill("{} ago", &[&human_duration(seconds)]),
        },
        _ => language.fill("at {}", &[&safe::one_line(time, 64)]),
    }
}

/// Whether a time lies before another, if both are times.
pub(super) fn is_past(time: &str, at: &str) -> bool {
    matches!((Time::parse(time), Time::parse(at)), (Ok(time), Ok(at)) if time <= at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_from_the_time_of_the_evidence() {
        let at = "2026-11-21T04:00:00Z";
        let english = Language::English;
        assert_eq!(relative("2026-11-21T03:59:25Z", at, english), "35s ago");
        assert_eq!(relative("2026-11-21T04:00:00Z", at, english), "0s ago");
        assert_eq!(relative("2026-11-21T04:10:00Z", at, english), "in 10m");
        assert_eq!(relative("soon\u{1b}", at, english), "at soon\\x1b");
        assert!(is_past("2026-11-21T03:59:25Z", at) && !is_past("2026-11-21T04:10:00Z", at) && !is_past("x", at));
    }

    #[test]
    fn long_lists_are_cut() {
        let all: Vec<String> = (0..4).map(|i| i.to_string()).collect();
        assert_eq!(names(&all, 4), "0, 1, 2, 3");
        assert_eq!(names(&all, 2), "0, 1 and 2 more");
    }
}
