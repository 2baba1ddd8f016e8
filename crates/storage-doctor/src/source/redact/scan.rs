//! Secrets that stand after their name: `password=…`, `"token": "…"`, `--secret …`, `apiKey: …`.

use super::Redactor;
use super::text::looks_secret;
use regex::Regex;
use std::sync::LazyLock;

/// Where a name of a secret may be. What it really is, its last word tells.
static WORDS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)pass|pwd|token|secret|cred|key|jwt|bearer|authorization|sig").ok());

/// What stands between a name and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    /// `=`, or a colon without a blank, or between quoted texts: what follows is the value.
    Tight,
    /// A colon and a blank, as in YAML and in prose.
    Loose,
    /// A blank after `--name`.
    Flag,
}

/// The text with masks; none when nothing was masked.
pub(super) fn named(redactor: &Redactor, text: &str) -> Option<String> {
    let words = WORDS.as_ref()?;
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| words.find(rest)) {
        let (begin, end) = name_around(text, at + found.start());
        // At least past what was found, so that this ends.
        at = end.max(at + found.end());
        if !text.get(begin..end).is_some_and(|name| redactor.is_secret(name)) {
            continue;
        }
        let Some((start, stop)) = value_after(text, begin, end) else { continue };
        let hides = |secret: &&str| text.get(begin..end).is_some_and(|name| redactor.hides(name, secret));
        let Some(secret) = text.get(start..stop).filter(hides) else { continue };
        out.push_str(text.get(copied..start).unwrap_or_default());
        out.push_str(&redactor.mask(secret));
        copied = stop;
        at = stop;
    }
    if copied == 0 {
        return None;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Some(out)
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// From where to where the name around a place goes.
fn name_around(text: &str, at: usize) -> (usize, usize) {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let begin = before.len() - before.chars().rev().take_while(|c| is_of_name(*c)).map(char::len_utf8).sum::<usize>();
    let end = at + after.chars().take_while(|c| is_of_name(*c)).map(char::len_utf8).sum::<usize>();
    (begin, end)
}

/// From where to where the value of the name goes; none when nothing stands there that is meant as one.
fn value_after(text: &str, begin: usize, end: usize) -> Option<(usize, usize)> {
    let before = text.get(..begin)?;
    let (joint, start) = joint(before, text.get(begin..end)?, text.get(end..)?)?;
    let start = end + start;
    let rest = text.get(start..)?;
    let slashes = rest.bytes().take_while(|b| *b == b'\\').count();
    if let Some(quote) = rest.get(slashes..).and_then(|rest| rest.chars().next()).filter(|c| matches!(c, '"' | '\'')) {
        let start = start + slashes + 1;
        return Some((start, start + quoted(text.get(start..)?, quote, slashes)));
    }
    let rest = rest.get(scheme(rest)..)?;
    let start = text.len() - rest.len();
    let length = bare(rest);
    let value = rest.get(..length)?;
    // After a blank the value may be prose, unless it is all there is on the line.
    let line = before.rsplit('\n').next().unwrap_or_default();
    let alone = line.trim_matches([' ', '-', '"', '\'']).is_empty()
        && rest.get(length..)?.lines().next().unwrap_or_default().trim().is_empty();
    let meant = match joint {
        Joint::Tight => true,
        Joint::Flag | Joint::Loose => looks_secret(value) || alone,
    };
    meant.then_some((start, start + length))
}

/// What joins the name with what follows, and how long it is.
fn joint(before: &str, name: &str, after: &str) -> Option<(Joint, usize)> {
    let quote = after.bytes().take_while(|b| matches!(b, b'"' | b'\'' | b'\\')).count();
    let rest = after.get(quote..)?;
    let blanks = |text: &str| text.bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let gap = blanks(rest);
    let sign = rest.get(gap..)?.chars().next();
    let behind = rest.get(gap + 1..).unwrap_or_default();
    let far = blanks(behind);
    let length = quote + gap + 1 + far;
    let next = behind.get(far..).unwrap_or_default().trim_start_matches('\\').chars().next()?;
    match sign {
        Some('=') if !matches!(next, '\n' | '\r' | '=') => Some((Joint::Tight, length)),
        Some(':') if matches!(next, '\n' | '\r' | ':' | '{' | '[') => None,
        // A path: what follows is said of the object at its end.
        Some(':') if before.ends_with('/') => Some((Joint::Loose, length)),
        Some(':') if matches!(next, '"' | '\'') && (quote > 0) == (gap == 0) => Some((Joint::Tight, length)),
        Some(':') if far == 0 && gap == 0 => Some((Joint::Tight, length)),
        Some(':') => Some((Joint::Loose, length)),
        _ if gap > 0 && quote == 0 && name.starts_with('-') => Some((Joint::Flag, gap)),
        _ => None,
    }
}

/// How long a scheme and the blank behind it are, before the token of `Authorization: Bearer …`.
fn scheme(text: &str) -> usize {
    const SCHEMES: [&str; 4] = ["Bearer ", "Basic ", "Token ", "Digest "];
    let begins = |scheme: &&str| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    SCHEMES.iter().find(|scheme| begins(scheme)).map_or(0, |scheme| scheme.len())
}

/// How long a quoted value is, up to the quote that ends it: one with as many backslashes before it as the
/// first had, or to the end.
fn quoted(text: &str, quote: char, slashes: usize) -> usize {
    let mut run = 0;
    for (at, c) in text.char_indices() {
        if c == quote && (if slashes == 0 { run % 2 == 0 } else { run <= slashes }) {
            return at - run.min(slashes);
        }
        run = if c == '\\' { run + 1 } else { 0 };
    }
    text.len()
}

/// How long a value without quotes is: to a blank, a quote or a bracket; a comma, a semicolon or an ampersand
/// ends it only before another name or nothing.
fn bare(text: &str) -> usize {
    for (at, c) in text.char_indices() {
        if c.is_whitespace() || matches!(c, '"' | '\'' | '}' | ')' | ']' | '<' | '>' | '`' | '|') {
            return at;
        }
        if matches!(c, ',' | ';' | '&') {
            let rest = text.get(at + 1..).unwrap_or_default();
            let name: usize = rest.chars().take_while(|c| is_of_name(*c)).map(char::len_utf8).sum();
            let next = rest.get(name..).and_then(|rest| rest.chars().next());
            let ends = match next {
                Some('=' | ':') => name > 0,
                None | Some(' ' | '\n' | ',' | ';' | '&' | '"' | '\'' | '}' | ')' | ']') => name == 0,
                Some(_) => false,
            };
            if ends {
                return at;
            }
        }
        if c == '\\' && text.get(at + 1..).is_some_and(|rest| rest.starts_with(['n', '"', 't', 'r'])) {
            return at;
        }
    }
    text.len()
}
