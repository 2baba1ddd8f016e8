//! What nodes tell of themselves, from what was written.

use super::Reader;
use crate::cases::cluster::Cluster;
use crate::cases::manifest::{before, seconds};
use crate::cases::raw::{Manifest, RawFilesystem, RawNodeLog, RawStats, RawVolume};
use crate::quantity::Quantity;
use crate::span::Sp;
use crate::time::Time;
use crate::value::Value;

/// How long ago a filesystem was measured that does not say, in seconds: the kubelet measures once a minute.
const AGE: i64 = 30;

impl Reader<'_> {
    pub(super) fn node_log(&mut self, raw: &RawNodeLog, cluster: &mut Cluster) {
        if self.is_node(&raw.of, cluster) {
            let lines: Vec<&str> = raw.lines.iter().map(|line| line.as_str()).collect();
            let service = raw.service.as_ref().map_or("kubelet", |service| service.as_str());
            cluster.put_node_log(&raw.of, service, lines.join("\n"));
        }
    }

    /// Puts a kubelet's summary in, in the kubelet's own shape.
    pub(super) fn stats(&mut self, raw: &RawStats, cluster: &mut Cluster, now: Time) {
        if !self.is_node(&raw.of, cluster) {
            return;
        }
        let fs = raw.fs.as_ref().map_or_else(Vec::new, |fs| self.filesystem(fs, now));
        let pods = raw.volumes.iter().filter_map(|volume| self.volume(volume, cluster, now)).collect();
        let node = [("nodeName", Value::text(raw.of.as_str())), ("fs", Value::map(fs))];
        cluster.put_stats(&raw.of, Value::map([("node", Value::map(node)), ("pods", Value::list(pods))]));
    }

    fn is_node(&mut self, node: &Sp<String>, cluster: &Cluster) -> bool {
        let is_there = cluster.get("nodes", "", node).is_some();
        if !is_there {
            self.error("bad-node", node.span(), "this node is not among the objects of the case");
        }
        is_there
    }

    fn volume(&mut self, raw: &RawVolume, cluster: &Cluster, now: Time) -> Option<Value> {
        let there = raw.pod.split_once('/').filter(|(namespace, name)| cluster.get("pods", namespace, name).is_some());
        let Some((namespace, name)) = there else {
            self.error(
                "bad-volume",
                raw.pod.span(),
                "a pod is named NAMESPACE/POD, and is among the objects of the case",
            );
            return None;
        };
        let reference = |name: &str| Value::map([("name", Value::text(name)), ("namespace", Value::text(namespace))]);
        let mut volume = self.filesystem(&raw.fs, now);
        volume.push(("name", Value::text(raw.volume.as_str())));
        volume.extend(raw.claim.as_ref().map(|claim| ("pvcRef", reference(claim))));
        let health = |abnormal: &Sp<bool>| Value::map([("abnormal", Value::Bool(*abnormal.value()))]);
        volume.extend(raw.abnormal.as_ref().map(|abnormal| ("volumeHealthStats", health(abnormal))));
        Some(Value::map([("podRef", reference(name)), ("volume", Value::list(vec![Value::map(volume)]))]))
    }

    fn filesystem(&mut self, raw: &RawFilesystem, now: Time) -> Vec<(&'static str, Value)> {
        let amounts = [
            ("capacityBytes", &raw.capacity),
            ("usedBytes", &raw.used),
            ("availableBytes", &raw.available),
            ("inodes", &raw.inodes),
            ("inodesUsed", &raw.inodes_used),
            ("inodesFree", &raw.inodes_free),
        ];
        let mut fields = Vec::new();
        for (name, given) in amounts {
            let Some(given) = given else { continue };
            match amount(given.value()) {
                Some(number) => fields.push((name, Value::Int(number))),
                None => self.error("bad-amount", given.span(), "a number, or a quantity such as 10Gi, is wanted"),
            }
        }
        let age = raw.age.as_ref().map_or(Some(AGE), |text| seconds(text));
        match (age, &raw.age) {
            (Some(age), _) => fields.push(("time", Value::text(before(now, age)))),
            (None, Some(text)) => self.error("bad-time", text.span(), "a time such as 8s or 1h30m is wanted"),
            (None, None) => {}
        }
        fields
    }
}

fn amount(given: &Manifest) -> Option<i64> {
    match &given.0 {
        Value::Int(number) => Some(*number),
        Value::Text(text) => Quantity::parse(text).map(|quantity| quantity.bytes()),
        _ => None,
    }
}
