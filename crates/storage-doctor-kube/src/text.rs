//! Text from outside, made fit for a message: bounded and without control characters.

use std::error::Error;

/// At most `limit` characters of `text`, on one line; an ellipsis says that something was cut off.
pub(crate) fn bounded(text: &str, limit: usize) -> String {
    let clean = |c: char| {
        if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') { ' ' } else { c }
    };
    let mut out: String = text.trim().chars().take(limit).map(clean).collect();
    if text.trim().chars().nth(limit).is_some() {
        out.push('…');
    }
    out.trim().to_owned()
}

/// What an error and its sources say, without what a source only repeats.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = bounded(&error.to_string(), 200);
        let text = match text.as_str() {
            "deadline has elapsed" => "no connection in time".to_owned(),
            _ => text,
        };
        // Wrappers print their source as well: keep the innermost.
        said.retain(|before| !before.contains(&text));
        said.push(text);
        next = error.source();
    }
    // The client's own name for the step that failed helps nobody.
    if said.len() > 1 {
        said.retain(|text| !text.starts_with("client error ("));
    }
    bounded(&said.join(": "), 400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_and_cannot_move_a_cursor() {
        assert_eq!(bounded("a\u{1b}[2Jb\nc", 10), "a [2Jb c");
        assert_eq!(bounded("äöü", 2), "äö…");
        assert_eq!(bounded("äöü", 3), "äöü");
        assert_eq!(bounded("a\u{202e}b", 10), "a b");
    }

    #[test]
    fn a_chain_says_each_thing_once() {
        let inner = std::io::Error::other("refused");
        let outer = std::io::Error::other(inner);
        assert_eq!(chain(&outer), "refused");
    }
}
