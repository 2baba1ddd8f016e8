//! The façade: calls the stages in order. Placeholder until the engine is merged.

use crate::playbook::Playbook;
use crate::report::v1;
use crate::selector::Selector;
use crate::source::Source;
use crate::subject::{Kind, Subject};
use crate::time::Time;

/// Playbooks and a clock.
#[derive(Debug)]
pub struct Doctor {
    playbooks: Vec<Playbook>,
    now: Time,
}

/// Which subjects to diagnose.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Their kind.
    pub kind: Kind,
    /// Their namespace; all when left out.
    pub namespace: Option<String>,
    /// Their names; every one when empty.
    pub names: Vec<String>,
    /// The labels they have to have.
    pub selector: Option<Selector>,
}

/// Why there is no diagnosis.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiagnoseError {
    /// The subject does not exist.
    #[error("{subject} does not exist")]
    NotFound {
        /// The subject.
        subject: Subject,
        /// Names like it.
        near: Vec<String>,
    },
    /// The namespace does not exist.
    #[error("namespace {namespace} does not exist")]
    NamespaceNotFound {
        /// The namespace.
        namespace: String,
        /// Names like it.
        near: Vec<String>,
    },
}

impl Doctor {
    /// A doctor that knows these playbooks and takes `now` for the time.
    pub fn new(playbooks: Vec<Playbook>, now: Time) -> Self {
        Self { playbooks, now }
    }

    /// Diagnoses one subject.
    #[expect(clippy::unused_async, reason = "placeholder")]
    pub async fn diagnose(&self, subject: &Subject, _source: &dyn Source) -> Result<v1::Diagnosis, DiagnoseError> {
        let _ = (&self.playbooks, self.now);
        Err(DiagnoseError::NotFound { subject: subject.clone(), near: Vec::new() })
    }

    /// Diagnoses several subjects.
    #[expect(clippy::unused_async, reason = "placeholder")]
    pub async fn diagnose_all(&self, selection: &Selection, _: &dyn Source) -> Result<v1::DiagnosisList, DiagnoseError> {
        let subject = Subject::new(selection.kind, selection.namespace.as_deref(), "*");
        Err(DiagnoseError::NotFound { subject, near: Vec::new() })
    }
}
