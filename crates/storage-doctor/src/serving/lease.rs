//! Who leads: the holders of the leases that sidecars of a driver compete for.
//!
//! Lease names (kubernetes-csi/csi-lib-utils leaderelection `sanitizeName`, and the main.go of each
//! sidecar): the provisioner's is the driver's name with `/` replaced, the others have a prefix; every
//! character that is no letter, digit or dash becomes a dash. sig-storage-lib on its own keeps the dots.

use super::{Role, SIDECARS, text};
use crate::value::Value;

/// Who holds a lease.
pub(super) struct Holder {
    namespace: String,
    identity: String,
}

impl Holder {
    /// Whether a pod is this holder. The identity is the host name: the pod's own, or with host networking
    /// the node's; older releases append an underscore and a UUID.
    pub(super) fn is(&self, pod: &Value) -> bool {
        if text(pod, "metadata.namespace").as_deref() != Some(&self.namespace) {
            return false;
        }
        let host = match pod.at("spec.hostNetwork") {
            Value::Bool(true) => text(pod, "spec.nodeName"),
            _ => text(pod, "metadata.name"),
        };
        host.is_some_and(|host| {
            self.identity.strip_prefix(host.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        })
    }
}

/// The holders of the leases of this role and driver.
pub(super) fn holders(role: Role, driver: &str, leases: &[Value]) -> Vec<Holder> {
    let names = names(role, driver);
    leases
        .iter()
        .filter(|lease| text(lease, "metadata.name").is_some_and(|name| names.contains(&name)))
        .filter_map(|lease| {
            Some(Holder {
                namespace: text(lease, "metadata.namespace")?,
                identity: text(lease, "spec.holderIdentity")?,
            })
        })
        .collect()
}

/// Whether a pod leads for some other driver: it holds a lease that sidecars compete for, and it is not
/// one of this driver's.
pub(super) fn leads_another(pod: &Value, driver: &str, leases: &[Value]) -> bool {
    let ours: Vec<String> = SIDECARS.iter().flat_map(|role| names(*role, driver)).collect();
    let sidecar = |name: &str| name.starts_with("external-") || name.split(['-', '.']).any(|part| part == "csi");
    leases.iter().any(|lease| {
        let (Some(name), Some(namespace), Some(identity)) =
            (text(lease, "metadata.name"), text(lease, "metadata.namespace"), text(lease, "spec.holderIdentity"))
        else {
            return false;
        };
        sidecar(&name) && !ours.contains(&name) && Holder { namespace, identity }.is(pod)
    })
}

fn names(role: Role, driver: &str) -> Vec<String> {
    let slashless = driver.replace('/', "-");
    let sane: String = slashless.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let prefix = match role {
        Role::Provisioner | Role::Controller | Role::Node | Role::Any => return vec![sane, slashless],
        Role::Attacher => "external-attacher-leader-",
        Role::Resizer => "external-resizer-",
        Role::Snapshotter => "external-snapshotter-leader-",
    };
    vec![format!("{prefix}{sane}"), format!("{prefix}{slashless}")]
}
