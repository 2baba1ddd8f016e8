//! Why no cluster could be reached.

use std::path::PathBuf;

/// Why [`Cluster::connect`](crate::Cluster::connect) failed. The predicates tell the cases apart, for a
/// hint to the person at the keyboard; the text says everything else.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ConnectError(Box<Cause>);

/// The cases.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Cause {
    #[error("no kubeconfig was found (looked at {}), and this is not a pod of a cluster", paths(.0))]
    NoConfig(Vec<PathBuf>),
    #[error("the kubeconfig {} cannot be read: {why}", path.display())]
    File { path: PathBuf, why: String },
    #[error("the kubeconfig cannot be used: {0}")]
    Config(String),
    #[error("{0}")]
    Flags(String),
    #[error("{what} {name:?} does not exist{hint}")]
    Unknown { what: &'static str, name: String, hint: String },
    #[error("the kubeconfig has no current context, and none was given{0}")]
    NoContext(String),
    #[error("the credentials for the API server at {server} are expired or invalid: {message}")]
    Credentials { server: String, message: String },
    #[error("the API server at {server} cannot be reached: {why}")]
    Unreachable { server: String, why: String },
    #[error("the credential plugin {command:?} is not installed{hint}")]
    PluginMissing { command: String, hint: String },
    #[error("the credential plugin {command:?} failed: {why}")]
    PluginFailed { command: String, why: String },
}

impl ConnectError {
    /// There is no kubeconfig, or it does not say which context to use.
    pub fn is_no_config(&self) -> bool {
        matches!(*self.0, Cause::NoConfig(_) | Cause::NoContext(_))
    }

    /// A kubeconfig, a file that it names, or a flag is not valid.
    pub fn is_bad_config(&self) -> bool {
        matches!(*self.0, Cause::File { .. } | Cause::Config(_) | Cause::Flags(_))
    }

    /// A context, cluster or user of that name does not exist.
    pub fn is_unknown_name(&self) -> bool {
        matches!(*self.0, Cause::Unknown { .. })
    }

    /// The API server is there and says that the credentials are expired or wrong.
    pub fn is_credentials(&self) -> bool {
        matches!(*self.0, Cause::Credentials { .. })
    }

    /// No answer, or none that an API server would give.
    pub fn is_unreachable(&self) -> bool {
        matches!(*self.0, Cause::Unreachable { .. })
    }

    /// The credential plugin (`users[].user.exec`) is missing, or it failed.
    pub fn is_plugin(&self) -> bool {
        matches!(*self.0, Cause::PluginMissing { .. } | Cause::PluginFailed { .. })
    }

    /// The program that the credential plugin consists of does not exist.
    pub fn is_plugin_missing(&self) -> bool {
        matches!(*self.0, Cause::PluginMissing { .. })
    }
}

impl From<Cause> for ConnectError {
    fn from(cause: Cause) -> Self {
        Self(Box::new(cause))
    }
}

fn paths(paths: &[PathBuf]) -> String {
    if paths.is_empty() {
        return "no file: there is no home directory".to_owned();
    }
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    paths.join(", ")
}
