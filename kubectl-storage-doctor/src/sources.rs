//! Where the answers come from: a cluster or a recording.

use crate::args::{Connection, Place};
use crate::environment;
use crate::error::Failure;
use crate::progress::Progress;
use std::path::Path;
use std::time::{Duration, SystemTime};
use storage_doctor::playbook::Files;
use storage_doctor::render::safe;
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
    /// The playbooks that the cluster holds, if they were asked for.
    pub(crate) fetched: Fetched,
}

/// Playbooks from `ConfigMap`s.
#[derive(Debug, Default)]
pub(crate) struct Fetched {
    /// Names and texts.
    pub(crate) files: Files,
    /// What could not be read.
    pub(crate) notes: Vec<String>,
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
            fetched: Fetched::default(),
        });
    }
    let cluster = connect(&options(place), place.timeout, progress).await?;
    let wanted = place.playbooks.playbooks_from_cluster.clone().or_else(environment::playbooks_from_cluster);
    let fetched = match wanted {
        Some(namespace) => fetch(&cluster, &namespace).await,
        None => Fetched::default(),
    };
    Ok(Opened {
        namespace: named.unwrap_or_else(|| cluster.namespace().to_owned()),
        now: Time::from(SystemTime::now()),
        label: cluster.context().unwrap_or_else(|| host(cluster.server())).to_owned(),
        server_version: cluster.version().map(str::to_owned),
        source: Box::new(cluster),
        fetched,
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

async fn connect(options: &ConnectOptions, limit: Option<Duration>, progress: &Progress) -> Result<Cluster, Failure> {
    let environment = environment::for_cluster();
    progress.look_at("the API server");
    let connecting = Cluster::connect(options, &environment);
    let cluster = match limit {
        Some(limit) => tokio::time::timeout(limit, connecting).await.map_err(|_| {
            Failure::new("no connection within the time that --timeout gives")
                .hint("does `kubectl version` get an answer?")
        })?,
        None => connecting.await,
    }?;
    let progress = progress.clone();
    Ok(cluster.observed_by(move |query| progress.look_at(&query.to_string())))
}

/// The most playbooks taken from a cluster.
const MOST: usize = 1000;
/// How long a command about playbooks waits for the cluster.
const PATIENCE: Duration = Duration::from_secs(60);

/// The playbooks of the cluster, for a command that asks it nothing else.
pub(crate) fn fetch_playbooks(to: &Connection, namespace: &str) -> Result<Fetched, Failure> {
    let options = ConnectOptions { run_timeout: Some(PATIENCE), ..to_cluster(to) };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new("cannot start").caused_by(&error))?;
    let fetched = runtime.block_on(async {
        let cluster = connect(&options, Some(PATIENCE), &Progress::default()).await?;
        Ok(fetch(&cluster, namespace).await)
    });
    runtime.shutdown_background();
    fetched
}

/// Every `*.yaml` of the labelled `ConfigMap`s, of all namespaces when none is named. That they cannot be
/// read is said, and is no failure: the other playbooks answer.
async fn fetch(cluster: &Cluster, namespace: &str) -> Fetched {
    let namespace = Some(namespace).filter(|name| !name.is_empty());
    let maps = match cluster.playbooks(namespace).await {
        Ok(maps) => maps,
        Err(error) => {
            let place = namespace.map_or("the cluster".to_owned(), |name| format!("namespace {name}"));
            return Fetched::nothing(&format!("{error} in {place}"));
        }
    };
    let mut fetched = Fetched::default();
    for map in maps {
        let place = format!("configmap/{}/{}", map.namespace, map.name);
        let texts = map.data.into_iter().filter(|(key, _)| Path::new(key).extension().is_some_and(|end| end == "yaml"));
        fetched.files.extend(texts.map(|(key, text)| (format!("{place}/{key}"), text)));
    }
    if fetched.files.len() > MOST {
        fetched.files.truncate(MOST);
        fetched.notes.push(unread(&format!("only the first {MOST} are used")));
    }
    fetched
}

impl Fetched {
    fn nothing(why: &str) -> Self {
        Self { files: Vec::new(), notes: vec![unread(why)] }
    }
}

fn unread(why: &str) -> String {
    format!("playbooks of the cluster could not be read: {}", safe::one_line(why, safe::TEXT_LIMIT))
}

fn options(place: &Place<'_>) -> ConnectOptions {
    ConnectOptions {
        namespace: place.namespace.map(str::to_owned),
        // Past it, questions stay unanswered and the report says so: better than no report.
        run_timeout: place.timeout,
        ..to_cluster(place.connection)
    }
}

fn to_cluster(to: &Connection) -> ConnectOptions {
    let to = to.clone();
    ConnectOptions {
        kubeconfig: to.kubeconfig,
        context: to.context,
        cluster: to.cluster,
        user: to.user,
        server: to.server,
        token: to.token,
        as_user: to.as_user,
        as_groups: to.as_groups,
        as_uid: to.as_uid,
        certificate_authority: to.certificate_authority,
        insecure_skip_tls_verify: to.insecure_skip_tls_verify,
        tls_server_name: to.tls_server_name,
        request_timeout: to.request_timeout,
        ..ConnectOptions::default()
    }
}
