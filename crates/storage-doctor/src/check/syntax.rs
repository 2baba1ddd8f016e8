//! What can be told to be wrong from tokens alone, in the words of the person who wrote it, and the
//! limits that keep the parser from running out of stack.

use super::Fault;
use super::lexer::{Kind, Token};
use std::ops::Range;

const LONGEST: usize = 4096;
const DEEPEST: usize = 10;
const MOST_OPERATORS: usize = 500;
/// More faults than this help nobody.
const MOST_FAULTS: usize = 20;

/// Faults of size alone, checked before anything reads the text.
pub(super) fn too_long(source: &str) -> Option<Fault> {
    (source.len() > LONGEST).then(|| {
        Fault::new(0..source.len(), "too-long", format!("an expression has at most {LONGEST} bytes"))
            .help("split it into several named checks")
    })
}

/// Everything that is wrong with the tokens of an expression.
pub(super) fn check(source: &str, tokens: &[Token]) -> Vec<Fault> {
    let mut checker = Checker { source, tokens, open: Vec::new(), faults: Vec::new() };
    checker.limits();
    for at in 0..=tokens.len() {
        checker.pair(at);
    }
    checker.faults.truncate(MOST_FAULTS);
    checker.faults
}

struct Checker<'a> {
    source: &'a str,
    tokens: &'a [Token],
    /// The brackets that are open.
    open: Vec<Range<usize>>,
    faults: Vec<Fault>,
}

impl Checker<'_> {
    fn word(&self, token: &Token) -> &str {
        self.source.get(token.range.clone()).unwrap_or_default()
    }

    fn fault(&mut self, range: Range<usize>, code: &'static str, message: String, help: &str) {
        let fault = Fault::new(range, code, message);
        self.faults.push(fault.help(help));
    }

    fn limits(&mut self) {
        let operators: Vec<&Token> = self.tokens.iter().filter(|t| t.kind == Kind::Operator).collect();
        if let Some(token) = operators.get(MOST_OPERATORS) {
            let message = format!("an expression has at most {MOST_OPERATORS} operators, dots and commas");
            self.fault(token.range.clone(), "too-complex", message, "split it into several named checks");
        }
    }

    /// The token at `at` (or the end of the text) and the one before it.
    fn pair(&mut self, at: usize) {
        let before = at.checked_sub(1).and_then(|i| self.tokens.get(i)).cloned();
        let Some(token) = self.tokens.get(at).cloned() else {
            return self.end(before.as_ref());
        };
        let word = self.word(&token).to_owned();
        match token.kind {
            Kind::Open => self.opening(&token, before.as_ref()),
            Kind::Close => self.closing(&token, &word, before.as_ref(), at),
            Kind::Operator => self.operator(&token, &word, before.as_ref()),
            Kind::Name | Kind::Number | Kind::Text => self.operand(&token, before.as_ref()),
        }
    }

    fn end(&mut self, before: Option<&Token>) {
        for open in std::mem::take(&mut self.open) {
            let word = self.source.get(open.clone()).unwrap_or_default().to_owned();
            self.fault(open, "unclosed-bracket", format!("this `{word}` is not closed"), "");
        }
        match before {
            None => self.fault(0..self.source.len(), "empty", "expected an expression".to_owned(), ""),
            Some(last) if last.kind == Kind::Operator => self.missing_after(last),
            Some(_) => {}
        }
    }

    fn missing_after(&mut self, before: &Token) {
        let what = if self.word(before) == "." { "a field name" } else { "an expression" };
        let message = format!("expected {what} after `{}`", self.word(before));
        self.fault(before.range.clone(), "missing-expression", message, "");
    }

    fn opening(&mut self, token: &Token, before: Option<&Token>) {
        let word = self.word(token).to_owned();
        self.open.push(token.range.clone());
        if self.open.len() == DEEPEST + 1 {
            let message = format!("brackets are nested more than {DEEPEST} deep");
            self.fault(token.range.clone(), "too-deep", message, "split it into several named checks");
        }
        let Some(before) = before else { return };
        let name = before.kind == Kind::Name;
        match (&*word, before.kind) {
            ("{", Kind::Name) => {
                let range = before.range.start..token.range.end;
                self.fault(
                    range,
                    "no-messages",
                    "there are no typed objects in checks".to_owned(),
                    "write `{'key': value}`",
                );
            }
            ("(", Kind::Name) | ("[", Kind::Name | Kind::Close | Kind::Text) => {}
            (_, Kind::Open | Kind::Operator) if self.word(before) != "." => {}
            _ if !name && self.word(before) == "." => self.missing_after(before),
            _ => self.missing_between(before, token),
        }
    }

    fn closing(&mut self, token: &Token, word: &str, before: Option<&Token>, at: usize) {
        let wanted = match word {
            ")" => "(",
            "]" => "[",
            _ => "{",
        };
        let open = self.open.pop();
        let opened = open.clone().and_then(|open| self.source.get(open)).unwrap_or_default().to_owned();
        if opened.is_empty() {
            return self.fault(token.range.clone(), "unopened-bracket", format!("this `{word}` closes nothing"), "");
        }
        if opened != wanted {
            let message = format!("this `{word}` does not close the `{opened}` before it");
            return self.fault(token.range.clone(), "wrong-bracket", message, "");
        }
        let Some(before) = before else { return };
        match before.kind {
            Kind::Open if !self.calls(at) && (word == ")" || (word == "]" && self.indexes(at))) => {
                let message = format!("expected an expression between `{wanted}` and `{word}`");
                self.fault(before.range.start..token.range.end, "missing-expression", message, "");
            }
            Kind::Operator if !(self.word(before) == "," && word != ")") => self.missing_after(before),
            _ => {}
        }
    }

    /// Whether the bracket before `at` opens the arguments of a call.
    fn calls(&self, at: usize) -> bool {
        let opener = at.checked_sub(1).and_then(|i| self.tokens.get(i)).map(|t| self.word(t));
        opener == Some("(") && at.checked_sub(2).and_then(|i| self.tokens.get(i)).is_some_and(|t| t.kind == Kind::Name)
    }

    /// Whether the bracket before `at` follows something that it indexes.
    fn indexes(&self, at: usize) -> bool {
        let before = at.checked_sub(2).and_then(|i| self.tokens.get(i));
        before.is_some_and(|t| matches!(t.kind, Kind::Name | Kind::Close | Kind::Text))
    }

    fn operator(&mut self, token: &Token, word: &str, before: Option<&Token>) {
        let follows = before.is_none_or(|b| matches!(b.kind, Kind::Operator | Kind::Open));
        if word == "?" && before.is_some_and(|b| matches!(self.word(b), "." | "[" | "{" | ",")) {
            let help = "a missing field is null already: write `a.b`";
            return self.fault(
                token.range.clone(),
                "no-optionals",
                "there is no optional syntax in checks".to_owned(),
                help,
            );
        }
        if !follows || matches!(word, "!" | "-") && before.is_none_or(|b| self.word(b) != ".") {
            if !follows && word == "!" {
                self.fault(
                    token.range.clone(),
                    "missing-operator",
                    "`!` stands before what it negates".to_owned(),
                    "to compare, write `!=`",
                );
            }
            return;
        }
        match before {
            Some(before) if before.kind == Kind::Operator => {
                if self.faults.last().is_none_or(|last| last.range != before.range) {
                    self.missing_after(before);
                }
            }
            _ if word == "." => {
                self.fault(
                    token.range.clone(),
                    "missing-expression",
                    "expected an expression before `.`".to_owned(),
                    "",
                );
            }
            _ => {
                let message = format!("expected an expression before `{word}`");
                self.fault(token.range.clone(), "missing-expression", message, "");
            }
        }
    }

    fn operand(&mut self, token: &Token, before: Option<&Token>) {
        let Some(before) = before else { return };
        match before.kind {
            Kind::Operator if self.word(before) == "." && token.kind != Kind::Name => self.missing_after(before),
            Kind::Operator | Kind::Open => {}
            _ => {
                // `a and b` is told once, at the `and`.
                if !matches!(self.word(before), "and" | "or") {
                    self.missing_between(before, token);
                }
            }
        }
    }

    fn missing_between(&mut self, before: &Token, token: &Token) {
        let (left, right) = (self.word(before).to_owned(), self.word(token).to_owned());
        let help = match (&*left, &*right) {
            ("and", _) | (_, "and") => "write `&&` for and",
            ("or", _) | (_, "or") => "write `||` for or",
            ("not", _) | (_, "not") => "write `!` for not",
            _ => "",
        };
        let message = format!("expected an operator between `{}` and `{}`", brief(&left), brief(&right));
        self.fault(token.range.clone(), "missing-operator", message, help);
    }
}

/// The beginning of a token, for a message.
pub(super) fn brief(word: &str) -> String {
    let mut short: String = word.chars().filter(|c| !c.is_control()).take(24).collect();
    if short.len() < word.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::super::lexer::tokens;
    use super::check;

    #[test]
    fn says_what_is_missing_and_where() {
        for (source, at, message) in [
            ("", 0..0, "expected an expression"),
            ("  ", 0..2, "expected an expression"),
            ("a &&", 2..4, "expected an expression after `&&`"),
            ("a && || b", 2..4, "expected an expression after `&&`"),
            ("&& b", 0..2, "expected an expression before `&&`"),
            ("f(a", 1..2, "this `(` is not closed"),
            ("(a]", 2..3, "this `]` does not close the `(` before it"),
            ("a)", 1..2, "this `)` closes nothing"),
            ("a b", 2..3, "expected an operator between `a` and `b`"),
            ("a 'b'", 2..5, "expected an operator between `a` and `'b'`"),
            ("a and b", 2..5, "expected an operator between `a` and `and`"),
            ("a.", 1..2, "expected a field name after `.`"),
            ("a.[0]", 1..2, "expected a field name after `.`"),
            ("()", 0..2, "expected an expression between `(` and `)`"),
            ("a[]", 1..3, "expected an expression between `[` and `]`"),
            ("f(a,)", 3..4, "expected an expression after `,`"),
            ("a.?b", 2..3, "there is no optional syntax in checks"),
            ("A{b: 1}", 0..2, "there are no typed objects in checks"),
            ("(a) (b)", 4..5, "expected an operator between `)` and `(`"),
            ("1 == == 2", 2..4, "expected an expression after `==`"),
        ] {
            let (found, _, _) = tokens(source);
            let faults = check(source, &found);
            let first = faults.first().unwrap_or_else(|| panic!("no fault in {source}"));
            assert_eq!((first.range.clone(), &*first.message), (at, message), "{source}: {faults:?}");
        }
    }

    #[test]
    fn is_silent_on_what_is_right() {
        for source in [
            "a",
            "f()",
            "[]",
            "{}",
            "[1, 2,]",
            "{'a': 1,}",
            "!a && -b < 3",
            "a ? b : c",
            "a.b('x')[0].c",
            "[[1], [2]]",
            "x in ['a']",
            "!(a || b)",
            "a - -1",
            "f(!a)",
            "'a'['b']",
            "{'a': -1}",
            "a ? -1 : !b",
        ] {
            assert!(check(source, &tokens(source).0).is_empty(), "{source}: {:?}", check(source, &tokens(source).0));
        }
    }

    #[test]
    fn bounds_depth_and_operators() {
        let deep = format!("{}1{}", "(".repeat(11), ")".repeat(11));
        assert_eq!(check(&deep, &tokens(&deep).0)[0].code, "too-deep");
        let ten = format!("{}1{}", "(".repeat(10), ")".repeat(10));
        assert!(check(&ten, &tokens(&ten).0).is_empty());
        let long = vec!["1"; 502].join("+");
        assert_eq!(check(&long, &tokens(&long).0)[0].code, "too-complex");
        let most = vec!["1"; 501].join("+");
        assert!(check(&most, &tokens(&most).0).is_empty());
    }
}
