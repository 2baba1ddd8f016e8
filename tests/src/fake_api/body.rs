//! Responses, also those that never end or that break off.

use hyper::Response;
use hyper::body::{Body, Bytes, Frame};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

/// How a body ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    Clean,
    Stall,
    Break,
}

/// Some bytes, and an end.
#[derive(Debug)]
pub(crate) struct Shaped {
    parts: VecDeque<Bytes>,
    end: End,
    pause: Pin<Box<Sleep>>,
}

impl Body for Shaped {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match (self.parts.pop_front(), self.end) {
            (Some(bytes), _) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            (None, End::Clean) => Poll::Ready(None),
            (None, End::Stall) => Poll::Pending,
            // What came before is on its way only after a pause.
            (None, End::Break) => self.pause.as_mut().poll(cx).map(|()| Some(Err(io::Error::other("as ordered")))),
        }
    }
}

/// A response with a body of that type.
pub(crate) fn response(code: u16, kind: &str, bytes: impl Into<Bytes>, end: End) -> Response<Shaped> {
    in_parts(code, kind, [bytes.into()], end)
}

/// A response whose body is made of these, one after another.
pub(crate) fn in_parts(code: u16, kind: &str, parts: impl IntoIterator<Item = Bytes>, end: End) -> Response<Shaped> {
    let pause = Box::pin(sleep(Duration::from_millis(50)));
    let mut response = Response::new(Shaped { parts: parts.into_iter().collect(), end, pause });
    *response.status_mut() = hyper::StatusCode::from_u16(code).unwrap_or_default();
    if let Ok(kind) = kind.parse() {
        response.headers_mut().insert(hyper::header::CONTENT_TYPE, kind);
    }
    response
}

/// 200 and JSON.
pub(crate) fn json(value: &Value) -> Response<Shaped> {
    response(200, "application/json", value.to_string(), End::Clean)
}

/// An error as the API server says it.
pub(crate) fn status(code: u16, reason: &str, message: &str) -> Response<Shaped> {
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code,
    });
    response(code, "application/json", status.to_string(), End::Clean)
}
