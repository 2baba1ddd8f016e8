//! What resources are called: in manifests, on the command line, and in rights.

use crate::check::nearest;
use crate::evidence::{NODE_PROXY, POD_LOGS, Resource};
use crate::playbook::{Definition, EvidenceKind, Playbook};
use std::borrow::Cow;

/// What rights name that is no resource of its own: logs, and what nodes tell of themselves.
const PARTS: [&str; 2] = [POD_LOGS, NODE_PROXY];

/// The short names that `kubectl api-resources` lists.
const SHORT: &[(&str, &str)] = &[
    ("pvc", "persistentvolumeclaims"),
    ("claim", "persistentvolumeclaims"),
    ("pv", "persistentvolumes"),
    ("po", "pods"),
    ("no", "nodes"),
    ("ns", "namespaces"),
    ("quota", "resourcequotas"),
    ("limits", "limitranges"),
    ("svc", "services"),
    ("sa", "serviceaccounts"),
    ("sts", "statefulsets.apps"),
    ("deploy", "deployments.apps"),
    ("ds", "daemonsets.apps"),
    ("rs", "replicasets.apps"),
    ("sc", "storageclasses.storage.k8s.io"),
    ("vs", "volumesnapshots.snapshot.storage.k8s.io"),
    ("vsc", "volumesnapshotcontents.snapshot.storage.k8s.io"),
    ("vsclass", "volumesnapshotclasses.snapshot.storage.k8s.io"),
    ("crd", "customresourcedefinitions.apiextensions.k8s.io"),
];

/// The resources that cases may speak of: the well-known ones, those that playbooks read, and those
/// that manifests bring along.
#[derive(Clone, Debug)]
pub(super) struct Resources(Vec<Resource>);

impl Resources {
    /// The well-known resources and those that these playbooks read.
    pub(super) fn new(playbooks: &[Playbook]) -> Self {
        let mut all = Self(Resource::all_known().to_vec());
        for definition in playbooks.iter().flat_map(|playbook| &playbook.definitions) {
            if let Definition::Evidence(evidence) = definition
                && let EvidenceKind::Object { resource, .. } | EvidenceKind::List { resource, .. } = &evidence.kind
            {
                all.add(resource.clone());
            }
        }
        all
    }

    fn add(&mut self, resource: Resource) {
        if !self.0.iter().any(|known| known.plural == resource.plural && known.group == resource.group) {
            self.0.push(resource);
        }
    }

    /// The resource of a manifest, and the version of the API it is written in.
    pub(super) fn of_manifest(
        &mut self,
        kind: &str,
        api_version: Option<&str>,
        namespaced: bool,
    ) -> Result<(Resource, String), String> {
        let group = api_version.map(|text| text.split_once('/').map_or("", |(group, _)| group));
        let known = self.0.iter().find(|r| r.kind == kind && group.is_none_or(|group| r.group == group));
        if let Some(known) = known {
            let own = if known.group.is_empty() {
                known.version.to_string()
            } else {
                format!("{}/{}", known.group, known.version)
            };
            return Ok((known.clone(), api_version.map_or(own, str::to_owned)));
        }
        let (Some(group), Some(text)) = (group, api_version) else {
            let near = nearest(kind, self.0.iter().map(|r| &*r.kind)).first().map(|k| format!(", did you mean `{k}`?"));
            return Err(format!("the kind `{kind}` is not known{}", near.unwrap_or_default()));
        };
        let version = text.rsplit('/').next().unwrap_or_default();
        let resource = Resource {
            plural: Cow::Owned(plural(kind)),
            group: Cow::Owned(group.to_owned()),
            version: Cow::Owned(version.to_owned()),
            kind: Cow::Owned(kind.to_owned()),
            namespaced,
        };
        self.add(resource.clone());
        Ok((resource, text.to_owned()))
    }

    /// The resource that a person means by `pvc`, `pods`, `storageclass`, …
    pub(super) fn by_any_name(&self, name: &str) -> Option<&Resource> {
        let name = name.to_ascii_lowercase();
        let full = SHORT.iter().find(|(short, _)| *short == name).map_or(name.as_str(), |(_, full)| full);
        self.0.iter().find(|r| r.to_string() == full || r.plural == full || r.kind.eq_ignore_ascii_case(full))
    }

    /// The name of a resource as rights name it, if it is one; else the names it may be a slip of.
    pub(super) fn right(&self, name: &str) -> Result<String, Option<String>> {
        if PARTS.contains(&name) || self.0.iter().any(|r| r.to_string() == name) {
            return Ok(name.to_owned());
        }
        if let Some(meant) = self.by_any_name(name) {
            return Err(Some(meant.to_string()));
        }
        let mut known: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        known.extend(PARTS.map(str::to_owned));
        Err(nearest(name, known.iter().map(String::as_str)).first().map(|near| (*near).to_owned()))
    }

    /// The names of the well-known resources, whose lists are complete even when they are empty.
    pub(super) fn well_known() -> impl Iterator<Item = String> {
        Resource::all_known().iter().map(ToString::to_string)
    }
}

/// The plural of a kind, as API conventions form it.
fn plural(kind: &str) -> String {
    let kind = kind.to_ascii_lowercase();
    match kind.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if kind.ends_with('s') => format!("{kind}es"),
        None => format!("{kind}s"),
    }
}
