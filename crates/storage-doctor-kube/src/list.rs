//! Lists, page by page.

use crate::answer;
use crate::decode;
use crate::path;
use crate::wire::{Failure, Reply, Wire};
use futures::future::{MaybeDone, maybe_done};
use std::pin::Pin;
use storage_doctor::evidence::{Answer, Resource};
use storage_doctor::source::{BoxFuture, PageDecoder};
use storage_doctor::value::Value;

/// How much of one page is read.
const PAGE_BYTES: usize = 64 * 1024 * 1024;
/// How many pages are read: a hundred thousand objects. A server that never ends a list must not keep us.
const PAGES: usize = 200;

/// One object.
pub(crate) async fn object(wire: &Wire, resource: &Resource, path: &str) -> Answer {
    let reply = match wire.get(&resource.to_string(), path, PAGE_BYTES).await {
        Ok(reply) => reply,
        Err(failure) => return answer::failure(&failure),
    };
    if !reply.status.is_success() {
        return answer::refusal(resource, &reply);
    }
    match whole(&reply).and_then(decode::object) {
        Ok(object) => Answer::Found(object),
        Err(why) => answer::unreachable(why),
    }
}

/// A page on its way.
type Coming<'a> = Pin<Box<MaybeDone<BoxFuture<'a, Result<Reply, Failure>>>>>;

/// A page that is asked for before the one before it was read.
struct Ahead<'a> {
    token: String,
    page: Coming<'a>,
}

fn get<'a>(wire: &'a Wire, resource: &'a Resource, path: String) -> BoxFuture<'a, Result<Reply, Failure>> {
    Box::pin(async move { wire.get(&resource.to_string(), &path, PAGE_BYTES).await })
}

async fn come(mut page: Coming<'_>) -> Result<Reply, Failure> {
    page.as_mut().await;
    page.as_mut().take_output().unwrap_or_else(|| Err(Failure::Broken("the answer was lost".to_owned())))
}

/// Every page of the list at `path`. When a later page does not come, the earlier ones are kept.
pub(crate) async fn list(wire: &Wire, resource: &Resource, path: &str) -> Answer {
    let mut items: Vec<Value> = Vec::new();
    let decoder = PageDecoder::default();
    let mut token: Option<String> = None;
    let mut restarted = false;
    let mut malformed = 0;
    let mut ahead: Option<Ahead<'_>> = None;
    for _ in 0..PAGES {
        let page = match ahead.take().filter(|ahead| token.as_ref() == Some(&ahead.token)) {
            Some(ahead) => ahead.page,
            None => Box::pin(maybe_done(get(wire, resource, path::page(path, token.as_deref())))),
        };
        let reply = match come(page).await {
            Ok(reply) => reply,
            Err(failure) => return rest_missing(items, token.is_some(), answer::failure(&failure)),
        };
        if reply.status.as_u16() == 410 && token.is_some() && !restarted {
            // The list changed so much that its continuation is gone: once more from the start.
            restarted = true;
            token = None;
            items.clear();
            malformed = 0;
            continue;
        }
        if !reply.status.is_success() {
            return rest_missing(items, token.is_some(), answer::refusal(resource, &reply));
        }
        // The server works on the next page while this one is read.
        if let Some(token) = whole(&reply).ok().and_then(decode::next_page) {
            let mut page = Box::pin(maybe_done(get(wire, resource, path::page(path, Some(&token)))));
            let _ = futures::poll!(page.as_mut());
            ahead = Some(Ahead { token, page });
        }
        match whole(&reply).and_then(|body| decode::page(&decoder, resource, body)) {
            Ok(page) => {
                items.extend(page.items);
                malformed += page.malformed;
                token = page.next;
            }
            Err(why) => return rest_missing(items, token.is_some(), answer::unreachable(why)),
        }
        if token.is_none() && malformed > 0 {
            return Answer::Truncated(Value::list(items), format!("{malformed} items could not be read"));
        }
        if token.is_none() {
            return Answer::Found(Value::list(items));
        }
    }
    let why = format!("only the first {} were read", items.len());
    Answer::Truncated(Value::list(items), why)
}

/// The answer, if it is about the first page; else what there is.
fn rest_missing(items: Vec<Value>, later: bool, answer: Answer) -> Answer {
    if !later {
        return answer;
    }
    let why = match answer {
        Answer::Unreachable { why } => why,
        Answer::Denied { message } => format!("denied: {message}"),
        _ => "the list ended early".to_owned(),
    };
    let count = items.len();
    Answer::Truncated(Value::list(items), format!("only the first {count}: {why}"))
}

fn whole(reply: &Reply) -> Result<&[u8], String> {
    if reply.cut {
        return Err(format!("the answer is larger than {} MiB", PAGE_BYTES / 1024 / 1024));
    }
    Ok(&reply.body)
}
