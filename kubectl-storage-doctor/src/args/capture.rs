//! The arguments of `capture`.

use super::{Connection, LIVE, Look, PlaybookArgs, what};
use crate::duration;
use std::path::PathBuf;
use std::time::Duration;

/// What to show after the help.
const AFTER: &str = "\
Examples:
  kubectl storage-doctor capture pvc data-0           what a diagnosis of this claim looks at
  kubectl storage-doctor capture -n shop              everything of a namespace
  kubectl storage-doctor capture -A -o shop.tar.gz    everything
  kubectl storage-doctor pvc -A --from shop.tar.gz    then, anywhere, without the cluster

No Secret and no ConfigMap is read. Passwords and tokens in logs, messages, environment variables, arguments
and annotations are masked. Look into the file before you give it away all the same.";

/// Write what a diagnosis looks at into a file, for --from
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub(crate) struct Capture {
    /// With neither TYPE nor -A, all of the namespace
    #[arg(value_names = ["TYPE", "NAME"], num_args = 0.., long_help = what())]
    pub(crate) what: Vec<String>,

    /// The namespace to look into
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
    /// Look into all namespaces
    #[arg(short = 'A', long)]
    pub(crate) all_namespaces: bool,
    /// A recording to look at instead of a cluster, which is thereby masked and made smaller
    #[arg(long, value_name = "PATH", conflicts_with_all = LIVE)]
    pub(crate) from: Option<PathBuf>,

    /// The file to write; by default storage-doctor-CONTEXT-TIME.tar.gz
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) look: Look,
    #[command(flatten)]
    pub(crate) playbooks: PlaybookArgs,
    /// How long to ask the cluster in all; what is unanswered by then is recorded so. 0: no limit
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration::parse)]
    pub(crate) timeout: Duration,
    #[command(flatten)]
    pub(crate) connection: Connection,
}
