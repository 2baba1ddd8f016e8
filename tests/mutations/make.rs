//! Slips that an author makes.

use super::places::{Place, What, places};
use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

/// A text with one slip in it.
#[derive(Debug)]
pub(crate) struct Mutation {
    pub(crate) kind: &'static str,
    pub(crate) what: String,
    pub(crate) text: String,
    /// The lines that were changed.
    pub(crate) lines: RangeInclusive<usize>,
}

/// Keys below which names are the author's, and maps whose keys are the cluster's.
const OPEN: &[&str] = &[
    "labels",
    "annotations",
    "parameters",
    "volumeAttributes",
    "matchLabels",
    "capacity",
    "allocatedResources",
    "allocatedResourceStatuses",
    "requests",
    "selector",
];
/// Words of the language, and fields that every value of the kind may lack.
const WORDS: &[&str] = &["true", "false", "null", "in", "r"];

/// Every slip of every kind in a text.
pub(crate) fn mutations(text: &str) -> Vec<Mutation> {
    let mut made = Maker { text, made: Vec::new() };
    for place in places(text) {
        match place.what {
            What::Key { flow } => made.key(&place, flow),
            _ => made.value(&place),
        }
    }
    made.made
}

struct Maker<'a> {
    text: &'a str,
    made: Vec<Mutation>,
}

/// What a text is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Expression,
    Template,
    Pattern,
    Name,
    Other,
}

fn purpose(path: &[String]) -> Use {
    let keys: Vec<&str> = path.iter().map(String::as_str).collect();
    match keys.as_slice() {
        ["evidence", _, kind, "name" | "namespace" | "of"] if ["object", "list", "events", "logs"].contains(kind) => {
            Use::Expression
        }
        ["symptom"]
        | ["let", _]
        | ["messages", _, "in"]
        | ["evidence", _, "logs", "about", "[]"]
        | [.., "when" | "since" | "each" | "field" | "message" | "absent" | "names"]
        | [.., "root", "name"]
        | ["chain", "[]", "name"] => Use::Expression,
        [.., "summary" | "explanation" | "quote" | "source" | "text" | "command"]
        | ["chain", "[]", _]
        | [.., "root", _] => Use::Template,
        [.., "regex" | "component"] => Use::Pattern,
        ["apiVersion" | "kind" | "name" | "subject"]
        | ["uses", "[]"]
        | [.., "resource" | "confidence" | "risk" | "role" | "severity" | "subject"]
        | ["messages", _, "type"]
        | [.., "resource", "fields", "[]"]
        | [.., "instead_of", "[]"] => Use::Name,
        _ => Use::Other,
    }
}

impl Maker<'_> {
    fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    fn push(&mut self, kind: &'static str, at: Range<usize>, put: &str, lines: RangeInclusive<usize>) {
        let what = format!("`{}` becomes `{put}`", self.text[at.clone()].chars().take(60).collect::<String>());
        let text = format!("{}{put}{}", &self.text[..at.start], &self.text[at.end..]);
        self.made.push(Mutation { kind, what, text, lines });
    }

    fn key(&mut self, place: &Place, flow: bool) {
        let key = self.text[place.at.clone()].to_owned();
        let line = self.line(place.at.start);
        self.push("key renamed", place.at.clone(), &misspelt(&key), line..=line);
        if flow {
            self.push("key doubled", place.at.start..place.at.start, &format!("{key}: 'x', "), line..=line);
        } else {
            let column = place.at.start - self.text[..place.at.start].rfind('\n').map_or(0, |at| at + 1);
            let put = format!("{key}: 'x'\n{}", " ".repeat(column));
            self.push("key doubled", place.at.start..place.at.start, &put, line..=line + 1);
        }
    }

    fn value(&mut self, place: &Place) {
        let lines = self.line(place.at.start)..=self.line(place.at.end.saturating_sub(1).max(place.at.start));
        self.type_changed(place, lines.clone());
        if place.what == What::Container {
            return;
        }
        let text = self.text[place.at.clone()].to_owned();
        match purpose(&place.path) {
            Use::Expression => self.expression(place, &text, &(0..text.len()), lines),
            Use::Template => {
                for hole in holes(&text) {
                    self.expression(place, &text, &hole, lines.clone());
                }
            }
            Use::Pattern => self.pattern(place, &text, lines),
            Use::Name => self.push("name misspelt", place.at.clone(), &misspelt(&text), lines),
            Use::Other => {}
        }
    }

    fn type_changed(&mut self, place: &Place, lines: RangeInclusive<usize>) {
        let is_truth = ["true", "false"].contains(&&self.text[place.at.clone()]);
        let others: &[&str] = match place.what {
            What::Container => &["7", "'x'", "true"],
            _ if is_truth => &["['x']", "{x: 'x'}", "'maybe'", "7"],
            What::Block => &[],
            _ => &["['x']", "{x: 'x'}", "7", "true"],
        };
        for other in others {
            // A resource may be given as a map.
            if *other == "{x: 'x'}"
                && place.path.last().is_some_and(|key| key == "resource")
                && lines.clone().count() > 1
            {
                continue;
            }
            self.push("type changed", place.at.clone(), other, lines.clone());
        }
    }

    /// Brackets and names of an expression.
    fn expression(&mut self, place: &Place, text: &str, part: &Range<usize>, lines: RangeInclusive<usize>) {
        let offset = place.at.start;
        let mut before = String::new();
        let mut maps: BTreeSet<usize> = BTreeSet::new();
        for token in tokens(text, part, place.what) {
            let word = &text[token.clone()];
            let at = offset + token.start..offset + token.end;
            if word == "(" || word == ")" {
                self.push("parenthesis dropped", at, "", lines.clone());
            } else if word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
                let open =
                    before.ends_with('.') && OPEN.iter().any(|open| before.trim_end_matches('.').ends_with(open));
                if !WORDS.contains(&word) && !open {
                    self.push("name misspelt", at, &misspelt(word), lines.clone());
                }
            }
            maps.insert(token.start);
            if word != "." && !before.ends_with('.') {
                before.clear();
            }
            before.push_str(word);
        }
    }

    fn pattern(&mut self, place: &Place, text: &str, lines: RangeInclusive<usize>) {
        let quoted = usize::from(matches!(place.what, What::Single | What::Double));
        let (start, end) = (place.at.start + quoted, place.at.end - quoted);
        self.push("regex broken", start..start, "(", lines.clone());
        self.push("regex broken", end..end, ")", lines.clone());
        self.push("regex broken", end..end, "(?P<x", lines.clone());
        let (mut class, mut escaped) = (false, false);
        for (at, c) in text.char_indices() {
            if std::mem::take(&mut escaped) {
                continue;
            }
            match c {
                '\\' => escaped = true,
                '[' => class = true,
                ']' => class = false,
                '(' | ')' if !class => {
                    let at = place.at.start + at;
                    self.push("parenthesis dropped", at..at + 1, "", lines.clone());
                }
                _ => {}
            }
        }
    }
}

/// The word with the letter in its middle replaced.
fn misspelt(word: &str) -> String {
    let middle = word.char_indices().nth(word.chars().count() / 2).map_or(0, |(at, _)| at);
    let letter = if word[middle..].starts_with('q') { 'z' } else { 'q' };
    let rest = word[middle..].chars().next().map_or(0, char::len_utf8);
    format!("{}{letter}{}", &word[..middle], &word[middle + rest..])
}

/// What stands between `{{` and `}}`.
fn holes(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find("{{").map(|at| from + at + 2) {
        let Some(close) = text[open..].find("}}").map(|at| open + at) else { break };
        found.push(open..close);
        from = close + 2;
    }
    found
}

/// Words and signs outside of texts; `what` says in which quotes the whole stands.
fn tokens(text: &str, part: &Range<usize>, what: What) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = part.start;
    let mut end = part.end;
    if part.start == 0 && matches!(what, What::Single | What::Double) {
        (at, end) = (1, end - 1);
    }
    let mut found = Vec::new();
    while at < end {
        let c = bytes[at] as char;
        let quote = match (c, what) {
            // In single quotes a quote is written twice; in double quotes with a backslash.
            ('\'', What::Single) => Some("''"),
            ('\\', What::Double) => Some("\\\""),
            ('\'', _) => Some("'"),
            ('"', _) => Some("\""),
            _ => None,
        };
        if let Some(quote) = quote {
            let from = at + quote.len();
            // A quote behind a backslash is one of the text's own.
            let ends = text[from..end].match_indices(quote).map(|(found, _)| from + found);
            at = ends.into_iter().find(|at| bytes[at - 1] != b'\\').map_or(end, |at| at + quote.len());
        } else if c.is_ascii_alphanumeric() || c == '_' {
            let length = text[at..end].find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(end - at);
            found.push(at..at + length);
            at += length;
        } else {
            let length = text[at..].chars().next().map_or(1, char::len_utf8);
            if length == 1 && !c.is_ascii_whitespace() {
                found.push(at..at + 1);
            }
            at += length;
        }
    }
    found
}
