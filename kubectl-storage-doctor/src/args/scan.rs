//! The arguments of `scan`.

use super::{Connection, Format, LIVE, Look, PlaybookArgs};
use crate::duration;
use std::path::PathBuf;
use std::time::Duration;

/// Look at everything, and say what is wrong by root cause
///
/// Claims, pods, volumes, snapshots and whatever else a playbook is about: of the namespace, or with -A of
/// the cluster, with the objects that belong to no namespace. The root that breaks most comes first.
#[derive(Debug, clap::Args)]
pub(crate) struct Scan {
    /// The namespace to look into
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
    /// Look into all namespaces
    #[arg(short = 'A', long)]
    pub(crate) all_namespaces: bool,
    /// Only objects with these labels: a=b, a!=b, a in (b,c), !a
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    pub(crate) selector: Option<String>,
    /// A recording to look at instead of a cluster: an archive, a folder, or demo
    #[arg(long, value_name = "PATH", conflicts_with_all = LIVE)]
    pub(crate) from: Option<PathBuf>,

    /// How to show the answer
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: Format,
    /// Name everything
    #[arg(short, long)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) look: Look,
    #[command(flatten)]
    pub(crate) playbooks: PlaybookArgs,
    /// How long to ask the cluster in all; what is unanswered by then is reported as unknown. 0: no limit
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration::parse)]
    pub(crate) timeout: Duration,
    #[command(flatten)]
    pub(crate) connection: Connection,
}
