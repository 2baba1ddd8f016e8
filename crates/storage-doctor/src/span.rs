//! Where something stands in an authored file. This is the only file, with `playbook/yaml.rs` and
//! `playbook/load.rs`, that knows which YAML parser is used.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// An authored file: its name as shown to a person, and its text.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    name: String,
    text: String,
}

/// A place in text, for a person: both count from one, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The character within the line.
    pub column: usize,
}

impl SourceFile {
    /// The file of that name and text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into() })
    }

    /// Its name as shown to a person.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands at `span`; empty when that is not in the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The line and column of a byte offset; one that is past the end or inside a character counts as
    /// the nearest place before it.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let before = self.text.get(..floor(&self.text, offset)).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let in_line = before.get(line_start..).unwrap_or_default();
        // A byte order mark takes no column.
        let column = in_line.chars().filter(|c| *c != '\u{feff}').count() + 1;
        LineColumn { line: before.bytes().filter(|b| *b == b'\n').count() + 1, column }
    }
}

/// The nearest character boundary at or before `offset`.
fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at = at.saturating_sub(1);
    }
    at
}

/// A range of bytes in a [`SourceFile`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// From `start` up to `end`; empty when `end` lies before `start`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// As a range of bytes.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The same place, on character boundaries of `text` and inside it.
    #[must_use]
    pub fn within(self, text: &str) -> Self {
        let start = floor(text, self.start);
        let mut end = self.end.min(text.len()).max(start);
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Self { start, end }
    }
}

/// An authored value and where it stands. Its schema is the schema of the value.
///
/// Positions are lost inside `flatten`, `untagged` and `tag`, so the authored shapes use none of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Sp<T>(Spanned<T>);

impl<T> Sp<T> {
    /// Where it stands: for a quoted text with its quotes, for a block text its lines.
    pub fn span(&self) -> Span {
        let span = self.0.referenced.span();
        let bytes = |n: Option<u64>| n.and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
        let start = bytes(span.byte_offset());
        Span::new(start, start.saturating_add(bytes(span.byte_len())))
    }

    /// The value.
    pub fn value(&self) -> &T {
        &self.0.value
    }
}

impl<T> Deref for Sp<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl<T: JsonSchema> JsonSchema for Sp<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let file = SourceFile::new("f", "a\n\u{754c}x\r\ny");
        assert_eq!(file.line_column(0), LineColumn { line: 1, column: 1 });
        assert_eq!(file.line_column(5), LineColumn { line: 2, column: 2 });
        assert_eq!(file.line_column(3), LineColumn { line: 2, column: 1 }, "inside a character");
        assert_eq!(file.line_column(8), LineColumn { line: 3, column: 1 });
        assert_eq!(file.line_column(99), LineColumn { line: 3, column: 2 });
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        assert_eq!(SourceFile::new("f", "\u{feff}a").line_column(3), LineColumn { line: 1, column: 1 });
    }

    #[test]
    fn spans_are_brought_onto_characters() {
        assert_eq!(Span::new(1, 2).within("\u{754c}"), Span::new(0, 3));
        assert_eq!(Span::new(7, 9).within("ab"), Span::new(2, 2));
    }
}
