//! Recordings of clusters of any size, made up: for benchmarks and for tests of scale.
//!
//! Every claim has a pod. One claim in a hundred names a class that does not exist and is pending; the
//! others are bound, attached and in use. The same size gives the same bytes.

#![allow(clippy::indexing_slicing, clippy::missing_errors_doc, reason = "objects are put together by their keys")]

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use storage_doctor::evidence::Resource;

/// When the recording was made.
pub const CAPTURED_AT: &str = "2026-11-21T03:45:34Z";
/// One claim of so many is broken: the first, the hundred-and-first, …
pub const BROKEN_EVERY: usize = 100;

const MADE_AT: &str = "2026-11-20T03:45:34Z";
const DRIVER: &str = "bench.csi.example";
/// Claims of one namespace, and of one node.
const PER_NAMESPACE: usize = 50;

/// Writes a recording with so many claims into a folder, which is made if need be.
pub fn write_recording(folder: &Path, claims: usize) -> io::Result<()> {
    let mut lists: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for resource in Resource::all_known() {
        lists.insert(resource.to_string(), Vec::new());
    }
    let mut put = |resource: &str, object: Value| lists.entry(resource.to_owned()).or_default().push(object);
    put("storageclasses.storage.k8s.io", class());
    put("csidrivers.storage.k8s.io", driver());
    for i in 0..claims.div_ceil(PER_NAMESPACE) {
        put(
            "namespaces",
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata("", &namespace(i)),
            "status": {"phase": "Active"}}),
        );
        put("nodes", node(i));
        put("csinodes.storage.k8s.io", csi_node(i));
    }
    for i in 0..claims {
        let claim = Claim::new(i);
        put("persistentvolumeclaims", claim.object());
        put("pods", claim.pod());
        if claim.broken {
            put("events", claim.event("Warning", "ProvisioningFailed", "persistentvolume-controller", NO_CLASS));
        } else {
            let done = format!("Successfully provisioned volume {}", claim.volume());
            put("events", claim.event("Normal", "ProvisioningSucceeded", DRIVER, &done));
            put("persistentvolumes", claim.volume_object());
            put("volumeattachments.storage.k8s.io", claim.attachment());
        }
    }
    let resources = folder.join("resources");
    fs::create_dir_all(&resources)?;
    fs::write(folder.join("captured-at"), CAPTURED_AT)?;
    for (name, items) in lists {
        let mut file = BufWriter::new(fs::File::create(resources.join(format!("{name}.json")))?);
        serde_json::to_writer(&mut file, &json!({"apiVersion": "v1", "kind": "List", "items": items}))?;
        file.flush()?;
    }
    Ok(())
}

const NO_CLASS: &str = "storageclass.storage.k8s.io \"missing\" not found";

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

fn metadata(namespace: &str, name: &str) -> Value {
    let mut metadata = json!({"name": name, "creationTimestamp": MADE_AT});
    if !namespace.is_empty() {
        metadata["namespace"] = namespace.into();
    }
    metadata
}

fn class() -> Value {
    json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": metadata("", "fast"),
        "provisioner": DRIVER, "reclaimPolicy": "Delete", "volumeBindingMode": "Immediate", "allowVolumeExpansion": true})
}

fn driver() -> Value {
    json!({"apiVersion": "storage.k8s.io/v1", "kind": "CSIDriver", "metadata": metadata("", DRIVER),
        "spec": {"attachRequired": true, "podInfoOnMount": false, "storageCapacity": false, "fsGroupPolicy": "File",
            "requiresRepublish": false, "seLinuxMount": false, "volumeLifecycleModes": ["Persistent"]}})
}

fn node(i: usize) -> Value {
    let ready = json!({"type": "Ready", "status": "True", "reason": "KubeletReady",
        "lastHeartbeatTime": CAPTURED_AT, "lastTransitionTime": MADE_AT});
    json!({"apiVersion": "v1", "kind": "Node", "metadata": metadata("", &node_name(i)), "spec": {},
        "status": {"conditions": [ready], "nodeInfo": {"kubeletVersion": "v1.36.3"}}})
}

fn csi_node(i: usize) -> Value {
    let name = node_name(i);
    json!({"apiVersion": "storage.k8s.io/v1", "kind": "CSINode", "metadata": metadata("", &name),
        "spec": {"drivers": [{"name": DRIVER, "nodeID": name, "topologyKeys": null, "allocatable": {"count": 128}}]}})
}

/// One claim and what belongs to it.
struct Claim {
    i: usize,
    namespace: String,
    node: String,
    name: String,
    uid: String,
    broken: bool,
}

impl Claim {
    fn new(i: usize) -> Self {
        let place = i / PER_NAMESPACE;
        Self {
            i,
            namespace: namespace(place),
            node: node_name(place),
            name: format!("data-{i:06}"),
            uid: uid(1, i),
            broken: i.is_multiple_of(BROKEN_EVERY),
        }
    }

    fn volume(&self) -> String {
        format!("pvc-{}", self.uid)
    }

    fn object(&self) -> Value {
        let mut metadata = metadata(&self.namespace, &self.name);
        metadata["uid"] = self.uid.as_str().into();
        metadata["finalizers"] = json!(["kubernetes.io/pvc-protection"]);
        let mut spec = json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}},
            "volumeMode": "Filesystem", "storageClassName": if self.broken { "missing" } else { "fast" }});
        let mut status = json!({"phase": "Pending"});
        if !self.broken {
            metadata["annotations"] = json!({"pv.kubernetes.io/bind-completed": "yes",
                "pv.kubernetes.io/bound-by-controller": "yes",
                "volume.beta.kubernetes.io/storage-provisioner": DRIVER,
                "volume.kubernetes.io/storage-provisioner": DRIVER});
            spec["volumeName"] = self.volume().into();
            status = json!({"phase": "Bound", "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}});
        }
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": spec, "status": status})
    }

    fn volume_object(&self) -> Value {
        let mut metadata = metadata("", &self.volume());
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

    fn attachment(&self) -> Value {
        json!({"apiVersion": "storage.k8s.io/v1", "kind": "VolumeAttachment",
            "metadata": metadata("", &format!("csi-{}", self.uid)),
            "spec": {"attacher": DRIVER, "nodeName": self.node,
                "source": {"persistentVolumeName": self.volume()}},
            "status": {"attached": true}})
    }

    fn pod(&self) -> Value {
        let mut metadata = metadata(&self.namespace, &format!("app-{:06}", self.i));
        metadata["uid"] = uid(3, self.i).into();
        metadata["labels"] = json!({"app": "bench"});
        let mut spec = json!({
            "containers": [{"name": "app", "image": "registry.example/app:1",
                "volumeMounts": [{"name": "data", "mountPath": "/data"}]}],
            "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": self.name}}],
            "restartPolicy": "Always", "schedulerName": "default-scheduler", "serviceAccountName": "default"});
        let status = if self.broken {
            json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
                "reason": "Unschedulable", "lastTransitionTime": MADE_AT,
                "message": "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims."}]})
        } else {
            spec["nodeName"] = self.node.as_str().into();
            json!({"phase": "Running", "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": MADE_AT}],
                "containerStatuses": [{"name": "app", "ready": true, "restartCount": 0, "image": "registry.example/app:1",
                    "state": {"running": {"startedAt": MADE_AT}}}]})
        };
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec, "status": status})
    }

    fn event(&self, kind: &str, reason: &str, component: &str, message: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "Event",
            "metadata": metadata(&self.namespace, &format!("{}.{:016x}", self.name, self.i)),
            "involvedObject": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": self.namespace,
                "name": self.name, "uid": self.uid},
            "type": kind, "reason": reason, "message": message, "count": 5,
            "firstTimestamp": MADE_AT, "lastTimestamp": CAPTURED_AT,
            "reportingComponent": component, "source": {"component": component}})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use storage_doctor::evidence::{Answer, Query};
    use storage_doctor::source::{Source, recording::Recording};

    #[test]
    fn it_is_a_recording_of_that_size() {
        let folder = tempfile::tempdir().unwrap();
        write_recording(folder.path(), 250).unwrap();
        let recording = Recording::open(folder.path()).unwrap();
        let list = |resource: &str| {
            let query = Query::List { resource: Resource::by_name(resource).unwrap(), namespace: None };
            match recording.answer(&query).now_or_never() {
                Some(Answer::Found(list)) => list.items().len(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!((list("persistentvolumeclaims"), list("persistentvolumes")), (250, 247));
        assert_eq!((list("pods"), list("events"), list("nodes"), list("leases.coordination.k8s.io")), (250, 250, 5, 0));
    }
}
