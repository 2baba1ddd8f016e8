//! The façade: playbooks and a clock in, diagnoses out. It calls the stages in order.

mod foreseen;
mod look;
mod many;
mod scan;
mod silent;
mod survey;

use crate::diagnosis::{self, Diagnosed, Examined, assemble, not_seen};
use crate::eval::{Notes, examine};
use crate::evidence::{Answer, Evidence, Gap, Gaps, Query};
use crate::plan::Reach;
use crate::playbook::Playbook;
use crate::report::v1::{Diagnosis, DiagnosisList, ObjectRef, Unknown};
use crate::selector::Selector;
use crate::source::Source;
use crate::subject::{Kind, Subject};
use crate::time::Time;
use crate::value::Value;
pub use foreseen::foreseen;
use look::Look;
use many::Round;
pub use scan::{Keep, Scan};
use silent::Silent;
use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;
pub use survey::Scope;

/// Rounds of questions before a diagnosis is ended: a chain of evidence is four or five long.
const ROUNDS: usize = 16;
/// Subjects that are examined before what they need is asked.
const BATCH: usize = 1024;
/// Subjects of each kind that are examined before the others. They ask nearly all that these need, so that these are
/// examined once, and what is large is asked for at the same time.
const FIRST: usize = 64;
/// How far related subjects are followed.
const DEPTH: usize = 4;
/// How many related subjects are followed: a thousand replicas, and no cluster that leads from everything to everything.
const RELATED: usize = 2_000;

/// Playbooks and a clock.
#[derive(Debug)]
pub struct Doctor {
    playbooks: Arc<[Playbook]>,
    now: Time,
    threads: NonZeroUsize,
}

/// Which subjects to diagnose.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Their kind.
    pub kind: Kind,
    /// Their namespace; every namespace when left out.
    pub namespace: Option<String>,
    /// Their names; every one when empty.
    pub names: Vec<String>,
    /// Their labels; any when left out.
    pub selector: Option<Selector>,
}

/// Why there is no diagnosis.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DiagnoseError {
    /// The server, or a complete recording, says that the subject does not exist.
    #[error("{subject} not found")]
    NotFound {
        /// What was asked for.
        subject: Subject,
        /// Names like it, nearest first.
        near: Vec<String>,
    },
    /// The server does not know the resource at all: objects of this kind are not installed.
    #[error("this cluster knows no {resource}: what defines them is not installed, or serves no {}", resource.version)]
    NotServed {
        /// The resource that was asked for.
        resource: crate::evidence::Resource,
    },
    /// The namespace does not exist.
    #[error("namespace {namespace} not found")]
    NamespaceNotFound {
        /// What was asked for.
        namespace: String,
        /// Names like it, nearest first.
        near: Vec<String>,
    },
}

/// The diagnosis of a subject, with the object its first finding lies in.
type Found = (Diagnosis, Option<ObjectRef>);

impl Doctor {
    /// A doctor who knows these playbooks and takes `now` for the present: the clock for a live source,
    /// [`Source::taken_at`] for a recording.
    pub fn new(playbooks: impl Into<Arc<[Playbook]>>, now: Time) -> Self {
        Self { playbooks: playbooks.into(), now, threads: NonZeroUsize::MIN }
    }

    /// Examines many subjects on so many threads. What it says does not depend on their number.
    #[must_use]
    pub fn on_threads(self, threads: NonZeroUsize) -> Self {
        Self { threads, ..self }
    }

    /// Diagnoses one subject. What could not be seen is part of the diagnosis; only a subject that does
    /// not exist is an error.
    pub async fn diagnose(&self, subject: &Subject, source: &dyn Source) -> Result<Diagnosis, DiagnoseError> {
        let mut look = Look::new(source, Reach::One);
        self.diagnose_within(subject, &mut look).await.map(|(diagnosis, _)| diagnosis)
    }

    /// Diagnoses many subjects with one look at the cluster that serves them all.
    pub async fn diagnose_all(
        &self,
        selection: &Selection,
        source: &dyn Source,
    ) -> Result<DiagnosisList, DiagnoseError> {
        if !selection.names.is_empty() {
            return self.diagnose_named(selection, source).await;
        }
        let reach = selection.namespace.clone().map_or(Reach::Cluster, Reach::Namespace);
        let mut look = Look::new(source, reach);
        let all =
            Query::List { resource: selection.kind.facts().resource.clone(), namespace: selection.namespace.clone() };
        look.ask([all.clone()].into()).await;
        let (objects, unknown) = listed(&look.evidence, &all);
        if objects.is_empty() && unknown.is_empty() {
            look.served(selection.kind.facts(), selection.namespace.as_deref())?;
            self.namespace_exists(selection.namespace.as_deref(), &mut look).await?;
        }
        let subjects: Vec<Subject> = objects.iter().filter_map(|object| subject_of(selection, object)).collect();
        let diagnosed = self.diagnose_each(&subjects, &mut look, Keep::All).await;
        Ok(diagnosis::list(diagnosed, unknown))
    }

    async fn diagnose_named(&self, selection: &Selection, source: &dyn Source) -> Result<DiagnosisList, DiagnoseError> {
        let mut look = Look::new(source, Reach::One);
        let mut diagnosed = Diagnosed::default();
        for name in &selection.names {
            let subject = Subject::new(selection.kind, selection.namespace.as_deref(), name);
            diagnosed.push(self.diagnose_within(&subject, &mut look).await?, false);
        }
        Ok(diagnosis::list(diagnosed, Vec::new()))
    }

    async fn diagnose_within(&self, subject: &Subject, look: &mut Look<'_>) -> Result<Found, DiagnoseError> {
        let query = look::object_query(subject);
        look.ask([query.clone()].into()).await;
        if matches!(look.evidence.answer(&query), Some(Answer::Absent)) {
            self.namespace_exists(subject.namespace.as_deref(), look).await?;
            return Err(look.not_found(subject).await);
        }
        let mut diagnosed = self.diagnose_each(std::slice::from_ref(subject), look, Keep::All).await;
        Ok(diagnosed.diagnoses.pop().unwrap_or_else(|| (not_seen(subject, &Gaps::new(), self.now), None)))
    }

    /// Examines every subject, asks what the examinations ran into, and again, until nothing is open.
    async fn diagnose_each(&self, subjects: &[Subject], look: &mut Look<'_>, keep: Keep) -> Diagnosed {
        let mut done = Diagnosed::default();
        let silent = Silent::new(&self.playbooks);
        let (first, others) = many::first_of_each_kind(subjects, FIRST);
        self.diagnose_batch(first, look, keep, &silent, &mut done).await;
        for batch in others.chunks(BATCH) {
            self.diagnose_batch(batch.to_vec(), look, keep, &silent, &mut done).await;
        }
        done
    }

    async fn diagnose_batch(
        &self,
        mut subjects: Vec<&Subject>,
        look: &mut Look<'_>,
        keep: Keep,
        silent: &Silent,
        done: &mut Diagnosed,
    ) {
        for round in 1..=ROUNDS {
            let round = Round { evidence: &look.evidence, silent, keep, is_last: round == ROUNDS };
            let (open, asked) = self.examine_each(&subjects, &round, done);
            subjects = open;
            if subjects.is_empty() {
                break;
            }
            look.ask(asked).await;
        }
    }

    fn conclude(&self, subject: &Subject, tree: Option<Examined<'_>>, evidence: &Evidence, finished: bool) -> Found {
        match tree {
            Some(tree) if finished => assemble(&tree, self.now),
            Some(_) => {
                (not_seen(subject, &diagnosis::unfinished("its chain of evidence does not end"), self.now), None)
            }
            None => (not_seen(subject, &look::gaps(evidence, &look::object_query(subject)), self.now), None),
        }
    }

    /// What every playbook says of a subject and of those it leads to; none when it cannot be seen.
    fn examine(
        &self,
        subject: &Subject,
        relation: &str,
        round: &Round<'_>,
        open: &mut BTreeSet<Query>,
        way: &mut Way,
    ) -> Option<Examined<'_>> {
        let query = look::object_query(subject);
        let object = match round.evidence.answer(&query) {
            None => {
                open.insert(query);
                return None;
            }
            Some(Answer::Found(object)) => object,
            Some(_) => return None,
        };
        let is_silent = round.silent.knows(subject);
        let mut examined = Examined {
            subject: subject.clone(),
            object,
            relation: relation.to_owned(),
            is_studied: is_silent,
            outcomes: Vec::new(),
            related: Vec::new(),
            unseen: Gaps::new(),
        };
        if is_silent {
            return Some(examined);
        }
        way.path.push(subject.clone());
        let (mut leads, mut quiet) = (Vec::new(), true);
        way.notes.next_subject();
        for (order, playbook) in self.playbooks.iter().enumerate().filter(|(_, p)| p.subject == subject.kind) {
            let mut outcome = examine(playbook, &examined.object, round.evidence, self.now, &mut way.notes);
            examined.is_studied = true;
            quiet &= outcome.is_quiet();
            open.append(&mut outcome.asked);
            leads.append(&mut outcome.related);
            examined.outcomes.push((order, playbook, outcome));
        }
        for (kind, name, relation) in leads {
            let lead = subject.lead(kind, &name);
            let known = way.path.contains(&lead) || examined.related.iter().any(|r| r.subject == lead);
            if known || way.path.len() > DEPTH {
                continue;
            }
            let Some(left) = way.left.checked_sub(1) else {
                examined.unseen.insert(Gap::failed(format!("more than {RELATED} subjects belong to it")));
                break;
            };
            way.left = left;
            match self.examine(&lead, &relation, round, open, way) {
                Some(related) => examined.related.push(related),
                None => examined.unseen.extend(look::gaps(round.evidence, &look::object_query(&lead))),
            }
        }
        way.path.pop();
        if quiet && examined.is_studied {
            round.silent.learn(subject);
        }
        Some(examined)
    }

    /// That a namespace exists, as far as it can be told: what cannot be seen is given the benefit.
    async fn namespace_exists(&self, namespace: Option<&str>, look: &mut Look<'_>) -> Result<(), DiagnoseError> {
        let (Some(namespace), Some(resource)) = (namespace, crate::evidence::Resource::by_name("namespaces")) else {
            return Ok(());
        };
        let query = Query::Object { resource: resource.clone(), namespace: None, name: namespace.to_owned() };
        look.ask([query.clone()].into()).await;
        if !matches!(look.evidence.answer(&query), Some(Answer::Absent)) {
            return Ok(());
        }
        let near = look.names_near(resource, None, namespace).await;
        Err(DiagnoseError::NamespaceNotFound { namespace: namespace.to_owned(), near })
    }
}

/// The way from a subject to those related to it.
#[derive(Default)]
struct Way {
    path: Vec<Subject>,
    /// How many more may be looked at.
    left: usize,
    notes: Notes,
}

impl Way {
    /// From another subject.
    fn begin(&mut self) {
        self.path.clear();
        self.left = RELATED;
    }
}

/// The objects of a list, and what could not be listed.
fn listed(evidence: &Evidence, query: &Query) -> (Vec<Value>, Vec<Unknown>) {
    let objects = match evidence.answer(query) {
        Some(Answer::Found(list) | Answer::Truncated(list, _)) => list.items().to_vec(),
        _ => Vec::new(),
    };
    (objects, diagnosis::unknown_entries("", &look::gaps(evidence, query)))
}

fn subject_of(selection: &Selection, object: &Value) -> Option<Subject> {
    let metadata = object.field("metadata");
    let chosen = selection.selector.as_ref().is_none_or(|s| s.matches(&metadata.field("labels")));
    let name = metadata.field("name");
    chosen
        .then(|| Subject::new(selection.kind, metadata.field("namespace").as_str(), name.as_str().unwrap_or_default()))
}
