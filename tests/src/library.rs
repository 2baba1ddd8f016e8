//! The engine as a library: the built-in playbooks, and sources that note what they are asked and refuse
//! what they are told to.

#![allow(clippy::expect_used, clippy::panic, clippy::missing_panics_doc, reason = "a test that cannot run has failed")]

use futures::FutureExt;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use storage_doctor::doctor::{DiagnoseError, Doctor, Selection};
use storage_doctor::evidence::{Answer, Query};
use storage_doctor::playbook::{self, Playbook};
use storage_doctor::report::v1::{Diagnosis, DiagnosisList};
use storage_doctor::source::{BoxFuture, Source};
use storage_doctor::subject::{Kind, Subject};
use storage_doctor::time::Time;

/// The built-in playbooks, loaded as anybody's are, once for all tests of a process.
pub fn playbooks() -> Arc<[Playbook]> {
    static LOADED: LazyLock<Arc<[Playbook]>> = LazyLock::new(|| {
        let files = storage_doctor_playbooks::FILES.iter();
        let files: Vec<_> = files.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        match playbook::load(&files) {
            Ok(loaded) => loaded.playbooks.into(),
            Err(problems) => panic!("{}", problems.render(false)),
        }
    });
    Arc::clone(&LOADED)
}

/// A doctor who knows the built-in playbooks and stands at the time of the recording.
pub fn doctor(source: &dyn Source) -> Doctor {
    Doctor::new(playbooks(), source.taken_at().expect("a recording has a time"))
}

/// The outcome of a future that waits for nothing.
pub fn ready<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("a recording answers at once")
}

/// One diagnosis.
pub fn diagnose(doctor: &Doctor, subject: &Subject, source: &dyn Source) -> Result<Diagnosis, DiagnoseError> {
    ready(doctor.diagnose(subject, source))
}

/// Every subject of a kind.
pub fn scan(doctor: &Doctor, kind: Kind, namespace: Option<&str>, source: &dyn Source) -> DiagnosisList {
    let selection = Selection { kind, namespace: namespace.map(str::to_owned), names: Vec::new(), selector: None };
    ready(doctor.diagnose_all(&selection, source)).expect("the namespace exists")
}

/// A source that notes which resources it is asked for, and refuses some.
#[derive(Debug)]
pub struct Guarded<'a, S> {
    source: &'a S,
    refused: BTreeMap<String, Answer>,
    asked: Mutex<BTreeSet<String>>,
}

impl<'a, S: Source> Guarded<'a, S> {
    /// The source, as yet refusing nothing.
    pub fn new(source: &'a S) -> Self {
        Self { source, refused: BTreeMap::new(), asked: Mutex::default() }
    }

    /// Gives this answer to every question about a resource, or about `pods/log`.
    #[must_use]
    pub fn refusing(mut self, resource: &str, answer: Answer) -> Self {
        self.refused.insert(resource.to_owned(), answer);
        self
    }

    /// What it was asked for.
    pub fn asked(&self) -> BTreeSet<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<S: Source> Source for Guarded<'_, S> {
    fn answer<'b>(&'b self, query: &'b Query) -> BoxFuture<'b, Answer> {
        let resource = resource(query);
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(resource.clone());
        match self.refused.get(&resource) {
            Some(answer) => Box::pin(std::future::ready(answer.clone())),
            None => self.source.answer(query),
        }
    }

    fn taken_at(&self) -> Option<Time> {
        self.source.taken_at()
    }
}

/// What a question is about, as `kubectl auth can-i` names it.
pub fn resource(query: &Query) -> String {
    query.resource_name()
}
