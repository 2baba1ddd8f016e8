//! Secrets in free text: what looks like nothing else, and what stands after a word that says so.

use super::{Redactor, is_mask, is_plain, scan};
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// A pattern, and which of its groups is the secret.
type Shape = (&'static str, usize);

/// Secrets that show by themselves.
const SHAPES: &[Shape] = &[
    // A private key, to its end or to the end of the text.
    (r"(?s)-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----([\s\\].*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|\z))", 1),
    // The user part of a URL, with a password, or of the web.
    (r"[A-Za-z][A-Za-z0-9+.-]{0,30}://([^/\s@:'\x22<>]*:[^/\s@'\x22<>]+)@", 1),
    (r"https?://([^/\s@:'\x22<>]+)@", 1),
    // JSON web tokens.
    (r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?", 0),
    // What some services' tokens begin with.
    (r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|hvs\.|AKIA|ASIA|AIza)[A-Za-z0-9_-]{12,}", 0),
];

/// What follows is a token if it looks like one: it may be prose.
const SCHEMES: &str = r"(?i)\b(?:bearer|basic)\s+([A-Za-z0-9._~+/=-]{8,})";

/// How often a text is gone over again at most.
const ROUNDS: usize = 8;

struct Patterns {
    any: Regex,
    shapes: Vec<(Regex, usize)>,
    schemes: Regex,
}

/// None only if a pattern is wrong, which a test would show.
static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    let shapes = SHAPES.iter().map(|(pattern, group)| Some((Regex::new(pattern).ok()?, *group)));
    Some(Patterns {
        any: Regex::new(r"://|eyJ|PRIVATE KEY|gh[pousr]_|github_pat_|glpat-|xox|hvs\.|AKIA|ASIA|AIza").ok()?,
        shapes: shapes.collect::<Option<_>>()?,
        schemes: Regex::new(SCHEMES).ok()?,
    })
});

/// The text without its secrets; none when there are none.
pub(super) fn redacted(redactor: &Redactor, text: &str) -> Option<String> {
    let mut out = once(redactor, text)?;
    // What a mask leaves beside it may now read otherwise.
    for _ in 0..ROUNDS {
        match once(redactor, &out) {
            Some(next) => out = next,
            None => break,
        }
    }
    Some(out)
}

fn once(redactor: &Redactor, text: &str) -> Option<String> {
    let first = shapes(redactor, text);
    let rest = scan::named(redactor, first.as_deref().unwrap_or(text));
    rest.or(first)
}

/// The text without what shows by itself to be secret; none when there is nothing.
pub(super) fn shapes(redactor: &Redactor, text: &str) -> Option<String> {
    let patterns = PATTERNS.as_ref()?;
    let mut out = Cow::Borrowed(text);
    if patterns.any.is_match(text) {
        for (shape, group) in &patterns.shapes {
            out = replaced(redactor, shape, *group, out, |secret| !is_plain(secret.trim()));
        }
    }
    out = replaced(redactor, &patterns.schemes, 1, out, looks_secret);
    match out {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text),
    }
}

fn replaced<'a>(
    redactor: &Redactor,
    pattern: &Regex,
    group: usize,
    text: Cow<'a, str>,
    is_secret: impl Fn(&str) -> bool,
) -> Cow<'a, str> {
    let mask = |found: &Captures<'_>| -> Option<String> {
        let (all, secret) = (found.get(0)?, found.get(group)?);
        if !is_secret(secret.as_str()) {
            return None;
        }
        let before = secret.start().checked_sub(all.start())?;
        let after = secret.end().checked_sub(all.start())?;
        let (head, tail) = (all.as_str().get(..before)?, all.as_str().get(after..)?);
        Some(format!("{head}{}{tail}", redactor.mask(secret.as_str())))
    };
    let is_any =
        pattern.captures_iter(&text).any(|found| found.get(group).is_some_and(|secret| is_secret(secret.as_str())));
    if !is_any {
        return text;
    }
    let as_it_is = |found: &Captures<'_>| found.get(0).map_or(String::new(), |all| all.as_str().to_owned());
    Cow::Owned(
        pattern.replace_all(&text, |found: &Captures<'_>| mask(found).unwrap_or_else(|| as_it_is(found))).into_owned(),
    )
}

/// Whether a word looks like a secret and not like a word: digits among letters, capitals within, or signs.
pub(super) fn looks_secret(word: &str) -> bool {
    let has = |test: fn(&char) -> bool| word.chars().any(|c| test(&c));
    let letters = has(|c| c.is_alphabetic());
    let digits = has(char::is_ascii_digit);
    let inner_capital = word.chars().skip(1).any(char::is_uppercase) && has(|c| c.is_lowercase());
    let signs = has(|c| matches!(c, '+' | '=' | '_' | '$' | '!' | '#' | '%' | '^' | '&' | '*' | '~' | '@'));
    word.chars().count() >= 6 && !is_mask(word) && !is_plain(word) && ((letters && digits) || inner_capital || signs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_are_right() {
        assert!(PATTERNS.is_some());
    }
}
