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
use crate::problem::{Level, Place, Problem, Problems};
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
    let mut problems = look(files);
    problems.extend(second_look(files, &problems));
    Problems::new(problems)
}

fn look(files: &[(String, String)]) -> Vec<Problem> {
    let loading = load::documents(files);
    let documents: &[(Arc<SourceFile>, Arc<Document>)] = &loading.documents;
    let mut sink = loading.shared.sink;
    // Who goes past a limit is told so, and gets no second look, which would be longer still.
    if !sink.has(is_limit) {
        let context = Context::new(documents, loading.shared.regexes, loading.unread.is_empty());
        for lint in LINTS {
            (lint.run)(&context, &mut sink, lint);
        }
    }
    let mut problems = sink.into_problems();
    // A run may leave the playbook out that has the cause; here it would have been given along.
    problems.iter_mut().filter(|p| p.code == "unknown-cause").for_each(|p| p.level = Level::Error);
    problems
}

fn is_limit(problem: &Problem) -> bool {
    problem.code.starts_with("too-") && problem.code != "too-few"
}

/// What is wrong beside the structure of files, which alone would keep it from being seen.
fn second_look(files: &[(String, String)], problems: &[Problem]) -> Vec<Problem> {
    let broken = |name: &str| problems.iter().any(|p| p.level == Level::Error && p.at.file.name() == name);
    if problems.iter().any(is_limit) {
        return Vec::new();
    }
    let mut mended = Vec::new();
    let mut others = files.to_vec();
    for (name, text) in &mut others {
        let file = SourceFile::new(name.as_str(), text.as_str());
        let found = if broken(name) { load::mend(&file) } else { None };
        if let Some(found) = found {
            text.clone_from(&found.text);
            mended.push((file, found));
        }
    }
    if mended.is_empty() {
        return Vec::new();
    }
    let back = |place: &mut Place| {
        if let Some((file, found)) = mended.iter().find(|(file, _)| file.name() == place.file.name()) {
            place.span = found.original(place.span);
            place.file = Arc::clone(file);
        }
    };
    let is_new = |problem: &Problem| {
        let is_same = |p: &Problem| {
            p.code == problem.code && p.at.file.name() == problem.at.file.name() && p.at.span == problem.at.span
        };
        !problems.iter().any(is_same)
    };
    let mut found = Vec::new();
    for mut problem in look(&others) {
        let of = mended.iter().find(|(file, _)| file.name() == problem.at.file.name());
        if of.is_some_and(|(_, of)| of.is_true(&problem)) {
            back(&mut problem.at);
            problem.also.iter_mut().for_each(back);
            found.extend(is_new(&problem).then_some(problem));
        }
    }
    found
}
