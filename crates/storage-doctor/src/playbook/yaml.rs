//! A YAML document as a tree with the place of every key and value. Refuses what a playbook has no use
//! for and an attacker has: anchors and aliases, tags, several documents, control characters, excess.

use super::sink::Sink;
use crate::problem::{Problem, is_direction};
use crate::span::{SourceFile, Span};
use serde_saphyr::granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StrInput};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The largest file, in bytes.
pub(super) const MAX_BYTES: usize = 1 << 20;
/// The deepest nesting.
pub(super) const MAX_DEPTH: usize = 32;
/// The most scalars, maps and lists of a file.
pub(super) const MAX_NODES: usize = 50_000;

/// A value and where it stands. A map or list that is not in brackets stands at its first key or item.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) span: Span,
    /// Where it ends, with the bracket that closes it.
    pub(super) end: usize,
    /// Whether it is a map or list in brackets.
    pub(super) flow: bool,
    pub(super) content: Content,
    /// Of a map: the entries whose keys stand there already.
    pub(super) doubled: Vec<(Key, Node)>,
}

/// What a [`Node`] holds.
#[derive(Debug)]
pub(super) enum Content {
    /// Nothing: an empty value, `~` or `null`.
    Null,
    /// A text, number or truth value; `plain` when it was not quoted.
    Scalar { text: String, plain: bool },
    /// A list.
    List(Vec<Node>),
    /// A map, in the author's order, without the second of two equal keys.
    Map(Vec<(Key, Node)>),
}

/// The key of a map.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) text: String,
    pub(super) span: Span,
}

/// The tree of a file; nothing when it is no YAML or goes past a limit, with the problem in `sink`.
pub(super) fn parse(file: &Arc<SourceFile>, sink: &mut Sink) -> Option<Node> {
    let found = check_text(file).and_then(|()| Reader::new(file, sink).document());
    found.map_err(|problem| sink.push(*problem)).ok()
}

type Refusal = Box<Problem>;

fn refuse(code: &'static str, file: &Arc<SourceFile>, span: Span, message: &str) -> Refusal {
    Box::new(Problem::error(code, file, span, message))
}

/// Refuses a file for its size or its characters, before any of it is parsed.
fn check_text(file: &Arc<SourceFile>) -> Result<(), Refusal> {
    let text = file.text();
    if text.len() > MAX_BYTES {
        let message = format!("the file has {} bytes, more than the {MAX_BYTES} allowed", text.len());
        return Err(refuse("too-large", file, Span::default(), &message));
    }
    for (at, c) in text.char_indices() {
        let span = Span::new(at, at + c.len_utf8());
        let line_feed_follows = || text.get(at + 1..).is_some_and(|t| t.starts_with('\n'));
        match c {
            '\t' | '\n' => {}
            '\r' if line_feed_follows() => {}
            '\u{feff}' if at == 0 => {}
            '\0' => {
                let found = refuse("control-character", file, span, "a NUL byte: this is not a text file");
                return Err(found);
            }
            c if c.is_control() || is_direction(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let message = format!("the control character U+{:04X}", u32::from(c));
                let help = "write it as an escape in double quotes, if it is meant";
                return Err(Box::new(Problem::error("control-character", file, span, &message).help(help)));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Turns the parser's events into a tree.
struct Reader<'a, 'p> {
    file: &'a Arc<SourceFile>,
    sink: &'p mut Sink,
    parser: Parser<'a, StrInput<'a>>,
    nodes: usize,
}

impl<'a, 'p> Reader<'a, 'p> {
    fn new(file: &'a Arc<SourceFile>, sink: &'p mut Sink) -> Self {
        Self { file, sink, parser: Parser::new_from_str(file.text()), nodes: 0 }
    }

    fn refuse(&self, code: &'static str, span: Span, message: &str) -> Refusal {
        refuse(code, self.file, span, message)
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Refusal> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                let range = span.byte_range().unwrap_or_default();
                Ok((event, Span::new(range.start, range.end)))
            }
            Some(Err(error)) => Err(self.syntax(&error)),
            None => {
                let end = self.file.text().len();
                Err(self.refuse("yaml-syntax", Span::new(end, end), "the file ends too early"))
            }
        }
    }

    /// The one document of the file.
    fn document(mut self) -> Result<Node, Refusal> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(..) if root.is_some() => {
                    let message = "a second document: a file holds one playbook or library";
                    return Err(Box::new(
                        Problem::error("several-documents", self.file, span, message)
                            .help("put it in a file of its own"),
                    ));
                }
                event if is_value(&event) => root = Some(self.node(event, span, 0)?),
                _ => {}
            }
        }
        let empty = "the file is empty: it holds no playbook and no library";
        root.ok_or_else(|| self.refuse("empty-file", Span::default(), empty))
    }

    /// The next event within a value; comments, which only some builds of the parser give, are skipped.
    fn next_node(&mut self) -> Result<(Event<'a>, Span), Refusal> {
        loop {
            let (event, span) = self.next()?;
            if is_value(&event) || matches!(event, Event::SequenceEnd | Event::MappingEnd) {
                return Ok((event, span));
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Refusal> {
        self.check_limits(&event, span, depth)?;
        match event {
            Event::Scalar(text, style, ..) => Ok(scalar(&text, style, self.trim(span, style))),
            Event::SequenceStart(..) => self.list(span, depth),
            Event::MappingStart(..) => self.map(span, depth),
            _ => Err(self.refuse("yaml-syntax", span, "this is not a value")),
        }
    }

    /// The lines of a block text run into the indentation of what follows.
    fn trim(&self, span: Span, style: ScalarStyle) -> Span {
        if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return span;
        }
        Span::new(span.start, span.start + self.file.slice(span).trim_end().len())
    }

    fn check_limits(&mut self, event: &Event<'a>, span: Span, depth: usize) -> Result<(), Refusal> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let message = format!("more than {MAX_NODES} values in one file");
            return Err(self.refuse("too-many-values", span, &message));
        }
        if depth >= MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} deep");
            return Err(self.refuse("too-deep", span, &message));
        }
        if event.anchor_id().is_some() || event.is_alias() {
            let help = "write the value out, or give it a name under `let`";
            let message = "anchors and aliases are not allowed";
            return Err(Box::new(Problem::error("anchor", self.file, span, message).help(help)));
        }
        if let Some(tag) = event.tag() {
            let message = format!("tags are not allowed: {}", tag.original());
            return Err(self.refuse("tag", span, &message));
        }
        Ok(())
    }

    fn list(&mut self, span: Span, depth: usize) -> Result<Node, Refusal> {
        let mut items: Vec<Node> = Vec::new();
        let closed = loop {
            let (event, at) = self.next_node()?;
            if matches!(event, Event::SequenceEnd) {
                break at.end;
            }
            items.push(self.node(event, at, depth + 1)?);
        };
        let (first, last) = (items.first().map(|n| n.span), items.last().map(|n| n.end));
        Ok(container(span, first, (last, closed), Content::List(items)))
    }

    fn map(&mut self, span: Span, depth: usize) -> Result<Node, Refusal> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let mut doubled = Vec::new();
        let closed = loop {
            let (event, at) = self.next_node()?;
            if matches!(event, Event::MappingEnd) {
                break at.end;
            }
            self.check_limits(&event, at, depth)?;
            let Event::Scalar(text, ..) = event else {
                return Err(self.refuse("wrong-type", at, "a key has to be a text"));
            };
            let key = Key { text: text.into_owned(), span: at };
            let (event, value_at) = self.next_node()?;
            let value = self.node(event, value_at, depth + 1)?;
            if let Some(first) = seen.get(&key.text) {
                let message = format!("the key `{}` stands here twice", key.text);
                let problem = Problem::error("duplicate-key", self.file, at, &message).label("the second");
                self.sink.push(problem.also(self.file, *first, "the first"));
                doubled.push((key, value));
                continue;
            }
            seen.insert(key.text.clone(), key.span);
            entries.push((key, value));
        };
        let first = entries.first().map(|(k, _)| k.span);
        let last = entries.iter().chain(&doubled).map(|(_, value)| value.end).max();
        Ok(Node { doubled, ..container(span, first, (last, closed), Content::Map(entries)) })
    }

    /// The parser's complaint, with what an author would do about it.
    fn syntax(&self, error: &ScanError) -> Refusal {
        let at = error.marker().byte_offset().unwrap_or_default();
        let text = self.file.text();
        let line_start = text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1);
        let indent = text.get(line_start..).unwrap_or_default();
        let tab = indent.find(|c: char| c != ' ').filter(|i| indent.get(*i..).is_some_and(|t| t.starts_with('\t')));
        if let Some(tab) = tab {
            let span = Span::new(line_start + tab, line_start + tab + 1);
            let problem = Problem::error("tab", self.file, span, "a tab in the indentation");
            return Box::new(problem.help("indent with spaces"));
        }
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            return self.refuse("too-deep", Span::new(at, at + 1), &format!("nested more than {MAX_DEPTH} deep"));
        }
        let next = text.get(at..).and_then(|t| t.chars().next()).filter(|c| !c.is_control());
        let span = Span::new(at, at + next.map_or(0, char::len_utf8));
        let message = format!("not valid YAML: {}", error.info());
        let mut problem = Problem::error("yaml-syntax", self.file, span, &message);
        if text.get(line_start..at).is_some_and(|line| line.contains(": ")) && next == Some(':') {
            problem = problem.help("put a text that holds `: ` in quotes");
        }
        Box::new(problem)
    }
}

fn is_value(event: &Event<'_>) -> bool {
    matches!(event, Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) | Event::Alias(..))
}

/// A container in brackets stands at its bracket, another at its first key or item.
fn head(span: Span, first: Option<Span>) -> Span {
    if span.end > span.start { span } else { first.unwrap_or(span) }
}

fn container(span: Span, first: Option<Span>, (last, closed): (Option<usize>, usize), content: Content) -> Node {
    let flow = span.end > span.start;
    let end = if flow { closed } else { last.unwrap_or(span.end) };
    Node { span: head(span, first), end, flow, content, doubled: Vec::new() }
}

fn scalar(text: &str, style: ScalarStyle, span: Span) -> Node {
    let plain = style == ScalarStyle::Plain;
    let content = if plain && matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        Content::Null
    } else {
        Content::Scalar { text: text.to_owned(), plain }
    };
    Node { span, end: span.end, flow: false, content, doubled: Vec::new() }
}
