//! Looking at all that a diagnosis may want to see, without a diagnosis: what a recording is made of.

use super::look::Look;
use super::{DiagnoseError, Doctor, Keep, Scan};
use crate::evidence::{Query, Resource};
use crate::plan::Reach;
use crate::playbook::{Definition, EvidenceKind};
use crate::source::Source;
use crate::subject::Subject;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// How far a look at a cluster reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// These objects and what they depend on.
    Subjects(Vec<Subject>),
    /// Everything in one namespace and what it depends on.
    Namespace(String),
    /// Everything.
    Cluster,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Subjects(subjects) => {
                let names: Vec<String> = subjects.iter().map(ToString::to_string).collect();
                f.write_str(&names.join(", "))
            }
            Self::Namespace(namespace) => write!(f, "namespace {namespace}"),
            Self::Cluster => f.write_str("the whole cluster"),
        }
    }
}

/// What storage is made of, whatever is wrong: of the whole cluster even when one object is looked at.
const SMALL: &[&str] = &[
    "storageclasses.storage.k8s.io",
    "csidrivers.storage.k8s.io",
    "csinodes.storage.k8s.io",
    "volumeattachments.storage.k8s.io",
    "volumeattributesclasses.storage.k8s.io",
    "volumesnapshotclasses.snapshot.storage.k8s.io",
];

/// The rest of what somebody who looks for a cause will ask for.
const LARGE: &[&str] = &[
    "persistentvolumeclaims",
    "persistentvolumes",
    "pods",
    "nodes",
    "events",
    "namespaces",
    "resourcequotas",
    "limitranges",
    "statefulsets.apps",
    "deployments.apps",
    "daemonsets.apps",
    "leases.coordination.k8s.io",
    "csistoragecapacities.storage.k8s.io",
    "volumesnapshots.snapshot.storage.k8s.io",
    "volumesnapshotcontents.snapshot.storage.k8s.io",
];

/// Never listed: their contents are nobody's business.
const PRIVATE: &[&str] = &["secrets", "configmaps"];

impl Doctor {
    /// Asks the source all that a diagnosis of anything in scope asks, alone or with others, and what other
    /// playbooks may ask. What it says is for the source to remember ([`crate::source::Capturing`]). Only a
    /// subject or a namespace that does not exist is an error.
    pub async fn survey(&self, scope: &Scope, source: &dyn Source) -> Result<(), DiagnoseError> {
        let mut look = Look::new(source, scope.reach());
        match scope {
            Scope::Subjects(subjects) => {
                for subject in subjects {
                    self.diagnose_within(subject, &mut look).await?;
                }
            }
            Scope::Namespace(_) | Scope::Cluster => {
                let scan = Scan { scope: scope.clone(), selector: None, keep: Keep::Troubles };
                let (subjects, _) = self.subjects_of(&scan, &mut look).await?;
                self.diagnose_each(&subjects, &mut look, scan.keep).await;
            }
        }
        let open = self.base(scope).into_iter().filter(|query| look.evidence.answer(query).is_none()).collect();
        look.ask(open).await;
        Ok(())
    }

    /// What is asked whether or not a diagnosis needs it.
    fn base(&self, scope: &Scope) -> BTreeSet<Query> {
        let mut resources: BTreeMap<String, Resource> = BTreeMap::new();
        let mut add = |names: &[&str]| {
            resources.extend(names.iter().filter_map(|name| Some(((*name).to_owned(), Resource::by_name(name)?))));
        };
        add(SMALL);
        if let Scope::Subjects(_) = scope {
            return lists(resources.into_values(), None);
        }
        add(LARGE);
        for playbook in self.playbooks.iter() {
            for definition in &playbook.definitions {
                let Definition::Evidence(evidence) = definition else { continue };
                if let EvidenceKind::Object { resource, .. } | EvidenceKind::List { resource, .. } = &evidence.kind {
                    resources.entry(resource.to_string()).or_insert_with(|| resource.clone());
                }
            }
        }
        let namespace = match scope {
            Scope::Namespace(namespace) => Some(namespace.as_str()),
            _ => None,
        };
        let open = resources.into_values().filter(|resource| !PRIVATE.contains(&&*resource.plural));
        lists(open, namespace)
    }
}

fn lists(resources: impl Iterator<Item = Resource>, namespace: Option<&str>) -> BTreeSet<Query> {
    resources
        .map(|resource| {
            let namespace = namespace.filter(|_| resource.namespaced).map(str::to_owned);
            Query::List { resource, namespace }
        })
        .collect()
}

impl Scope {
    pub(super) fn reach(&self) -> Reach {
        match self {
            Self::Subjects(_) => Reach::One,
            Self::Namespace(namespace) => Reach::Namespace(namespace.clone()),
            Self::Cluster => Reach::Cluster,
        }
    }
}
