//! How a container fares, in a playbook's terms.

use super::{part, text, traces};
use crate::time::Time;
use crate::value::Value;

/// An instance that ended with an error after so many seconds had worked; what ended sooner may be one in a row.
const WORKED: i64 = 300;
/// After so many seconds an instance counts as one that works, however long the one before ran.
const WORKS: i64 = 60;

/// A container as a map: `namespace`, `pod`, `container`, `part`, `leads`, `ready` (not in the moments in which what crashes again and again runs),
/// `restarts`, `state` (a few words), `previous` (whether the log of the instance before is the one that says why),
/// `ended` (when that instance did), and `troubles`: the containers of the same pod that are not ready, in the same shape.
pub(super) fn describe(pod: &Value, container: &str, leads: bool, now: Time) -> Value {
    let troubles = traces::containers(pod)
        .iter()
        .filter_map(|c| text(c, "name"))
        .map(|name| row(pod, &name, leads, now))
        .filter(|row| !matches!(row.field("ready"), Value::Bool(true)))
        .collect();
    let Value::Map(own) = row(pod, container, leads, now) else { return Value::Null };
    let fields = own.iter().map(|(key, value)| (key.to_string(), value.clone()));
    Value::map(fields.chain([("troubles".to_owned(), Value::list(troubles))]).collect::<Vec<_>>())
}

fn row(pod: &Value, container: &str, leads: bool, now: Time) -> Value {
    let status = status(pod, container);
    let restarts = match status.field("restartCount") {
        Value::Int(count) => count,
        _ => 0,
    };
    let back = is_back(&status, now);
    let ready = is_ready(&status) && !back;
    Value::map([
        ("namespace", pod.at("metadata.namespace")),
        ("pod", pod.at("metadata.name")),
        ("node", pod.at("spec.nodeName")),
        ("container", Value::text(container)),
        ("part", Value::text(part(pod, container))),
        ("leads", Value::Bool(leads)),
        ("ready", Value::Bool(ready)),
        ("restarts", Value::Int(restarts)),
        ("previous", Value::Bool(restarts > 0 && !ready)),
        ("ended", status.at("lastState.terminated.finishedAt")),
        ("state", Value::text(state(pod, &status, restarts, back))),
    ])
}

fn status(pod: &Value, container: &str) -> Value {
    let statuses = [pod.at("status.containerStatuses"), pod.at("status.initContainerStatuses")];
    let mut all = statuses.iter().flat_map(Value::items);
    all.find(|status| status.field("name").as_str() == Some(container)).cloned().unwrap_or_default()
}

fn is_ready(status: &Value) -> bool {
    matches!(status.field("ready"), Value::Bool(true))
}

/// Whether it runs again after an instance that ended soon and with an error, and has not run much longer than that one
/// did. Sidecars have no readiness probe: they count as ready as soon as they run (kubelet, `prober.Manager`), and so do
/// those that end again and again, for a moment each time.
fn is_back(status: &Value, now: Time) -> bool {
    let time = |path: &str| status.at(path).as_str().and_then(|text| Time::parse(text).ok());
    let failed = matches!(status.at("lastState.terminated.exitCode"), Value::Int(code) if code != 0);
    let (Some(runs), Some(ran), Some(ended)) = (
        time("state.running.startedAt"),
        time("lastState.terminated.startedAt"),
        time("lastState.terminated.finishedAt"),
    ) else {
        return false;
    };
    let before = ended.seconds_since(ran);
    let enough = before.max(0).saturating_mul(2).saturating_add(10).min(WORKS);
    failed && before < WORKED && now.seconds_since(runs) < enough
}

/// The state in a few words: `CrashLoopBackOff, 5 restarts, last exit code 1 (Error)`.
fn state(pod: &Value, status: &Value, restarts: i64, back: bool) -> String {
    if status.is_null() {
        let phase = text(pod, "status.phase").unwrap_or_else(|| "not started".to_owned());
        return unscheduled(pod).map_or_else(|| phase.clone(), |why| format!("{phase}: {why}"));
    }
    let now = status.field("state");
    let mut words = match (now.field("running"), now.field("waiting"), now.field("terminated")) {
        (Value::Map(_), _, _) if back => "just restarted".to_owned(),
        (Value::Map(_), _, _) if is_ready(status) => "running and ready".to_owned(),
        (Value::Map(_), _, _) => "running, not ready".to_owned(),
        (_, waiting @ Value::Map(_), _) => text(&waiting, "reason").unwrap_or_else(|| "waiting".to_owned()),
        (_, _, ended @ Value::Map(_)) => exit("ended", &ended),
        _ => "in no known state".to_owned(),
    };
    if restarts > 0 {
        let plural = if restarts == 1 { "" } else { "s" };
        words = format!("{words}, {restarts} restart{plural}");
    }
    let before = status.at("lastState.terminated");
    if !before.is_null() {
        words += ", ";
        words += &exit("last", &before);
    }
    words
}

fn exit(when: &str, terminated: &Value) -> String {
    let code = match terminated.field("exitCode") {
        Value::Int(code) => code.to_string(),
        _ => "?".to_owned(),
    };
    let reason = text(terminated, "reason").map_or_else(String::new, |reason| format!(" ({reason})"));
    format!("{when} exit code {code}{reason}")
}

fn unscheduled(pod: &Value) -> Option<String> {
    let conditions = pod.at("status.conditions");
    let condition = conditions
        .items()
        .iter()
        .find(|c| c.field("type").as_str() == Some("PodScheduled") && c.field("status").as_str() == Some("False"))?;
    text(condition, "message")
}
