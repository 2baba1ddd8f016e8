//! One thing to ask. A structure, not a path, so that a broad recorded list answers a narrow question.

use super::Resource;
use std::fmt;

/// What RBAC calls the logs of containers.
pub(crate) const POD_LOGS: &str = "pods/log";
/// What RBAC calls the way through the API server to a node's kubelet.
pub(crate) const NODE_PROXY: &str = "nodes/proxy";

/// Lines of logs older than this, in seconds, are not asked for: whatever fails is tried again every few minutes, and
/// what was long ago explains nothing that is now.
pub const LOG_WINDOW: i64 = 86_400;

/// One question to a [`Source`](crate::source::Source).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Query {
    /// One object. The answer is found with the object, or absent.
    Object {
        /// Its resource.
        resource: Resource,
        /// Its namespace; none for cluster-scoped resources.
        namespace: Option<String>,
        /// Its name.
        name: String,
    },
    /// Every object of a resource, in one namespace or (`None`) in the whole cluster.
    /// The answer is found with a list, or absent when the API server does not know the resource.
    List {
        /// The resource.
        resource: Resource,
        /// One namespace, or the whole cluster.
        namespace: Option<String>,
    },
    /// The core/v1 events whose `involvedObject.uid` is this one, wherever they lie. A source that may
    /// not look at the whole cluster looks into `namespace`. The answer is found with a list.
    Events {
        /// The UID of the object that the events are about.
        uid: String,
        /// Where the object itself lives (`default` for cluster-scoped objects).
        namespace: String,
    },
    /// The newest part of one container's log, as text; what is not UTF-8 in it is replaced.
    /// Each line begins with an RFC 3339 time and a space if the source could get it.
    Log {
        /// The pod's namespace.
        namespace: String,
        /// The pod.
        pod: String,
        /// The container.
        container: String,
        /// The log of the instance before the last restart.
        previous: bool,
    },
    /// What a node's kubelet measured of the volumes in use there: its summary, pruned by
    /// [`decode_stats`](crate::source::decode_stats). The kubelet measures once a minute.
    Stats {
        /// The node.
        node: String,
    },
    /// The newest part of the log of a service of a node, as text; what is not UTF-8 in it is replaced.
    NodeLog {
        /// The node.
        node: String,
        /// The service's name, such as `kubelet`.
        service: String,
    },
}

impl Query {
    /// The verb and the resource, as RBAC names them: `list storageclasses.storage.k8s.io`,
    /// `get pods/log in namespace csi`.
    pub fn right(&self) -> String {
        let in_namespace = |ns: &Option<String>| ns.as_ref().map_or(String::new(), |ns| format!(" in namespace {ns}"));
        match self {
            Self::Object { resource, namespace, .. } => format!("get {resource}{}", in_namespace(namespace)),
            Self::List { resource, namespace } => format!("list {resource}{}", in_namespace(namespace)),
            Self::Events { namespace, .. } => format!("list events in namespace {namespace}"),
            Self::Log { namespace, .. } => format!("get pods/log in namespace {namespace}"),
            Self::Stats { .. } | Self::NodeLog { .. } => "get nodes/proxy".to_owned(),
        }
    }

    /// The resource, or its part, that is read, as RBAC rules name it: `storageclasses.storage.k8s.io`, `events`,
    /// `pods/log`, `nodes/proxy`.
    pub fn resource_name(&self) -> String {
        match self {
            Self::Object { resource, .. } | Self::List { resource, .. } => resource.to_string(),
            Self::Events { .. } => "events".to_owned(),
            Self::Log { .. } => POD_LOGS.to_owned(),
            Self::Stats { .. } | Self::NodeLog { .. } => NODE_PROXY.to_owned(),
        }
    }
}

impl fmt::Display for Query {
    /// What was asked for, for a person: `StorageClass fast`, `the list of pods in namespace a`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object { resource, namespace: Some(ns), name } => write!(f, "{} {ns}/{name}", resource.kind),
            Self::Object { resource, namespace: None, name } => write!(f, "{} {name}", resource.kind),
            Self::List { resource, namespace: Some(ns) } => write!(f, "the list of {resource} in namespace {ns}"),
            Self::List { resource, namespace: None } => write!(f, "the list of {resource}"),
            Self::Events { namespace, .. } => write!(f, "the events in namespace {namespace}"),
            Self::Log { namespace, pod, container, previous } => {
                let which = if *previous { "previous log" } else { "log" };
                write!(f, "the {which} of {namespace}/{pod}, container {container}")
            }
            Self::Stats { node } => write!(f, "the volume statistics of node {node}"),
            Self::NodeLog { node, service } => write!(f, "the log of {service} on node {node}"),
        }
    }
}
