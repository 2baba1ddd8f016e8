//! Where the answers come from: a cluster or a recording.

use crate::args::Diagnose;
use crate::environment;
use crate::error::Failure;
use crate::progress::Progress;
use std::path::Path;
use std::time::SystemTime;
use storage_doctor::source::Source;
use storage_doctor::source::recording::Recording;
use storage_doctor::time::Time;
use storage_doctor_kube::{Cluster, ConnectOptions};

/// The recording of `--from demo`.
const DEMO: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/demo.tar.gz"));

/// A source that is ready to be asked.
pub(crate) struct Opened {
    pub(crate) source: Box<dyn Source>,
    /// The namespace to look into when none is named.
    pub(crate) namespace: String,
    /// The time that "now" means for its answers.
    pub(crate) now: Time,
}

/// Opens what the arguments name. Progress is told each question that goes to a cluster.
pub(crate) async fn open(args: &Diagnose, progress: &Progress) -> Result<Opened, Failure> {
    let (source, namespace): (Box<dyn Source>, String) = match &args.from {
        Some(from) => (Box::new(recording(from)?), "default".to_owned()),
        None => {
            let cluster = connect(args, progress).await?;
            let namespace = cluster.namespace().to_owned();
            (Box::new(cluster), namespace)
        }
    };
    let now = source.taken_at().unwrap_or_else(|| Time::from(SystemTime::now()));
    Ok(Opened { source, namespace: args.namespace.clone().unwrap_or(namespace), now })
}

fn recording(from: &Path) -> Result<Recording, Failure> {
    if from.as_os_str() == "demo" {
        return Ok(Recording::from_archive_bytes(DEMO)?);
    }
    Ok(Recording::open(from)?)
}

async fn connect(args: &Diagnose, progress: &Progress) -> Result<Cluster, Failure> {
    let (options, environment) = (options(args), environment::for_cluster());
    progress.look_at("the API server");
    let connecting = Cluster::connect(&options, &environment);
    let cluster = match args.timeout() {
        Some(limit) => tokio::time::timeout(limit, connecting).await.map_err(|_| {
            Failure::new("no connection within the time that --timeout gives")
                .hint("does `kubectl version` get an answer?")
        })?,
        None => connecting.await,
    }?;
    let progress = progress.clone();
    Ok(cluster.observed_by(move |query| progress.look_at(&query.to_string())))
}

fn options(args: &Diagnose) -> ConnectOptions {
    let to = args.connection.clone();
    ConnectOptions {
        kubeconfig: to.kubeconfig,
        context: to.context,
        cluster: to.cluster,
        user: to.user,
        namespace: args.namespace.clone(),
        server: to.server,
        token: to.token,
        as_user: to.as_user,
        as_groups: to.as_groups,
        as_uid: to.as_uid,
        certificate_authority: to.certificate_authority,
        insecure_skip_tls_verify: to.insecure_skip_tls_verify,
        tls_server_name: to.tls_server_name,
        request_timeout: to.request_timeout,
        // Past it, questions stay unanswered and the report says so: better than no report.
        run_timeout: args.timeout(),
    }
}
