//! What an API server of 1.36 answers, and what it answers when something is wrong.

use super::body::{End, Shaped, in_parts, json, response, status};
use super::node;
use super::request::Asked;
use super::{Fault, Objects};
use hyper::Response;
use hyper::body::Bytes;
use serde_json::{Value, json};

/// The groups that every API server serves.
const BUILT_IN: &[&str] = &[
    "",
    "apps",
    "batch",
    "policy",
    "apiextensions.k8s.io",
    "coordination.k8s.io",
    "rbac.authorization.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
];

/// The true answer.
pub(crate) fn healthy(objects: &Objects, asked: &Asked) -> Response<Shaped> {
    match asked.what.as_str() {
        "" => page_not_found(),
        "version" => json(&objects.version),
        "pods/log" => log(objects, asked),
        "nodes/proxy" => node::answer(objects, asked),
        what if what.contains('/') => page_not_found(),
        _ => match (objects.resources.get(&asked.resource), &asked.name) {
            (None, _) if !BUILT_IN.contains(&asked.group.as_str()) => page_not_found(),
            (items, Some(name)) => object(items.map_or(&[], Vec::as_slice), asked, name),
            (items, None) => list(items.map_or(&[], Vec::as_slice), asked),
        },
    }
}

/// The answer under a fault.
pub(crate) fn faulty(objects: &Objects, asked: &Asked, fault: Fault) -> Response<Shaped> {
    let part = r#"{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"na"#;
    match fault {
        Fault::Deny => {
            let verb = if asked.name.is_some() { "get" } else { "list" };
            let scope = asked.namespace.as_ref().map_or_else(
                || "at the cluster scope".to_owned(),
                |namespace| format!("in the namespace {namespace:?}"),
            );
            let plural = asked.what.split('.').next().unwrap_or_default();
            let message = format!(
                "{} is forbidden: User \"jane\" cannot {verb} resource {plural:?} in API group {:?} {scope}",
                asked.what, asked.group
            );
            status(403, "Forbidden", &message)
        }
        Fault::Code(401) => status(401, "Unauthorized", "Unauthorized"),
        Fault::Code(410) => status(410, "Expired", "The provided continue parameter is too old"),
        Fault::Code(code) => status(code, "ServiceUnavailable", "as ordered"),
        Fault::Html404 => response(404, "text/html", "<html><body>404 page not found</body></html>", End::Clean),
        Fault::Garbage => response(200, "application/json", "{\"kind\": nonsense", End::Clean),
        Fault::StallMidway => response(200, "application/json", part, End::Stall),
        Fault::Break => response(200, "application/json", part, End::Break),
        Fault::Flood(count, bytes) => flood(objects.resources.get(&asked.resource), asked, count, bytes),
        _ => healthy(objects, asked),
    }
}

/// A page of a list that nobody holds.
fn flood(items: Option<&Vec<Value>>, asked: &Asked, count: usize, bytes: usize) -> Response<Shaped> {
    let mut item = items.and_then(|items| items.first()).cloned().unwrap_or_default();
    if let Some(object) = item.as_object_mut() {
        object.insert("message".to_owned(), Value::from("many words (of no use) ".repeat(bytes / 23 + 1)));
    }
    let start = start(asked).min(count);
    let end = asked.number("limit").map_or(count, |limit| (start + limit).min(count));
    let next = if end < count { format!("at+/=&{end}") } else { String::new() };
    let head = format!(r#"{{"kind":"EventList","apiVersion":"v1","metadata":{{"continue":"{next}"}},"items":["#);
    // All items are the same bytes, so that a page of gigabytes is no larger here than one of them.
    let (item, comma) = (Bytes::from(item.to_string()), Bytes::from_static(b","));
    let items = (start..end).flat_map(|n| [(n > start).then(|| comma.clone()), Some(item.clone())]).flatten();
    let parts = [Bytes::from(head)].into_iter().chain(items).chain([Bytes::from_static(b"]}")]);
    in_parts(200, "application/json", parts, End::Clean)
}

/// Where the page that is asked for begins.
fn start(asked: &Asked) -> usize {
    // Characters that must be encoded, as real tokens may have them.
    asked.parameter("continue").and_then(|token| token.strip_prefix("at+/=&")?.parse().ok()).unwrap_or(0)
}

fn page_not_found() -> Response<Shaped> {
    response(404, "text/plain; charset=utf-8", "404 page not found\n", End::Clean)
}

fn object(items: &[Value], asked: &Asked, name: &str) -> Response<Shaped> {
    let found = items.iter().find(|item| {
        item.pointer("/metadata/name").and_then(Value::as_str) == Some(name)
            && lives_in(item, asked.namespace.as_deref())
    });
    found.map_or_else(|| not_found(&asked.resource, name), json)
}

pub(crate) fn not_found(resource: &str, name: &str) -> Response<Shaped> {
    status(404, "NotFound", &format!("{resource} {name:?} not found"))
}

fn list(items: &[Value], asked: &Asked) -> Response<Shaped> {
    let selected: Vec<&Value> = items
        .iter()
        .filter(|item| asked.namespace.is_none() || lives_in(item, asked.namespace.as_deref()))
        .filter(|item| asked.parameter("fieldSelector").is_none_or(|selector| selects(selector, item)))
        .collect();
    let start = start(asked).min(selected.len());
    let end = asked.number("limit").map_or(selected.len(), |limit| (start + limit).min(selected.len()));
    let text = |name: &str| items.first().and_then(|item| item.get(name)?.as_str()).unwrap_or_default();
    let mut metadata = json!({ "resourceVersion": "1000" });
    if end < selected.len() {
        metadata = json!({
            "resourceVersion": "1000", "continue": format!("at+/=&{end}"), "remainingItemCount": selected.len() - end,
        });
    }
    // Items of a list come without their kind.
    let bare = |item: &Value| {
        let mut item = item.clone();
        if let Some(object) = item.as_object_mut() {
            object.remove("kind");
            object.remove("apiVersion");
        }
        item
    };
    let page: Vec<Value> = selected.iter().take(end).skip(start).map(|item| bare(item)).collect();
    json(&json!({
        "kind": format!("{}List", text("kind")), "apiVersion": text("apiVersion"), "metadata": metadata, "items": page,
    }))
}

pub(crate) fn lives_in(item: &Value, namespace: Option<&str>) -> bool {
    item.pointer("/metadata/namespace").and_then(Value::as_str) == namespace
}

/// `involvedObject.uid=x,type=Warning`.
fn selects(selector: &str, item: &Value) -> bool {
    selector.split(',').all(|term| {
        let Some((path, wanted)) = term.split_once('=') else { return false };
        let pointer = format!("/{}", path.replace('.', "/"));
        item.pointer(&pointer).and_then(Value::as_str).unwrap_or_default() == wanted
    })
}

fn log(objects: &Objects, asked: &Asked) -> Response<Shaped> {
    let name = asked.name.as_deref().unwrap_or_default();
    let namespace = asked.namespace.as_deref().unwrap_or_default();
    let container = asked.parameter("container").unwrap_or_default();
    let previous = asked.parameter("previous") == Some("true");
    let key = format!("{namespace}/{name}/{container}{}", if previous { ".previous" } else { "" });
    if let Some(text) = objects.logs.get(&key) {
        return response(200, "text/plain", part(text, asked), End::Clean);
    }
    let pods = objects.resources.get("pods").map_or(&[][..], Vec::as_slice);
    let pod = pods.iter().find(|pod| {
        pod.pointer("/metadata/name").and_then(Value::as_str) == Some(name) && lives_in(pod, Some(namespace))
    });
    let Some(pod) = pod else { return not_found("pods", name) };
    let has = |field: &str| {
        let containers = pod.pointer(field).and_then(Value::as_array);
        containers.is_some_and(|all| all.iter().any(|c| c.get("name").and_then(Value::as_str) == Some(container)))
    };
    let message = if !has("/spec/containers") && !has("/spec/initContainers") {
        format!("container {container} is not valid for pod {name}")
    } else if previous {
        format!("previous terminated container {container:?} in pod {name:?} not found")
    } else {
        format!("container {container:?} in pod {name:?} is waiting to start: ContainerCreating")
    };
    status(400, "BadRequest", &message)
}

/// The last lines, and of these the first bytes, as the kubelet counts them.
pub(crate) fn part(text: &[u8], asked: &Asked) -> Vec<u8> {
    let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let skipped = asked.number("tailLines").map_or(0, |count| lines.len().saturating_sub(count));
    let tail: Vec<u8> = lines.into_iter().skip(skipped).flatten().copied().collect();
    let limit = asked.number("limitBytes").unwrap_or(usize::MAX);
    tail.into_iter().take(limit).collect()
}
