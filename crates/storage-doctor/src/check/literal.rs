//! Numbers and texts as they are written (cel-spec doc/langdef.md, "Numeric Values", "String and Bytes Values").

use crate::value::Value;

/// Whether a word is itself a value, and so is no name of a field either.
pub(super) fn is_value(word: &str) -> bool {
    matches!(word, "true" | "false" | "null")
}

/// The value of a number; none where it is too large, or no number.
pub(super) fn number(word: &str, is_negative: bool) -> Option<Value> {
    let sign = if is_negative { "-" } else { "" };
    if let Some(digits) = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        let digits = digits.strip_suffix(['u', 'U']).unwrap_or(digits);
        return i64::from_str_radix(&format!("{sign}{digits}"), 16).ok().map(Value::Int);
    }
    if let Some(digits) = word.strip_suffix(['u', 'U']) {
        // A number without a sign has none.
        return digits.parse().ok().filter(|_| !is_negative).map(Value::Int);
    }
    let text = format!("{sign}{word}");
    if word.contains(['.', 'e', 'E']) {
        return text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float);
    }
    text.parse().ok().map(Value::Int)
}

/// The text between quotes; none where it has an escape that does not exist.
pub(super) fn text(word: &str) -> Option<String> {
    let quoted = word.trim_start_matches(['r', 'R']);
    let is_raw = quoted.len() < word.len();
    let quote = quoted.get(..1)?;
    let triple = quote.repeat(3);
    let around = if quoted.len() >= 6 && quoted.starts_with(&triple) { 3 } else { 1 };
    let body = quoted.get(around..quoted.len().checked_sub(around)?)?;
    if is_raw || !body.contains('\\') { Some(body.to_owned()) } else { unescaped(body) }
}

fn unescaped(body: &str) -> Option<String> {
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('\\') {
        let (c, length) = escape(after)?;
        text.push_str(before);
        text.push(c?);
        rest = after.get(length..)?;
    }
    text.push_str(rest);
    Some(text)
}

/// What follows a backslash: the character, none where no character has that number, and how many bytes stand for it.
/// Nothing where this is no escape of CEL.
pub(super) fn escape(after: &str) -> Option<(Option<char>, usize)> {
    let letter = after.chars().next()?;
    let (before, digits, radix) = match letter {
        'x' | 'X' => (1, 2, 16),
        'u' => (1, 4, 16),
        'U' => (1, 8, 16),
        '0'..='3' => (0, 3, 8),
        _ => return Some((Some(plain(letter)?), letter.len_utf8())),
    };
    let number = after.get(before..before + digits)?;
    // `from_str_radix` alone would take a sign.
    let is_number = number.chars().all(|c| c.is_digit(radix));
    let code = u32::from_str_radix(number, radix).ok().filter(|_| is_number)?;
    Some((char::from_u32(code), before + digits))
}

/// The character of a letter.
fn plain(letter: char) -> Option<char> {
    Some(match letter {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '"' | '\'' | '\\' | '?' | '`' => letter,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_or_none() {
        let read = |word, is_negative| match number(word, is_negative) {
            Some(Value::Int(i)) => i.to_string(),
            Some(Value::Float(f)) => format!("{f:?}"),
            _ => "none".to_owned(),
        };
        for (word, is_negative, value) in [
            ("0", false, "0"),
            ("9223372036854775807", false, "9223372036854775807"),
            ("9223372036854775808", false, "none"),
            ("9223372036854775808", true, "-9223372036854775808"),
            ("0x1F", false, "31"),
            ("0x1f", true, "-31"),
            ("0xg", false, "none"),
            ("0x", false, "none"),
            ("5u", false, "5"),
            ("0xFFu", false, "255"),
            ("5u", true, "none"),
            ("18446744073709551615u", false, "none"),
            ("1.5e-3", false, "0.0015"),
            (".5", true, "-0.5"),
            ("1e999", false, "none"),
            ("1x", false, "none"),
            ("1.5.5", false, "none"),
        ] {
            assert_eq!(read(word, is_negative), value, "{word}");
        }
    }

    #[test]
    fn texts_are_read_as_they_are_quoted() {
        for (word, value) in [
            ("''", Some("")),
            ("'a'", Some("a")),
            (r#""a'b""#, Some("a'b")),
            (r"'a\'b\n\\'", Some("a'b\n\\")),
            (r"r'\d'", Some(r"\d")),
            (r#"R"\""#, Some("\\")),
            ("'''a'b'''", Some("a'b")),
            ("\"\"\"\n\"\"\"", Some("\n")),
            (r"'\x41\u00e9\U0001F600\101'", Some("A\u{e9}\u{1f600}A")),
            (r"'\ud800'", None),
            (r"'\x4'", None),
            (r"'\x+1'", None),
            (r"'\400'", None),
            (r"'\q'", None),
            (r"'é\tß'", Some("é\tß")),
        ] {
            assert_eq!(text(word).as_deref(), value, "{word}");
        }
    }
}
