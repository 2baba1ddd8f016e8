//! What a kubelet of 1.36 answers through the API server's proxy.

use super::answer::{not_found, part};
use super::body::{End, Shaped, response, status};
use super::request::Asked;
use super::{NodeLogs, Objects};
use hyper::Response;
use serde_json::Value;

/// The true answer.
pub(crate) fn answer(objects: &Objects, asked: &Asked) -> Response<Shaped> {
    let node = asked.name.as_deref().unwrap_or_default();
    let nodes = objects.resources.get("nodes").map_or(&[][..], Vec::as_slice);
    if !nodes.iter().any(|item| item.pointer("/metadata/name").and_then(Value::as_str) == Some(node)) {
        return not_found("nodes", node);
    }
    match asked.proxied.as_str() {
        "stats/summary" => stats(objects, node),
        path => match path.strip_prefix("logs") {
            Some(path) => log(objects, asked, node, path.trim_start_matches('/')),
            None => text(404, "404 page not found\n"),
        },
    }
}

fn stats(objects: &Objects, node: &str) -> Response<Shaped> {
    match objects.stats.get(node) {
        Some(summary) => response(200, "application/json", summary.clone(), End::Clean),
        // As the kubelet says it when the node's own filesystem cannot be found.
        None => text(500, "Internal Error: failed to get rootFs stats: cannot find filesystem info for device"),
    }
}

fn log(objects: &Objects, asked: &Asked, node: &str, path: &str) -> Response<Shaped> {
    let service = asked.parameter("query").unwrap_or_default();
    let found = |service: &str| objects.node_logs.get(&(node.to_owned(), service.to_owned())).cloned();
    let options = asked.parameter("tailLines").is_some();
    match objects.node_log_way {
        NodeLogs::Off => {
            status(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
        }
        NodeLogs::Listed if path.is_empty() => listing(objects, node),
        NodeLogs::Listed => match path.strip_suffix(".log").and_then(found) {
            Some(log) => text(200, log),
            None => text(404, "404 page not found\n"),
        },
        _ if !path.is_empty() => text(406, "path not allowed in query mode\n"),
        NodeLogs::Journal => match found(service) {
            Some(log) => text(200, part(&log, asked)),
            None => text(200, "-- No entries --\n"),
        },
        NodeLogs::Files if options => {
            let words = format!(
                "\noptions present and query resolved to log files for [{service}]\ntry without specifying options\n"
            );
            text(200, words)
        }
        NodeLogs::Files => match found(service) {
            Some(log) => text(200, log),
            None => text(200, format!("\nlog not found for {service}\n")),
        },
    }
}

/// The folder of logs, as Go's file server lists it.
fn listing(objects: &Objects, node: &str) -> Response<Shaped> {
    let services = objects.node_logs.keys().filter(|(of, _)| of == node);
    let files = services.map(|(_, service)| format!("<a href=\"{service}.log\">{service}.log</a>"));
    let files = files.collect::<Vec<_>>().join("\n");
    let page = format!(
        "<!doctype html>\n<meta name=\"viewport\" content=\"width=device-width\">\n<pre>\n<a href=\"pods/\">pods/</a>\n{files}</pre>\n"
    );
    response(200, "text/html; charset=utf-8", page, End::Clean)
}

fn text(code: u16, words: impl Into<hyper::body::Bytes>) -> Response<Shaped> {
    response(code, "text/plain; charset=utf-8", words, End::Clean)
}
