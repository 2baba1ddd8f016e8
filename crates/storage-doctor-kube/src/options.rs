//! What decides which cluster is asked, as whom, and for how long.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How long the beginning of an answer, and each further piece of it, may take.
pub(crate) const WAIT: Duration = Duration::from_secs(5);
/// How long one request may take in all: a page of a list over a slow line.
pub(crate) const WHOLE: Duration = Duration::from_secs(20);
/// How long the first question may take, retries included.
const GREETING: Duration = Duration::from_secs(8);
/// What "for ever" is cut down to, so that no sum of times overflows.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// kubectl's connection flags, by kubectl's names. All are optional.
#[derive(Clone, Default)]
pub struct ConnectOptions {
    /// `--kubeconfig`: the only file to read. It must exist.
    pub kubeconfig: Option<PathBuf>,
    /// `--context`.
    pub context: Option<String>,
    /// `--cluster`.
    pub cluster: Option<String>,
    /// `--user`.
    pub user: Option<String>,
    /// `-n`, `--namespace`; else the context's, else `default`.
    pub namespace: Option<String>,
    /// `--server`: the address of the API server.
    pub server: Option<String>,
    /// `--token`: a bearer token instead of whatever credentials the kubeconfig holds.
    pub token: Option<String>,
    /// `--as`: the user to impersonate.
    pub as_user: Option<String>,
    /// `--as-group`, each.
    pub as_groups: Vec<String>,
    /// `--as-uid`.
    pub as_uid: Option<String>,
    /// `--certificate-authority`: a file in PEM.
    pub certificate_authority: Option<PathBuf>,
    /// `--insecure-skip-tls-verify`.
    pub insecure_skip_tls_verify: bool,
    /// `--tls-server-name`.
    pub tls_server_name: Option<String>,
    /// `--request-timeout`: how long one request may take in all. None or zero: five seconds for the
    /// answer to begin and for each further piece of it, twenty in all.
    pub request_timeout: Option<Duration>,
    /// How long after connecting requests are still sent; later ones are unreachable at once, and
    /// running ones end then. None: for as long as the cluster is kept. A command line sets it.
    pub run_timeout: Option<Duration>,
}

impl ConnectOptions {
    /// How long to wait for each piece of an answer, and for all of it.
    pub(crate) fn waits(&self) -> (Duration, Duration) {
        match self.request_timeout {
            Some(time) if !time.is_zero() => (time.min(DAY), time.min(DAY)),
            _ => (WAIT, WHOLE),
        }
    }

    /// How long the first question may take: longer only for who asked for longer.
    pub(crate) fn greeting(&self) -> Duration {
        self.request_timeout.map_or(GREETING, |time| time.clamp(GREETING, DAY))
    }
}

impl fmt::Debug for ConnectOptions {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectOptions")
            .field("kubeconfig", &self.kubeconfig)
            .field("context", &self.context)
            .field("cluster", &self.cluster)
            .field("user", &self.user)
            .field("namespace", &self.namespace)
            .field("server", &self.server)
            .field("token", &self.token.as_ref().map(|_| "…"))
            .field("as_user", &self.as_user)
            .finish_non_exhaustive()
    }
}

/// What the process's environment says. The program reads it, so that this crate depends on its
/// arguments only (kube itself still reads `HTTPS_PROXY`, `KUBERNETES_SERVICE_HOST` and
/// `KUBERNETES_SERVICE_PORT`).
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `KUBECONFIG`, undivided.
    pub kubeconfig_env: Option<OsString>,
    /// The home directory.
    pub home: Option<PathBuf>,
    /// `NO_PROXY`, else `no_proxy`: the hosts that the proxy of the environment is not for.
    pub no_proxy: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_shown() {
        let options = ConnectOptions { token: Some("hunter2".into()), ..Default::default() };
        assert!(!format!("{options:?}").contains("hunter2"));
    }

    #[test]
    fn a_timeout_of_zero_is_kubectls_word_for_the_default() {
        let zero = ConnectOptions { request_timeout: Some(Duration::ZERO), ..Default::default() };
        assert_eq!(zero.waits(), ConnectOptions::default().waits());
        let two = ConnectOptions { request_timeout: Some(Duration::from_secs(2)), ..Default::default() };
        assert_eq!(two.waits(), (Duration::from_secs(2), Duration::from_secs(2)));
        let ever = ConnectOptions { request_timeout: Some(Duration::MAX), ..Default::default() };
        assert_eq!((ever.waits().0, ever.greeting()), (DAY, DAY));
        assert_eq!((two.greeting(), zero.greeting()), (GREETING, GREETING));
    }
}
