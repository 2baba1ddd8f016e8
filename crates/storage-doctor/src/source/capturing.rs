//! Any source, and a note of what it said.

use super::{BoxFuture, Source};
use crate::evidence::{Answer, Query};
use crate::time::Time;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// A source that remembers every answer it gave, to be written into a recording.
#[derive(Debug)]
pub struct Capturing<S> {
    source: S,
    answers: Mutex<BTreeMap<Query, Answer>>,
}

impl<S: Source> Capturing<S> {
    /// The source, as yet not asked.
    pub fn new(source: S) -> Self {
        Self { source, answers: Mutex::default() }
    }

    /// Every question so far, and what was last said to it.
    pub fn into_answers(self) -> BTreeMap<Query, Answer> {
        self.answers.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Source> Source for Capturing<S> {
    fn answer<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let answer = self.source.answer(query).await;
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            answers.insert(query.clone(), answer.clone());
            answer
        })
    }

    fn taken_at(&self) -> Option<Time> {
        self.source.taken_at()
    }
}
