//! Turns authored texts into checks, templates and regular expressions, and puts what is wrong with them
//! at the place in the file.

use super::locate::locate;
use super::matcher::Matcher;
use super::raw::{Expr, Text};
use super::regexes::{Bad, Regexes};
use super::scope::ITEM;
use super::sink::Sink;
use crate::check::{self, Check, Fault, Names, Slot, Template};
use crate::problem::Problem;
use crate::span::{SourceFile, Sp, Span};
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
    /// What the file at hand has cost so far.
    spent: Spent,
}

/// The most expressions of a file: checks, and holes of templates.
const MAX_EXPRESSIONS: usize = 5000;
/// The most bytes of checks and templates of a file.
const MAX_EXPRESSION_BYTES: usize = 1 << 18;

#[derive(Debug, Default)]
struct Spent {
    expressions: usize,
    bytes: usize,
    reported: bool,
}

impl Shared {
    /// Begins with another file, which has a budget of its own.
    pub(super) fn begin(&mut self) {
        self.spent = Spent::default();
    }
}

/// Compiles what one file holds.
pub(super) struct Compiler<'a> {
    pub(super) file: &'a Arc<SourceFile>,
    pub(super) names: &'a Names,
    pub(super) shared: &'a mut Shared,
    /// Whether `item` means something.
    pub(super) in_each: bool,
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

    /// Whether to compile one more text: not when nothing more would be reported, nor past the budget.
    fn admit(&mut self, text: &Sp<String>, cost: (usize, usize)) -> Valid<()> {
        if self.shared.sink.is_full(self.file) {
            return Err(Invalid);
        }
        let spent = &mut self.shared.spent;
        spent.expressions += cost.0;
        spent.bytes += cost.1;
        if spent.expressions <= MAX_EXPRESSIONS && spent.bytes <= MAX_EXPRESSION_BYTES {
            return Ok(());
        }
        if std::mem::replace(&mut spent.reported, true) {
            return Err(Invalid);
        }
        let message =
            format!("more than {MAX_EXPRESSIONS} expressions or {MAX_EXPRESSION_BYTES} bytes of them in one file");
        Err(self.error("too-many-expressions", text.span(), &message))
    }

    /// Compiles a check.
    pub(super) fn check(&mut self, expr: &Expr) -> Valid<Check> {
        self.admit(expr, (1, expr.len()))?;
        let check = check::compile(expr, self.names).map_err(|faults| self.faults(expr, faults))?;
        self.without_item(expr, check.uses())?;
        Ok(check)
    }

    /// Compiles a check that may be left out.
    pub(super) fn maybe_check(&mut self, expr: Option<&Expr>) -> Valid<Option<Check>> {
        expr.map(|e| self.check(e)).transpose()
    }

    /// Compiles a template.
    pub(super) fn template(&mut self, text: &Text) -> Valid<Template> {
        let holes = text.matches("{{").count();
        // Prose costs next to nothing.
        self.admit(text, (holes, if holes == 0 { 0 } else { text.len() }))?;
        let template = check::compile_template(text, self.names).map_err(|faults| self.faults(text, faults))?;
        self.without_item(text, template.uses())?;
        Ok(template)
    }

    /// Compiles a template that may be left out.
    pub(super) fn maybe_template(&mut self, text: Option<&Text>) -> Valid<Option<Template>> {
        text.map(|t| self.template(t)).transpose()
    }

    /// Refuses `item` where there is none: it would be null.
    fn without_item(&mut self, text: &Sp<String>, uses: &[Slot]) -> Valid<()> {
        if self.in_each || !uses.contains(&ITEM) {
            return Ok(());
        }
        let at = text.find("item").map_or(0..text.len(), |at| at..at + "item".len());
        let span = locate(self.file, text.span(), text, &at);
        let problem = Problem::error("no-item", self.file, span, "there is no `item` here");
        Err(self.push(problem.help("`item` is what a citation with `each` sees in its `quote` and `source`")))
    }

    fn faults(&mut self, text: &Sp<String>, faults: Vec<Fault>) -> Invalid {
        for fault in faults {
            if self.shared.sink.is_full(self.file) {
                break;
            }
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
    pub(super) fn regex(&mut self, text: &Sp<String>) -> Valid<Matcher> {
        let regex = self.shared.regexes.compile(text).map_err(|bad| self.bad_regex(text, &bad))?;
        let size = self.shared.regexes.size(&regex);
        Ok(Matcher::new(regex, size))
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
