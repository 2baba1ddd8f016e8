//! Any source, with fewer rights.

use super::refusals::{Refusals, denied, unreachable};
use super::{BoxFuture, Source};
use crate::evidence::{Answer, Query};
use crate::time::Time;

/// A source of which some resources cannot be had, to see what is said without them. Resources are named
/// as `kubectl api-resources -o name` names them, and logs `pods/log`; what nodes tell of themselves is `nodes/proxy`.
#[derive(Clone, Debug)]
pub struct Without<S> {
    source: S,
    refusals: Refusals,
}

impl<S: Source> Without<S> {
    /// The source, as yet with everything.
    pub fn new(source: S) -> Self {
        Self { source, refusals: Refusals::default() }
    }

    /// Without the right to read a resource.
    #[must_use]
    pub fn deny(mut self, resource: &str) -> Self {
        self.refusals.always(resource, denied(resource));
        self
    }

    /// Without the right to list a resource in all namespaces at once; in each alone it may be listed.
    #[must_use]
    pub fn deny_across_namespaces(mut self, resource: &str) -> Self {
        self.refusals.across_namespaces(resource);
        self
    }

    /// As if nobody answered questions about a resource.
    #[must_use]
    pub fn unreachable(mut self, resource: &str) -> Self {
        self.refusals.always(resource, unreachable());
        self
    }

    /// As if a resource had not been recorded.
    #[must_use]
    pub fn not_recorded(mut self, resource: &str) -> Self {
        self.refusals.always(resource, Answer::NotRecorded);
        self
    }
}

impl<S: Source> Source for Without<S> {
    fn answer<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Answer> {
        match self.refusals.answer(query) {
            Some(answer) => Box::pin(std::future::ready(answer)),
            None => self.source.answer(query),
        }
    }

    fn taken_at(&self) -> Option<Time> {
        self.source.taken_at()
    }
}
