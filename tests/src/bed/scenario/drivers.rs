//! The drivers of scenarios, each deployed when the first one needs it.

use super::bench::{Bench, Own};
use super::load::Loaded;
use super::spec::Scenario;
use crate::bed::deploy::{self, Driver};
use crate::bed::trouble::{Attempt, Result};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What came of deploying a driver.
type Deployed = Arc<OnceLock<Result<()>>>;

/// The drivers that run, or that somebody is deploying. Deploying one only when it is needed leaves the cluster
/// quiet for the scenarios that run alone, and lets a scenario see a driver of its own come up.
#[derive(Debug)]
pub struct Drivers<'a> {
    shared: &'a BTreeMap<String, Driver>,
    deployed: Mutex<BTreeMap<String, Deployed>>,
}

impl<'a> Drivers<'a> {
    /// None yet, of those that scenarios share.
    pub fn new(loaded: &'a Loaded) -> Self {
        Self { shared: &loaded.drivers, deployed: Mutex::default() }
    }

    /// Deploys what a scenario needs and is not there; waits for those that somebody else is deploying.
    pub fn ensure(&self, bench: &Bench, scenario: &Scenario) -> Result<()> {
        let Some(own) = &bench.own else { return Ok(()) };
        for name in &scenario.drivers {
            let driver = self.shared.get(name).attempt(format!("there is no driver {name}"))?;
            self.one(bench, own, name, driver)?;
        }
        scenario.own_drivers.iter().try_for_each(|(name, driver)| self.one(bench, own, name, driver))
    }

    fn one(&self, bench: &Bench, own: &Own, name: &str, driver: &Driver) -> Result<()> {
        let mut deployed = self.deployed.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = Deployed::clone(deployed.entry(name.to_owned()).or_default());
        // Others need not wait for this one.
        drop(deployed);
        slot.get_or_init(|| deploy::driver(&bench.kinds, &own.cluster.state, name, driver)).clone()
    }
}
