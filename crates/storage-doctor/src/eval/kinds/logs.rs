//! Log lines of containers, oldest first; only those about the subject when the author says so.

use super::Exam;
use super::lines::{Filter, Lines};
use crate::check::Check;
use crate::evidence::{Gap, Gaps, Query, Why};
use crate::value::Value;

/// Logs of more containers than these are not read, which is then said: a driver has one to three controllers, and
/// a controller up to six sidecars.
const CONTAINERS: usize = 8;

/// The lines; null when there is no container to read.
pub(super) fn gather(exam: &Exam<'_>, of: &Check, about: &[Check], within: i64) -> Value {
    let containers = match exam.eval(of) {
        Value::List(list) => list,
        unknown @ Value::Unknown(_) => return unknown,
        _ => return Value::Null,
    };
    let filter = match Filter::new(exam, about, within) {
        Ok(filter) => filter,
        Err(unknown) => return unknown,
    };
    let mut unseen = containers.unseen().map_or_else(Gaps::new, |gaps| Gaps::clone(gaps));
    let mut lines = Lines::default();
    for (nth, container) in containers.items().iter().enumerate() {
        let Some(query) = query(container) else { continue };
        if nth >= CONTAINERS {
            let why =
                Why::Truncated(format!("logs of {CONTAINERS} of {} containers are read", containers.items().len()));
            unseen.insert(Gap { query: Some(query), why });
            continue;
        }
        unseen.extend(exam.gap(&query));
        match exam.ask(query.clone()) {
            Value::Text(text) if is_excuse(&text) => {
                let why = Why::Unreachable(text.trim().to_owned());
                unseen.insert(Gap { query: Some(query), why });
            }
            Value::Text(text) => lines.add(exam, &text, &filter, &place(container)),
            Value::Unknown(gaps) => unseen.extend(gaps.iter().cloned()),
            _ => {}
        }
    }
    lines.finished(unseen)
}

/// Whether a kubelet answers with this in the place of a log whose file is gone: it does so with status 200
/// (`pkg/kubelet/kuberuntime/kuberuntime_container.go` `GetContainerLogs`, `pkg/kubelet/kuberuntime/logs/logs.go` `ReadLogs`).
fn is_excuse(log: &str) -> bool {
    const EXCUSES: [&str; 2] = ["unable to retrieve container logs for ", "failed to try resolving symlinks in path "];
    let log = log.trim();
    // With the time that lines are asked for, or without.
    let words = log.split_once(' ').filter(|(time, _)| time.ends_with('Z')).map_or(log, |(_, words)| words);
    !log.contains('\n') && EXCUSES.iter().any(|excuse| words.starts_with(excuse))
}

fn query(container: &Value) -> Option<Query> {
    let text = |name: &str| container.field(name).as_str().map(str::to_owned);
    Some(Query::Log {
        namespace: text("namespace")?,
        pod: text("pod")?,
        container: text("container")?,
        previous: matches!(container.field("previous"), Value::Bool(true)),
    })
}

fn place(container: &Value) -> [(&'static str, Value); 5] {
    let field = |name: &str| container.field(name);
    let text = |name: &str| field(name).as_str().unwrap_or_default().to_owned();
    let about = format!("log of {}/{}, container {}", text("namespace"), text("pod"), text("container"));
    [
        ("namespace", field("namespace")),
        ("pod", field("pod")),
        ("container", field("container")),
        ("component", field("container")),
        ("about", Value::text(about)),
    ]
}

#[cfg(test)]
mod tests {
    use super::is_excuse;

    #[test]
    fn a_kubelet_that_has_no_log_is_not_quoted_as_one() {
        for excuse in [
            "unable to retrieve container logs for containerd://3f9c",
            "2026-11-25T20:00:00.000000000Z unable to retrieve container logs for containerd://3f9c\n",
            "failed to try resolving symlinks in path \"/var/log/pods/a/b/0.log\": no such file\n",
        ] {
            assert!(is_excuse(excuse), "{excuse}");
        }
        for log in [
            "",
            "2026-11-25T20:00:00Z E1125 20:00:00 main.go:7] unable to retrieve container logs for x",
            "starting\nunable to retrieve container logs for containerd://3f9c",
        ] {
            assert!(!is_excuse(log), "{log}");
        }
    }
}
