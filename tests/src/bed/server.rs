//! An API server alone, with etcd behind it: what is put there stays as it is, since no controller looks at it.

use super::api::Api;
use super::build::{self, Built};
use super::control_plane;
use super::lock::{self, Lock};
use super::sandbox::{Enter, Sandbox};
use super::state::State;
use super::trouble::{Result, Trouble};
use super::{packages, teardown, wait};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// How long it may take to answer.
const READY: Duration = Duration::from_secs(90);

/// Who may hold the lock of its folder.
const BUSY: &str = "another run has its cluster there; wait for it, or set STORAGE_DOCTOR_BED_STATE to another folder";

/// An API server that is up as long as this is held.
#[derive(Debug)]
pub struct Server {
    state: State,
    sandbox: Sandbox,
    api: Api,
    _lock: Lock,
}

impl Server {
    /// Builds what is missing and brings it up; what an earlier run left in that folder is taken down first.
    pub fn up(folder: PathBuf) -> Result<Self> {
        packages::ensure()?;
        let built = build::build()?;
        let state = State::at(folder);
        let lock = lock::take(state.folder(), BUSY)?;
        teardown::down(&state)?;
        match start(&state, &built) {
            Ok((sandbox, api)) => Ok(Self { state, sandbox, api, _lock: lock }),
            Err(error) => {
                let told = super::process::log(&state, "kube-apiserver");
                teardown::down(&state)?;
                Err(Trouble::new(format!("{error}\n{told}")))
            }
        }
    }

    /// The API server, asked as the administrator.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// The administrator's kubeconfig.
    pub fn kubeconfig(&self) -> PathBuf {
        self.state.path("pki/admin.kubeconfig")
    }

    /// The file of the network namespace that it is in.
    pub fn network(&self) -> String {
        self.sandbox.network()
    }

    /// A program that can reach it.
    pub fn command<I: IntoIterator<Item: AsRef<OsStr>>>(&self, words: I) -> Command {
        self.sandbox.command(Enter::Network, words)
    }

    /// Takes it down.
    pub fn down(self) -> Result<()> {
        teardown::down(&self.state)
    }
}

fn start(state: &State, built: &Built) -> Result<(Sandbox, Api)> {
    state.create()?;
    let sandbox = Sandbox::create(state, true)?;
    control_plane::prepare(state)?;
    for part in ["etcd", "kube-apiserver"] {
        control_plane::start(state, &sandbox, built, part)?;
    }
    let api = Api::connect(&state.path("pki/admin.kubeconfig"), Some(&sandbox.network()))?;
    wait::until("the API server is ready", READY, || api.text("/readyz").map(drop))?;
    Ok((sandbox, api))
}
