//! One GET and its answer, bounded in time and in size. Nothing else in this crate talks to the server.

use crate::breaker::Breaker;
use crate::text::chain;
use http::header::{ACCEPT, USER_AGENT};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use kube::Client;
use kube::client::{AuthError, Body};
use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

/// HTTP/1.1 needs one connection for each request that runs.
const AT_ONCE: usize = 8;
/// How much of an answer that is not a success is read.
const REFUSAL_BYTES: usize = 64 * 1024;

/// The line to the API server.
pub(crate) struct Wire {
    client: Client,
    wait: Duration,
    whole: Duration,
    ends: Option<Instant>,
    slots: Semaphore,
    breaker: Breaker,
    sent: AtomicU64,
}

/// What the server said.
#[derive(Debug)]
pub(crate) struct Reply {
    /// The status of HTTP.
    pub(crate) status: StatusCode,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body, up to the bound.
    pub(crate) body: Vec<u8>,
    /// Whether there was more after it.
    pub(crate) cut: bool,
    /// Whether there was more before it, of which only the end was wanted.
    pub(crate) headless: bool,
}

/// How much of an answer is kept, in bytes.
#[derive(Debug, Clone, Copy)]
enum Keep {
    /// What comes first.
    First(usize),
    /// What comes last, if no more comes than `most`.
    Last { keep: usize, most: usize },
}

/// Why there is no reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Too late.
    Deadline(Duration),
    /// The whole run is over.
    RunOver,
    /// The connection failed, or broke.
    Broken(String),
    /// The credentials could not be renewed.
    Credentials(String),
    /// Not sent, since the ones before failed.
    Refused(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deadline(time) => write!(f, "no answer within {time:?}"),
            Self::RunOver => f.write_str("the time for the whole run is over"),
            Self::Credentials(why) => write!(f, "no credentials: {why}"),
            Self::Broken(why) | Self::Refused(why) => f.write_str(why),
        }
    }
}

impl Wire {
    /// Over a client; `wait` for each piece of an answer, `whole` for all of it, until `ends`.
    pub(crate) fn new(client: Client, (wait, whole): (Duration, Duration), ends: Option<Instant>) -> Self {
        Self {
            client,
            wait,
            whole,
            ends,
            slots: Semaphore::new(AT_ONCE),
            breaker: Breaker::default(),
            sent: AtomicU64::new(0),
        }
    }

    /// How many requests were sent (retries after 429 and 503 are not counted).
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// GETs `path`, and reads at most `limit` bytes. `resource` is what a stall is blamed on.
    pub(crate) async fn get(&self, resource: &str, path: &str, limit: usize) -> Result<Reply, Failure> {
        self.fetch(resource, path, Keep::First(limit)).await
    }

    /// GETs `path`, and keeps the last `keep` bytes; reads at most `most`.
    pub(crate) async fn tail(&self, resource: &str, path: &str, keep: usize, most: usize) -> Result<Reply, Failure> {
        self.fetch(resource, path, Keep::Last { keep, most }).await
    }

    async fn fetch(&self, resource: &str, path: &str, keep: Keep) -> Result<Reply, Failure> {
        let _slot = self.slots.acquire().await.map_err(|_| Failure::RunOver)?;
        // Only now, since the ones before may have failed while this one waited.
        if let Some(why) = self.breaker.refusal(resource) {
            return Err(Failure::Refused(why));
        }
        let start = Instant::now();
        if self.ends.is_some_and(|ends| start >= ends) {
            return Err(Failure::RunOver);
        }
        let request = request(path).map_err(|e| Failure::Broken(chain(&e)))?;
        self.sent.fetch_add(1, Ordering::Relaxed);
        let result = self.exchange(request, start, keep).await;
        match &result {
            Ok(_) => self.breaker.answered(resource),
            Err(failure @ Failure::Deadline(_)) => self.breaker.stalled(resource, &failure.to_string()),
            Err(_) => {}
        }
        result
    }

    async fn exchange(&self, request: Request<Body>, start: Instant, keep: Keep) -> Result<Reply, Failure> {
        let sending = self.client.send(request);
        let response = match timeout_at(self.until(start, start), sending).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let why = chain(&error);
                self.breaker.disconnected(&why);
                return Err(if is_auth(&error) { Failure::Credentials(why) } else { Failure::Broken(why) });
            }
            Err(_) => return Err(self.late(start)),
        };
        self.breaker.connected();
        let (parts, mut body) = response.into_parts();
        let keep = if parts.status.is_success() { keep } else { Keep::First(REFUSAL_BYTES) };
        let limit = match keep {
            Keep::First(limit) => limit,
            Keep::Last { most, .. } => most,
        };
        let (status, headers) = (parts.status, parts.headers);
        let mut reply = Reply { status, headers, body: Vec::new(), cut: false, headless: false };
        let mut came: usize = 0;
        loop {
            let frame = match timeout_at(self.until(start, Instant::now()), body.frame()).await {
                Ok(None) => return Ok(reply.ended(keep)),
                Ok(Some(Ok(frame))) => frame,
                Ok(Some(Err(error))) => {
                    return Err(Failure::Broken(format!("the answer broke off: {}", chain(&error))));
                }
                Err(_) => return Err(self.late(start)),
            };
            let Some(data) = frame.data_ref() else { continue };
            let room = limit.saturating_sub(came);
            if let Some(part) = data.get(..room).filter(|_| data.len() > room) {
                reply.body.extend_from_slice(part);
                reply.cut = true;
                return Ok(reply.ended(keep));
            }
            came = came.saturating_add(data.len());
            reply.body.extend_from_slice(data);
            if let Keep::Last { keep: last, .. } = keep
                && reply.body.len() > last.saturating_mul(2)
            {
                reply = reply.ended(keep);
            }
        }
    }

    /// When to give up on the next piece of an answer.
    fn until(&self, start: Instant, now: Instant) -> Instant {
        let until = (now + self.wait).min(start + self.whole);
        self.ends.map_or(until, |ends| until.min(ends))
    }

    fn late(&self, start: Instant) -> Failure {
        match self.ends {
            Some(ends) if Instant::now() >= ends => Failure::RunOver,
            _ if start.elapsed() >= self.whole => Failure::Deadline(self.whole),
            _ => Failure::Deadline(self.wait),
        }
    }
}

impl Reply {
    /// With what is kept of the body.
    fn ended(mut self, keep: Keep) -> Self {
        if let Keep::Last { keep, .. } = keep
            && self.body.len() > keep
        {
            self.body.drain(..self.body.len() - keep);
            self.headless = true;
        }
        self
    }
}

/// Whether the layer that adds credentials failed (a token that could not be renewed).
fn is_auth(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<AuthError>() {
            return true;
        }
        next = error.source();
    }
    false
}

/// The only place that builds a request, and it builds a GET.
fn request(path: &str) -> Result<Request<Body>, http::Error> {
    Request::get(path)
        .header(ACCEPT, "application/json, */*;q=0.5")
        .header(USER_AGENT, concat!("storage-doctor/", env!("CARGO_PKG_VERSION")))
        .body(Body::empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_a_get() {
        let request = request("/api/v1/pods?limit=500").unwrap();
        assert_eq!(request.method(), http::Method::GET);
        assert_eq!(request.uri().path(), "/api/v1/pods");
    }

    #[test]
    fn failures_say_how_long() {
        assert_eq!(Failure::Deadline(Duration::from_secs(5)).to_string(), "no answer within 5s");
        assert_eq!(Failure::Deadline(Duration::from_millis(300)).to_string(), "no answer within 300ms");
    }
}
