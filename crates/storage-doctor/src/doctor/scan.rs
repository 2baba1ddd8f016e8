//! Every subject of every kind, with one look at the cluster.

use super::look::{self, Look};
use super::{DiagnoseError, Doctor, Scope};
use crate::diagnosis;
use crate::evidence::{Answer, Gaps, Query};
use crate::report::v1::DiagnosisList;
use crate::selector::Selector;
use crate::source::Source;
use crate::subject::{Kind, Subject};

/// What to scan.
#[derive(Clone, Debug)]
pub struct Scan {
    /// How far it reaches. One namespace has no cluster-scoped subjects.
    pub scope: Scope,
    /// The labels of subjects; any when left out.
    pub selector: Option<Selector>,
    /// Which diagnoses are worth keeping.
    pub keep: Keep,
}

/// Which of many diagnoses are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// All.
    All,
    /// Those that say that something is wrong or could not be told; the others are counted.
    Troubles,
}

impl Doctor {
    /// Diagnoses every subject of every kind that a playbook is about. Each is told the same as alone.
    pub async fn scan(&self, scan: &Scan, source: &dyn Source) -> Result<DiagnosisList, DiagnoseError> {
        let mut look = Look::new(source, scan.scope.reach());
        let (subjects, unlisted) = self.subjects_of(scan, &mut look).await?;
        let diagnosed = self.diagnose_each(&subjects, &mut look, scan.keep).await;
        look.end(self.threads);
        Ok(diagnosis::list(diagnosed, diagnosis::unknown_entries("", &unlisted)))
    }

    /// The subjects, as far as they can be listed, and what could not be.
    pub(super) async fn subjects_of(
        &self,
        scan: &Scan,
        look: &mut Look<'_>,
    ) -> Result<(Vec<Subject>, Gaps), DiagnoseError> {
        if let Scope::Subjects(subjects) = &scan.scope {
            return Ok((subjects.clone(), Gaps::new()));
        }
        let lists = self.lists_of_subjects(&scan.scope);
        look.ask(lists.iter().map(|(_, query)| query.clone()).collect()).await;
        let (mut subjects, mut unlisted, mut any) = (Vec::new(), Gaps::new(), false);
        for (kind, query) in &lists {
            unlisted.extend(look::gaps(&look.evidence, query));
            let Some(Answer::Found(list) | Answer::Truncated(list, _)) = look.evidence.answer(query) else { continue };
            any |= !list.items().is_empty();
            let chosen = list.items().iter().filter(|object| {
                scan.selector.as_ref().is_none_or(|selector| selector.matches(&object.at("metadata.labels")))
            });
            subjects.extend(chosen.map(|object| {
                let metadata = object.field("metadata");
                let name = metadata.field("name");
                Subject::new(*kind, metadata.field("namespace").as_str(), name.as_str().unwrap_or_default())
            }));
        }
        if let (Scope::Namespace(namespace), false, true) = (&scan.scope, any, unlisted.is_empty()) {
            self.namespace_exists(Some(namespace), look).await?;
        }
        Ok((subjects, unlisted))
    }

    fn lists_of_subjects(&self, scope: &Scope) -> Vec<(Kind, Query)> {
        let namespace = match scope {
            Scope::Namespace(namespace) => Some(namespace),
            _ => None,
        };
        let is_about = |kind: Kind| self.playbooks.iter().any(|playbook| playbook.subject == kind);
        Kind::all()
            .iter()
            .filter(|facts| is_about(facts.kind) && (namespace.is_none() || facts.resource.namespaced))
            .map(|facts| {
                let query = Query::List { resource: facts.resource.clone(), namespace: namespace.cloned() };
                (facts.kind, query)
            })
            .collect()
    }
}
