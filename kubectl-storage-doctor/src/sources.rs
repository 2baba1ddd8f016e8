//! Where the answers come from: a cluster or a recording.

use crate::args::Place;
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
    /// What to call it: the context, the server, or the recording.
    pub(crate) label: String,
    /// The API server's version, if it told.
    pub(crate) server_version: Option<String>,
}

/// Opens what the arguments name. Progress is told each question that goes to a cluster.
pub(crate) async fn open(place: &Place<'_>, progress: &Progress) -> Result<Opened, Failure> {
    let named = place.namespace.map(str::to_owned);
    if let Some(from) = place.from {
        let recording = recording(from)?;
        let now = recording.taken_at().unwrap_or_else(|| Time::from(SystemTime::now()));
        return Ok(Opened {
            server_version: recording.server_version().map(str::to_owned),
            source: Box::new(recording),
            namespace: named.unwrap_or_else(|| "default".to_owned()),
            now,
            label: stem(from),
        });
    }
    let cluster = connect(place, progress).await?;
    Ok(Opened {
        namespace: named.unwrap_or_else(|| cluster.namespace().to_owned()),
        now: Time::from(SystemTime::now()),
        label: cluster.context().unwrap_or_else(|| host(cluster.server())).to_owned(),
        server_version: cluster.version().map(str::to_owned),
        source: Box::new(cluster),
    })
}

/// The name of a file without what says how it is packed.
fn stem(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let packed = [".tar.gz", ".tgz", ".tar"].iter().find_map(|end| name.strip_suffix(end));
    packed.unwrap_or(&name).to_owned()
}

/// The host of a server's address.
fn host(server: &str) -> &str {
    let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or(rest)
}

fn recording(from: &Path) -> Result<Recording, Failure> {
    if from.as_os_str() == "demo" {
        return Ok(Recording::from_archive_bytes(DEMO)?);
    }
    Ok(Recording::open(from)?)
}

async fn connect(place: &Place<'_>, progress: &Progress) -> Result<Cluster, Failure> {
    let (options, environment) = (options(place), environment::for_cluster());
    progress.look_at("the API server");
    let connecting = Cluster::connect(&options, &environment);
    let cluster = match place.timeout {
        Some(limit) => tokio::time::timeout(limit, connecting).await.map_err(|_| {
            Failure::new("no connection within the time that --timeout gives")
                .hint("does `kubectl version` get an answer?")
        })?,
        None => connecting.await,
    }?;
    let progress = progress.clone();
    Ok(cluster.observed_by(move |query| progress.look_at(&query.to_string())))
}

fn options(place: &Place<'_>) -> ConnectOptions {
    let to = place.connection.clone();
    ConnectOptions {
        kubeconfig: to.kubeconfig,
        context: to.context,
        cluster: to.cluster,
        user: to.user,
        namespace: place.namespace.map(str::to_owned),
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
        run_timeout: place.timeout,
    }
}
