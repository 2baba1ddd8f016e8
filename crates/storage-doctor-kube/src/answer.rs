//! From a reply to an answer. "Absent" is only what an API server says in so many words.

use crate::text::bounded;
use crate::wire::{Failure, Reply};
use serde_json::Value;
use storage_doctor::evidence::{Answer, Resource};

/// How much of the server's words is kept, in characters.
const MESSAGE: usize = 500;

/// What a reply that is not a success means for a question about `resource`.
pub(crate) fn refusal(resource: &Resource, reply: &Reply) -> Answer {
    match reply.status.as_u16() {
        403 if !is_html(reply) => Answer::Denied { message: words(reply) },
        404 if says_not_found(resource, reply) => Answer::Absent,
        401 => unreachable("credentials were refused"),
        code => {
            let words = words(reply);
            let colon = if words.is_empty() { "" } else { ": " };
            unreachable(format!("the server answered {code}{colon}{words}"))
        }
    }
}

/// No reply.
pub(crate) fn failure(failure: &Failure) -> Answer {
    unreachable(failure.to_string())
}

/// Unreachable, and why.
pub(crate) fn unreachable(why: impl Into<String>) -> Answer {
    Answer::Unreachable { why: why.into() }
}

/// Whether a 404 is the API server's: a Status of reason `NotFound`, or, for a group that it does not
/// serve, its plain words. A page from something in between says nothing about the cluster.
fn says_not_found(resource: &Resource, reply: &Reply) -> bool {
    match status(reply) {
        Some(status) => status.get("reason").and_then(Value::as_str) == Some("NotFound"),
        None => !resource.group.is_empty() && reply.body.trim_ascii() == b"404 page not found",
    }
}

/// The body, if it is a Status of the API server.
pub(crate) fn status(reply: &Reply) -> Option<Value> {
    let body: Value = serde_json::from_slice(&reply.body).ok()?;
    (body.get("kind").and_then(Value::as_str) == Some("Status")).then_some(body)
}

/// What the server says about it, fit to be shown.
pub(crate) fn words(reply: &Reply) -> String {
    if let Some(status) = status(reply) {
        return bounded(status.get("message").and_then(Value::as_str).unwrap_or_default(), MESSAGE);
    }
    if is_html(reply) {
        return "a web page, from something before the API server".to_owned();
    }
    bounded(&String::from_utf8_lossy(&reply.body), MESSAGE)
}

fn is_html(reply: &Reply) -> bool {
    let declared = reply.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    declared.is_some_and(|text| text.starts_with("text/html")) || reply.body.trim_ascii_start().starts_with(b"<")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, StatusCode};

    fn reply(code: u16, body: &str) -> Reply {
        let status = StatusCode::from_u16(code).unwrap();
        Reply { status, headers: HeaderMap::new(), body: body.as_bytes().to_vec(), cut: false, headless: false }
    }

    fn class() -> Resource {
        Resource::by_name("storageclasses.storage.k8s.io").unwrap()
    }

    fn pods() -> Resource {
        Resource::by_name("pods").unwrap()
    }

    #[test]
    fn absent_is_only_what_the_api_server_says() {
        let not_found = r#"{"kind":"Status","status":"Failure","reason":"NotFound","code":404}"#;
        assert!(matches!(refusal(&pods(), &reply(404, not_found)), Answer::Absent));
        assert!(matches!(refusal(&class(), &reply(404, "404 page not found\n")), Answer::Absent));
        // The core group always exists: these words are another server's.
        assert!(matches!(refusal(&pods(), &reply(404, "404 page not found\n")), Answer::Unreachable { .. }));
        for body in ["<html>404 page not found</html>", "", "not found", r#"{"reason":"NotFound"}"#, "[]"] {
            assert!(matches!(refusal(&class(), &reply(404, body)), Answer::Unreachable { .. }), "{body}");
        }
        let other = r#"{"kind":"Status","reason":"InternalError","code":404}"#;
        assert!(matches!(refusal(&class(), &reply(404, other)), Answer::Unreachable { .. }));
    }

    #[test]
    fn denied_is_bounded_and_not_a_proxys_page() {
        let long = format!(r#"{{"kind":"Status","message":"{}"}}"#, "x".repeat(9000));
        let Answer::Denied { message } = refusal(&pods(), &reply(403, &long)) else { panic!() };
        assert_eq!(message.chars().count(), MESSAGE + 1);
        assert!(matches!(refusal(&pods(), &reply(403, "<html>no</html>")), Answer::Unreachable { .. }));
        assert!(matches!(refusal(&pods(), &reply(403, "")), Answer::Denied { .. }));
    }

    #[test]
    fn the_rest_is_unreachable() {
        for code in [301, 400, 401, 405, 410, 429, 500, 502, 503, 504] {
            assert!(matches!(refusal(&pods(), &reply(code, "x")), Answer::Unreachable { .. }), "{code}");
        }
    }
}
