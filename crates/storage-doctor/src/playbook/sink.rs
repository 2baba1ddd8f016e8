//! Where problems gather while files are loaded.

use crate::problem::{Level, Problem};
use crate::span::SourceFile;

/// The most problems kept of one file: a hostile file has as many as it likes.
const MAX_PER_FILE: usize = 100;

/// Problems found so far.
#[derive(Debug, Default)]
pub(super) struct Sink {
    problems: Vec<Problem>,
    file: Option<(String, usize)>,
}

impl Sink {
    /// Keeps a problem, unless its file has had its share.
    pub(super) fn push(&mut self, problem: Problem) {
        let name = problem.at.file.name();
        let seen = match &mut self.file {
            Some((file, seen)) if file == name => {
                *seen += 1;
                *seen
            }
            _ => {
                let seen = self.problems.iter().filter(|p| p.at.file.name() == name).count() + 1;
                self.file = Some((name.to_owned(), seen));
                seen
            }
        };
        if seen <= MAX_PER_FILE {
            self.problems.push(problem);
        } else if seen == MAX_PER_FILE + 1 {
            let Problem { at, .. } = problem;
            let message = format!("more than {MAX_PER_FILE} problems in this file; the rest is not shown");
            self.problems.push(Problem::error("too-many-problems", &at.file, at.span, &message));
        }
    }

    /// Whether no more problems of this file are kept.
    pub(super) fn is_full(&self, file: &SourceFile) -> bool {
        self.file.as_ref().is_some_and(|(name, seen)| name == file.name() && *seen > MAX_PER_FILE)
    }

    /// How many problems keep the files from being loaded.
    pub(super) fn errors(&self) -> usize {
        self.problems.iter().filter(|p| p.level == Level::Error).count()
    }

    /// Whether one like this was found.
    pub(super) fn has(&self, like: impl Fn(&Problem) -> bool) -> bool {
        self.problems.iter().any(like)
    }

    /// Everything found.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}

/// The end of a message about an unknown word, if what was meant can be guessed.
pub(super) fn did_you_mean(meant: Option<&&str>) -> String {
    meant.map(|m| format!(", did you mean `{m}`?")).unwrap_or_default()
}
