//! What a node tells of itself: its kubelet's statistics and the logs of its services, through the API server's proxy.
//!
//! Logs of services are served in three ways (kubernetes `pkg/kubelet/kubelet_server_journal.go`, KEP-2258): a node with
//! journald answers a query with options; one without takes no options and sends the whole file; and where queries are
//! switched off (`enableSystemLogQuery`, off unless set) the same path lists the folder of logs.

use crate::answer::{self, unreachable};
use crate::path::{self, BadName, LOG_BYTES};
use crate::text::bounded;
use crate::wire::{Reply, Wire};
use storage_doctor::evidence::{Answer, Resource};
use storage_doctor::source::decode_stats;
use storage_doctor::value::Value;

/// How much of a kubelet's summary is read: a node of 250 pods has some 2 MiB.
const STATS_BYTES: usize = 16 * 1024 * 1024;
/// How many lines of a service's log are asked for: a busy kubelet writes as many in an hour.
const LINES: u32 = 5000;
/// How much of a log file is read to come to its end: there is no other way to it.
const FILE_BYTES: usize = 64 * 1024 * 1024;

/// What the kubelet measured.
pub(crate) async fn stats(wire: &Wire, node: &str) -> Answer {
    let path = match path::of_node(node, "stats/summary") {
        Ok(path) => path,
        Err(bad) => return unreachable(bad.to_string()),
    };
    let reply = match wire.get(&blamed(node), &path, STATS_BYTES).await {
        Ok(reply) => reply,
        Err(failure) => return answer::failure(&failure),
    };
    if !reply.status.is_success() {
        return refusal(&reply);
    }
    if reply.cut {
        return unreachable("the kubelet's summary is larger than 16 MiB");
    }
    decode_stats(&reply.body).map_or_else(|error| unreachable(error.to_string()), Answer::Found)
}

/// The newest part of the log of a service.
pub(crate) async fn log(wire: &Wire, node: &str, service: &str) -> Answer {
    let mut paths = vec![path::node_log(node, service, Some(LINES))];
    // A query with options, one without, and a file: each is asked for only after what the one before it said.
    for _ in 0..3 {
        let Some(path) = paths.pop() else { break };
        let reply = match ask(wire, node, path).await {
            Ok(reply) => reply,
            Err(answer) => return answer,
        };
        match read(&reply, service) {
            Said::Answer(answer) => return answer,
            Said::NoOptions => paths.push(path::node_log(node, service, None)),
            Said::Files(file) => paths.push(path::node_file(node, &file)),
        }
    }
    unreachable("the node says each time to ask in another way")
}

async fn ask(wire: &Wire, node: &str, path: Result<String, BadName>) -> Result<Reply, Answer> {
    let path = path.map_err(|bad| unreachable(bad.to_string()))?;
    let reply = wire.tail(&blamed(node), &path, LOG_BYTES, FILE_BYTES).await;
    let reply = reply.map_err(|failure| answer::failure(&failure))?;
    if reply.status.is_success() { Ok(reply) } else { Err(refusal(&reply)) }
}

/// What a stall is blamed on: one dead node is no reason not to ask the others.
fn blamed(node: &str) -> String {
    format!("nodes/proxy/{node}")
}

fn refusal(reply: &Reply) -> Answer {
    answer::refusal(&Resource::known("nodes", "", "v1", "Node", false), reply)
}

/// What the node said to a question for a log.
#[derive(Debug)]
enum Said {
    Answer(Answer),
    /// Ask again without options.
    NoOptions,
    /// There are no queries; this file may be it.
    Files(String),
}

fn read(reply: &Reply, service: &str) -> Said {
    let text = String::from_utf8_lossy(&reply.body);
    if let Some(listed) = listing(&text) {
        return from_listing(&listed, service);
    }
    // The kubelet says what went wrong within the text that it sends with 200.
    let short = text.len() < 2048 && !reply.headless;
    if short && text.contains("options present and query resolved to log files") {
        return Said::NoOptions;
    }
    let failed = ["log not found for", "error getting log for", "failed to get logging cmd", "context error:"];
    if short && failed.iter().any(|words| text.trim_start().starts_with(words)) {
        return Said::Answer(unreachable(format!("the node says: {}", bounded(&text, 200))));
    }
    if short && text.contains("error: journal output not available") {
        return Said::Answer(unreachable("the node's journal is not available"));
    }
    let text = match text.split_once('\n') {
        Some((_, whole)) if reply.headless => whole,
        _ => text.trim_start_matches("-- No entries --"),
    };
    if reply.cut {
        let why = format!("the log is longer than {} MiB: its newest part was not read", FILE_BYTES / 1024 / 1024);
        return Said::Answer(Answer::Truncated(Value::text(text), why));
    }
    Said::Answer(Answer::Found(Value::text(text)))
}

/// The names in a listing of a folder, as Go's file server writes it (`net/http` `dirList`).
fn listing(text: &str) -> Option<Vec<&str>> {
    let start = text.trim_start().get(..15).unwrap_or_default().to_ascii_lowercase();
    if !start.starts_with("<pre>") && !start.starts_with("<!doctype html>") {
        return None;
    }
    Some(text.split("<a href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect())
}

/// The file that the kubelet itself would look for, in its order.
fn from_listing(listed: &[&str], service: &str) -> Said {
    let log = format!("{service}.log");
    let (folder, inside) = (format!("{service}/"), format!("{service}/{service}.log"));
    if listed.contains(&service) {
        Said::Files(service.to_owned())
    } else if listed.contains(&log.as_str()) {
        Said::Files(log)
    } else if listed.contains(&folder.as_str()) {
        Said::Files(inside)
    } else {
        Said::Answer(unreachable(format!(
            "the node answers no queries for logs (enableSystemLogQuery), and has no log file of {service}"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, StatusCode};

    fn said(body: &str) -> Said {
        let reply = Reply {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: body.as_bytes().to_vec(),
            cut: false,
            headless: false,
        };
        read(&reply, "kubelet")
    }

    #[test]
    fn a_node_says_in_its_text_how_to_ask() {
        let options =
            "\noptions present and query resolved to log files for [kubelet]\ntry without specifying options\n";
        assert!(matches!(said(options), Said::NoOptions));
        let off = "<!doctype html>\n<pre>\n<a href=\"apt/\">apt/</a>\n<a href=\"kubelet.log\">kubelet.log</a>\n</pre>";
        assert!(matches!(said(off), Said::Files(file) if file == "kubelet.log"));
        assert!(
            matches!(said("<pre>\n<a href=\"kubelet/\">x</a>"), Said::Files(file) if file == "kubelet/kubelet.log")
        );
        for none in ["<pre>\n<a href=\"apt/\">apt/</a>\n</pre>\n", "\nlog not found for kubelet\n"] {
            assert!(matches!(said(none), Said::Answer(Answer::Unreachable { .. })), "{none}");
        }
        assert!(matches!(said("-- No entries --\n"), Said::Answer(Answer::Found(_))));
    }

    #[test]
    fn a_line_that_quotes_a_refusal_is_a_line() {
        let line = "E1121 03:45:34.1 1 a.go:1] \"x\" err=\"log not found for kubelet\"\n";
        assert!(matches!(said(line), Said::Answer(Answer::Found(text)) if text.as_str() == Some(line)));
    }
}
