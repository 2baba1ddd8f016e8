//! A file with the slips in its structure taken out, so that what else is wrong with it is told at the same time.
//!
//! A misspelt key gets the name that was meant; what cannot be read is blanked out together with as little around it as
//! may be left out: an item of a list, or a name with what it stands for.

use super::yaml::{Content, Key, Node};
use crate::problem::{Level, Problem};
use crate::span::{SourceFile, Span};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// Lists that may be empty.
const MAY_BE_EMPTY: &[&str] =
    &["uses", "waiting", "chain", "related", "remedies", "instead_of", "sources", "reason", "about"];
/// Maps of the author's names.
const NAMES: &[&str] = &["evidence", "let", "messages"];

/// What is left of a file.
#[derive(Debug)]
pub(super) struct Mended {
    /// Its text.
    pub(super) text: String,
    /// What stands there now in the place of what: in order, and none within another.
    edits: Vec<(Range<usize>, String)>,
    /// Names that are no longer defined.
    lost: BTreeSet<String>,
}

/// Takes out what these problems are about; nothing when one of them is about the file as a whole.
pub(super) fn mend(file: &Arc<SourceFile>, root: &Node, problems: &[Problem]) -> Option<Mended> {
    let mut mended = Mended { text: String::new(), edits: Vec::new(), lost: BTreeSet::new() };
    for problem in problems.iter().filter(|problem| problem.level == Level::Error) {
        let mut way = Vec::new();
        if !find(root, problem, &mut way) {
            return None;
        }
        mended.take_out(file, problem, &way)?;
    }
    mended.edits.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    mended.edits.retain(|(range, _)| {
        let outside = range.start >= end;
        end = end.max(range.end);
        outside
    });
    let mut at = 0;
    for (range, put) in &mended.edits {
        mended.text.push_str(file.text().get(at..range.start)?);
        mended.text.push_str(put);
        at = range.end;
    }
    mended.text.push_str(file.text().get(at..)?);
    Some(mended)
}

impl Mended {
    /// The place in the file itself of a place in the mended text.
    pub(super) fn original(&self, span: Span) -> Span {
        Span::new(self.offset(span.start), self.offset(span.end))
    }

    fn offset(&self, at: usize) -> usize {
        let (mut before, mut after) = (0, 0);
        for (range, put) in &self.edits {
            let start = after + (range.start - before);
            if at < start {
                break;
            }
            if at < start + put.len() {
                return range.start + (at - start).min(range.len());
            }
            (before, after) = (range.end, start + put.len());
        }
        before + at.saturating_sub(after)
    }

    /// Whether a problem of the mended text is one of the file itself, and not one of what was taken out.
    pub(super) fn is_true(&self, problem: &Problem) -> bool {
        let word = problem.at.file.slice(problem.at.span);
        let left_out = problem.code == "unknown-name" && self.lost.contains(word);
        problem.level == Level::Error && !left_out && !matches!(problem.code, "unknown-cause" | "unknown-library")
    }

    fn take_out(&mut self, file: &Arc<SourceFile>, problem: &Problem, way: &[Step<'_>]) -> Option<()> {
        if let (Some(meant), "unknown-field") = (&problem.meant, problem.code) {
            self.edits.push((problem.at.span.range(), meant.clone()));
            return Some(());
        }
        let is_key = matches!(problem.code, "unknown-field" | "duplicate-key");
        let last = way.len().checked_sub(1)?;
        let steps = way.iter().enumerate().rev();
        let (_, step) = steps.into_iter().find(|(n, step)| (is_key && *n == last) || step.may_go(*n))?;
        if let (Some(key), true) = (step.key, step.of.is_some_and(|of| NAMES.contains(&of))) {
            self.lost.insert(key.text.clone());
        }
        let range = step.extent(file.text());
        let blank =
            file.text().get(range.clone())?.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
        self.edits.push((range, blank));
        Some(())
    }
}

/// An item of a list, or an entry of a map, on the way to a problem.
struct Step<'a> {
    parent: &'a Node,
    /// The key under which the parent stands.
    of: Option<&'a str>,
    key: Option<&'a Key>,
    node: &'a Node,
}

impl Step<'_> {
    /// Whether it may be left out; `depth` is how many steps lead to it.
    fn may_go(&self, depth: usize) -> bool {
        let of = self.of.unwrap_or_default();
        match (&self.parent.content, self.key) {
            (Content::List(items), _) => items.len() > 1 || MAY_BE_EMPTY.contains(&of),
            (_, Some(key)) if depth == 0 => {
                MAY_BE_EMPTY.contains(&key.text.as_str()) || NAMES.contains(&key.text.as_str())
            }
            _ => depth == 1 && NAMES.contains(&of),
        }
    }

    /// Its bytes, with the sign that sets it apart from its neighbours.
    fn extent(&self, text: &str) -> Range<usize> {
        let (start, end) = (self.key.map_or(self.node.span.start, |key| key.span.start), self.node.end);
        if self.parent.flow {
            let rest = text.get(end..).unwrap_or_default();
            let gap = rest.len() - rest.trim_start().len();
            if rest.trim_start().starts_with(',') {
                return start..end + gap + 1;
            }
            let before = text.get(..start).unwrap_or_default().trim_end();
            return before.len() - usize::from(before.ends_with(','))..end;
        }
        let dash = || text.get(..start).and_then(|before| before.rfind('-')).unwrap_or(start);
        if self.key.is_some() { start..end } else { dash()..end }
    }
}

/// Finds what a problem is about: the innermost value, or the key, that stands at its place.
fn find<'a>(root: &'a Node, problem: &Problem, way: &mut Vec<Step<'a>>) -> bool {
    within(root, None, problem, way)
}

fn within<'a>(node: &'a Node, of: Option<&'a str>, problem: &Problem, way: &mut Vec<Step<'a>>) -> bool {
    let at = problem.at.span;
    let wants_key = matches!(problem.code, "unknown-field" | "duplicate-key");
    let mut steps: Vec<Step<'a>> = Vec::new();
    match &node.content {
        Content::List(items) => {
            steps.extend(items.iter().map(|item| Step { parent: node, of, key: None, node: item }));
        }
        Content::Map(entries) => {
            let entries = entries.iter().chain(&node.doubled);
            steps.extend(entries.map(|(key, value)| Step { parent: node, of, key: Some(key), node: value }));
        }
        _ => {}
    }
    for step in steps {
        let (start, end) = (step.key.map_or(step.node.span.start, |key| key.span.start), step.node.end);
        if at.start < start || at.start > end {
            continue;
        }
        let (key, value) = (step.key, step.node);
        way.push(step);
        let is_this = if wants_key { key.is_some_and(|key| key.span == at) } else { value.span == at };
        if within(value, key.map(|key| key.text.as_str()), problem, way) || is_this {
            return true;
        }
        way.pop();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::lint;

    fn found(text: &str) -> Vec<String> {
        let problems = lint(&[("own.yaml".to_owned(), text.to_owned())]).unwrap();
        let line = |p: &Problem| p.at.file.line_column(p.at.span.start).line;
        problems.iter().map(|p| format!("{}:{}:{}", line(p), p.code, p.at.file.slice(p.at.span))).collect()
    }

    const SOUND: &str = "apiVersion: storage-doctor.io/v1alpha1\nkind: Playbook\nname: own\ntitle: t\nsubject: PersistentVolumeClaim\n\
        symptom: claim.status.phase == 'Pending'\nevidence:\n  events: {events: {of: claim}}\n  pods: {list: {resource: pods}}\n\
        let:\n  few: size(pods) < 3\n  many: '!few'\nmessages:\n  full:\n    in: events\n    patterns: [{regex: '^full (?P<n>\\d+)$', example: full 1}]\n\
        causes:\n  - id: own-one\n    proofs: [{when: few, confidence: certain, cites: [{field: claim.status.phase}]}]\n    summary: s\n    explanation: e\n    sources: [s]\n  \
        - id: own-two\n    proofs:\n      - {when: many && full.n == '1', confidence: likely, cites: [{message: full}]}\n    summary: s\n    explanation: e\n    \
        remedies: [{text: look, risk: look}]\n    sources: [s]\n";

    #[test]
    fn slips_of_every_kind_are_told_at_once() {
        assert!(lint(&[("own.yaml".to_owned(), SOUND.to_owned())]).is_none());
        let text = SOUND
            .replace("title: t\n", "titel: t\n")
            .replace("kind: Playbook\n", "kind: Playbook\nkind: Playbook\n")
            .replace("size(pods) < 3", "size(pods < 3")
            .replace("'!few'", "'!fwe'")
            .replace("(?P<n>\\d+)$", "(?P<n>\\d+$")
            .replace("id: own-one\n    proofs: [{when: few", "id: own-one\n    proofs: [{when: [few]")
            .replace("text: look, risk: look", "text: look, risk: lok");
        let told = found(&text);
        for due in [
            "3:duplicate-key:kind",
            "5:unknown-field:titel",
            "12:unclosed-bracket:(",
            "13:unknown-name:fwe",
            "17:bad-regex:(",
            "20:wrong-type:[",
            "29:unknown-value:lok",
        ] {
            assert!(told.iter().any(|told| told == due), "no {due} in {told:#?}");
        }
        assert_eq!(told.len(), 7, "and nothing that is not so: {told:#?}");
    }

    #[test]
    fn what_is_taken_out_is_not_missed() {
        for (was, is, due) in [
            ("pods: {list: {resource: pods}}", "pods: {list: 7}", vec!["9:wrong-type:7"]),
            ("few: size(pods) < 3", "few: [size(pods)]", vec!["11:wrong-type:["]),
            (
                "  - id: own-one\n",
                "  - idd: own-one\n    bad: 1\n",
                vec!["18:unknown-field:idd", "19:unknown-field:bad"],
            ),
            ("confidence: likely, ", "confidence: likely, bad: 1, ", vec!["25:unknown-field:bad"]),
            ("[{message: full}]", "[{message: fall, bad: 1}]", vec!["25:wrong-name:fall", "25:unknown-field:bad"]),
        ] {
            let text = SOUND.replace(was, is);
            assert_ne!(text, SOUND, "{was}");
            assert_eq!(found(&text), due, "{is}");
        }
        // Where the whole is not right there is nothing to go on with.
        assert_eq!(
            found(
                &SOUND.replace("symptom: claim.status.phase == 'Pending'", "symptom: [x]").replace("'!few'", "'!fwe'")
            )
            .len(),
            1
        );
    }
}
