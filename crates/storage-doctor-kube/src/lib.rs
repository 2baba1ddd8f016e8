//! A live Kubernetes cluster as a source of evidence. Placeholder until it is merged.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;
use storage_doctor::evidence::{Answer, Query};
use storage_doctor::source::{BoxFuture, Source};

/// kubectl's connection flags.
#[derive(Clone, Default, Debug)]
#[expect(missing_docs, reason = "placeholder")]
pub struct ConnectOptions {
    pub kubeconfig: Option<PathBuf>,
    pub context: Option<String>,
    pub cluster: Option<String>,
    pub user: Option<String>,
    pub namespace: Option<String>,
    pub server: Option<String>,
    pub token: Option<String>,
    pub as_user: Option<String>,
    pub as_groups: Vec<String>,
    pub as_uid: Option<String>,
    pub certificate_authority: Option<PathBuf>,
    pub insecure_skip_tls_verify: bool,
    pub tls_server_name: Option<String>,
    pub request_timeout: Option<Duration>,
    pub run_timeout: Option<Duration>,
}

/// What the process's environment says.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "placeholder")]
pub struct Environment {
    pub kubeconfig_env: Option<OsString>,
    pub home: Option<PathBuf>,
    pub no_proxy: Option<String>,
}

/// Why no cluster could be reached.
#[derive(Debug, thiserror::Error)]
#[error("a live cluster cannot be asked yet")]
pub struct ConnectError(());

#[expect(missing_docs, reason = "placeholder")]
impl ConnectError {
    pub fn is_no_config(&self) -> bool {
        true
    }
    pub fn is_bad_config(&self) -> bool {
        false
    }
    pub fn is_unknown_name(&self) -> bool {
        false
    }
    pub fn is_credentials(&self) -> bool {
        false
    }
    pub fn is_unreachable(&self) -> bool {
        false
    }
    pub fn is_plugin(&self) -> bool {
        false
    }
    pub fn is_plugin_missing(&self) -> bool {
        false
    }
}

/// A live cluster.
#[derive(Debug)]
pub struct Cluster(());

#[expect(missing_docs, reason = "placeholder")]
impl Cluster {
    #[expect(clippy::unused_async, reason = "placeholder")]
    pub async fn connect(_options: &ConnectOptions, _environment: &Environment) -> Result<Self, ConnectError> {
        Err(ConnectError(()))
    }
    #[must_use]
    pub fn observed_by(self, _observer: impl Fn(&Query) + Send + Sync + 'static) -> Self {
        self
    }
    pub fn namespace(&self) -> &'static str {
        "default"
    }
}

impl Source for Cluster {
    fn answer<'a>(&'a self, _query: &'a Query) -> BoxFuture<'a, Answer> {
        Box::pin(async { Answer::NotRecorded })
    }
}
