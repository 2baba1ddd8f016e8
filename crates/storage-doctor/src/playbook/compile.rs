//! Turns authored texts into checks, templates and regular expressions, and puts what is wrong with them
//! at the place in the file.

use super::locate::locate;
use super::raw::{Expr, Text};
use super::regexes::{Bad, Regexes};
use super::sink::Sink;
use crate::check::{self, Check, Fault, Names, Template};
use crate::problem::Problem;
use crate::span::{SourceFile, Sp, Span};
use regex::Regex;
use std::sync::Arc;

/// Something was wrong and has been reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Invalid;

/// A part of a playbook, if nothing is wrong with it.
pub(super) type Valid<T> = Result<T, Invalid>;

/// What is spent over all files.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Where problems go.
    pub(super) sink: Sink,
    /// Regular expressions, compiled once.
    pub(super) regexes: Regexes,
    /// How many checks and templates have been compiled, and how many bytes of them.
    pub(super) compiled: (usize, usize),
}

/// Compiles what one file holds.
pub(super) struct Compiler<'a> {
    pub(super) file: &'a Arc<SourceFile>,
    pub(super) names: &'a Names,
    pub(super) shared: &'a mut Shared,
}

impl Compiler<'_> {
    /// Reports an error that needs no further words.
    pub(super) fn error(&mut self, code: &'static str, span: Span, message: &str) -> Invalid {
        let problem = Problem::error(code, self.file, span, message);
        self.push(problem)
    }

    /// Reports a problem.
    pub(super) fn push(&mut self, problem: Problem) -> Invalid {
        self.shared.sink.push(problem);
        Invalid
    }

    /// Compiles a check.
    pub(super) fn check(&mut self, expr: &Expr) -> Valid<Check> {
        check::compile(expr, self.names).map_err(|faults| self.faults(expr, faults))
    }

    /// Compiles a check that may be left out.
    pub(super) fn maybe_check(&mut self, expr: Option<&Expr>) -> Valid<Option<Check>> {
        expr.map(|e| self.check(e)).transpose()
    }

    /// Compiles a template.
    pub(super) fn template(&mut self, text: &Text) -> Valid<Template> {
        check::compile_template(text, self.names).map_err(|faults| self.faults(text, faults))
    }

    /// Compiles a template that may be left out.
    pub(super) fn maybe_template(&mut self, text: Option<&Text>) -> Valid<Option<Template>> {
        text.map(|t| self.template(t)).transpose()
    }

    fn faults(&mut self, text: &Sp<String>, faults: Vec<Fault>) -> Invalid {
        for fault in faults {
            let span = locate(self.file, text.span(), text, &fault.range);
            let mut problem = Problem::error(fault.code, self.file, span, &fault.message);
            if let Some(help) = &fault.help {
                problem = problem.help(help);
            }
            self.push(problem);
        }
        Invalid
    }

    /// Compiles a regular expression.
    pub(super) fn regex(&mut self, text: &Sp<String>) -> Valid<Regex> {
        self.shared.regexes.compile(text).map_err(|bad| self.bad_regex(text, &bad))
    }

    /// Reports what is wrong with a regular expression, or with trying it.
    pub(super) fn bad_regex(&mut self, text: &Sp<String>, bad: &Bad) -> Invalid {
        let span = bad.range.as_ref().map_or(text.span(), |range| locate(self.file, text.span(), text, range));
        self.error("bad-regex", span, &bad.message)
    }
}

/// Every part, or nothing; every part has been looked at either way.
pub(super) fn all<T>(parts: impl Iterator<Item = Valid<T>>) -> Valid<Vec<T>> {
    let parts: Vec<Valid<T>> = parts.collect();
    parts.into_iter().collect()
}
