//! What of an expectation does not hold.

use super::load::Expected;
use crate::report::v1::{Diagnosis, ECHO, Finding, Verdict};
use regex::Regex;
use serde_json::Value as Json;

/// What was expected, and what was found instead.
pub(super) type Difference = (String, String);

/// Everything in which a diagnosis differs from what was expected.
pub(super) fn compare(expected: &Expected, found: &Diagnosis) -> Vec<Difference> {
    let mut differences = Vec::new();
    if found.verdict != expected.verdict {
        differences.push((format!("verdict {:?}", expected.verdict), verdict(found)));
    }
    let first = found.findings.first();
    for (nth, cause) in expected.finds.iter().enumerate() {
        if nth == 0 && first.is_none_or(|f| f.cause != *cause) {
            differences.push((format!("first finding {cause}"), format!("{}; {}", named(first), fate(cause, found))));
        } else if !found.findings.iter().any(|f| f.cause == *cause) {
            differences.push((format!("finding {cause}"), fate(cause, found)));
        }
    }
    for cause in expected.echoes.iter().filter(|cause| !is_echo(cause, found)) {
        differences.push((format!("an echo {cause}"), fate(cause, found)));
    }
    for cause in &expected.not {
        if let Some(finding) = found.findings.iter().find(|f| f.cause == *cause) {
            differences.push((format!("no finding {cause}"), named(Some(finding))));
        }
    }
    for state in &expected.waiting {
        if !found.waiting.iter().any(|w| w.state == *state) {
            let shown: Vec<&str> = found.waiting.iter().map(|w| w.state.as_str()).collect();
            differences
                .push((format!("waiting {state}"), format!("{}; {}", list("waiting", &shown), fate(state, found))));
        }
    }
    if let Some(confidence) = expected.confidence
        && first.is_none_or(|f| f.confidence != confidence)
    {
        differences.push((format!("the first finding to be {}", word(&confidence)), named(first)));
    }
    for regex in &expected.says {
        if !first.is_some_and(|finding| says(finding, regex)) {
            differences.push((format!("the first finding to say /{regex}/"), first.map_or_else(|| named(None), json)));
        }
    }
    for regex in &expected.needs {
        if !found.unknown.iter().any(|unknown| regex.is_match(&unknown.needs)) {
            let needs: Vec<&str> = found.unknown.iter().map(|u| u.needs.as_str()).collect();
            differences.push((format!("a need like /{regex}/"), list("needs", &needs)));
        }
    }
    differences
}

/// Whether a cause of role `symptom` holds, and nothing that would be behind it.
pub(super) fn is_echo(cause: &str, found: &Diagnosis) -> bool {
    found.unknown.iter().any(|unknown| unknown.cause == cause && unknown.why.starts_with(ECHO))
}

/// The verdict, and what made it.
pub(super) fn verdict(found: &Diagnosis) -> String {
    let why = match found.verdict {
        Verdict::Failing => named(found.findings.first()),
        Verdict::Unknown => {
            let open: Vec<String> =
                found.unknown.iter().map(|u| format!("{} {}", u.cause, u.why).trim().to_owned()).collect();
            list("open", &open)
        }
        Verdict::Waiting => {
            let states: Vec<&str> = found.waiting.iter().map(|w| w.state.as_str()).collect();
            list("for", &states)
        }
        Verdict::Healthy => return "verdict Healthy".to_owned(),
    };
    format!("verdict {:?}: {why}", found.verdict)
}

/// A finding in a few words.
pub(super) fn named(finding: Option<&Finding>) -> String {
    finding.map_or_else(
        || "no finding".to_owned(),
        |f| format!("{} ({}, {}): {}", f.cause, word(&f.severity), word(&f.confidence), f.summary),
    )
}

/// What became of a cause or waiting state.
fn fate(id: &str, found: &Diagnosis) -> String {
    if let Some(finding) = found.findings.iter().find(|f| f.cause == id) {
        return format!("{} comes later", named(Some(finding)));
    }
    let excluded = found.ruled_out.iter().filter(|r| r.cause == id).map(|r| format!("{id} is ruled out: {}", r.why));
    let open = found.unknown.iter().filter(|u| u.cause == id);
    let open = open.map(|u| format!("{id} is not decided: {} (needs {})", u.why, u.needs));
    let all: Vec<String> = excluded.chain(open).collect();
    if all.is_empty() {
        return format!(
            "nothing is said of {id}: it does not hold, nor may its symptom, or another stands in its place"
        );
    }
    all.join("; ")
}

fn list<T: AsRef<str>>(what: &str, items: &[T]) -> String {
    if items.is_empty() {
        return format!("{what}: nothing");
    }
    let mut shown: Vec<&str> = Vec::new();
    for item in items.iter().map(AsRef::as_ref) {
        if !shown.contains(&item) {
            shown.push(item);
        }
    }
    format!("{what}: {}", shown.join("; "))
}

fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Json::String(word)) => word,
        _ => String::new(),
    }
}

fn json(finding: &Finding) -> String {
    serde_json::to_string(finding).unwrap_or_default()
}

/// Whether it matches the finding as JSON, or one of its texts without JSON's escapes.
fn says(finding: &Finding, regex: &Regex) -> bool {
    let value = serde_json::to_value(finding).unwrap_or_default();
    regex.is_match(&json(finding)) || any_text(&value, &|words| regex.is_match(words))
}

fn any_text(value: &Json, wanted: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Json::String(words) => wanted(words),
        Json::Array(items) => items.iter().any(|item| any_text(item, wanted)),
        Json::Object(fields) => fields.values().any(|field| any_text(field, wanted)),
        _ => false,
    }
}
