//! The cluster itself.

use crate::answer;
use crate::config::{self, Target};
use crate::error::{Cause, ConnectError};
use crate::exec::{self, PLUGIN_WAIT};
use crate::list;
use crate::log::{self, Which};
use crate::node;
use crate::options::{ConnectOptions, Environment};
use crate::path;
use crate::text::{bounded, chain};
use crate::wire::{Failure, Wire};
use kube::client::{AuthError, ClientBuilder, retry::RetryPolicy};
use kube::{Client, Config};
use std::sync::Arc;
use std::time::Duration;
use storage_doctor::evidence::{Answer, Query, Resource};
use storage_doctor::source::{BoxFuture, Source};
use tokio::time::{Instant, timeout};
use tower::buffer::BufferLayer;
use tower::retry::RetryLayer;

/// Called with each query before it is sent.
type Observer = Arc<dyn Fn(&Query) + Send + Sync>;

/// A live cluster. Answers with GET requests only, at most eight at once.
pub struct Cluster {
    wire: Wire,
    server: String,
    context: Option<String>,
    namespace: String,
    version: Option<String>,
    observer: Option<Observer>,
}

impl Cluster {
    /// Finds the API server as kubectl would, and asks it for its version. Fails within ten seconds if it
    /// is not there; a credential plugin may take a minute longer, since it may ask a person.
    ///
    /// Must be called within a tokio runtime.
    pub async fn connect(options: &ConnectOptions, environment: &Environment) -> Result<Self, ConnectError> {
        let Target { mut config, context } = config::target(options, environment).await?;
        exec::resolve(&mut config.auth_info).await?;
        let server = config.cluster_url.to_string().trim_end_matches('/').to_owned();
        let namespace = config.default_namespace.clone();
        let client = client(config).await?;
        let ends = options.run_timeout.and_then(|time| Instant::now().checked_add(time));
        let wire = Wire::new(client, options.waits(), ends);
        let version = greet(&wire, &server, options.greeting()).await?;
        Ok(Self { wire, server, context, namespace, version, observer: None })
    }

    /// Calls `observer` with each query that is about to be sent, to show progress.
    #[must_use]
    pub fn observed_by(mut self, observer: impl Fn(&Query) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// The namespace to look into when none is named.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The context's name; none inside a pod of the cluster.
    pub fn context(&self) -> Option<&str> {
        self.context.as_deref()
    }

    /// The address of the API server.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The API server's version such as `v1.36.3`, if it told.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// How many requests were sent so far.
    pub fn requests(&self) -> u64 {
        self.wire.sent()
    }

    /// The way to the server.
    pub(crate) fn wire(&self) -> &Wire {
        &self.wire
    }

    async fn ask(&self, query: &Query) -> Answer {
        if let Some(answer) = refused_here(query) {
            return answer;
        }
        if let Some(observer) = &self.observer {
            observer(query);
        }
        match query {
            Query::Object { resource, namespace, name } => match path::object(resource, namespace.as_deref(), name) {
                Ok(path) => list::object(&self.wire, resource, &path).await,
                Err(bad) => answer::unreachable(bad.to_string()),
            },
            Query::List { resource, namespace } => match path::collection(resource, namespace.as_deref()) {
                Ok(path) => list::list(&self.wire, resource, &path).await,
                Err(bad) => answer::unreachable(bad.to_string()),
            },
            Query::Events { uid, namespace } => self.events(uid, namespace).await,
            Query::Log { namespace, pod, container, previous } => {
                log::log(&self.wire, Which { namespace, pod, container, previous: *previous }).await
            }
            Query::Stats { node } => node::stats(&self.wire, node).await,
            Query::NodeLog { node, service } => node::log(&self.wire, node, service).await,
            _ => answer::unreachable("a live cluster cannot be asked this yet"),
        }
    }

    /// In the whole cluster, or, for those who may not, where the object lives: events of an object lie in
    /// its namespace, those of cluster-scoped objects in `default`.
    async fn events(&self, uid: &str, namespace: &str) -> Answer {
        let events = Resource::known("events", "", "v1", "Event", true);
        let mut answer = Answer::Absent;
        for scope in [None, Some(namespace)] {
            answer = match path::events(uid, scope) {
                Ok(path) => list::list(&self.wire, &events, &path).await,
                Err(bad) => answer::unreachable(bad.to_string()),
            };
            if !matches!(answer, Answer::Denied { .. }) {
                return answer;
            }
        }
        answer
    }
}

impl Source for Cluster {
    fn answer<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Answer> {
        Box::pin(self.ask(query))
    }
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").field("server", &self.server).field("context", &self.context).finish_non_exhaustive()
    }
}

/// Secrets are never read, whoever asks.
fn refused_here(query: &Query) -> Option<Answer> {
    match query {
        Query::Object { resource, .. } | Query::List { resource, .. }
            if resource.plural.eq_ignore_ascii_case("secrets") =>
        {
            Some(Answer::Denied { message: "storage-doctor never reads Secrets".to_owned() })
        }
        _ => None,
    }
}

/// Builds kube's client on a thread that may block: kube reads files there, and runs the credential
/// plugins that were left to it.
async fn client(config: Config) -> Result<Client, Cause> {
    let plugin = config.auth_info.exec.as_ref().and_then(|exec| exec.command.clone());
    let plugin = bounded(plugin.as_deref().unwrap_or("auth-provider"), 200);
    let building = tokio::task::spawn_blocking(move || -> Result<Client, Cause> {
        // Three tries in less than a second, for 429, 503 and 504.
        let retry = RetryPolicy::new(Duration::from_millis(200), Duration::from_secs(2), 2, true);
        let retry = retry.map_err(|e| Cause::Config(chain(&e)))?;
        let builder = ClientBuilder::try_from(config).map_err(|e| unbuilt(&e, plugin))?;
        Ok(builder.with_layer(&BufferLayer::new(1024)).with_layer(&RetryLayer::new(retry)).build())
    });
    match timeout(PLUGIN_WAIT, building).await {
        Ok(Ok(result)) => result,
        Ok(Err(e)) => Err(Cause::Config(chain(&e))),
        Err(_) => Err(Cause::Config("the credentials were not ready within a minute".to_owned())),
    }
}

fn unbuilt(error: &kube::Error, command: String) -> Cause {
    let kube::Error::Auth(auth) = error else {
        return Cause::Config(chain(error));
    };
    match auth {
        // Its own text holds all that the plugin printed, which may be a token.
        AuthError::AuthExecRun { out, .. } => Cause::PluginFailed { command, why: out.status.to_string() },
        AuthError::AuthExecParse(_) => Cause::PluginFailed { command, why: "it printed no ExecCredential".to_owned() },
        AuthError::AuthExecStart(_) | AuthError::ExecPluginFailed | AuthError::AuthExec(_) => {
            Cause::PluginFailed { command, why: chain(auth) }
        }
        _ => Cause::Config(chain(auth)),
    }
}

/// Asks for the version: whether something is there, whether it is an API server, and whether it knows us.
async fn greet(wire: &Wire, server: &str, time: Duration) -> Result<Option<String>, Cause> {
    let unreachable = |why: String| Cause::Unreachable { server: server.to_owned(), why };
    let reply = match timeout(time, wire.get("version", "/version", 64 * 1024)).await {
        Ok(Ok(reply)) => reply,
        Ok(Err(Failure::Credentials(message))) => {
            return Err(Cause::Credentials { server: server.to_owned(), message });
        }
        Ok(Err(failure)) => return Err(unreachable(failure.to_string())),
        Err(_) => return Err(unreachable(Failure::Deadline(time).to_string())),
    };
    match reply.status.as_u16() {
        200 => {
            let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
            match body.get("gitVersion").and_then(serde_json::Value::as_str) {
                Some(version) => Ok(Some(bounded(version, 50))),
                None => Err(unreachable("what answers there is no Kubernetes API server".to_owned())),
            }
        }
        // Some platforms hide the version; the server is there all the same.
        403 => Ok(None),
        401 => Err(Cause::Credentials { server: server.to_owned(), message: answer::words(&reply) }),
        code => {
            let words = answer::words(&reply);
            let colon = if words.is_empty() { "" } else { ": " };
            Err(unreachable(format!("it answered {code}{colon}{words}")))
        }
    }
}
