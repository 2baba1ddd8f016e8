//! The objects of a made-up cluster.

use super::BROKEN_EVERY;
use serde_json::{Value, json};
use std::ops::Range;

const DRIVER: &str = "bench.csi.example";
/// Claims of one namespace, and of one node.
const PER_NAMESPACE: usize = 50;
const NO_CLASS: &str = "storageclass.storage.k8s.io \"missing\" not found";

/// When the cluster was made and when it is looked at, as RFC 3339.
#[derive(Clone, Debug)]
pub struct Times {
    /// When everything was made.
    pub made: String,
    /// When nodes and controllers were last heard of.
    pub seen: String,
}

/// What claims with these numbers share, each with its resource: the class and the driver with the first claim, and a
/// namespace and a node for every fifty.
pub fn shared(claims: Range<usize>, times: &Times) -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    if claims.start == 0 {
        all.push(("storageclasses.storage.k8s.io", class(times)));
        all.push(("csidrivers.storage.k8s.io", driver(times)));
    }
    for i in claims.start.div_ceil(PER_NAMESPACE)..claims.end.div_ceil(PER_NAMESPACE) {
        let namespace = json!({"apiVersion": "v1", "kind": "Namespace",
            "metadata": metadata(times, "", &namespace(i)), "status": {"phase": "Active"}});
        all.push(("namespaces", namespace));
        all.push(("nodes", node(times, i)));
        all.push(("csinodes.storage.k8s.io", csi_node(times, i)));
    }
    all
}

fn namespace(i: usize) -> String {
    format!("team-{i:05}")
}

fn node_name(i: usize) -> String {
    format!("node-{i:05}")
}

/// A UID that tells objects apart; its first part says of which kind, which no cluster would do.
fn uid(kind: u32, i: usize) -> String {
    format!("{kind:08x}-0000-4000-8000-{i:012x}")
}

fn metadata(times: &Times, namespace: &str, name: &str) -> Value {
    let mut metadata = json!({"name": name, "creationTimestamp": times.made});
    if !namespace.is_empty() {
        metadata["namespace"] = namespace.into();
    }
    metadata
}

fn class(times: &Times) -> Value {
    json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": metadata(times, "", "fast"),
        "provisioner": DRIVER, "reclaimPolicy": "Delete", "volumeBindingMode": "Immediate", "allowVolumeExpansion": true})
}

fn driver(times: &Times) -> Value {
    json!({"apiVersion": "storage.k8s.io/v1", "kind": "CSIDriver", "metadata": metadata(times, "", DRIVER),
        "spec": {"attachRequired": true, "podInfoOnMount": false, "storageCapacity": false, "fsGroupPolicy": "File",
            "requiresRepublish": false, "seLinuxMount": false, "volumeLifecycleModes": ["Persistent"]}})
}

fn node(times: &Times, i: usize) -> Value {
    let ready = json!({"type": "Ready", "status": "True", "reason": "KubeletReady",
        "lastHeartbeatTime": times.seen, "lastTransitionTime": times.made});
    json!({"apiVersion": "v1", "kind": "Node", "metadata": metadata(times, "", &node_name(i)), "spec": {},
        "status": {"conditions": [ready], "nodeInfo": {"kubeletVersion": "v1.36.3"}}})
}

fn csi_node(times: &Times, i: usize) -> Value {
    let name = node_name(i);
    json!({"apiVersion": "storage.k8s.io/v1", "kind": "CSINode", "metadata": metadata(times, "", &name),
        "spec": {"drivers": [{"name": DRIVER, "nodeID": name, "topologyKeys": null, "allocatable": {"count": 128}}]}})
}

/// One claim and what belongs to it.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    i: usize,
    times: &'a Times,
    namespace: String,
    node: String,
    name: String,
    uid: String,
    volume: String,
}

impl<'a> Claim<'a> {
    /// The claim with that number, from 0.
    pub fn new(i: usize, times: &'a Times) -> Self {
        let place = i / PER_NAMESPACE;
        Self {
            i,
            times,
            namespace: namespace(place),
            node: node_name(place),
            name: format!("data-{i:06}"),
            uid: uid(1, i),
            volume: format!("pvc-{}", uid(1, i)),
        }
    }

    /// The same with the UID that a server gave it.
    #[must_use]
    pub fn known_as(self, uid: &str) -> Self {
        Self { uid: uid.to_owned(), ..self }
    }

    /// Whether it is broken: the class that it names does not exist.
    pub fn is_broken(&self) -> bool {
        self.i.is_multiple_of(BROKEN_EVERY)
    }

    /// The namespace that it and its pod are in.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The claim itself.
    pub fn object(&self) -> Value {
        let mut metadata = metadata(self.times, &self.namespace, &self.name);
        metadata["uid"] = self.uid.as_str().into();
        metadata["finalizers"] = json!(["kubernetes.io/pvc-protection"]);
        let mut spec = json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}},
            "volumeMode": "Filesystem", "storageClassName": if self.is_broken() { "missing" } else { "fast" }});
        let mut status = json!({"phase": "Pending"});
        if !self.is_broken() {
            metadata["annotations"] = json!({"pv.kubernetes.io/bind-completed": "yes",
                "pv.kubernetes.io/bound-by-controller": "yes",
                "volume.beta.kubernetes.io/storage-provisioner": DRIVER,
                "volume.kubernetes.io/storage-provisioner": DRIVER});
            spec["volumeName"] = self.volume.as_str().into();
            status = json!({"phase": "Bound", "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}});
        }
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": spec, "status": status})
    }

    /// The volume that it is bound to.
    pub fn volume_object(&self) -> Value {
        let mut metadata = metadata(self.times, "", &self.volume);
        metadata["uid"] = uid(2, self.i).into();
        metadata["annotations"] = json!({"pv.kubernetes.io/provisioned-by": DRIVER});
        json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": metadata,
            "spec": {"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "storageClassName": "fast",
                "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": self.namespace,
                    "name": self.name, "uid": self.uid},
                "csi": {"driver": DRIVER, "volumeHandle": format!("vol-{}", self.i)},
                "persistentVolumeReclaimPolicy": "Delete", "volumeMode": "Filesystem"},
            "status": {"phase": "Bound"}})
    }

    /// That the volume is attached to the node.
    pub fn attachment(&self) -> Value {
        json!({"apiVersion": "storage.k8s.io/v1", "kind": "VolumeAttachment",
            "metadata": metadata(self.times, "", &format!("csi-{}", uid(1, self.i))),
            "spec": {"attacher": DRIVER, "nodeName": self.node,
                "source": {"persistentVolumeName": self.volume}},
            "status": {"attached": true}})
    }

    /// The pod that uses it.
    pub fn pod(&self) -> Value {
        let mut metadata = metadata(self.times, &self.namespace, &format!("app-{:06}", self.i));
        metadata["uid"] = uid(3, self.i).into();
        metadata["labels"] = json!({"app": "bench"});
        let mut spec = json!({
            "containers": [{"name": "app", "image": "registry.example/app:1",
                "volumeMounts": [{"name": "data", "mountPath": "/data"}]}],
            "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": self.name}}],
            "restartPolicy": "Always", "schedulerName": "default-scheduler", "serviceAccountName": "default"});
        let status = if self.is_broken() {
            json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
                "reason": "Unschedulable", "lastTransitionTime": self.times.made,
                "message": "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims."}]})
        } else {
            spec["nodeName"] = self.node.as_str().into();
            json!({"phase": "Running", "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": self.times.made}],
                "containerStatuses": [{"name": "app", "ready": true, "restartCount": 0, "image": "registry.example/app:1",
                    "state": {"running": {"startedAt": self.times.made}}}]})
        };
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec, "status": status})
    }

    /// What happened to it last.
    pub fn event(&self) -> Value {
        if self.is_broken() {
            return self.told("Warning", "ProvisioningFailed", "persistentvolume-controller", NO_CLASS);
        }
        let done = format!("Successfully provisioned volume {}", self.volume);
        self.told("Normal", "ProvisioningSucceeded", DRIVER, &done)
    }

    fn told(&self, kind: &str, reason: &str, component: &str, message: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "Event",
            "metadata": metadata(self.times, &self.namespace, &format!("{}.{:016x}", self.name, self.i)),
            "involvedObject": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": self.namespace,
                "name": self.name, "uid": self.uid},
            "type": kind, "reason": reason, "message": message, "count": 5,
            "firstTimestamp": self.times.made, "lastTimestamp": self.times.seen,
            "reportingComponent": component, "source": {"component": component}})
    }
}
