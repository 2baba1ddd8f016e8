//! One look at a cluster: asking, a few questions at a time, and remembering the answers.

use super::DiagnoseError;
use crate::check::nearest;
use crate::evidence::{Answer, Evidence, Gaps, Query, Resource};
use crate::plan::Reach;
use crate::source::{Source, ask_each};
use crate::subject::{KindFacts, Subject};
use std::collections::BTreeSet;
use std::num::NonZeroUsize;

pub(super) struct Look<'a> {
    source: &'a dyn Source,
    reach: Reach,
    pub(super) evidence: Evidence,
}

impl<'a> Look<'a> {
    pub(super) fn new(source: &'a dyn Source, reach: Reach) -> Self {
        Self { source, reach, evidence: Evidence::default() }
    }

    /// Asks what has not been answered yet: first as widely as the look reaches, then, where the wide
    /// question was refused, just what is needed.
    pub(super) async fn ask(&mut self, queries: BTreeSet<Query>) {
        let wide =
            queries.iter().filter_map(|q| self.reach.widen(q)).filter(|q| self.evidence.answer(q).is_none()).collect();
        self.put(wide).await;
        let narrow = queries.into_iter().filter(|q| self.evidence.answer(q).is_none()).collect();
        self.put(narrow).await;
    }

    async fn put(&mut self, queries: BTreeSet<Query>) {
        let answers = ask_each(self.source, queries).await;
        for (query, answer) in answers {
            self.evidence.supply(query, answer);
        }
    }

    /// Ends the look. Giving back the memory of ten thousand objects takes a while, for which nobody need wait: where
    /// several threads may be used, one of its own does it if it can be had.
    pub(super) fn end(self, threads: NonZeroUsize) {
        let evidence = self.evidence;
        if threads > NonZeroUsize::MIN {
            let _given_back_here = std::thread::Builder::new().spawn(move || drop(evidence)).is_err();
        }
    }

    /// The error for a subject that does not exist, with names like its own.
    pub(super) async fn not_found(&mut self, subject: &Subject) -> DiagnoseError {
        let facts = subject.kind.facts();
        let near = self.names_near(facts.resource.clone(), subject.namespace.clone(), &subject.name).await;
        let not_found = DiagnoseError::NotFound { subject: subject.clone(), near };
        self.served(facts, subject.namespace.as_deref()).err().unwrap_or(not_found)
    }

    /// That the server knows a resource, as far as it has been listed: a list is absent only where the
    /// resource itself is, as that of snapshots where their definitions (CRDs) are not installed.
    pub(super) fn served(&self, facts: &KindFacts, namespace: Option<&str>) -> Result<(), DiagnoseError> {
        let query = Query::List { resource: facts.resource.clone(), namespace: namespace.map(str::to_owned) };
        match self.evidence.answer(&query) {
            Some(Answer::Absent) => Err(DiagnoseError::NotServed { resource: facts.resource.clone() }),
            _ => Ok(()),
        }
    }

    /// Names of objects like this one; none when they cannot be listed.
    pub(super) async fn names_near(
        &mut self,
        resource: Resource,
        namespace: Option<String>,
        name: &str,
    ) -> Vec<String> {
        let query = Query::List { resource, namespace };
        self.ask([query.clone()].into()).await;
        let Some(Answer::Found(list)) = self.evidence.answer(&query) else { return Vec::new() };
        let names: Vec<String> =
            list.items().iter().filter_map(|o| o.at("metadata.name").as_str().map(str::to_owned)).collect();
        nearest(name, names.iter().map(String::as_str)).into_iter().map(str::to_owned).collect()
    }
}

/// The question for a subject itself.
pub(super) fn object_query(subject: &Subject) -> Query {
    Query::Object {
        resource: subject.kind.facts().resource.clone(),
        namespace: subject.namespace.clone(),
        name: subject.name.clone(),
    }
}

/// What stays open about a question.
pub(super) fn gaps(evidence: &Evidence, query: &Query) -> Gaps {
    evidence.answer(query).and_then(|answer| answer.gap(query)).into_iter().collect()
}
