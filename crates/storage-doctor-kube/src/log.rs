//! The newest part of a container's log.

use crate::answer;
use crate::path::{self, LOG_BYTES, LOG_LINES};
use crate::wire::{Reply, Wire};
use serde_json::Value as Json;
use storage_doctor::evidence::{Answer, Resource};
use storage_doctor::value::Value;

/// Which log.
#[derive(Clone, Copy)]
pub(crate) struct Which<'a> {
    pub(crate) namespace: &'a str,
    pub(crate) pod: &'a str,
    pub(crate) container: &'a str,
    pub(crate) previous: bool,
}

/// Reads it. The kubelet counts `limitBytes` from the first of the lines that were asked for, so a log of
/// very long lines would lack its newest part: then fewer lines are asked for.
pub(crate) async fn log(wire: &Wire, which: Which<'_>) -> Answer {
    let mut lines = LOG_LINES;
    loop {
        let Which { namespace, pod, container, previous } = which;
        let path = match path::log(namespace, pod, container, previous, lines) {
            Ok(path) => path,
            Err(bad) => return answer::unreachable(bad.to_string()),
        };
        let reply = match wire.get("pods/log", &path, LOG_BYTES).await {
            Ok(reply) => reply,
            Err(failure) => return answer::failure(&failure),
        };
        if !reply.status.is_success() {
            return refusal(&reply);
        }
        if reply.body.len() < LOG_BYTES {
            let text = Value::text(String::from_utf8_lossy(&reply.body));
            if lines == LOG_LINES {
                return Answer::Found(text);
            }
            return Answer::Truncated(text, format!("only the newest {lines} lines"));
        }
        if lines < 10 {
            let text = Value::text(String::from_utf8_lossy(&reply.body));
            return Answer::Truncated(text, format!("only {} MiB", LOG_BYTES / 1024 / 1024));
        }
        lines /= 10;
    }
}

fn refusal(reply: &Reply) -> Answer {
    let says_none = answer::status(reply).is_some_and(|status| {
        let message = status.get("message").and_then(Json::as_str).unwrap_or_default();
        reply.status.as_u16() == 400 && is_none(message)
    });
    let pods = Resource::known("pods", "", "v1", "Pod", true);
    if says_none { Answer::Absent } else { answer::refusal(&pods, reply) }
}

/// Whether the server says that there is no such log: the container did not start yet, was never
/// restarted, or is none of this pod (`pkg/registry/core/pod` and the kubelet's `validateContainerLogStatus`).
fn is_none(message: &str) -> bool {
    (message.contains("previous terminated container") && message.contains("not found"))
        || message.contains("is waiting to start")
        || message.contains("is not valid for pod")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_does_not_exist_is_absent() {
        assert!(is_none(r#"previous terminated container "a" in pod "b" not found"#));
        assert!(is_none(r#"container "a" in pod "b" is waiting to start: ContainerCreating"#));
        assert!(is_none("container nosuch is not valid for pod b"));
        assert!(!is_none("a container name must be specified for pod b"));
        assert!(!is_none("the server rejected our request for an unknown reason"));
    }
}
