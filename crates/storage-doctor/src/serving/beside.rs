//! Which pods beside a driver's node plugin are its controller, where no controller names it.
//!
//! Two drivers may live in one namespace, and neither controller may say whose it is (EBS and EFS in `kube-system`). What is
//! known to be another driver's is none of this one's, and so is what belongs with that.

use super::{lease, part, text, traces};
use crate::value::Value;
use std::collections::BTreeSet;

/// Those of the pods of the driver's namespaces that may be its controller.
pub(super) fn beside<'p>(driver: &str, naming: &[&'p Value], pods: &[&'p Value], leases: &[Value]) -> Vec<&'p Value> {
    let homes: BTreeSet<String> = naming.iter().filter_map(|pod| text(pod, "metadata.namespace")).collect();
    let at_home = |pod: &&&Value| text(pod, "metadata.namespace").is_some_and(|namespace| homes.contains(&namespace));
    let known = |pod: &Value| traces::names_another(pod, driver) || lease::leads_another(pod, driver, leases);
    let (others, unknown): (Vec<&Value>, Vec<&Value>) = pods.iter().filter(at_home).partition(|pod| known(pod));
    let owners: BTreeSet<String> = others.iter().filter_map(|pod| owner(pod)).collect();
    let own: BTreeSet<String> = naming.iter().flat_map(|pod| images(pod)).collect();
    let foreign: BTreeSet<String> =
        others.iter().flat_map(|pod| images(pod)).filter(|image| !own.contains(image)).collect();
    let belongs_elsewhere = |pod: &Value| {
        owner(pod).is_some_and(|owner| owners.contains(&owner))
            || images(pod).iter().any(|image| foreign.contains(image))
    };
    unknown.into_iter().filter(|pod| !belongs_elsewhere(pod)).collect()
}

/// The UID of what made a pod. Replicas of one controller have the same.
fn owner(pod: &Value) -> Option<String> {
    let owners = pod.at("metadata.ownerReferences");
    let makes = owners.items().iter().find(|owner| matches!(owner.field("controller"), Value::Bool(true)))?;
    text(makes, "uid")
}

/// The images of a pod's own programs, sidecars left out: a driver's controller and its node plugin are mostly one image.
fn images(pod: &Value) -> Vec<String> {
    let is_own = |container: &Value| text(container, "name").is_some_and(|name| part(pod, &name) == "driver");
    traces::containers(pod).iter().filter(|container| is_own(container)).filter_map(|c| text(c, "image")).collect()
}
