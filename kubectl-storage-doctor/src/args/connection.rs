//! Where to look: a cluster, as kubectl reaches it, or a recording.

use super::{Capture, Diagnose, PlaybookArgs, Scan};
use crate::duration;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The flags that mean nothing for a recording.
pub(super) const LIVE: [&str; 13] = [
    "playbooks_from_cluster",
    "kubeconfig",
    "context",
    "cluster",
    "user",
    "server",
    "token",
    "as_user",
    "as_groups",
    "as_uid",
    "certificate_authority",
    "insecure_skip_tls_verify",
    "tls_server_name",
];

/// kubectl's flags for reaching a cluster. kubectl passes none of its own to a plugin.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Cluster")]
pub(crate) struct Connection {
    /// The kubeconfig file
    #[arg(long, value_name = "PATH")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// The context of the kubeconfig
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
    /// The cluster of the kubeconfig
    #[arg(long, value_name = "NAME")]
    pub(crate) cluster: Option<String>,
    /// The user of the kubeconfig
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// The address of the API server
    #[arg(short, long, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// A bearer token
    #[arg(long)]
    pub(crate) token: Option<String>,
    /// The user to impersonate
    #[arg(long = "as", value_name = "USER")]
    pub(crate) as_user: Option<String>,
    /// A group to impersonate; may be repeated
    #[arg(long = "as-group", value_name = "GROUP")]
    pub(crate) as_groups: Vec<String>,
    /// The UID to impersonate
    #[arg(long, value_name = "UID")]
    pub(crate) as_uid: Option<String>,
    /// A file with the certificate authority, in PEM
    #[arg(long, value_name = "PATH")]
    pub(crate) certificate_authority: Option<PathBuf>,
    /// Do not check the API server's certificate
    // kubectl's are Go's booleans: `--flag=true` is right too.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true, hide_possible_values = true)]
    pub(crate) insecure_skip_tls_verify: bool,
    /// The name to expect in the API server's certificate
    #[arg(long, value_name = "NAME")]
    pub(crate) tls_server_name: Option<String>,
    /// How long one request may take: 30s, 1m30s. 0: the default
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(crate) request_timeout: Option<Duration>,
}

/// Where to look, and for how long.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    /// A recording; the cluster when left out.
    pub(crate) from: Option<&'a Path>,
    pub(crate) namespace: Option<&'a str>,
    /// How long to ask the cluster in all, if there is a limit.
    pub(crate) timeout: Option<Duration>,
    pub(crate) connection: &'a Connection,
    pub(crate) playbooks: &'a PlaybookArgs,
}

impl Diagnose {
    /// Where to look.
    pub(crate) fn place(&self) -> Place<'_> {
        Place {
            from: self.from.as_deref(),
            namespace: self.namespace.as_deref(),
            timeout: limit(self.timeout),
            connection: &self.connection,
            playbooks: &self.playbooks,
        }
    }
}

impl Scan {
    /// Where to look.
    pub(crate) fn place(&self) -> Place<'_> {
        Place {
            from: self.from.as_deref(),
            namespace: self.namespace.as_deref(),
            timeout: limit(self.timeout),
            connection: &self.connection,
            playbooks: &self.playbooks,
        }
    }
}

impl Capture {
    /// Where to look.
    pub(crate) fn place(&self) -> Place<'_> {
        Place {
            from: self.from.as_deref(),
            namespace: self.namespace.as_deref(),
            timeout: limit(self.timeout),
            connection: &self.connection,
            playbooks: &self.playbooks,
        }
    }
}

/// None stands for no limit.
fn limit(time: Duration) -> Option<Duration> {
    Some(time).filter(|time| !time.is_zero())
}
