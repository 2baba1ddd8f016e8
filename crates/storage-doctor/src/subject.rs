//! What a diagnosis is about: an object a person can name.

use crate::evidence::Resource;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The kinds of object a diagnosis can start from. Closed on purpose: a playbook for a new kind needs
/// relations that only the engine can follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Kind {
    /// A claim.
    PersistentVolumeClaim,
    /// A pod and its volumes.
    Pod,
    /// A volume.
    PersistentVolume,
    /// A snapshot of a claim's volume.
    VolumeSnapshot,
    /// A set of pods with claims of their own.
    StatefulSet,
    /// A class of volumes.
    StorageClass,
    /// A driver, as it registered with the cluster.
    CSIDriver,
    /// A machine that volumes are attached to.
    Node,
}

/// What is fixed about a [`Kind`]: its resource, the variable a playbook sees it as, and its names on
/// the command line (the first is the one we print; the rest is what `kubectl api-resources` lists).
#[derive(Debug)]
pub struct KindFacts {
    /// The kind.
    pub kind: Kind,
    /// The name of the variable that holds the subject in a playbook.
    pub variable: &'static str,
    /// The resource it is read from.
    pub resource: Resource,
    /// Names accepted on the command line.
    pub names: &'static [&'static str],
}

const CLAIM: KindFacts = KindFacts {
    kind: Kind::PersistentVolumeClaim,
    variable: "claim",
    resource: Resource::known("persistentvolumeclaims", "", "v1", "PersistentVolumeClaim", true),
    names: &["pvc", "persistentvolumeclaim", "persistentvolumeclaims", "claim"],
};

/// In the order in which help lists them.
static FACTS: &[KindFacts] = &[
    CLAIM,
    KindFacts {
        kind: Kind::Pod,
        variable: "pod",
        resource: Resource::known("pods", "", "v1", "Pod", true),
        names: &["pod", "pods", "po"],
    },
    KindFacts {
        kind: Kind::PersistentVolume,
        variable: "volume",
        resource: Resource::known("persistentvolumes", "", "v1", "PersistentVolume", false),
        names: &["pv", "persistentvolume", "persistentvolumes", "volume"],
    },
    KindFacts {
        kind: Kind::VolumeSnapshot,
        variable: "snapshot",
        resource: Resource::known("volumesnapshots", "snapshot.storage.k8s.io", "v1", "VolumeSnapshot", true),
        names: &["volumesnapshot", "volumesnapshots", "vs", "snapshot", "volumesnapshots.snapshot.storage.k8s.io"],
    },
    KindFacts {
        kind: Kind::StatefulSet,
        variable: "statefulset",
        resource: Resource::known("statefulsets", "apps", "v1", "StatefulSet", true),
        names: &["statefulset", "statefulsets", "sts", "statefulsets.apps"],
    },
    KindFacts {
        kind: Kind::StorageClass,
        variable: "class",
        resource: Resource::known("storageclasses", "storage.k8s.io", "v1", "StorageClass", false),
        names: &["storageclass", "storageclasses", "sc", "class", "storageclasses.storage.k8s.io"],
    },
    KindFacts {
        kind: Kind::CSIDriver,
        variable: "driver",
        resource: Resource::known("csidrivers", "storage.k8s.io", "v1", "CSIDriver", false),
        names: &["csidriver", "csidrivers", "driver", "csidrivers.storage.k8s.io"],
    },
    KindFacts {
        kind: Kind::Node,
        variable: "node",
        resource: Resource::known("nodes", "", "v1", "Node", false),
        names: &["node", "nodes", "no"],
    },
];

impl Kind {
    /// Every kind, with what is fixed about it.
    pub fn all() -> &'static [KindFacts] {
        FACTS
    }

    /// What is fixed about this kind.
    pub fn facts(self) -> &'static KindFacts {
        static FALLBACK: KindFacts = CLAIM;
        // A test holds the table complete, so the fallback never shows.
        FACTS.iter().find(|f| f.kind == self).unwrap_or(&FALLBACK)
    }

    /// The kind a person means by `pvc`, `PVC`, `persistentvolumeclaims`, …
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        FACTS.iter().find(|f| f.names.contains(&name.as_str())).map(|f| f.kind)
    }

    /// The kind as it stands in a manifest.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PersistentVolumeClaim => "PersistentVolumeClaim",
            Self::Pod => "Pod",
            Self::PersistentVolume => "PersistentVolume",
            Self::VolumeSnapshot => "VolumeSnapshot",
            Self::StatefulSet => "StatefulSet",
            Self::StorageClass => "StorageClass",
            Self::CSIDriver => "CSIDriver",
            Self::Node => "Node",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One object to diagnose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// Its kind.
    pub kind: Kind,
    /// Its namespace; none for cluster-scoped kinds.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
}

impl Subject {
    /// The object of that kind, namespace and name.
    pub fn new(kind: Kind, namespace: Option<&str>, name: &str) -> Self {
        Self { kind, namespace: namespace.map(str::to_owned), name: name.to_owned() }
    }

    /// The object that a playbook for this one calls `name`, or `namespace/name` where it lies elsewhere
    /// (no name in Kubernetes holds a slash).
    pub(crate) fn lead(&self, kind: Kind, name: &str) -> Self {
        let (namespace, name) = match name.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (self.namespace.as_deref(), name),
        };
        Self::new(kind, namespace.filter(|_| kind.facts().resource.namespaced), name)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(ns) => write!(f, "{} {ns}/{}", self.kind, self.name),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Subject};

    #[test]
    fn the_table_is_complete_and_names_are_unique() {
        use Kind::{
            CSIDriver, Node, PersistentVolume, PersistentVolumeClaim, Pod, StatefulSet, StorageClass, VolumeSnapshot,
        };
        let kinds =
            [PersistentVolumeClaim, Pod, PersistentVolume, VolumeSnapshot, StatefulSet, StorageClass, CSIDriver, Node];
        assert_eq!(kinds.len(), Kind::all().len());
        for kind in kinds {
            assert_eq!(kind.facts().kind, kind);
            assert_eq!(kind.facts().resource.kind, kind.as_str());
        }
        let mut names: Vec<&str> = Kind::all().iter().flat_map(|f| f.names.iter().copied()).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        assert_eq!(Kind::from_name("PVC"), Some(Kind::PersistentVolumeClaim));
        assert_eq!(Kind::from_name("pvcs"), None);
    }

    #[test]
    fn leads_stay_in_the_namespace_unless_they_say_otherwise() {
        let pod = Subject::new(Kind::Pod, Some("shop"), "db-0");
        assert_eq!(pod.lead(Kind::PersistentVolumeClaim, "data").to_string(), "PersistentVolumeClaim shop/data");
        assert_eq!(pod.lead(Kind::Node, "n1").to_string(), "Node n1");
        let volume = Subject::new(Kind::PersistentVolume, None, "pv");
        assert_eq!(volume.lead(Kind::PersistentVolumeClaim, "a/data").to_string(), "PersistentVolumeClaim a/data");
    }
}
