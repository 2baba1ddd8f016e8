//! What an author says of a driver.

use crate::bed::state::NODES;
use crate::bed::trouble::{Result, Trouble};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The containers that can be left out or given arguments.
const CONTAINERS: [&str; 6] =
    ["driver", "csi-provisioner", "csi-attacher", "csi-resizer", "csi-snapshotter", "node-driver-registrar"];

/// A driver: how it differs from one that works.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch that authors know by its name")]
pub struct Driver {
    /// What it is for.
    pub about: String,
    /// Its name, unless that is `NAME.fault.csi`.
    #[serde(default, rename = "driver")]
    own_name: Option<String>,
    /// Containers that are left out: a sidecar, or the registrar.
    #[serde(default)]
    pub without: Vec<String>,
    /// Whether it has a controller at all.
    #[serde(default = "yes")]
    pub controller: bool,
    /// On which nodes it runs.
    #[serde(default)]
    pub nodes: Nodes,
    /// Further arguments, by container: those of `driver` for the controller and the nodes alike.
    #[serde(default)]
    pub arguments: BTreeMap<String, Vec<String>>,
    /// Further arguments of the driver's container of the controller only.
    #[serde(default)]
    pub controller_arguments: Vec<String>,
    /// Further arguments of the driver's container of the nodes only.
    #[serde(default)]
    pub node_arguments: Vec<String>,
    /// Rights that are taken away from a sidecar.
    #[serde(default)]
    pub rights: Vec<Rights>,
    /// The faults in its control file from the start.
    #[serde(default)]
    pub faults: Vec<Rule>,
    /// Whether volumes are attached.
    #[serde(default = "yes")]
    pub attach_required: bool,
    /// Whether the scheduler looks at its capacity.
    #[serde(default)]
    pub storage_capacity: bool,
    /// Whether it has the usual classes.
    #[serde(default = "yes")]
    pub classes: bool,
    /// Further objects, as classes with faults.
    #[serde(default)]
    pub manifests: String,
    /// Whether to wait until its pods are ready.
    #[serde(default = "yes")]
    pub ready: bool,
}

/// On which nodes a driver runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Nodes {
    /// On every one.
    #[default]
    All,
    /// On none.
    None,
    /// On this one.
    #[serde(untagged)]
    One(String),
}

impl Nodes {
    /// On how many.
    pub fn count(&self) -> u64 {
        match self {
            Self::All => NODES.len() as u64,
            Self::None => 0,
            Self::One(_) => 1,
        }
    }
}

/// Rights that are taken away.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rights {
    /// From whom: `provisioner`, `attacher`, `resizer`, `snapshotter` or `sidecars` (what all share: leases).
    pub of: String,
    /// On what, as roles name it.
    pub resource: String,
    /// To do what; all if nothing is said.
    #[serde(default)]
    pub verbs: Vec<String>,
}

/// A rule of a control file; `tests/bed/README.md` says what it means.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    call: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    volume: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claim: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    snapshot: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    node: Option<String>,
    fault: String,
}

fn yes() -> bool {
    true
}

impl Driver {
    /// The name that claims and nodes know it by; `name` is that of its file.
    pub fn name(&self, name: &str) -> String {
        self.own_name.clone().unwrap_or_else(|| format!("{name}.fault.csi"))
    }
}

/// Whether what an author says makes sense.
pub fn check(name: &str, driver: &Driver) -> Result<()> {
    let wrong = |what: String| Err(Trouble::new(format!("driver {name}: {what}")));
    // Part of the path of a socket, and of object names with further words behind.
    if name.is_empty()
        || name.len() > 20
        || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    {
        return wrong("a name has at most 20 small letters, digits and hyphens".to_owned());
    }
    if driver.about.trim().is_empty() {
        return wrong("`about` says nothing".to_owned());
    }
    for container in driver.without.iter().chain(driver.arguments.keys()) {
        if !CONTAINERS.contains(&container.as_str()) {
            return wrong(format!("there is no container {container:?}, but {}", CONTAINERS.join(", ")));
        }
    }
    if let Nodes::One(node) = &driver.nodes
        && !NODES.iter().any(|(name, _)| name == node)
    {
        return wrong(format!("there is no node {node:?}"));
    }
    for right in &driver.rights {
        if !["provisioner", "attacher", "resizer", "snapshotter", "sidecars"].contains(&right.of.as_str()) {
            return wrong(format!("nobody is called {:?} whom rights could be taken from", right.of));
        }
    }
    Ok(())
}
