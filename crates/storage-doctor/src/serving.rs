//! Who serves a driver: which containers of which pods, how sure that is, and how they fare.
//!
//! Kubernetes keeps no record of that. A driver's name shows in what its pods are started with, in the
//! leases its sidecars hold, and in the folder its node plugin registers from. Labels are hints that
//! every vendor sets in another way, so they are not looked at.

mod health;
mod lease;
mod traces;

use crate::value::Value;
use std::collections::BTreeSet;

/// What a sidecar does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Provisioner,
    Attacher,
    Resizer,
    Snapshotter,
    /// Anything that runs for the driver.
    Any,
}

impl Role {
    /// The role as a playbook names it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "provisioner" => Self::Provisioner,
            "attacher" => Self::Attacher,
            "resizer" => Self::Resizer,
            "snapshotter" => Self::Snapshotter,
            "any" => Self::Any,
            _ => return None,
        })
    }

    /// The names that its program goes by: the released images, and how they are renamed in practice.
    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Provisioner => &["csi-provisioner", "external-provisioner"],
            Self::Attacher => &["csi-attacher", "external-attacher"],
            Self::Resizer => &["csi-resizer", "external-resizer"],
            Self::Snapshotter => &["csi-snapshotter", "external-snapshotter"],
            Self::Any => &[],
        }
    }
}

/// Programs that come with a CSI driver and make no volumes.
const CSI_PROGRAMS: &[&str] = &[
    "csi-provisioner",
    "csi-attacher",
    "csi-resizer",
    "csi-snapshotter",
    "external-attacher",
    "external-resizer",
    "external-snapshotter",
    "node-driver-registrar",
    "csi-node-driver-registrar",
    "livenessprobe",
];

/// The containers that do `role` for `driver`, the leader first; then by namespace, pod and container.
pub(crate) fn serving(role: Role, driver: &str, pods: &[Value], leases: &[Value]) -> Vec<Value> {
    let named: Vec<&Value> = pods.iter().filter(|pod| live(pod) && traces::names(pod, driver)).collect();
    let leaders = lease::holders(role, driver, leases);
    let mut chosen: Vec<&Value> = named.clone();
    chosen.extend(
        pods.iter().filter(|pod| live(pod) && leaders.iter().any(|leader| leader.is(pod)) && has_program(pod, role)),
    );
    let mut found = containers(role, &chosen, &leaders);
    if found.is_empty() && role != Role::Any {
        // Only the node plugin names the driver: the controller is the one beside it, unless that one
        // speaks for another driver.
        let beside = beside(&named, pods, driver, role);
        found = containers(role, &beside, &leaders);
    }
    found
}

/// Whether a pod has not ended for good.
fn live(pod: &Value) -> bool {
    !matches!(pod.at("status.phase").as_str(), Some("Succeeded" | "Failed"))
}

fn beside<'a>(named: &[&Value], pods: &'a [Value], driver: &str, role: Role) -> Vec<&'a Value> {
    let homes: BTreeSet<String> = named.iter().filter_map(|pod| text(pod, "metadata.namespace")).collect();
    pods.iter()
        .filter(|pod| live(pod) && text(pod, "metadata.namespace").is_some_and(|ns| homes.contains(&ns)))
        .filter(|pod| has_program(pod, role) && !traces::names_another(pod, driver))
        .collect()
}

fn has_program(pod: &Value, role: Role) -> bool {
    traces::containers(pod).iter().any(|container| runs(container, role.programs()))
}

fn runs(container: &Value, programs: &[&str]) -> bool {
    traces::program_names(container).iter().any(|name| programs.contains(&name.as_str()))
}

fn containers(role: Role, pods: &[&Value], leaders: &[lease::Holder]) -> Vec<Value> {
    let mut rows: Vec<(bool, String, Value)> = Vec::new();
    for pod in pods {
        let leads = leaders.iter().any(|leader| leader.is(pod));
        for container in traces::containers(pod) {
            if !does(role, pod, &container) {
                continue;
            }
            let name = text(&container, "name").unwrap_or_default();
            let key = format!("{:?}/{:?}/{name}", text(pod, "metadata.namespace"), text(pod, "metadata.name"));
            if !rows.iter().any(|(_, known, _)| *known == key) {
                rows.push((!leads, key, health::describe(pod, &name, leads)));
            }
        }
    }
    rows.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    rows.into_iter().map(|(_, _, row)| row).collect()
}

/// Whether a container of a pod that serves the driver does this. A pod without any CSI program that
/// names the driver is a provisioner of its own, as nfs-subdir and local-path are.
fn does(role: Role, pod: &Value, container: &Value) -> bool {
    match role {
        Role::Any => true,
        Role::Provisioner if !traces::containers(pod).iter().any(|c| runs(c, CSI_PROGRAMS)) => true,
        _ => runs(container, role.programs()),
    }
}

fn text(value: &Value, path: &str) -> Option<String> {
    value.at(path).as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests;
