//! A pattern without anchors also fits what merely quotes the message.

use super::{Context, Lint};
use crate::playbook::scope::Body;
use crate::playbook::sink::Sink;
use crate::problem::Level;

pub(super) const LINT: Lint = Lint {
    code: "loose-pattern",
    level: Level::Warning,
    finds: "a message's pattern that does not begin with `^` and end with `$`, or a component's that does not begin with `^`",
    mend: "anchor it; where something may stand around the message, say so: `^.*` and `.*$`",
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink, lint: &Lint) {
    for book in &context.books {
        for def in book.own() {
            let Body::Message(raw) = def.body else { continue };
            for pattern in &raw.patterns {
                let missing = match (begins(&pattern.regex), ends(&pattern.regex)) {
                    (true, true) => continue,
                    (true, false) => "does not end with `$`",
                    (false, true) => "does not begin with `^`",
                    (false, false) => "neither begins with `^` nor ends with `$`",
                };
                let message = format!("this pattern {missing}");
                sink.push(lint.problem(book.file, pattern.regex.span(), &message).help(lint.mend));
            }
            if let Some(component) = raw.component.as_ref().filter(|component| !begins(component)) {
                sink.push(lint.problem(book.file, component.span(), "this pattern does not begin with `^`"));
            }
        }
    }
}

/// Whether every alternative begins at the beginning.
fn begins(pattern: &str) -> bool {
    let pattern = flags(pattern);
    if let Some(parts) = alternatives(pattern) {
        return parts.iter().all(|part| begins(part));
    }
    pattern.starts_with('^') || pattern.starts_with(r"\A") || inside(pattern).is_some_and(begins)
}

fn ends(pattern: &str) -> bool {
    let pattern = flags(pattern);
    if let Some(parts) = alternatives(pattern) {
        return parts.iter().all(|part| ends(part));
    }
    let dollar =
        pattern.strip_suffix('$').is_some_and(|rest| (rest.len() - rest.trim_end_matches('\\').len()) % 2 == 0);
    dollar || pattern.ends_with(r"\z") || inside(pattern).is_some_and(ends)
}

/// The pattern without flags such as `(?s)` before it.
fn flags(pattern: &str) -> &str {
    let flags = pattern.strip_prefix("(?").and_then(|rest| rest.split_once(')'));
    match flags {
        Some((flags, rest)) if flags.chars().all(|c| c.is_ascii_lowercase() || c == '-') => rest,
        _ => pattern,
    }
}

/// What a group that is the whole pattern holds.
fn inside(pattern: &str) -> Option<&str> {
    let inner = pattern.strip_prefix("(?:").or_else(|| pattern.strip_prefix('('))?.strip_suffix(')')?;
    let closed = split(inner, ')').len() == 1;
    closed.then_some(inner)
}

/// The parts between bars that stand in no group, if there are any.
fn alternatives(pattern: &str) -> Option<Vec<&str>> {
    Some(split(pattern, '|')).filter(|parts| parts.len() > 1)
}

/// The parts between a character outside of groups and classes.
fn split(pattern: &str, at: char) -> Vec<&str> {
    let (mut parts, mut depth, mut class, mut escaped, mut from) = (Vec::new(), 0_usize, false, false, 0);
    for (n, c) in pattern.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        escaped = c == '\\';
        if c == at && depth == 0 && !class {
            parts.push(pattern.get(from..n).unwrap_or_default());
            from = n + c.len_utf8();
        }
        match c {
            '[' if !class => class = true,
            ']' => class = false,
            '(' if !class => depth += 1,
            ')' if !class => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    parts.push(pattern.get(from..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests {
    use super::{begins, ends};

    #[test]
    fn anchors_are_found() {
        for (pattern, both) in [
            ("^a$", (true, true)),
            ("a", (false, false)),
            ("(?is)^a.*$", (true, true)),
            ("^a|b$", (false, false)),
            ("^a$|^b$", (true, true)),
            ("^(?:a|b)$", (true, true)),
            ("(?:^a$|^b$)", (true, true)),
            ("(^a)(b$)", (false, false)),
            (r"^a\$", (true, false)),
            (r"^[|]\\$", (true, true)),
            ("", (false, false)),
        ] {
            assert_eq!((begins(pattern), ends(pattern)), both, "{pattern}");
        }
    }
}
