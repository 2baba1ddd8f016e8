//! An API server made of recorded objects, on a local port, with faults to order.
//!
//! It runs on a thread of its own, so that tests with and without a runtime, and tests of the built
//! program, use it alike. It ends when it is dropped.

#![allow(clippy::disallowed_methods, reason = "a recording is read from files")]

mod answer;
mod body;
mod node;
mod objects;
mod request;

pub use objects::{NodeLogs, Objects};

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use request::Asked;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 403, as RBAC says it.
    Deny,
    /// 403 for questions about the whole cluster; those about one namespace are answered.
    DenyClusterWide,
    /// The request is taken, and never answered.
    Stall,
    /// The answer begins, and never ends.
    StallMidway,
    /// The answer begins, and the connection breaks.
    Break,
    /// This status, with a Status body.
    Code(u16),
    /// This status so many times, and then the true answer.
    CodeTimes(u16, usize),
    /// 404 with a web page, as a proxy gives it.
    Html404,
    /// 200 with what is no JSON.
    Garbage,
    /// 410 for so many requests that continue a list.
    GoneOnContinue(usize),
    /// 500 for every request that continues a list.
    FailOnContinue,
    /// A list of so many copies of its first object, each with a `message` of so many bytes.
    Flood(usize, usize),
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// The path with its parameters, undecoded.
    pub path: String,
    /// The headers, by lower-case name, in the order they came.
    pub headers: Vec<(String, String)>,
}

/// The server.
#[derive(Debug)]
pub struct FakeApi {
    state: Arc<State>,
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

#[derive(Debug)]
struct State {
    objects: Objects,
    faults: Mutex<BTreeMap<String, Fault>>,
    seen: Mutex<Vec<Seen>>,
}

impl FakeApi {
    /// Serves these objects.
    pub fn start(objects: Objects) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let state = Arc::new(State { objects, faults: Mutex::default(), seen: Mutex::default() });
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let served = Arc::clone(&state);
        std::thread::spawn(move || {
            runtime.block_on(async move {
                tokio::select! {
                    _ = serve(listener, served) => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_background();
        });
        Ok(Self { state, address, _stop: stop })
    }

    /// Its address, as `--server` takes it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A kubeconfig for it, with one context `fake` whose namespace is `default`.
    pub fn kubeconfig(&self) -> String {
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: fake\n\
             clusters: [{{name: fake, cluster: {{server: \"{}\"}}}}]\n\
             users: [{{name: fake, user: {{token: fake-token}}}}]\n\
             contexts: [{{name: fake, context: {{cluster: fake, user: fake}}}}]\n",
            self.url()
        )
    }

    /// Orders a fault for a resource by its full name (`storageclasses.storage.k8s.io`), for `pods/log`,
    /// for `nodes/proxy`, for `version`, or for everything (`*`).
    pub fn fail(&self, what: &str, fault: Fault) {
        lock(&self.state.faults).insert(what.to_owned(), fault);
    }

    /// Takes every fault back.
    pub fn heal(&self) {
        lock(&self.state.faults).clear();
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.state.seen).clone()
    }

    /// How many requests came whose path contains this.
    pub fn count(&self, part: &str) -> usize {
        lock(&self.state.seen).iter().filter(|seen| seen.path.contains(part)).count()
    }
}

async fn serve(listener: std::net::TcpListener, state: Arc<State>) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let state = Arc::clone(&state);
        let service = service_fn(move |request| {
            let state = Arc::clone(&state);
            async move { Ok::<_, Infallible>(state.answer(&request).await) }
        });
        // A client that goes away is no failure of the server.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

impl State {
    async fn answer(&self, request: &Request<Incoming>) -> Response<body::Shaped> {
        let path = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
        let text = |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let method = request.method().to_string();
        lock(&self.seen).push(Seen { method: method.clone(), path: path.clone(), headers });
        if method != "GET" {
            return body::status(405, "MethodNotAllowed", "only GET is served");
        }
        let asked = Asked::parse(&path);
        match self.fault(&asked) {
            Some(Fault::Stall) => std::future::pending().await,
            Some(fault) => answer::faulty(&self.objects, &asked, fault),
            None => answer::healthy(&self.objects, &asked),
        }
    }

    /// The fault that is due, counted down.
    fn fault(&self, asked: &Asked) -> Option<Fault> {
        let mut faults = lock(&self.faults);
        let key = [asked.what.as_str(), "*"].into_iter().find(|key| faults.contains_key(*key))?;
        let fault = faults.get_mut(key)?;
        let continues = asked.parameter("continue").is_some();
        match fault {
            Fault::CodeTimes(_, 0) | Fault::GoneOnContinue(0) => None,
            Fault::GoneOnContinue(_) | Fault::FailOnContinue if !continues => None,
            Fault::DenyClusterWide if asked.namespace.is_some() => None,
            Fault::CodeTimes(code, left) => {
                *left -= 1;
                Some(Fault::Code(*code))
            }
            Fault::GoneOnContinue(left) => {
                *left -= 1;
                Some(Fault::Code(410))
            }
            Fault::FailOnContinue => Some(Fault::Code(500)),
            Fault::DenyClusterWide => Some(Fault::Deny),
            other => Some(*other),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
