//! Who serves a driver: which containers of which pods, how sure that is, and how they fare.
//!
//! Kubernetes keeps no record of that. A driver's name shows in what its pods are started with, in the
//! leases its sidecars hold, and in the folder its node plugin registers from. Labels are hints that
//! every vendor sets in another way, so they are not looked at.

mod beside;
mod fallen;
mod health;
mod lease;
mod traces;

use crate::time::Time;
use crate::value::Value;
pub(crate) use fallen::down_beside;
use std::collections::BTreeSet;

/// What a sidecar does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Provisioner,
    Attacher,
    Resizer,
    Snapshotter,
    /// Every container of the pods in which one of these runs.
    Controller,
    /// Every container of the pods that register the driver with a kubelet.
    Node,
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
            "controller" => Self::Controller,
            "node" => Self::Node,
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
            Self::Controller | Self::Node | Self::Any => &[],
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

/// The sidecars of a controller.
const SIDECARS: [Role; 4] = [Role::Provisioner, Role::Attacher, Role::Resizer, Role::Snapshotter];

/// What a container is for, by the names its program goes by. Whatever is not known to be a helper is the driver.
const PARTS: &[(&str, &[&str])] = &[
    ("provisioner", &["csi-provisioner", "external-provisioner"]),
    ("attacher", &["csi-attacher", "external-attacher"]),
    ("resizer", &["csi-resizer", "external-resizer"]),
    ("snapshotter", &["csi-snapshotter", "external-snapshotter"]),
    ("registrar", &["node-driver-registrar", "csi-node-driver-registrar", "driver-registrar"]),
    ("liveness", &["livenessprobe", "liveness-probe", "csi-livenessprobe"]),
    (
        "other",
        &[
            "csi-external-health-monitor-controller",
            "external-health-monitor-controller",
            "snapshot-controller",
            "kube-rbac-proxy",
            "csi-addons",
            "k8s-sidecar",
        ],
    ),
];

/// What a container of a pod is for.
pub(crate) fn part(pod: &Value, container: &str) -> &'static str {
    let containers = traces::containers(pod);
    let found = containers.iter().find(|c| c.field("name").as_str() == Some(container));
    let names = found.map(traces::program_names).unwrap_or_default();
    let is = |programs: &[&str]| names.iter().any(|name| programs.contains(&name.as_str()));
    PARTS.iter().find(|(_, programs)| is(programs)).map_or("driver", |(part, _)| part)
}

/// Whether a pod registers a driver with its node's kubelet: it runs the registrar, or has the folder that the kubelet
/// watches for registrations.
fn registers(pod: &Value) -> bool {
    let volumes = pod.at("spec.volumes");
    let folder = |volume: &Value| {
        let path = volume.at("hostPath.path");
        path.as_str().is_some_and(|path| path.trim_end_matches('/').ends_with("/plugins_registry"))
    };
    volumes.items().iter().any(folder)
        || traces::containers(pod).iter().any(|c| runs(c, &["node-driver-registrar", "csi-node-driver-registrar"]))
}

/// Those of the pods that a driver's roles can be found among: that name it, lead for it, bear its name, or lie beside one
/// that names it. Every role is the same among these as among all, and there are few.
pub(crate) fn concerned(driver: &str, pods: &[Value], leases: &[Value]) -> Vec<Value> {
    let leaders: Vec<lease::Holder> = SIDECARS.iter().flat_map(|role| lease::holders(*role, driver, leases)).collect();
    let naming = |pod: &&Value| live(pod) && traces::names(pod, driver);
    let homes: BTreeSet<&str> = pods.iter().filter(naming).filter_map(namespace).collect();
    let at_home = |pod: &&Value| namespace(pod).map_or_else(|| naming(pod), |namespace| homes.contains(namespace));
    let is_concerned = |pod: &&Value| at_home(pod) || leads(&leaders, pod) || bears(pod, driver);
    pods.iter().filter(is_concerned).cloned().collect()
}

fn namespace(pod: &Value) -> Option<&str> {
    pod.child("metadata").child("namespace").as_str()
}

/// The containers that do `role` for `driver`, the leader first; then by namespace, pod and container.
pub(crate) fn serving(role: Role, driver: &str, pods: &[Value], leases: &[Value], now: Time) -> Vec<Value> {
    if role == Role::Controller {
        return controllers(driver, pods, leases, now);
    }
    let pods: Vec<&Value> = pods.iter().filter(|pod| live(pod)).collect();
    let leaders = lease::holders(role, driver, leases);
    let naming: Vec<&Value> = pods.iter().copied().filter(|pod| traces::names(pod, driver)).collect();
    // In the network of its host a pod goes by the node's name, and so does every other one there: what is told another
    // driver's name leads for that one.
    let leading = pods.iter().copied().filter(|pod| leads(&leaders, pod) && !traces::names_another(pod, driver));
    if role == Role::Node {
        let plugins: Vec<&Value> = naming.into_iter().filter(|pod| registers(pod)).collect();
        let leaders: Vec<lease::Holder> = SIDECARS.iter().flat_map(|r| lease::holders(*r, driver, leases)).collect();
        return rows(role, driver, &plugins, &leaders, now);
    }
    let mut direct: Vec<&Value> = naming.iter().copied().chain(leading).collect();
    if direct.is_empty() && matches!(role, Role::Provisioner | Role::Any) {
        direct.extend(pods.iter().copied().filter(|pod| bears(pod, driver)));
    }
    let found = rows(role, driver, &direct, &leaders, now);
    if !found.is_empty() || role == Role::Any {
        return found;
    }
    // Only the node plugin names the driver: the controller is the one beside it, unless that one is another driver's.
    rows(role, driver, &beside::beside(driver, &naming, &pods, leases), &leaders, now)
}

/// Every container of the pods in which a sidecar runs for the driver; one leads that leads with any of them.
fn controllers(driver: &str, pods: &[Value], leases: &[Value], now: Time) -> Vec<Value> {
    let place = |row: &Value| (text(row, "namespace"), text(row, "pod"));
    let found = SIDECARS.iter().flat_map(|role| serving(*role, driver, pods, leases, now));
    let places: BTreeSet<_> = found.map(|row| place(&row)).collect();
    let here = |pod: &&Value| places.contains(&(text(pod, "metadata.namespace"), text(pod, "metadata.name")));
    let pods: Vec<&Value> = pods.iter().filter(here).collect();
    let leaders: Vec<lease::Holder> = SIDECARS.iter().flat_map(|role| lease::holders(*role, driver, leases)).collect();
    rows(Role::Any, driver, &pods, &leaders, now)
}

/// Whether a pod runs a program that carries the provisioner's name in its own.
fn bears(pod: &Value, driver: &str) -> bool {
    !traces::names_another(pod, driver) && traces::containers(pod).iter().any(|c| traces::bears(c, driver))
}

/// Whether a pod has not ended for good.
fn live(pod: &Value) -> bool {
    !matches!(pod.child("status").child("phase").as_str(), Some("Succeeded" | "Failed"))
}

fn leads(leaders: &[lease::Holder], pod: &Value) -> bool {
    leaders.iter().any(|leader| leader.is(pod))
}

fn runs(container: &Value, programs: &[&str]) -> bool {
    traces::program_names(container).iter().any(|name| programs.contains(&name.as_str()))
}

fn rows(role: Role, driver: &str, pods: &[&Value], leaders: &[lease::Holder], now: Time) -> Vec<Value> {
    let mut rows: Vec<(bool, String, Value)> = Vec::new();
    for pod in pods {
        let leads = leads(leaders, pod);
        for container in traces::containers(pod) {
            if !does(role, driver, pod, &container, leads) {
                continue;
            }
            let name = text(&container, "name").unwrap_or_default();
            let key = format!("{:?}/{:?}/{name}", text(pod, "metadata.namespace"), text(pod, "metadata.name"));
            if !rows.iter().any(|(_, known, _)| *known == key) {
                rows.push((!leads, key, health::describe(pod, &name, leads, now)));
            }
        }
    }
    rows.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    rows.into_iter().map(|(_, _, row)| row).collect()
}

/// Whether a container does this for the driver. Some provisioners, as nfs-subdir and local-path, are no
/// CSI driver's sidecar but a program of their own: that one leads by the driver's own lease, or is told
/// outright which provisioner it is. A pod that only mentions the driver, such as an exporter, is none.
fn does(role: Role, driver: &str, pod: &Value, container: &Value, leads: bool) -> bool {
    if matches!(role, Role::Any | Role::Node) || runs(container, role.programs()) {
        return true;
    }
    let containers = traces::containers(pod);
    role == Role::Provisioner
        && !containers.iter().any(|c| runs(c, CSI_PROGRAMS))
        && (traces::is_told(container, driver)
            || traces::bears(container, driver)
            || (leads && !containers.iter().any(|c| traces::is_told(c, driver))))
}

fn text(value: &Value, path: &str) -> Option<String> {
    value.at(path).as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests;
