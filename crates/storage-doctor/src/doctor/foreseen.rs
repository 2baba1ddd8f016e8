//! What a scan will ask, known before the playbooks are.

use super::Scope;
use crate::evidence::{Query, Resource};
use std::collections::BTreeSet;

/// The lists that the built-in playbooks want of a cluster in which nothing is wrong. A test holds that each is asked.
const FORESEEN: &[&str] = &[
    "persistentvolumeclaims",
    "persistentvolumes",
    "pods",
    "nodes",
    "events",
    "statefulsets.apps",
    "leases.coordination.k8s.io",
    "storageclasses.storage.k8s.io",
    "csidrivers.storage.k8s.io",
    "csinodes.storage.k8s.io",
    "volumeattachments.storage.k8s.io",
    "volumesnapshots.snapshot.storage.k8s.io",
];

/// What every scan of such a scope with the built-in playbooks asks, to be asked while these are still being loaded
/// ([`crate::source::Ahead`]). Of less than the whole cluster nothing is foreseen: what is asked there depends on what is
/// found.
pub fn foreseen(scope: &Scope) -> BTreeSet<Query> {
    let names = if *scope == Scope::Cluster { FORESEEN } else { &[] };
    let resources = names.iter().filter_map(|name| Resource::by_name(name));
    resources.map(|resource| Query::List { resource, namespace: None }).collect()
}
