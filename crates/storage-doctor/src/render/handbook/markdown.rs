//! The handbook as Markdown.

use super::super::safe;
use super::{Block, Item, Span};
use std::fmt::Write as _;

pub(super) fn write(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::Heading(deep, name, text) => {
                // Writing into a text does not fail. The name is a code, never an author's words.
                let _ = writeln!(out, "<a id=\"{name}\"></a>\n\n{} {}", "#".repeat(*deep), escaped(text));
            }
            Block::Paragraph(spans) => {
                let _ = writeln!(out, "{}", line(spans));
            }
            Block::List(numbered, items) => list(&mut out, *numbered, items, 0),
            Block::Code(text) => code(&mut out, text, 0),
        }
    }
    out
}

fn list(out: &mut String, numbered: bool, items: &[Item], indent: usize) {
    for (n, item) in items.iter().enumerate() {
        let mark = if numbered { format!("{}. ", n + 1) } else { "- ".to_owned() };
        let _ = writeln!(out, "{}{mark}{}", " ".repeat(indent), line(&item.text));
        let inner = indent + mark.len();
        list(out, false, &item.below, inner);
        if let Some(text) = &item.code {
            out.push('\n');
            code(out, text, inner);
            out.push('\n');
        }
    }
}

/// A text that keeps its lines: indented, so that nothing in it can end it.
fn code(out: &mut String, text: &str, indent: usize) {
    for line in safe::lines(text, safe::TEXT_LIMIT) {
        let _ = writeln!(out, "{}    {line}", " ".repeat(indent));
    }
}

fn line(spans: &[Span]) -> String {
    let span = |span: &Span| match span {
        Span::Text(text) => escaped(text),
        Span::Strong(text) if text.trim().is_empty() => String::new(),
        Span::Strong(text) => format!("**{}**", escaped(text.trim())),
        Span::Code(text) => quoted(text),
        Span::Link(to, text) => format!("[{}](#{to})", escaped(text)),
    };
    spans.iter().map(span).collect::<String>().trim_end().to_owned()
}

/// Text in which nothing is markup, on one line. What stands in backticks stays so, as authors write words
/// of the cluster like that.
fn escaped(text: &str) -> String {
    let text = super::run(text);
    let mut out = String::new();
    let code = text.matches('`').count().is_multiple_of(2);
    let mut within = false;
    for (at, c) in text.char_indices() {
        match c {
            '`' if code => {
                within = !within;
                out.push(c);
            }
            _ if within => out.push(c),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '>' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '#' | '+' | '-' | '=' if at == 0 => {
                out.push('\\');
                out.push(c);
            }
            '.' | ')' if at > 0 && text.get(..at).is_some_and(|t| t.chars().all(|c| c.is_ascii_digit())) => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Code within a line, behind as many backticks as it takes.
fn quoted(text: &str) -> String {
    let text = safe::one_line(text, safe::TEXT_LIMIT);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}
