//! What is wrong in authored text: where, and what would be right. Made for an author, so every
//! problem points at a place and all of them come at once.

mod render;
mod sarif;

use crate::span::{SourceFile, Span};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// The most characters of a message; what is longer is cut, since parts of it are the author's.
const MAX_TEXT: usize = 400;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing is loaded.
    Error,
    /// Worth mending; it is loaded all the same.
    Warning,
}

/// A place that helps to understand a problem.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file.
    pub file: Arc<SourceFile>,
    /// Where in it.
    pub span: Span,
    /// What is to be seen there.
    pub label: String,
}

/// One problem in authored text.
#[derive(Clone, Debug)]
pub struct Problem {
    /// A stable code, kebab-case.
    pub code: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub at: Place,
    /// Other places it has to do with.
    pub also: Vec<Place>,
    /// What would be right.
    pub help: Vec<String>,
    /// The word that was probably meant in the place of the one that is underlined.
    pub(crate) meant: Option<String>,
}

impl Problem {
    /// An error at a place.
    pub fn error(code: &'static str, file: &Arc<SourceFile>, span: Span, message: &str) -> Self {
        let at = Place { file: Arc::clone(file), span: span.within(file.text()), label: String::new() };
        Self { code, level: Level::Error, message: tidy(message), at, also: Vec::new(), help: Vec::new(), meant: None }
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, file: &Arc<SourceFile>, span: Span, message: &str) -> Self {
        Self { level: Level::Warning, ..Self::error(code, file, span, message) }
    }

    /// With these words beside what is underlined.
    #[must_use]
    pub fn label(mut self, label: &str) -> Self {
        self.at.label = tidy(label);
        self
    }

    /// With a suggestion.
    #[must_use]
    pub fn help(mut self, help: &str) -> Self {
        self.help.push(tidy(help));
        self
    }

    /// With another place.
    #[must_use]
    pub fn also(mut self, file: &Arc<SourceFile>, span: Span, label: &str) -> Self {
        self.also.push(Place { file: Arc::clone(file), span: span.within(file.text()), label: tidy(label) });
        self
    }

    /// As plain data, for `-o json` and editors.
    pub fn to_record(&self) -> Record {
        let place = |p: &Place| {
            let start = p.file.line_column(p.span.start);
            let end = p.file.line_column(p.span.end);
            Position {
                file: tidy(p.file.name()),
                line: start.line,
                column: start.column,
                end_line: end.line,
                end_column: end.column,
                label: p.label.clone(),
            }
        };
        Record {
            code: self.code,
            severity: self.level,
            message: self.message.clone(),
            at: place(&self.at),
            also: self.also.iter().map(place).collect(),
            help: self.help.clone(),
        }
    }

    /// As text for a person, with the lines it is about.
    pub fn render(&self, color: bool) -> String {
        render::render(self, color)
    }

    fn sort_key(&self) -> (&str, Span, Level, &str, &str) {
        (self.at.file.name(), self.at.span, self.level, self.code, &self.message)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// A [`Problem`] as plain data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// A stable code.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Level,
    /// What is wrong.
    pub message: String,
    /// Where.
    #[serde(flatten)]
    pub at: Position,
    /// Other places it has to do with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Position>,
    /// What would be right.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub help: Vec<String>,
}

/// A place as plain data. Lines and columns count from one, columns in characters; the end is the
/// place after the last character.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// The file's name.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// The line of the end.
    pub end_line: usize,
    /// The column of the end.
    pub end_column: usize,
    /// What is to be seen there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
}

/// What is wrong in authored text: at least one problem, in order of file and place.
#[derive(Clone, Debug)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// These problems in order, each once; nothing when there are none.
    pub fn new(mut problems: Vec<Problem>) -> Option<Self> {
        problems.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        problems.dedup_by(|a, b| a.sort_key() == b.sort_key());
        (!problems.is_empty()).then_some(Self(problems))
    }

    /// One problem.
    pub(crate) fn of(problem: Problem) -> Self {
        Self(vec![problem])
    }

    /// The problems, in order of file and place.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// As text for a person: every problem with the lines it is about.
    pub fn render(&self, color: bool) -> String {
        let mut out = String::new();
        for problem in &self.0 {
            out.push_str(&problem.render(color));
            out.push('\n');
        }
        out
    }

    /// As plain data.
    pub fn to_records(&self) -> Vec<Record> {
        self.0.iter().map(Problem::to_record).collect()
    }

    /// As a log of SARIF 2.1.0, by a tool of this version; `describe` says what a code means. Without
    /// problems it is a log of a run that found none.
    pub fn sarif(these: Option<&Self>, version: &str, describe: &dyn Fn(&str) -> Option<String>) -> serde_json::Value {
        sarif::sarif(these.map_or(&[], |these| &these.0), version, describe)
    }

    /// How many of them are errors.
    pub fn errors(&self) -> usize {
        self.0.iter().filter(|problem| problem.level == Level::Error).count()
    }

    /// The problems, taken out.
    pub fn into_vec(self) -> Vec<Problem> {
        self.0
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Problems {}

/// Text in one bounded line that no terminal obeys: control characters and those that turn the
/// direction of writing are spelled out.
pub(crate) fn tidy(text: &str) -> String {
    let mut out = String::new();
    for (n, c) in text.chars().enumerate() {
        if n >= MAX_TEXT {
            out.push('\u{2026}');
            break;
        }
        if c.is_control() || is_direction(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether it changes the direction of writing, so that text is shown in another order than it is read.
pub(crate) fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
