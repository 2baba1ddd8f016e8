//! Tokens, read before the parser sees the text: for limits, for positions, and for messages that name
//! what a person wrote.

use super::{Fault, literal};
use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, or `true`, `false`, `null`.
    Name,
    Number,
    Text,
    /// An operator, a dot or a comma.
    Operator,
    Open,
    Close,
}

/// A token and where it is.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

const PAIRS: &[&str] = &["==", "!=", "<=", ">=", "&&", "||"];

/// Reads tokens up to the end of the text, or up to a `}}` outside all brackets, which closes a hole of
/// a template. Gives the tokens, where reading ended, and what cannot be read.
pub(super) fn tokens(source: &str) -> (Vec<Token>, usize, Vec<Fault>) {
    let mut reader = Reader { source, at: 0, tokens: Vec::new(), faults: Vec::new() };
    let mut open = 0_usize;
    while let Some(c) = reader.peek() {
        if open == 0 && reader.rest().starts_with("}}") {
            break;
        }
        match c {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            _ => {}
        }
        reader.token(c);
    }
    (reader.tokens, reader.at, reader.faults)
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    tokens: Vec<Token>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let start = self.at;
        self.at += length;
        self.tokens.push(Token { kind, range: start..self.at });
    }

    fn token(&mut self, c: char) {
        match c {
            ' ' | '\t' | '\r' | '\n' | '\u{c}' => self.at += 1,
            '/' if self.rest().starts_with("//") => {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
            }
            '(' | '[' | '{' => self.push(Kind::Open, 1),
            ')' | ']' | '}' => self.push(Kind::Close, 1),
            '"' | '\'' => self.text(0),
            '.' if self.rest().chars().nth(1).is_some_and(|c| c.is_ascii_digit()) && !self.after_operand() => {
                self.number();
            }
            '0'..='9' => self.number(),
            'a'..='z' | 'A'..='Z' | '_' => self.name(),
            _ => self.operator(c),
        }
    }

    fn after_operand(&self) -> bool {
        self.tokens.last().is_some_and(|token| token.range.end == self.at && token.kind != Kind::Operator)
    }

    fn operator(&mut self, c: char) {
        if PAIRS.iter().any(|pair| self.rest().starts_with(pair)) {
            return self.push(Kind::Operator, 2);
        }
        if "+-*/%<>!?:.,".contains(c) {
            return self.push(Kind::Operator, 1);
        }
        let help = match c {
            '=' => "to compare, write `==`",
            '&' => "to join checks, write `&&`",
            '|' => "to join checks, write `||`",
            '`' => "for a field with such a name, write `object['name']`",
            '\u{2018}'..='\u{201f}' => "write texts in plain quotes: `'text'`",
            _ => "",
        };
        let range = self.at..self.at + c.len_utf8();
        self.at = range.end;
        let fault = Fault::new(range, "unexpected-character", format!("unexpected {}", shown(c)));
        self.faults.push(fault.help(help));
    }

    fn name(&mut self) {
        let length = self.rest().find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest().len());
        let (word, after) = self.rest().split_at(length);
        let quoted = after.starts_with(['"', '\'']);
        let is_prefix = matches!(word, "r" | "R" | "b" | "B" | "br" | "bR" | "Br" | "BR");
        if word == "in" {
            self.push(Kind::Operator, length);
        } else if quoted && is_prefix {
            self.text(length);
        } else {
            self.push(Kind::Name, length);
        }
    }

    fn number(&mut self) {
        let bytes = self.rest().as_bytes();
        let mut end = 0;
        while let Some(byte) = bytes.get(end) {
            let sign = matches!(byte, b'+' | b'-')
                && end > 0
                && matches!(bytes.get(end - 1), Some(b'e' | b'E'))
                && !self.rest().starts_with("0x");
            let point = *byte == b'.' && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
            if !(byte.is_ascii_alphanumeric() || sign || point) {
                break;
            }
            end += 1;
        }
        self.push(Kind::Number, end);
    }

    /// A text, after a prefix (`r`, `b`) of that length.
    fn text(&mut self, prefix: usize) {
        let source = self.source;
        let rest = source.get(self.at..).unwrap_or_default();
        let word = rest.get(..prefix).unwrap_or_default();
        let raw = word.contains(['r', 'R']);
        let bytes = word.contains(['b', 'B']);
        let body = rest.get(prefix..).unwrap_or_default();
        let quote = body.get(..1).unwrap_or_default();
        let triple = quote.repeat(3);
        let (quote, lines) = if body.starts_with(&triple) { (triple.as_str(), true) } else { (quote, false) };
        let inner = body.get(quote.len()..).unwrap_or_default();
        let mut skip = false;
        let end = inner.char_indices().find_map(|(i, c)| {
            if std::mem::take(&mut skip) {
                return None;
            }
            skip = c == '\\' && !raw;
            let ends = inner.get(i..).is_some_and(|rest| rest.starts_with(quote));
            (ends || (!lines && matches!(c, '\n' | '\r'))).then_some((i, ends))
        });
        let start = self.at;
        if let Some((length, true)) = end {
            let (body, opening) = (inner.get(..length).unwrap_or_default(), start + prefix + quote.len());
            if let Some(escape) = bad_escape(body).filter(|_| !raw) {
                let range = opening + escape.start..opening + escape.end;
                let fault = Fault::new(range, "bad-escape", "there is no such escape");
                self.faults.push(fault.help("write `\\\\` for a backslash, or r'…' for a text without escapes"));
            }
            self.push(Kind::Text, prefix + 2 * quote.len() + length);
            if bytes {
                let range = start..self.at;
                self.faults.push(Fault::new(range, "no-bytes", "there are no byte strings in checks"));
            }
        } else {
            // What follows is anyone's guess, so reading ends here.
            let fault = Fault::new(start..start + prefix + quote.len(), "unclosed-text", "this text is not closed");
            self.faults.push(fault.help(format!("end it with `{quote}`")));
            self.at = self.source.len();
        }
    }
}

/// The first backslash in a text, with the letter after it, that begins no escape of CEL.
fn bad_escape(body: &str) -> Option<Range<usize>> {
    let mut at = 0;
    while let Some(found) = body.get(at..)?.find('\\') {
        let start = at + found;
        let rest = body.get(start + 1..)?;
        at = start + 1 + rest.chars().next()?.len_utf8();
        if literal::escape(rest).is_none() {
            return Some(start..at);
        }
    }
    None
}

/// A character in a message: control characters by their number.
fn shown(c: char) -> String {
    if c.is_control() { format!("character U+{:04X}", u32::from(c)) } else { format!("`{c}`") }
}

#[cfg(test)]
mod tests {
    use super::tokens;

    fn words(source: &str) -> Vec<&str> {
        tokens(source).0.into_iter().map(|t| &source[t.range]).collect()
    }

    #[test]
    fn splits_as_the_parser_does() {
        assert_eq!(words("a.b >= 1.5e-3 // no"), ["a", ".", "b", ">=", "1.5e-3"]);
        assert_eq!(words(r#"r'\d' + "a\"b" in x"#), [r"r'\d'", "+", r#""a\"b""#, "in", "x"]);
        assert_eq!(words("'''a'b''' x[1].y"), ["'''a'b'''", "x", "[", "1", "]", ".", "y"]);
        assert_eq!(words("-1.f 0x1F 5u"), ["-", "1", ".", "f", "0x1F", "5u"]);
        assert_eq!(words("inside in"), ["inside", "in"]);
    }

    #[test]
    fn ends_at_the_end_of_a_hole() {
        assert_eq!(tokens("{'a': {'b': 1}} }} x").1, 16);
        assert_eq!(tokens("'}}' }}").1, 5);
    }

    #[test]
    fn says_what_it_cannot_read() {
        for (source, code, at) in [
            ("a = 1", "unexpected-character", 2..3),
            ("'abc", "unclosed-text", 0..1),
            ("'abc\n'", "unclosed-text", 0..1),
            ("b'x'", "no-bytes", 0..4),
            ("é", "unexpected-character", 0..2),
            ("a \u{1b}", "unexpected-character", 2..3),
        ] {
            let faults = tokens(source).2;
            assert_eq!((faults[0].code, faults[0].range.clone()), (code, at), "{source}");
            assert!(!faults[0].message.chars().any(char::is_control));
        }
    }
}
