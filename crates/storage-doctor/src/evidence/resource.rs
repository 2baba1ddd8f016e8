//! Kubernetes resources by name.

use std::borrow::Cow;
use std::fmt;

/// A resource of the Kubernetes API. Prints as `kubectl api-resources -o name` names it:
/// `persistentvolumeclaims`, `storageclasses.storage.k8s.io`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    /// The plural, lower case.
    pub plural: Cow<'static, str>,
    /// The API group; empty for the core group.
    pub group: Cow<'static, str>,
    /// The version asked for.
    pub version: Cow<'static, str>,
    /// The kind of its objects.
    pub kind: Cow<'static, str>,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
}

impl Resource {
    /// A resource that is known when the program is written.
    pub const fn known(
        plural: &'static str,
        group: &'static str,
        version: &'static str,
        kind: &'static str,
        namespaced: bool,
    ) -> Self {
        Self {
            plural: Cow::Borrowed(plural),
            group: Cow::Borrowed(group),
            version: Cow::Borrowed(version),
            kind: Cow::Borrowed(kind),
            namespaced,
        }
    }

    /// A well-known resource by the name that `kubectl api-resources -o name` prints.
    pub fn by_name(name: &str) -> Option<Self> {
        KNOWN.iter().find(|r| r.to_string() == name).cloned()
    }

    /// Every well-known resource.
    pub fn all_known() -> &'static [Resource] {
        KNOWN
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.group.is_empty() { f.write_str(&self.plural) } else { write!(f, "{}.{}", self.plural, self.group) }
    }
}

const STORAGE: &str = "storage.k8s.io";
const SNAPSHOT: &str = "snapshot.storage.k8s.io";

/// The resources that storage in Kubernetes is made of. `Secrets` and `ConfigMaps` are missing on purpose:
/// their contents are no evidence.
const KNOWN: &[Resource] = &[
    Resource::known("persistentvolumeclaims", "", "v1", "PersistentVolumeClaim", true),
    Resource::known("persistentvolumes", "", "v1", "PersistentVolume", false),
    Resource::known("pods", "", "v1", "Pod", true),
    Resource::known("nodes", "", "v1", "Node", false),
    Resource::known("events", "", "v1", "Event", true),
    Resource::known("namespaces", "", "v1", "Namespace", false),
    Resource::known("resourcequotas", "", "v1", "ResourceQuota", true),
    Resource::known("limitranges", "", "v1", "LimitRange", true),
    Resource::known("services", "", "v1", "Service", true),
    Resource::known("serviceaccounts", "", "v1", "ServiceAccount", true),
    Resource::known("statefulsets", "apps", "v1", "StatefulSet", true),
    Resource::known("deployments", "apps", "v1", "Deployment", true),
    Resource::known("daemonsets", "apps", "v1", "DaemonSet", true),
    Resource::known("replicasets", "apps", "v1", "ReplicaSet", true),
    Resource::known("leases", "coordination.k8s.io", "v1", "Lease", true),
    Resource::known("storageclasses", STORAGE, "v1", "StorageClass", false),
    Resource::known("csidrivers", STORAGE, "v1", "CSIDriver", false),
    Resource::known("csinodes", STORAGE, "v1", "CSINode", false),
    Resource::known("csistoragecapacities", STORAGE, "v1", "CSIStorageCapacity", true),
    Resource::known("volumeattachments", STORAGE, "v1", "VolumeAttachment", false),
    Resource::known("volumeattributesclasses", STORAGE, "v1", "VolumeAttributesClass", false),
    Resource::known("volumesnapshots", SNAPSHOT, "v1", "VolumeSnapshot", true),
    Resource::known("volumesnapshotcontents", SNAPSHOT, "v1", "VolumeSnapshotContent", false),
    Resource::known("volumesnapshotclasses", SNAPSHOT, "v1", "VolumeSnapshotClass", false),
    Resource::known("referencegrants", "gateway.networking.k8s.io", "v1beta1", "ReferenceGrant", true),
    Resource::known("volumepopulators", "populator.storage.k8s.io", "v1beta1", "VolumePopulator", false),
    Resource::known("customresourcedefinitions", "apiextensions.k8s.io", "v1", "CustomResourceDefinition", false),
    Resource::known("clusterroles", "rbac.authorization.k8s.io", "v1", "ClusterRole", false),
    Resource::known("clusterrolebindings", "rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", false),
];
