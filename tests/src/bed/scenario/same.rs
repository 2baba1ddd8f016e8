//! The same answer everywhere: what is said of a live cluster is said of a recording of it.

use super::bench::Bench;
use super::expect;
use super::spec::Expect;
use super::tool::{self, Answer};
use crate::bed::access;
use crate::bed::trouble::{Attempt, Result, Trouble};
use regex::Regex;
use serde_json::Value;

/// How often to try anew when the cluster moves, as with a container that crashes over and over.
const TRIES: usize = 8;

/// How much of a difference is shown, in characters.
const SHOWN: usize = 400;

/// The fields that tell when something was looked at, or how often it had happened by then.
const VOLATILE: [&str; 5] = ["at", "count", "time", "since", "worryAfter"];

/// Ages in sentences.
const AGES: &str = r"\b\d+(?:\.\d+)? ?(?:s|m|h|d|seconds?|minutes?|hours?|days?)\b(?: ?\d+ ?(?:s|m|h)\b)*|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?";

/// Whether the program can capture; it could not always.
pub fn can_capture(bench: &Bench) -> bool {
    let help = tool::output(bench, &["--help".to_owned()]).unwrap_or_default();
    help.lines().any(|line| line.split_whitespace().next() == Some("capture"))
}

/// Captures what a diagnosis looks at, diagnoses the capture, and compares.
pub fn same_answer(bench: &Bench, namespace: &str, due: &Expect, user: &str) -> Result<()> {
    let folder = tempfile::tempdir().attempt("a temporary folder")?;
    let file = folder.path().join("capture.tar.gz");
    let words = tool::subject(due, namespace);
    let mut last = Ok(());
    let mut still = 0;
    for _ in 0..TRIES {
        let _ = std::fs::remove_file(&file);
        let live = tool::live(bench, &words, user, access::ROLE)?;
        let captured = capture(bench, &words, &file, user)?;
        if captured.code != Some(0) {
            return Err(Trouble::new(format!("capture: exit {:?}: {}", captured.code, captured.errors.trim())));
        }
        let recorded = tool::recorded(bench, &words, &file)?;
        last = compare(&live, &recorded);
        if last.is_ok() {
            let Some(keep) = &bench.keep else { return Ok(()) };
            // Both may have become wrong since the cluster was judged.
            last = expect::judge(due, &recorded);
            if last.is_ok() {
                return keep.take(namespace, due, &file);
            }
        }
        // A cluster that says the same before and after has not moved in between, or hardly twice.
        still += usize::from(compare(&live, &tool::live(bench, &words, user, access::ROLE)?).is_ok());
        if still == 2 {
            return last;
        }
    }
    last
}

fn capture(bench: &Bench, words: &[String], file: &std::path::Path, user: &str) -> Result<Answer> {
    let kubeconfig = match &bench.own {
        Some(own) => access::login(&own.cluster.authority, user, access::ROLE)?,
        None => bench.kubeconfig.clone(),
    };
    let mut all = vec!["capture".to_owned()];
    all.extend(words.iter().cloned());
    all.extend(["-o".into(), file.to_string_lossy().into_owned()]);
    all.extend(["--kubeconfig".into(), kubeconfig.to_string_lossy().into_owned()]);
    tool::run(bench, &all)
}

/// Whether two answers are the same but for what changes by itself.
pub fn compare(live: &Answer, recorded: &Answer) -> Result<()> {
    let ages = Regex::new(AGES).attempt("ages")?;
    let (a, b) = (steady(&live.report, &ages), steady(&recorded.report, &ages));
    if a == b && live.code == recorded.code {
        return Ok(());
    }
    let difference = differs("", &a, &b).unwrap_or_else(|| format!("exit {:?} and {:?}", live.code, recorded.code));
    Err(Trouble::new(format!("live and captured differ at {difference}")))
}

/// A report without what changes from one moment to the next.
fn steady(value: &Value, ages: &Regex) -> Value {
    match value {
        Value::String(text) => Value::String(ages.replace_all(text, "AGE").into_owned()),
        Value::Array(items) => Value::Array(items.iter().map(|item| steady(item, ages)).collect()),
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| !VOLATILE.contains(&name.as_str()));
            Value::Object(kept.map(|(name, value)| (name.clone(), steady(value, ages))).collect())
        }
        other => other.clone(),
    }
}

/// The first place where two values differ.
fn differs(at: &str, a: &Value, b: &Value) -> Option<String> {
    match (a, b) {
        _ if a == b => None,
        (Value::Object(a), Value::Object(b)) => {
            let names = a.keys().chain(b.keys());
            let null = Value::Null;
            let mut found = names.map(|name| {
                differs(&format!("{at}.{name}"), a.get(name).unwrap_or(&null), b.get(name).unwrap_or(&null))
            });
            found.find_map(|found| found)
        }
        (Value::Array(a), Value::Array(b)) => {
            let null = Value::Null;
            let pair = |i| (a.get(i).unwrap_or(&null), b.get(i).unwrap_or(&null));
            (0..a.len().max(b.len())).find_map(|i| differs(&format!("{at}[{i}]"), pair(i).0, pair(i).1))
        }
        _ => Some(format!("{at}: {} and {}", short(a), short(b))),
    }
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(report: Value) -> Answer {
        Answer { code: Some(1), report, errors: String::new() }
    }

    #[test]
    fn only_what_changes_by_itself_may_differ() {
        let report = |at: &str, age: &str, cause: &str| {
            answer(json!({"at": at, "findings": [{"cause": cause, "summary": format!("pending for {age}")}]}))
        };
        let live = report("2026-11-21T08:00:00Z", "59s", "full");
        assert_eq!(compare(&live, &report("2026-11-21T08:01:00Z", "1m 2s", "full")), Ok(()));
        let error = compare(&live, &report("2026-11-21T08:01:00Z", "59s", "crash")).unwrap_err().to_string();
        assert!(error.ends_with(".findings[0].cause: \"full\" and \"crash\""), "{error}");
        let error = compare(&live, &answer(json!({"at": 1, "findings": []}))).unwrap_err().to_string();
        assert!(error.contains(".at: ") || error.contains(".findings[0]: {"), "{error}");
    }
}
