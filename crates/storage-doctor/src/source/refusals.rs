//! Questions that are not answered, on purpose.

use crate::evidence::{Answer, Query};
use std::collections::BTreeMap;

/// Answers that stand in for what a source would say, by resource.
#[derive(Clone, Debug, Default)]
pub(super) struct Refusals {
    always: BTreeMap<String, Answer>,
    across_namespaces: BTreeMap<String, Answer>,
}

impl Refusals {
    /// Answers every question about a resource in this way.
    pub(super) fn always(&mut self, resource: &str, answer: Answer) {
        self.always.insert(resource.to_owned(), answer);
    }

    /// Denies to list a resource in the whole cluster at once.
    pub(super) fn across_namespaces(&mut self, resource: &str) {
        self.across_namespaces.insert(resource.to_owned(), denied(resource));
    }

    /// The answer that stands in, if one does.
    pub(super) fn answer(&self, query: &Query) -> Option<Answer> {
        let resource = query.resource_name();
        let wide = matches!(query, Query::List { namespace: None, .. });
        let across = self.across_namespaces.get(&resource).filter(|_| wide);
        self.always.get(&resource).or(across).cloned()
    }
}

/// As an API server words it.
pub(super) fn denied(resource: &str) -> Answer {
    Answer::Denied { message: format!("{resource} is forbidden: the user may not read this resource") }
}

pub(super) fn unreachable() -> Answer {
    Answer::Unreachable { why: "timed out".to_owned() }
}
