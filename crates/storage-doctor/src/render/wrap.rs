//! Breaking text into lines by the columns it takes on a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Breaks `text` at spaces, and beside wide characters as is usual in Chinese and Japanese, into
/// lines of at most `first` columns for the first and `rest` for the others. A word that is longer
/// than a line is broken inside. There is at least one line; none ends with a space.
pub(super) fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Lines { done: Vec::new(), line: String::new(), used: 0, room: first.max(2), rest: rest.max(2) };
    for word in text.split_whitespace() {
        let mut space = !lines.line.is_empty();
        for piece in pieces(word) {
            lines.add(piece, space);
            space = false;
        }
    }
    lines.end()
}

struct Lines {
    done: Vec<String>,
    line: String,
    used: usize,
    room: usize,
    rest: usize,
}

impl Lines {
    fn add(&mut self, piece: &str, space: bool) {
        let wide = width(piece);
        if self.used > 0 && self.used + usize::from(space) + wide > self.room {
            self.next();
        }
        if space && self.used > 0 {
            self.line.push(' ');
            self.used += 1;
        }
        if wide <= self.room {
            self.line.push_str(piece);
            self.used += wide;
            return;
        }
        for c in piece.chars() {
            let wide = c.width().unwrap_or(0);
            if self.used + wide > self.room {
                self.next();
            }
            self.line.push(c);
            self.used += wide;
        }
    }

    fn next(&mut self) {
        self.done.push(std::mem::take(&mut self.line).trim_end().to_owned());
        self.used = 0;
        self.room = self.rest;
    }

    fn end(mut self) -> Vec<String> {
        if self.used > 0 || !self.line.is_empty() || self.done.is_empty() {
            self.next();
        }
        self.done
    }
}

/// The pieces of a word between which a line may break: after each wide character, except before
/// punctuation that must not begin a line.
fn pieces(word: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut begin = 0;
    let mut before_wide = false;
    for (at, c) in word.char_indices() {
        let wide = c.width() == Some(2);
        if at > begin
            && (wide || before_wide)
            && !clings(c)
            && let Some(piece) = word.get(begin..at)
        {
            pieces.push(piece);
            begin = at;
        }
        before_wide = wide;
    }
    pieces.extend(word.get(begin..));
    pieces
}

/// Punctuation that stays with what stands before it, and marks that combine with it.
fn clings(c: char) -> bool {
    c.width() == Some(0) || "，。、；：！？）」』】》〉”’,.;:!?)]}>\"'".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn breaks_at_spaces() {
        assert_eq!(wrap("one two three", 7, 7), ["one two", "three"]);
        assert_eq!(wrap("one two three", 3, 9), ["one", "two three"]);
        assert_eq!(wrap("  one   two ", 20, 20), ["one two"]);
        assert_eq!(wrap("", 20, 20), [""]);
    }

    #[test]
    fn breaks_long_words_inside() {
        assert_eq!(wrap("a 0123456789", 4, 4), ["a", "0123", "4567", "89"]);
    }

    #[test]
    fn counts_columns_not_characters() {
        assert_eq!(wrap("存储类不存在", 6, 6), ["存储类", "不存在"]);
        assert_eq!(wrap("存储类fast不存在。", 7, 7), ["存储类", "fast不", "存在。"]);
        assert_eq!(wrap("e\u{301}e\u{301}e\u{301}", 2, 2), ["e\u{301}e\u{301}", "e\u{301}"]);
    }

    #[test]
    fn punctuation_never_begins_a_line() {
        assert_eq!(wrap("卷不在，卷", 6, 6), ["卷不", "在，卷"]);
    }

    proptest! {
        #[test]
        fn lines_fit_and_keep_every_word(text in "[a-z 存储，é]{0,200}", first in 2_usize..30, rest in 2_usize..30) {
            let lines = wrap(&text, first, rest);
            for (i, line) in lines.iter().enumerate() {
                let room = if i == 0 { first } else { rest };
                // A mark that clings may leave two columns beyond only in a line of one wide character.
                prop_assert!(width(line) <= room.max(4), "{line:?} in {room}");
                prop_assert_eq!(line.trim_end(), line.as_str());
            }
            let bare = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
        }
    }
}
