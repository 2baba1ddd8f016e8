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
    /// A set of pods with claims of their own.
    StatefulSet,
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

const STATEFUL_SET: KindFacts = KindFacts {
    kind: Kind::StatefulSet,
    variable: "statefulset",
    resource: Resource::known("statefulsets", "apps", "v1", "StatefulSet", true),
    names: &["statefulset", "statefulsets", "sts", "statefulsets.apps"],
};

static FACTS: &[KindFacts] = &[CLAIM, STATEFUL_SET];

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
            Self::StatefulSet => "StatefulSet",
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
    use super::Kind;

    #[test]
    fn the_table_is_complete_and_names_are_unique() {
        for kind in [Kind::PersistentVolumeClaim, Kind::StatefulSet] {
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
}
