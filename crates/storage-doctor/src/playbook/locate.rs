//! From a place in a value to the place in the file it was written in. A value and its source differ by
//! quotes, escapes, indentation and folded lines.

use crate::span::{SourceFile, Span};
use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

/// Where the bytes `range` of `value` stand in `file`, when the value as a whole stands at `span`. The
/// whole value when the two cannot be brought together.
pub(super) fn locate(file: &SourceFile, span: Span, value: &str, range: &Range<usize>) -> Span {
    let source = file.slice(span);
    let trimmed = Span::new(span.start, span.start + source.trim_end().len());
    let Some(places) = align(source, value) else { return trimmed };
    // The place of each character of the value; the end counts as the place after the last.
    let start = places.iter().find(|p| p.value >= range.start);
    let end = places.iter().rev().find(|p| p.value < range.end.max(range.start));
    let from = start.map_or(trimmed.end, |p| span.start + p.source.start);
    let to = end.map_or(from, |p| span.start + p.source.end);
    Span::new(from, to)
}

/// Where one character of a value stands in its source.
struct Pair {
    value: usize,
    source: Range<usize>,
}

/// How a scalar was written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Bare,
    Single,
    Double,
}

fn align(source: &str, value: &str) -> Option<Vec<Pair>> {
    let style = match source.chars().next() {
        _ if source == value => Style::Bare,
        Some('\'') => Style::Single,
        Some('"') => Style::Double,
        _ => Style::Bare,
    };
    let mut source = source.char_indices().peekable();
    if style != Style::Bare {
        source.next();
    }
    let mut pairs = Vec::with_capacity(value.len());
    // A block text may end in a line break that the file does not.
    let value = if style == Style::Bare { value.trim_end_matches('\n') } else { value };
    for (at, wanted) in value.char_indices() {
        let place = step(&mut source, wanted, style)?;
        pairs.push(Pair { value: at, source: place });
    }
    Some(pairs)
}

type Source<'a> = Peekable<CharIndices<'a>>;

/// Consumes what stands for `wanted` and says where it stands; nothing when something else stands there.
fn step(source: &mut Source<'_>, wanted: char, style: Style) -> Option<Range<usize>> {
    loop {
        let &(at, c) = source.peek()?;
        if style == Style::Double && c == '\\' {
            source.next();
            let (end, decoded) = escape(source)?;
            match decoded {
                Some(d) if d == wanted => return Some(at..end),
                Some(_) => return None,
                None => continue,
            }
        }
        if c == wanted {
            source.next();
            let doubled = style == Style::Single && c == '\'';
            if doubled {
                source.next_if(|(_, next)| *next == '\'')?;
            }
            return Some(at..at + c.len_utf8() + usize::from(doubled));
        }
        if !c.is_whitespace() {
            return None;
        }
        // A folded line break: all the white space stands for one blank, or for line breaks.
        if wanted == ' ' || wanted == '\n' {
            while source.next_if(|(_, next)| next.is_whitespace()).is_some() {}
            return Some(at..at + 1);
        }
        // Indentation.
        source.next();
    }
}

/// Reads an escape after its backslash: the byte after it, and the character it stands for, if any.
fn escape(source: &mut Source<'_>) -> Option<(usize, Option<char>)> {
    let (at, c) = source.next()?;
    let end = at + c.len_utf8();
    let simple = match c {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        ' ' | '"' | '/' | '\\' => c,
        'x' => return hex(source, end, 2),
        'u' => return hex(source, end, 4),
        'U' => return hex(source, end, 8),
        '\n' | '\r' => {
            // A line break that is not there in the value, nor is the indentation after it.
            while source.next_if(|(_, next)| next.is_whitespace()).is_some() {}
            return Some((end, None));
        }
        _ => return None,
    };
    Some((end, Some(simple)))
}

fn hex(source: &mut Source<'_>, mut end: usize, digits: usize) -> Option<(usize, Option<char>)> {
    let mut code = 0u32;
    for _ in 0..digits {
        let (at, c) = source.next()?;
        code = code.checked_mul(16)?.checked_add(c.to_digit(16)?)?;
        end = at + 1;
    }
    Some((end, Some(char::from_u32(code)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_saphyr::Spanned;

    /// What `needle` of the value is underlined as, when the value is written as `yaml`.
    fn underlined(yaml: &str, needle: &str) -> String {
        let value: Spanned<String> = serde_saphyr::from_str(yaml).unwrap();
        let span = value.referenced.span();
        let start = usize::try_from(span.byte_offset().unwrap()).unwrap();
        let len = usize::try_from(span.byte_len().unwrap()).unwrap();
        let file = SourceFile::new("f", yaml);
        let at = value.value.find(needle).unwrap();
        let found = locate(&file, Span::new(start, start + len), &value.value, &(at..at + needle.len()));
        file.slice(found).to_owned()
    }

    #[test]
    fn every_style_of_scalar_is_mapped() {
        assert_eq!(underlined("claim.spec.nme == 'x'", "nme"), "nme");
        assert_eq!(underlined("'it''s bad'", "bad"), "bad");
        assert_eq!(underlined("'it''s bad'", "'s"), "''s");
        assert_eq!(underlined(r#""a \"b\" \u754c bad""#, "bad"), "bad");
        assert_eq!(underlined(r#""a \"b\" c""#, "\"b\""), r#"\"b\""#);
        assert_eq!(underlined("|\n  one &&\n    two\n\n  bad\n", "bad"), "bad");
        assert_eq!(underlined(">-\n  one &&\n  two bad\n\n  three\n", "bad"), "bad");
        assert_eq!(underlined(">-\n  one &&\n  two\n\n  bad\n", "bad"), "bad");
        assert_eq!(underlined("one &&\n  two\n  bad", "bad"), "bad");
        assert_eq!(underlined("\"one \\\n   two bad\"", "bad"), "bad");
        assert_eq!(underlined("|\r\n  one\r\n  bad\r\n", "bad"), "bad");
        assert_eq!(underlined("\u{feff}'\u{754c} bad'", "bad"), "bad");
    }

    #[test]
    fn the_end_of_a_value_is_a_place() {
        let file = SourceFile::new("f", "a: 'x &&'");
        let at = locate(&file, Span::new(3, 9), "x &&", &(4..4));
        assert_eq!((at.start, at.end), (9, 9));
    }

    #[test]
    fn what_cannot_be_mapped_is_underlined_whole() {
        let file = SourceFile::new("f", "a: 'x'");
        assert_eq!(locate(&file, Span::new(3, 6), "other", &(0..1)), Span::new(3, 6));
        assert_eq!(locate(&file, Span::new(0, 0), "x", &(0..1)), Span::new(0, 0));
    }
}
