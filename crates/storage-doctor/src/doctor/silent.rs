//! Subjects that were found to be well, so that what leads to them need not examine them again: in a scan a claim is a
//! subject by itself, and its pod and its `StatefulSet` lead to it.

use crate::playbook::Playbook;
use crate::subject::{Kind, Subject};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// What one look at a cluster has found to be well. Its evidence only grows, so that what needed no more of it stays so.
#[derive(Debug, Default)]
pub(super) struct Silent {
    /// The kinds that others lead to.
    kinds: BTreeSet<Kind>,
    known: Mutex<BTreeSet<Subject>>,
}

impl Silent {
    pub(super) fn new(playbooks: &[Playbook]) -> Self {
        let led_to = playbooks.iter().flat_map(|playbook| &playbook.related).map(|related| related.subject);
        Self { kinds: led_to.collect(), known: Mutex::default() }
    }

    /// Whether every playbook about a subject has said that it shows no symptom, and that it leads to nothing.
    pub(super) fn knows(&self, subject: &Subject) -> bool {
        self.kinds.contains(&subject.kind)
            && self.known.lock().unwrap_or_else(PoisonError::into_inner).contains(subject)
    }

    /// Takes down a subject of which all its playbooks have said so.
    pub(super) fn learn(&self, subject: &Subject) {
        if self.kinds.contains(&subject.kind) {
            self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(subject.clone());
        }
    }
}
