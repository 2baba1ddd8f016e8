//! The handbook as one HTML page: no script, no picture, no other file.

use super::super::{Language, safe};
use super::{Block, Item, Span};
use std::fmt::Write as _;

/// How it looks, in light and in dark.
const STYLE: &str = "\
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}\
code,pre{font:14px/1.4 ui-monospace,monospace}pre{padding:.5rem;overflow-x:auto;border:1px solid #8884}\
h2{border-bottom:1px solid #8888;margin-top:3rem}h4{font-family:ui-monospace,monospace;margin-bottom:.2rem}";

pub(super) fn write(title: &str, blocks: &[Block], language: Language) -> String {
    let code = match language {
        Language::English => "en",
        Language::Chinese => "zh",
    };
    let mut out = String::new();
    // Writing into a text does not fail.
    let _ = writeln!(
        out,
        "<!doctype html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>",
        escaped(title)
    );
    for block in blocks {
        match block {
            Block::Heading(deep, name, text) => {
                let _ = writeln!(out, "<h{deep} id=\"{}\">{}</h{deep}>", escaped(name), escaped(text));
            }
            Block::Paragraph(spans) => {
                let _ = writeln!(out, "<p>{}</p>", line(spans));
            }
            Block::List(numbered, items) => list(&mut out, *numbered, items),
            Block::Code(text) => code_block(&mut out, text),
        }
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn list(out: &mut String, numbered: bool, items: &[Item]) {
    let tag = if numbered { "ol" } else { "ul" };
    let _ = writeln!(out, "<{tag}>");
    for item in items {
        let _ = write!(out, "<li>{}", line(&item.text));
        if !item.below.is_empty() {
            out.push('\n');
            list(out, false, &item.below);
        }
        if let Some(text) = &item.code {
            out.push('\n');
            code_block(out, text);
        }
        out.push_str("</li>\n");
    }
    let _ = writeln!(out, "</{tag}>");
}

fn code_block(out: &mut String, text: &str) {
    let _ = writeln!(out, "<pre><code>{}</code></pre>", plain(&safe::lines(text, safe::TEXT_LIMIT).join("\n")));
}

fn line(spans: &[Span]) -> String {
    let span = |span: &Span| match span {
        Span::Text(text) => escaped(text),
        Span::Strong(text) => format!("<strong>{}</strong>", escaped(text)),
        Span::Code(text) => format!("<code>{}</code>", plain(&safe::one_line(text, safe::TEXT_LIMIT))),
        Span::Link(to, text) => format!("<a href=\"#{}\">{}</a>", plain(to), escaped(text)),
    };
    spans.iter().map(span).collect()
}

/// Text in which nothing is markup, but for words in backticks.
fn escaped(text: &str) -> String {
    let text = super::run(text);
    if !text.matches('`').count().is_multiple_of(2) {
        return plain(&text);
    }
    let part = |(n, part): (usize, &str)| match n % 2 {
        1 => format!("<code>{}</code>", plain(part)),
        _ => plain(part),
    };
    text.split('`').enumerate().map(part).collect()
}

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
