//! What stands behind the names of a playbook, in words.

use super::one_line;
use crate::check::Slot;
use crate::playbook::{Definition, EvidenceDef, EvidenceKind, Playbook, uses};
use serde::Serialize;
use std::collections::BTreeSet;

/// A name and what it stands for.
#[derive(Clone, Debug, Serialize)]
pub struct NameWords {
    /// The name.
    pub name: String,
    /// What stands behind it: evidence in words, or an expression.
    pub is: String,
}

/// These names and all that stand behind them, in the playbook's order.
pub(super) fn reachable(playbook: &Playbook, slots: &BTreeSet<Slot>) -> BTreeSet<Slot> {
    let mut found = BTreeSet::new();
    let mut open: Vec<Slot> = slots.iter().copied().collect();
    while let Some(slot) = open.pop() {
        if found.insert(slot) {
            open.extend(playbook.definitions.get(slot.0).map(uses).unwrap_or_default());
        }
    }
    found
}

/// What stands behind these names; messages are told elsewhere.
pub(super) fn in_words(playbook: &Playbook, slots: &BTreeSet<Slot>) -> Vec<NameWords> {
    let words = |slot: &Slot| {
        let is = match playbook.definitions.get(slot.0)? {
            Definition::Subject => format!("the {} itself", playbook.subject),
            Definition::Evidence(def) => evidence_in_words(def),
            Definition::Let(check) => one_line(check.source()),
            Definition::Item | Definition::Message(_) => return None,
        };
        Some(NameWords { name: playbook.names.name(*slot).to_owned(), is })
    };
    slots.iter().filter_map(words).collect()
}

/// `the object of storageclasses.storage.k8s.io named class_name`.
pub fn evidence_in_words(def: &EvidenceDef) -> String {
    let mut words = match &def.kind {
        EvidenceKind::Object { resource, namespace, name } => {
            let place = namespace.as_ref().map_or(String::new(), |n| format!(" in {}", one_line(n.source())));
            format!("the object of {resource} named {}{place}", one_line(name.source()))
        }
        EvidenceKind::List { resource, namespace } => {
            let place = namespace.as_ref().map_or(String::new(), |n| format!(" in {}", one_line(n.source())));
            format!("the list of {resource}{place}")
        }
        EvidenceKind::Events { of } => format!("the events about {}", one_line(of.source())),
        EvidenceKind::Logs { of, .. } => format!("the logs of {}", one_line(of.source())),
        EvidenceKind::Stats { node } => format!("what the kubelet of node {} measured", one_line(node.source())),
        EvidenceKind::NodeLogs { node, service, .. } => {
            format!("the log of {service} on node {}", one_line(node.source()))
        }
    };
    if let Some(when) = &def.when {
        words.push_str(", when ");
        words.push_str(&one_line(when.source()));
    }
    words
}
