//! Text from a cluster, made harmless for a terminal. Whoever may create an event may write escape
//! sequences into it: they are shown, never sent.

use std::fmt::Write as _;

/// How many characters of a quotation are shown.
pub const QUOTE_LIMIT: usize = 600;

/// How many characters of any other single text are shown.
pub const TEXT_LIMIT: usize = 2_000;

/// Whether a character could move the cursor, colour, reorder or hide text instead of showing itself.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// The text on one line: line breaks become ` ⏎ `, tabs a space, and every other unsafe character is
/// written out (`\x1b`, `\u{202e}`). At most `limit` characters of the original are kept, and the
/// number of those left out is said.
pub fn one_line(text: &str, limit: usize) -> String {
    let (kept, more) = cut(text, limit);
    let mut out = String::with_capacity(kept.len());
    for (i, line) in split_lines(kept).enumerate() {
        if i > 0 {
            out.push_str(if out.is_empty() { "⏎ " } else { " ⏎ " });
        }
        escape(line, &mut out);
    }
    say_more(&mut out, more);
    out.trim_end().to_owned()
}

/// The text as the lines it has, each made harmless as [`one_line`] does. Blank lines at the end are
/// left out.
pub fn lines(text: &str, limit: usize) -> Vec<String> {
    let (kept, more) = cut(text, limit);
    let mut lines: Vec<String> = split_lines(kept)
        .map(|line| {
            let mut out = String::with_capacity(line.len());
            escape(line, &mut out);
            out.trim_end().to_owned()
        })
        .collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    if more > 0 {
        match lines.last_mut() {
            Some(last) => say_more(last, more),
            None => lines.push(format!("… (+{more} characters)")),
        }
    }
    lines
}

/// The first `limit` characters, and how many there are beyond.
fn cut(text: &str, limit: usize) -> (&str, usize) {
    match text.char_indices().nth(limit) {
        Some((at, _)) => {
            let (kept, rest) = text.split_at(at);
            (kept, rest.chars().count())
        }
        None => (text, 0),
    }
}

fn say_more(out: &mut String, more: usize) {
    if more > 0 {
        // Writing to a string cannot fail.
        let _ = write!(out, "… (+{more} characters)");
    }
}

/// Lines end at `\n` or `\r\n`; a lone `\r`, which would overwrite the line on a terminal, is escaped.
fn split_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line))
}

fn escape(line: &str, out: &mut String) {
    for c in line.chars() {
        let _ = match c {
            '\t' => out.write_char(' '),
            c if !is_unsafe(c) => out.write_char(c),
            c if u32::from(c) <= 0xff => write!(out, "\\x{:02x}", u32::from(c)),
            c => write!(out, "\\u{{{:x}}}", u32::from(c)),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn terminal_sequences_are_shown_not_sent() {
        assert_eq!(one_line("\u{1b}[2J\u{1b}]0;owned\u{7}x", 99), "\\x1b[2J\\x1b]0;owned\\x07x");
        assert_eq!(one_line("a\u{9b}31mb\u{7f}", 99), "a\\x9b31mb\\x7f");
        assert_eq!(one_line("done\rFAILED", 99), "done\\x0dFAILED");
        assert_eq!(
            one_line("a\u{202e}cod.exe\u{2066}\u{200b}\u{feff}", 99),
            "a\\u{202e}cod.exe\\u{2066}\\u{200b}\\u{feff}"
        );
        assert_eq!(one_line("\u{e0041}", 99), "\\u{e0041}");
    }

    #[test]
    fn what_is_harmless_stays() {
        for text in ["storageclass.storage.k8s.io \"fast\" not found", "卷 data 无法挂载", "Größe é e\u{301}", "a\\b"]
        {
            assert_eq!(one_line(text, 99), text);
        }
    }

    #[test]
    fn breaks_of_lines_are_seen() {
        assert_eq!(one_line("a\nb\r\nc", 99), "a ⏎ b ⏎ c");
        assert_eq!(one_line("\nb", 99), "⏎ b");
        assert_eq!(lines("a\n\n  b\r\n\n", 99), ["a", "", "  b"]);
        assert!(lines("", 9).is_empty());
    }

    #[test]
    fn length_is_bounded_in_characters_of_the_original() {
        assert_eq!(one_line("äöüß", 4), "äöüß");
        assert_eq!(one_line("äöüß!", 4), "äöüß… (+1 characters)");
        assert_eq!(lines("aaaa\nbbbb", 5), ["aaaa… (+4 characters)"]);
        assert_eq!(lines("aaaa", 0), ["… (+4 characters)"]);
    }

    proptest! {
        #[test]
        fn nothing_unsafe_survives(text in "\\PC*|[\\x00-\\x9f\u{2000}-\u{206f}\u{e0000}-\u{e007f}a]*", limit in 0_usize..80) {
            let line = one_line(&text, limit);
            prop_assert!(!line.chars().any(is_unsafe), "{line:?}");
            for line in lines(&text, limit) {
                prop_assert!(!line.chars().any(is_unsafe), "{line:?}");
            }
        }
    }
}
