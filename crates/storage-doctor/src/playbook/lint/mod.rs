//! What is worth mending in playbooks that load, and what is wrong with them that only a second look finds.
//!
//! One lint a file. Each gets a [`Context`]: the documents with their names and every expression in them,
//! compiled where it can be.

mod ambiguous_pattern;
mod context;
mod dead_check;
mod duplicate_code;
mod loose_pattern;
mod placeholder;
mod shadowed_cause;
mod shadowed_proof;
mod sites;
#[cfg(test)]
mod tests;
mod unknown_object_field;
mod unread_group;
mod unused_name;

use super::load::{self, Document};
use super::sink::Sink;
use crate::check::with_room;
use crate::problem::{Level, Problem, Problems};
use crate::span::SourceFile;
use context::Context;
use std::sync::Arc;

/// One thing to look for.
pub(super) struct Lint {
    pub(super) code: &'static str,
    pub(super) level: Level,
    /// What it finds, in one sentence.
    pub(super) finds: &'static str,
    /// What to do about it.
    pub(super) mend: &'static str,
    run: fn(&Context<'_>, &mut Sink, &Lint),
}

/// Every lint. A guard test holds that each has a fixture it fires on, and a near miss.
pub(super) const LINTS: &[&Lint] = &[
    &ambiguous_pattern::LINT,
    &dead_check::NEVER_HOLDS,
    &dead_check::NOT_A_CHECK,
    &duplicate_code::LINT,
    &loose_pattern::LINT,
    &placeholder::LINT,
    &shadowed_cause::LINT,
    &shadowed_proof::LINT,
    &unknown_object_field::LINT,
    &unread_group::LINT,
    &unused_name::LINT,
];

impl Lint {
    fn problem(&self, file: &Arc<SourceFile>, span: crate::span::Span, message: &str) -> Problem {
        match self.level {
            Level::Error => Problem::error(self.code, file, span, message),
            Level::Warning => Problem::warning(self.code, file, span, message),
        }
    }
}

/// Everything that is wrong with playbooks and libraries, given as for [`load`](super::load()), and everything
/// worth mending in them; nothing when all is well. Finds more than loading them does, and takes longer.
pub fn lint(files: &[(String, String)]) -> Option<Problems> {
    with_room(|| lint_here(files)).unwrap_or_else(|| lint_here(files))
}

fn lint_here(files: &[(String, String)]) -> Option<Problems> {
    let loading = load::documents(files);
    let documents: &[(Arc<SourceFile>, Arc<Document>)] = &loading.documents;
    let mut sink = loading.shared.sink;
    // Who goes past a limit is told so, and gets no second look, which would be longer still.
    if !sink.has(|problem| problem.code.starts_with("too-")) {
        let context = Context::new(documents, loading.shared.regexes, loading.unread.is_empty());
        for lint in LINTS {
            (lint.run)(&context, &mut sink, lint);
        }
    }
    let mut problems = sink.into_problems();
    // A run may leave the playbook out that has the cause; here it would have been given along.
    problems.iter_mut().filter(|p| p.code == "unknown-cause").for_each(|p| p.level = Level::Error);
    Problems::new(problems)
}
