//! A cluster that is up.

use super::api::Api;
use super::apply::{self, Kinds};
use super::build::{self, Built};
use super::control_plane;
use super::lock::{self, Lock};
use super::node;
use super::packages;
use super::pki::Authority;
use super::process;
use super::sandbox::Sandbox;
use super::state::{NODES, State};
use super::teardown;
use super::trouble::{Attempt, Result, Trouble};
use super::wait;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long the control plane may take to answer, and the nodes to be ready.
const READY: Duration = Duration::from_secs(90);

/// Who may hold the lock of a cluster.
const BUSY: &str = "another run has its cluster there; wait for it, or set STORAGE_DOCTOR_BED_STATE to another folder";

/// A cluster that is up, with all that it takes to change it.
#[derive(Debug)]
pub struct Cluster {
    /// Its folder.
    pub state: State,
    /// Its namespaces.
    pub sandbox: Sandbox,
    /// What it was made from.
    pub built: Built,
    /// Who gives out certificates.
    pub authority: Authority,
    /// Its API server, asked as the admin.
    pub kinds: Kinds,
    _lock: Lock,
}

impl Cluster {
    /// Builds what is missing and brings a cluster up; what an earlier one left is taken down first. With
    /// `bound` it ends with this process.
    pub fn up(folder: PathBuf, bound: bool) -> Result<Self> {
        packages::ensure()?;
        let built = build::build()?;
        let state = State::at(folder);
        let lock = lock::take(state.folder(), BUSY)?;
        if !bound && state.is_up()? {
            return Err(Trouble::new(format!(
                "a cluster is up in {} already: take it down first",
                state.folder().display()
            )));
        }
        teardown::down(&state)?;
        let began = Instant::now();
        match start(&state, &built, bound) {
            Ok((sandbox, authority, kinds)) => {
                eprintln!("bed: a cluster is up after {} s", began.elapsed().as_secs());
                Ok(Self { state, sandbox, built, authority, kinds, _lock: lock })
            }
            Err(error) => {
                let told = told(&state);
                teardown::down(&state)?;
                Err(Trouble::new(format!("{error}{told}")))
            }
        }
    }

    /// The cluster that an earlier run left up.
    pub fn open(folder: PathBuf) -> Result<Self> {
        let state = State::at(folder);
        let lock = lock::take(state.folder(), BUSY)?;
        let sandbox = Sandbox::open(&state)?;
        let built = build::build()?;
        let authority = Authority::open(&state.path("pki"))?;
        let kinds = kinds(&state, &sandbox)?;
        Ok(Self { state, sandbox, built, authority, kinds, _lock: lock })
    }

    /// The kubeconfig of the admin.
    pub fn kubeconfig(&self) -> PathBuf {
        self.state.path("pki/admin.kubeconfig")
    }

    /// The API server.
    pub fn api(&self) -> &Api {
        self.kinds.api()
    }

    /// Takes it down.
    pub fn down(self) -> Result<()> {
        teardown::down(&self.state)
    }
}

fn kinds(state: &State, sandbox: &Sandbox) -> Result<Kinds> {
    let api = Api::connect(&state.path("pki/admin.kubeconfig"), Some(&sandbox.network()))?;
    Ok(Kinds::new(api))
}

fn start(state: &State, built: &Built, bound: bool) -> Result<(Sandbox, Authority, Kinds)> {
    state.create()?;
    let sandbox = Sandbox::create(state, bound)?;
    let authority = control_plane::prepare(state)?;
    for (node, address) in NODES {
        node::prepare(state, &authority, node, address)?;
    }
    control_plane::start(state, &sandbox, built, "etcd")?;
    control_plane::start(state, &sandbox, built, "kube-apiserver")?;
    // What does not need the API server comes up beside it.
    let runtimes = NODES.map(|(node, _)| {
        let (state, sandbox, built) = (state.clone(), sandbox.clone(), built.clone());
        std::thread::spawn(move || node::start_containerd(&state, &sandbox, &built, node))
    });
    let kinds = kinds(state, &sandbox)?;
    wait::until("the API server is ready", READY, || kinds.api().text("/readyz").map(drop))?;
    control_plane::start(state, &sandbox, built, "kube-controller-manager")?;
    control_plane::start(state, &sandbox, built, "kube-scheduler")?;
    for runtime in runtimes {
        runtime.join().unwrap_or_else(|_| Err(Trouble::new("containerd cannot be started")))?;
    }
    for (node, address) in NODES {
        node::start_kubelet(state, &sandbox, built, node, address)?;
    }
    snapshots(&kinds, built)?;
    super::deploy::snapshot_controller(&kinds, state)?;
    super::access::install(&kinds)?;
    for (node, _) in NODES {
        wait::until(&format!("{node} is ready"), READY, || node_is_ready(kinds.api(), node))?;
    }
    Ok((sandbox, authority, kinds))
}

/// Whether a node says that it is ready.
pub fn node_is_ready(api: &Api, node: &str) -> Result<()> {
    let node = api.get(&format!("/api/v1/nodes/{node}"))?;
    let conditions = node.pointer("/status/conditions").and_then(|all| all.as_array()).cloned().unwrap_or_default();
    let ready = conditions.iter().find(|one| one.get("type").is_some_and(|kind| kind == "Ready"));
    let ready = ready.attempt("it has no conditions yet")?;
    if ready.get("status").is_some_and(|status| status == "True") {
        Ok(())
    } else {
        Err(Trouble::new(ready.to_string()))
    }
}

/// Installs the kinds of snapshots.
fn snapshots(kinds: &Kinds, built: &Built) -> Result<()> {
    let folder = built.components.join("crds");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder).attempt(folder.display())?.flatten().map(|file| file.path()).collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).attempt(file.display())?;
        for object in apply::parse(&text, &BTreeMap::new()).attempt(file.display())? {
            kinds.apply(&object, "")?;
        }
    }
    Ok(())
}

/// What the daemons said last, for who wants to know why a cluster does not come up.
fn told(state: &State) -> String {
    let mut told = String::new();
    let nodes = NODES.iter().flat_map(|(node, _)| [format!("containerd-{node}"), format!("kubelet-{node}")]);
    for name in control_plane::PARTS.iter().map(|part| (*part).to_owned()).chain(nodes) {
        let is_up = process::runs(state, &name);
        let log = process::log(state, &name);
        if !is_up && !log.is_empty() {
            let _ = write!(told, "\n--- {name}, which has ended, said last:\n{log}");
        }
    }
    told
}
