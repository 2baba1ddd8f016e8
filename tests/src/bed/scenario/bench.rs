//! Where scenarios run: a cluster of ours, or one that somebody names.

use super::spec::Scenario;
use crate::bed::apply::Kinds;
use crate::bed::audit::Audit;
use crate::bed::cluster::Cluster;
use crate::bed::record::keep::Keep;
use crate::bed::{deploy, existing};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, PoisonError};

/// How many programs may look at a cluster at once. More would only wait for each other.
const AT_ONCE: usize = 2;

/// The place, and what there is to work with.
#[derive(Debug)]
pub struct Bench {
    /// The cluster, if it is ours.
    pub own: Option<Own>,
    /// The API server, asked as an administrator.
    pub kinds: Kinds,
    /// The administrator's kubeconfig.
    pub kubeconfig: PathBuf,
    /// The program under test.
    pub program: PathBuf,
    /// Who may run it now.
    pub turns: Turns,
    /// Where captures of what holds are kept, if they are wanted.
    pub keep: Option<Keep>,
}

/// A cluster of ours.
#[derive(Debug)]
pub struct Own {
    /// The cluster.
    pub cluster: Cluster,
    /// What it was asked.
    pub audit: Audit,
    /// The groups of users who lack a right.
    pub lacking: Mutex<BTreeMap<String, String>>,
}

impl Bench {
    /// In a cluster of ours.
    pub fn own(cluster: Cluster, program: PathBuf) -> crate::bed::Result<Self> {
        let kubeconfig = cluster.kubeconfig();
        let api = crate::bed::api::Api::connect(&kubeconfig, Some(&cluster.sandbox.network()))?;
        let audit = Audit::new(cluster.state.path("audit.log"));
        let own = Own { cluster, audit, lacking: Mutex::default() };
        let turns = Turns::new(AT_ONCE);
        Ok(Self { own: Some(own), kinds: Kinds::new(api), kubeconfig, program, turns, keep: None })
    }

    /// In a cluster that is there.
    pub fn existing(cluster: existing::Existing, program: PathBuf) -> Self {
        let turns = Turns::new(AT_ONCE);
        Self { own: None, kinds: cluster.kinds, kubeconfig: cluster.kubeconfig, program, turns, keep: None }
    }

    /// Why a scenario cannot run here, if it cannot.
    pub fn lacks(&self, scenario: &Scenario) -> Option<&'static str> {
        let machine = scenario.steps.iter().any(super::spec::Step::needs_machine);
        let drivers = !scenario.drivers.is_empty() || !scenario.own_drivers.is_empty();
        match self.own {
            None if machine => Some("needs the machine that the nodes run on"),
            None if drivers => Some("needs the drivers of the test bed"),
            None if scenario.alone => Some("would disturb others in that cluster"),
            _ => None,
        }
    }

    /// What stands for what in the manifests of a scenario.
    pub fn variables(&self, namespace: &str) -> BTreeMap<String, String> {
        let mut variables = self.own.as_ref().map(|own| deploy::variables(&own.cluster.state)).unwrap_or_default();
        variables.insert("NS".to_owned(), namespace.to_owned());
        variables
    }
}

/// Turns that are taken and given back.
#[derive(Debug)]
pub struct Turns {
    free: Mutex<usize>,
    given: Condvar,
}

/// A turn, until it is dropped.
#[derive(Debug)]
pub struct Turn<'a>(&'a Turns);

impl Turns {
    fn new(free: usize) -> Self {
        Self { free: Mutex::new(free), given: Condvar::new() }
    }

    /// Waits for a turn.
    pub fn take(&self) -> Turn<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self.given.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Turn(self)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.given.notify_one();
    }
}
