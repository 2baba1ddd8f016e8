//! Go's quoted strings, as `strconv.Quote` writes them, and the `key=value` pairs made of them.

use std::borrow::Cow;

/// One `key=value` pair.
#[derive(Debug)]
pub(super) struct Pair<'a> {
    pub(super) key: &'a str,
    pub(super) value: Cow<'a, str>,
}

/// The quoted string that `text` begins with, unquoted, and what follows it. One without an end (of a
/// line that was cut) goes to the end.
pub(super) fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut escaped = false;
    let end = inner.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    let (inside, rest) = match end {
        Some(end) => (inner.get(..end)?, inner.get(end + 1..)?),
        None => (inner, ""),
    };
    Some((unescape(inside), rest))
}

/// The pairs that `text` consists of, until something else comes.
pub(super) fn pairs(text: &str) -> impl Iterator<Item = Pair<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (key, after) = rest.trim_start().split_once('=')?;
        if key.is_empty() || key.contains(|c: char| c.is_whitespace() || c == '"') {
            return None;
        }
        let (value, after) = match quoted(after) {
            Some(found) => found,
            None => after.split_at_checked(end_of_value(after)).map(|(value, after)| (Cow::Borrowed(value), after))?,
        };
        rest = after;
        Some(Pair { key, value })
    })
}

/// Where a bare value ends: at the next space outside brackets (klog writes maps and lists as JSON).
fn end_of_value(text: &str) -> usize {
    let (mut depth, mut in_quotes, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_quotes,
            b'"' => in_quotes = !in_quotes,
            b'{' | b'[' if !in_quotes => depth += 1,
            b'}' | b']' if !in_quotes => depth = depth.saturating_sub(1),
            b' ' if !in_quotes && depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

fn unescape(inside: &str) -> Cow<'_, str> {
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    // Bytes, since `\xe4\xb8` stands for parts of a character.
    let mut out = Vec::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((before, after)) = rest.split_once('\\') {
        out.extend_from_slice(before.as_bytes());
        rest = escape(after, &mut out);
    }
    out.extend_from_slice(rest.as_bytes());
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

/// Writes what the escape means and returns what follows it. What is no escape stays as it stands.
fn escape<'a>(after: &'a str, out: &mut Vec<u8>) -> &'a str {
    let Some(letter) = after.chars().next() else {
        out.push(b'\\');
        return after;
    };
    let rest = after.get(letter.len_utf8()..).unwrap_or_default();
    let simple = match letter {
        'n' => b'\n',
        't' => b'\t',
        'r' => b'\r',
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'v' => 11,
        '"' | '\\' | '\'' => u8::try_from(letter).unwrap_or(b'?'),
        _ => return numeric(letter, after, out),
    };
    out.push(simple);
    rest
}

fn numeric<'a>(letter: char, after: &'a str, out: &mut Vec<u8>) -> &'a str {
    let (skip, digits, radix) = match letter {
        'x' => (1, 2, 16),
        'u' => (1, 4, 16),
        'U' => (1, 8, 16),
        '0'..='7' => (0, 3, 8),
        _ => (0, 0, 0),
    };
    let code =
        after.get(skip..skip + digits).filter(|code| !code.is_empty() && code.chars().all(|c| c.is_digit(radix)));
    let Some(number) = code.and_then(|code| u32::from_str_radix(code, radix).ok()) else {
        out.push(b'\\');
        return after;
    };
    match (letter, u8::try_from(number)) {
        ('u' | 'U', _) => {
            let c = char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER);
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        (_, Ok(byte)) => out.push(byte),
        (_, Err(_)) => out.extend_from_slice("\u{fffd}".as_bytes()),
    }
    after.get(skip + digits..).unwrap_or_default()
}
