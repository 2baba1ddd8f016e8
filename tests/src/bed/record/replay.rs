//! What is said of a recording, without a cluster and without starting the program each time.

use crate::bed::scenario::spec::Expect;
use crate::bed::scenario::tool::Answer;
use crate::bed::trouble::{Attempt, Result};
use crate::library;
use crate::recorded::exit_code;
use serde_json::Value;
use std::sync::Arc;
use storage_doctor::doctor::Doctor;
use storage_doctor::playbook::Playbook;
use storage_doctor::source::Source;
use storage_doctor::subject::{Kind, Subject};

/// The built-in playbooks, read once for many recordings.
#[derive(Clone, Debug)]
pub struct Replay(Arc<[Playbook]>);

impl Default for Replay {
    fn default() -> Self {
        Self(library::playbooks())
    }
}

impl Replay {
    /// A doctor who stands at the time of a recording.
    pub fn doctor(&self, source: &dyn Source) -> Result<Doctor> {
        Ok(Doctor::new(Arc::clone(&self.0), source.taken_at().attempt("a recording without a time")?))
    }

    /// What the program would answer.
    pub fn answer(&self, due: &Expect, namespace: &str, source: &dyn Source) -> Result<Answer> {
        let subject = subject(due, namespace)?;
        Ok(match library::diagnose(&self.doctor(source)?, &subject, source) {
            Ok(diagnosis) => {
                let report = serde_json::to_value(&diagnosis).attempt("a report that is no JSON")?;
                let code = report.get("verdict").and_then(Value::as_str).and_then(exit_code);
                Answer { code, report, errors: String::new() }
            }
            Err(error) => Answer { code: Some(2), report: Value::Null, errors: error.to_string() },
        })
    }
}

/// The subject of an expectation in that namespace.
pub fn subject(due: &Expect, namespace: &str) -> Result<Subject> {
    let (word, name) = due.subject.split_once('/').attempt(format!("{}: not TYPE/NAME", due.subject))?;
    let kind = Kind::from_name(word).attempt(format!("{word}: no such type"))?;
    let at = due.namespace.as_deref().unwrap_or(namespace);
    Ok(Subject::new(kind, kind.facts().resource.namespaced.then_some(at), &name.replace("${NS}", namespace)))
}
