//! A page being written: indentation, wrapping, colour, no space at a line's end.

use super::style::Tone;
use super::table::Cell;
use super::wrap::{width, wrap};
use super::{Language, TextStyle, safe, table};

/// Columns that are worth beginning a text in beside its tag.
const BESIDE_TAG: usize = 8;

pub(super) struct Page {
    out: String,
    style: TextStyle,
}

impl Page {
    pub(super) fn new(style: TextStyle) -> Self {
        Self { out: String::new(), style }
    }

    pub(super) fn verbose(&self) -> bool {
        self.style.verbose
    }

    pub(super) fn language(&self) -> Language {
        self.style.language
    }

    /// A word or a sentence in the language of the page.
    pub(super) fn say<'a>(&self, english: &'a str) -> &'a str {
        self.style.language.say(english)
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// A blank line, then the heading of a section.
    pub(super) fn heading(&mut self, text: &str) {
        self.blank();
        let text = self.style.language.say(text);
        self.line("", Tone::Strong, text);
    }

    /// A blank line, unless at the top.
    pub(super) fn blank(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// One line that is never broken, such as a command. `text` has to be harmless.
    pub(super) fn line(&mut self, indent: &str, tone: Tone, text: &str) {
        if !text.is_empty() {
            self.out.push_str(indent);
            self.out.push_str(&self.style.paint(tone, text));
        }
        self.out.push('\n');
    }

    /// A table; its cells are made harmless here.
    pub(super) fn table(&mut self, headers: &[&str], rows: &[Vec<Cell>]) {
        self.out.push_str(&table::toned(headers, rows, self.style));
    }

    /// A paragraph of one tone, see [`Page::tagged`].
    pub(super) fn text(&mut self, first: &str, rest: &str, tone: Tone, text: &str) {
        self.tagged(first, rest, (Tone::Plain, ""), tone, text);
    }

    /// A paragraph that begins with a tag in a tone of its own. The first line stands behind `first`,
    /// the others behind `rest`; all fit the page. The text is made harmless here.
    pub(super) fn tagged(&mut self, first: &str, rest: &str, tag: (Tone, &str), tone: Tone, text: &str) {
        let columns = self.style.columns();
        let tag_width = if tag.1.is_empty() { 0 } else { width(tag.1) + 1 };
        if tag_width > 0 && width(first) + tag_width + BESIDE_TAG > columns && width(rest) + BESIDE_TAG < columns {
            self.tagged(first, rest, (Tone::Plain, ""), tag.0, tag.1);
            return self.tagged(rest, rest, (Tone::Plain, ""), tone, text);
        }
        let text = safe::one_line(text, safe::TEXT_LIMIT);
        let room = columns.saturating_sub(width(first) + tag_width);
        let lines = wrap(&text, room, columns.saturating_sub(width(rest)));
        for (i, line) in lines.iter().enumerate() {
            self.out.push_str(if i == 0 { first } else { rest });
            if i == 0 && tag_width > 0 {
                self.out.push_str(&self.style.paint(tag.0, tag.1));
                if !line.is_empty() {
                    self.out.push(' ');
                }
            }
            self.out.push_str(&self.style.paint(tone, line));
            self.out.truncate(self.out.trim_end_matches(' ').len());
            self.out.push('\n');
        }
    }
}
