//! What a node's kubelet measured of the volumes in use there.
//!
//! A volume that is missing says nothing: a driver without `GET_VOLUME_STATS` is not measured, and a volume that was
//! mounted within the last minute not yet.

use super::{Exam, node_of};
use crate::check::Check;
use crate::evidence::Query;
use crate::value::Value;

/// The kubelet's names, and ours.
const FILESYSTEM: [(&str, &str); 7] = [
    ("capacity", "capacityBytes"),
    ("used", "usedBytes"),
    ("available", "availableBytes"),
    ("inodes", "inodes"),
    ("inodes_used", "inodesUsed"),
    ("inodes_free", "inodesFree"),
    ("time", "time"),
];

/// A map of `node`, `fs` and `volumes`, in the order of namespace, pod and volume; null when no node is named, or there
/// is none of that name.
pub(super) fn gather(exam: &Exam<'_>, node: &Check) -> Value {
    let node = match node_of(exam, node) {
        Ok(node) => node,
        Err(value) => return value,
    };
    let summary = exam.ask(Query::Stats { node });
    if !matches!(summary, Value::Map(_)) {
        return summary;
    }
    let pods = summary.field("pods");
    let mut volumes: Vec<Value> = pods.items().iter().flat_map(of_pod).collect();
    let text = |value: &Value, name: &str| value.field(name).as_str().unwrap_or_default().to_owned();
    volumes.sort_by_cached_key(|v| (text(v, "namespace"), text(v, "pod"), text(v, "volume")));
    Value::map([
        ("node", summary.at("node.nodeName")),
        ("fs", Value::map(filesystem(&summary.at("node.fs")))),
        ("volumes", Value::list(volumes)),
    ])
}

fn of_pod(pod: &Value) -> Vec<Value> {
    let volumes = pod.field("volume");
    let volume = |volume: &Value| {
        let own = [
            ("namespace", pod.at("podRef.namespace")),
            ("pod", pod.at("podRef.name")),
            ("volume", volume.field("name")),
            ("claim", volume.at("pvcRef.name")),
            ("abnormal", volume.at("volumeHealthStats.abnormal")),
        ];
        Value::map(own.into_iter().chain(filesystem(volume)))
    };
    volumes.items().iter().map(volume).collect()
}

fn filesystem(stats: &Value) -> impl Iterator<Item = (&'static str, Value)> {
    FILESYSTEM.iter().map(|(ours, theirs)| (*ours, stats.field(theirs)))
}
