//! The API server, asked from a thread that is within the cluster's network.

use super::trouble::{Attempt, Result, Trouble};
use futures::{StreamExt, TryStreamExt};
use kube::config::{KubeConfigOptions, Kubeconfig};
use serde_json::Value;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// How long one answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A client that answers in plain JSON, and can be used from any thread.
#[derive(Clone)]
pub struct Api {
    runtime: Arc<Runtime>,
    client: kube::Client,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Api")
    }
}

impl Api {
    /// A client for that kubeconfig; `network` is the file of the network namespace that the server is in, if
    /// it is not ours.
    pub fn connect(kubeconfig: &Path, network: Option<&str>) -> Result<Self> {
        let namespace = network.map(|path| File::open(path).attempt(path)).transpose()?;
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(2).enable_all().on_thread_start(move || {
            if let Some(namespace) = &namespace {
                enter(namespace);
            }
        });
        let runtime = builder.build().attempt("a runtime cannot be made")?;
        let config = Kubeconfig::read_from(kubeconfig).attempt(kubeconfig.display())?;
        let client = async {
            let config = kube::Config::from_custom_kubeconfig(config, &KubeConfigOptions::default()).await;
            let mut config = config.attempt("the kubeconfig cannot be used")?;
            config.read_timeout = Some(TIMEOUT);
            config.proxy_url = None;
            kube::Client::try_from(config).attempt("a client cannot be made")
        };
        let client = runtime.block_on(client)?;
        Ok(Self { runtime: Arc::new(runtime), client })
    }

    /// What is at that path.
    pub fn get(&self, path: &str) -> Result<Value> {
        self.request("GET", path, "application/json", Vec::new())
    }

    /// What is at that path, or nothing if the server says that there is nothing.
    pub fn find(&self, path: &str) -> Result<Option<Value>> {
        match self.send("GET", path, "application/json", Vec::new())? {
            (404, _) => Ok(None),
            answer => accepted("GET", path, answer).map(Some),
        }
    }

    /// What is there in plain text.
    pub fn text(&self, path: &str) -> Result<String> {
        let (status, text) = self.send("GET", path, "application/json", Vec::new())?;
        if status == 200 { Ok(text) } else { Err(Trouble::new(format!("GET {path}: {status} {text}"))) }
    }

    /// Makes what is there look like this, whoever set it before.
    pub fn apply(&self, path: &str, object: &Value) -> Result<Value> {
        let path = format!("{path}?fieldManager=bed&force=true");
        self.request("PATCH", &path, "application/apply-patch+yaml", object.to_string().into_bytes())
    }

    /// Makes a new object in a collection.
    pub fn create(&self, path: &str, object: &Value) -> Result<Value> {
        self.request("POST", path, "application/json", object.to_string().into_bytes())
    }

    /// Merges a change into what is there.
    pub fn merge(&self, path: &str, change: &Value) -> Result<Value> {
        self.request("PATCH", path, "application/merge-patch+json", change.to_string().into_bytes())
    }

    /// Removes what is there; that it is gone already is fine.
    pub fn delete(&self, path: &str, options: &Value) -> Result<()> {
        match self.send("DELETE", path, "application/json", options.to_string().into_bytes())? {
            (404, _) => Ok(()),
            answer => accepted("DELETE", path, answer).map(drop),
        }
    }

    fn request(&self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Result<Value> {
        accepted(method, path, self.send(method, path, kind, body)?)
    }

    /// Sends a request from one of the runtime's threads, which are where the server is.
    fn send(&self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Result<(u16, String)> {
        let asking = Asking { client: self.client.clone() };
        let words = [method, path, kind].map(str::to_owned);
        let sent = self.runtime.spawn(async move {
            let [method, path, kind] = &words;
            asking.send(method, path, kind, body).await
        });
        self.runtime.block_on(sent).attempt(format!("{method} {path}"))?
    }

    /// Does many things, so many of them at once, on the runtime's threads. Ends with the first that fails.
    pub fn all<W, F>(&self, works: impl IntoIterator<Item = W>, at_once: usize) -> Result<()>
    where
        W: FnOnce(Asking) -> F,
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let started = works.into_iter().map(|work| {
            let work = work(Asking { client: self.client.clone() });
            self.runtime.spawn(work)
        });
        let all = futures::stream::iter(started).buffer_unordered(at_once);
        self.runtime.block_on(all.map(|ended| ended.attempt("it broke off")?).try_collect())
    }
}

/// The API server, asked from within [`Api::all`].
#[derive(Clone)]
pub struct Asking {
    client: kube::Client,
}

impl Asking {
    /// Sends a request; what the server says, if it takes it.
    pub async fn ask(&self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Result<Value> {
        accepted(method, path, self.send(method, path, kind, body).await?)
    }

    /// Downloads what is there as it is, not compressed, and throws it away, but for its first `keep` bytes; also how
    /// many bytes it is.
    pub async fn download(&self, path: &str, keep: usize) -> Result<(Vec<u8>, usize)> {
        let request =
            http::Request::get(path).header("accept", "application/json").header("accept-encoding", "identity");
        let request = request.body(Vec::new().into()).attempt(path)?;
        let (head, mut body) = self.client.send(request).await.attempt(path)?.into_parts();
        let (mut first, mut bytes) = (Vec::new(), 0);
        while let Some(frame) = http_body_util::BodyExt::frame(&mut body).await {
            let frame = frame.attempt(path)?;
            let Some(data) = frame.data_ref() else { continue };
            bytes += data.len();
            first.extend(data.iter().take(keep.saturating_sub(first.len())));
        }
        if head.status.is_success() {
            Ok((first, bytes))
        } else {
            Err(Trouble::new(format!("{path}: {}", head.status)))
        }
    }

    async fn send(&self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Result<(u16, String)> {
        let request = http::Request::builder().method(method).uri(path).header("content-type", kind);
        let request = request.body(body.into()).attempt(path)?;
        let answer =
            tokio::time::timeout(TIMEOUT, self.client.send(request)).await.attempt(format!("{method} {path}"))?;
        let (head, body) = answer.attempt(format!("{method} {path}"))?.into_parts();
        let body = http_body_util::BodyExt::collect(body).await.attempt(format!("{method} {path}"))?;
        Ok((head.status.as_u16(), String::from_utf8_lossy(&body.to_bytes()).into_owned()))
    }
}

fn accepted(method: &str, path: &str, (status, text): (u16, String)) -> Result<Value> {
    let answer: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    if (200..300).contains(&status) {
        return Ok(answer);
    }
    let message = answer.get("message").and_then(Value::as_str).unwrap_or(&text);
    Err(Trouble::new(format!("{method} {path}: {status} {message}")))
}

/// Moves the thread into a network. One that could not would talk to whatever listens out here, so it ends.
#[allow(clippy::panic, reason = "there is no caller to tell, and going on would be wrong")]
fn enter(namespace: &File) {
    use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
    use std::os::fd::AsFd;
    if let Err(error) = move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network)) {
        panic!("the network of the cluster cannot be entered: {error}");
    }
}
