//! From a file to cases whose names all mean something. All that is wrong in a file comes at once.

mod build;
mod node;

use super::cluster::World;
use super::names::Resources;
use super::raw::RawCases;
use crate::check::nearest;
use crate::playbook::{Confidence, Playbook};
use crate::problem::{Problem, Problems};
use crate::report::v1::Verdict;
use crate::span::{SourceFile, Sp, Span};
use crate::subject::Subject;
use crate::time::Time;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What time it is in a file that does not say.
const NOW: &str = "2026-11-20T10:00:00Z";

/// A file of cases.
#[derive(Debug)]
pub(super) struct CaseFile {
    pub(super) name: String,
    pub(super) playbook: String,
    pub(super) cases: Vec<Case>,
}

/// A case.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) subject: Subject,
    pub(super) world: World,
    pub(super) now: Time,
    pub(super) unrecorded: BTreeSet<String>,
    pub(super) expected: Expected,
    pub(super) without: Vec<Variant>,
}

/// The cluster of a case seen with less.
#[derive(Debug)]
pub(super) struct Variant {
    pub(super) deny: BTreeSet<String>,
    pub(super) unrecorded: BTreeSet<String>,
    pub(super) expected: Expected,
}

/// What must be found, and what must not.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) line: usize,
    pub(super) verdict: Verdict,
    pub(super) finds: Vec<String>,
    pub(super) confidence: Option<Confidence>,
    pub(super) echoes: Vec<String>,
    pub(super) not: Vec<String>,
    pub(super) waiting: Vec<String>,
    pub(super) says: Vec<Regex>,
    pub(super) needs: Vec<Regex>,
}

/// The names that cases may use.
#[derive(Debug)]
pub(super) struct Known {
    playbooks: BTreeSet<String>,
    causes: BTreeSet<String>,
    states: BTreeSet<String>,
    resources: Resources,
}

impl Known {
    /// Those of these playbooks.
    pub(super) fn new(playbooks: &[Playbook]) -> Self {
        let causes = playbooks.iter().flat_map(|p| p.causes.iter().map(|cause| cause.id.clone()));
        let states = playbooks.iter().flat_map(|p| p.waiting.iter().map(|state| state.id.clone()));
        Self {
            playbooks: playbooks.iter().map(|p| p.name.clone()).collect(),
            causes: causes.collect(),
            states: states.collect(),
            resources: Resources::new(playbooks),
        }
    }
}

/// Reads a file of cases.
pub(super) fn load(name: &str, text: &str, known: &Known) -> Result<CaseFile, Problems> {
    let file = SourceFile::new(name, text);
    let raw: RawCases = crate::playbook::read(&file, "this file of cases")?;
    let mut reader = Reader { file: &file, known, resources: known.resources.clone(), problems: Vec::new() };
    let loaded = reader.file(&raw);
    match Problems::new(reader.problems) {
        None => Ok(loaded),
        Some(problems) => Err(problems),
    }
}

/// Turns what was written into cases, and notes what is wrong on the way.
struct Reader<'a> {
    file: &'a Arc<SourceFile>,
    known: &'a Known,
    resources: Resources,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn error(&mut self, code: &'static str, span: Span, message: &str) {
        self.problems.push(Problem::error(code, self.file, span, message));
    }

    fn line(&self, span: Span) -> usize {
        self.file.line_column(span.start).line
    }

    fn file(&mut self, raw: &RawCases) -> CaseFile {
        self.check_named(std::slice::from_ref(&raw.playbook), "playbook", |known| &known.playbooks);
        let now = self.now(raw.now.as_ref());
        let shared = self.objects(&raw.objects, now);
        let mut names: BTreeSet<&str> = BTreeSet::new();
        let mut cases = Vec::new();
        for case in &raw.cases {
            if !names.insert(case.name.value()) {
                self.error("duplicate-case", case.name.span(), "a case of this name stands above");
            }
            cases.extend(self.case(case, &shared, now));
        }
        CaseFile { name: self.file.name().to_owned(), playbook: raw.playbook.value().clone(), cases }
    }

    fn now(&mut self, raw: Option<&Sp<String>>) -> Time {
        let given = raw.map_or(Ok(None), |text| Time::parse(text).map(Some).map_err(|error| (text.span(), error)));
        match given {
            Ok(Some(now)) => return now,
            Ok(None) => {}
            Err((span, error)) => self.error("bad-time", span, &error.to_string()),
        }
        Time::parse(NOW).unwrap_or(Time::from_unix_seconds(0))
    }

    /// Notes names that no playbook has.
    fn check_named(&mut self, names: &[Sp<String>], what: &str, of: impl Fn(&Known) -> &BTreeSet<String>) {
        for name in names.iter().filter(|name| !of(self.known).contains(name.value())) {
            let near = nearest(name, of(self.known).iter().map(String::as_str));
            let hint = near.first().map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
            let message = format!("unknown {what} `{}`{hint}", name.value());
            self.error("unknown-name", name.span(), &message);
        }
    }
}
