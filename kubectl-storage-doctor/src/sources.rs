//! Where the answers come from: a cluster or a recording.

use crate::args::{Connection, Diagnose};
use crate::environment;
use crate::error::Failure;
use crate::progress::Progress;
use std::path::Path;
use std::time::{Duration, SystemTime};
use storage_doctor::evidence::{Answer, Resource};
use storage_doctor::playbook::Files;
use storage_doctor::render::safe;
use storage_doctor::source::Source;
use storage_doctor::source::recording::Recording;
use storage_doctor::time::Time;
use storage_doctor::value::Value;
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
pub(crate) async fn open(args: &Diagnose, progress: &Progress) -> Result<Opened, Failure> {
    let mut fetched = Fetched::default();
    let (source, namespace): (Box<dyn Source>, String) = match &args.from {
        Some(from) => (Box::new(recording(from)?), "default".to_owned()),
        None => {
            let cluster = connect(&options(args), args.timeout(), progress).await?;
            let wanted = args.playbooks.playbooks_from_cluster.clone().or_else(environment::playbooks_from_cluster);
            if let Some(namespace) = wanted {
                fetched = fetch(&cluster, &namespace).await;
            }
            let namespace = cluster.namespace().to_owned();
            (Box::new(cluster), namespace)
        }
    };
    let now = source.taken_at().unwrap_or_else(|| Time::from(SystemTime::now()));
    Ok(Opened { source, namespace: args.namespace.clone().unwrap_or(namespace), now, fetched })
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

/// The label of `ConfigMap`s that hold playbooks, and its value.
const LABEL: (&str, &str) = ("storage-doctor.io/playbook", "true");
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
    let resource = Resource::known("configmaps", "", "v1", "ConfigMap", true);
    let namespace = Some(namespace).filter(|name| !name.is_empty());
    let (maps, note) = match cluster.labelled(&resource, namespace, LABEL).await {
        Answer::Found(maps) => (maps, None),
        Answer::Truncated(maps, why) => (maps, Some(why)),
        Answer::Denied { .. } => {
            let place = namespace.map_or("the cluster".to_owned(), |name| format!("namespace {name}"));
            return Fetched::nothing(&format!("denied: list configmaps in {place}"));
        }
        Answer::Unreachable { why } => return Fetched::nothing(&why),
        _ => return Fetched::nothing("there are no ConfigMaps"),
    };
    let mut fetched = Fetched::default();
    fetched.notes.extend(note.map(|why| unread(&why)));
    for map in maps.items() {
        let metadata = map.field("metadata");
        if metadata.field("labels").field(LABEL.0).as_str() != Some(LABEL.1) {
            continue;
        }
        let text = |name: &str| metadata.field(name).as_str().unwrap_or_default().to_owned();
        let place = format!("configmap/{}/{}", text("namespace"), text("name"));
        let Value::Map(data) = map.field("data") else { continue };
        for (key, content) in data.iter() {
            if let (true, Some(content)) = (key.ends_with(".yaml"), content.as_str()) {
                fetched.files.push((format!("{place}/{key}"), content.to_owned()));
            }
        }
    }
    if fetched.files.len() > MOST {
        fetched.files.truncate(MOST);
        fetched.notes.push(unread(&format!("only the first {MOST} are used")));
    }
    fetched.files.sort();
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

fn options(args: &Diagnose) -> ConnectOptions {
    ConnectOptions {
        namespace: args.namespace.clone(),
        // Past it, questions stay unanswered and the report says so: better than no report.
        run_timeout: args.timeout(),
        ..to_cluster(&args.connection)
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
