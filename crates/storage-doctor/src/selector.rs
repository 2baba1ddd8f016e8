//! Label selectors, as `kubectl -l` takes them.

use crate::value::Value;
use std::iter::Peekable;

/// The longest selector that is read.
const LONGEST: usize = 64 * 1024;

/// Which labels an object has to have: every requirement has to be met. The grammar is that of
/// `labels.Parse` in `k8s.io/apimachinery`: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`,
/// `!a`, `a>1`, `a<1`, joined by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    rule: Rule,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Rule {
    Exists,
    Missing,
    In(Vec<String>),
    NotIn(Vec<String>),
    Above(i64),
    Below(i64),
}

/// Why a text is no selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SelectorError {
    /// Something else had to stand there.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What had to stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// Not the name of a label.
    #[error(
        "{0:?} is not a label's name: at most 63 letters, digits, '-', '_' or '.', after an optional domain and '/'"
    )]
    Key(String),
    /// Not the value of a label.
    #[error("{0:?} is not a label's value: at most 63 letters, digits, '-', '_' or '.'")]
    LabelValue(String),
    /// `>` and `<` compare whole numbers.
    #[error("{0:?} is not a whole number")]
    Number(String),
    /// Too long to be meant.
    #[error("longer than {LONGEST} bytes")]
    TooLong,
}

impl Selector {
    /// Reads a selector. An empty one selects everything.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        if text.len() > LONGEST {
            return Err(SelectorError::TooLong);
        }
        let mut tokens = tokens(text).into_iter().peekable();
        let mut requirements = Vec::new();
        while tokens.peek().is_some() {
            requirements.push(requirement(&mut tokens)?);
            match tokens.next() {
                None => break,
                Some(Token::Sign(",")) if tokens.peek().is_some() => {}
                Some(Token::Sign(",")) => return Err(unexpected("a label's name after ','", None)),
                found => return Err(unexpected("',' or the end", found)),
            }
        }
        Ok(Self { requirements })
    }

    /// Whether these labels (a map of texts; null when there are none) meet every requirement.
    pub fn matches(&self, labels: &Value) -> bool {
        self.requirements.iter().all(|requirement| requirement.is_met(labels))
    }
}

impl Requirement {
    fn is_met(&self, labels: &Value) -> bool {
        let label = labels.field(&self.key);
        let value = label.as_str();
        let number = || value.and_then(|text| text.parse::<i64>().ok());
        match &self.rule {
            Rule::Exists => value.is_some(),
            Rule::Missing => value.is_none(),
            Rule::In(values) => value.is_some_and(|value| values.iter().any(|v| v == value)),
            Rule::NotIn(values) => !value.is_some_and(|value| values.iter().any(|v| v == value)),
            Rule::Above(least) => number().is_some_and(|n| n > *least),
            Rule::Below(most) => number().is_some_and(|n| n < *most),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Sign(&'static str),
    Word(String),
}

type Tokens = Peekable<std::vec::IntoIter<Token>>;

const SIGNS: [&str; 9] = ["==", "!=", "=", "!", "(", ")", ",", ">", "<"];

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some((sign, after)) = SIGNS.iter().find_map(|sign| rest.strip_prefix(sign).map(|after| (*sign, after))) {
            tokens.push(Token::Sign(sign));
            rest = after.trim_start();
        } else {
            let ends = |c: char| c.is_whitespace() || "=!(),<>".contains(c);
            let (word, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
            tokens.push(Token::Word(word.to_owned()));
            rest = after.trim_start();
        }
    }
    tokens
}

fn requirement(tokens: &mut Tokens) -> Result<Requirement, SelectorError> {
    if tokens.next_if_eq(&Token::Sign("!")).is_some() {
        return Ok(Requirement { key: key(tokens)?, rule: Rule::Missing });
    }
    let key = key(tokens)?;
    if matches!(tokens.peek(), None | Some(Token::Sign(","))) {
        return Ok(Requirement { key, rule: Rule::Exists });
    }
    let rule = match tokens.next() {
        Some(Token::Sign("=" | "==")) => Rule::In(vec![value(tokens)?]),
        Some(Token::Sign("!=")) => Rule::NotIn(vec![value(tokens)?]),
        Some(Token::Sign(">")) => Rule::Above(number(tokens)?),
        Some(Token::Sign("<")) => Rule::Below(number(tokens)?),
        Some(Token::Word(word)) if word == "in" => Rule::In(values(tokens)?),
        Some(Token::Word(word)) if word == "notin" => Rule::NotIn(values(tokens)?),
        found => return Err(unexpected("'=', '==', '!=', '>', '<', 'in' or 'notin'", found)),
    };
    Ok(Requirement { key, rule })
}

fn key(tokens: &mut Tokens) -> Result<String, SelectorError> {
    match tokens.next() {
        Some(Token::Word(word)) => {
            let (domain, name) =
                word.rsplit_once('/').map_or((None, word.as_str()), |(domain, name)| (Some(domain), name));
            if domain.is_none_or(is_domain) && is_name(name) { Ok(word) } else { Err(SelectorError::Key(short(&word))) }
        }
        found => Err(unexpected("a label's name", found)),
    }
}

/// A value; an empty one where the next requirement or the end follows.
fn value(tokens: &mut Tokens) -> Result<String, SelectorError> {
    match tokens.peek() {
        None | Some(Token::Sign("," | ")")) => Ok(String::new()),
        Some(Token::Word(_)) => match tokens.next() {
            Some(Token::Word(word)) if is_name(&word) => Ok(word),
            Some(Token::Word(word)) => Err(SelectorError::LabelValue(short(&word))),
            found => Err(unexpected("a label's value", found)),
        },
        found => Err(unexpected("a label's value", found.cloned())),
    }
}

fn values(tokens: &mut Tokens) -> Result<Vec<String>, SelectorError> {
    if tokens.next_if_eq(&Token::Sign("(")).is_none() {
        return Err(unexpected("'('", tokens.next()));
    }
    let mut values = Vec::new();
    loop {
        values.push(value(tokens)?);
        match tokens.next() {
            Some(Token::Sign(",")) => {}
            Some(Token::Sign(")")) => return Ok(values),
            found => return Err(unexpected("',' or ')'", found)),
        }
    }
}

fn number(tokens: &mut Tokens) -> Result<i64, SelectorError> {
    match tokens.next() {
        Some(Token::Word(word)) => word.parse().map_err(|_| SelectorError::Number(short(&word))),
        found => Err(unexpected("a whole number", found)),
    }
}

fn unexpected(expected: &'static str, found: Option<Token>) -> SelectorError {
    let found = match found {
        None => "the end".to_owned(),
        Some(Token::Sign(sign)) => format!("'{sign}'"),
        Some(Token::Word(word)) => format!("{:?}", short(&word)),
    };
    SelectorError::Unexpected { expected, found }
}

/// `[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?`, at most 63 characters.
fn is_name(text: &str) -> bool {
    text.len() <= 63
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// A DNS subdomain, at most 253 characters.
fn is_domain(text: &str) -> bool {
    let part =
        |part: &str| is_name(part) && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    text.len() <= 253 && text.split('.').all(part)
}

fn short(text: &str) -> String {
    text.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels() -> Value {
        Value::map([
            ("app", Value::text("web")),
            ("example.com/tier", Value::text("db")),
            ("n", Value::text("5")),
            ("empty", Value::text("")),
            ("in", Value::text("in")),
        ])
    }

    fn selects(text: &str) -> bool {
        Selector::parse(text).unwrap().matches(&labels())
    }

    #[test]
    fn selects_as_kubectl_does() {
        for text in [
            "",
            " ",
            "app",
            "app=web",
            "app == web",
            "app=web,example.com/tier=db",
            "app!=db",
            "app in (web,db)",
            "app in(web)",
            "app notin (a , b)",
            "!gone",
            "! gone",
            "gone!=x",
            "gone notin (x)",
            "n>4",
            "n<6",
            "empty=",
            "empty in ()",
            "empty in (a,)",
            "in in (in)",
            "in=in",
            "app=web , n > 4",
        ] {
            assert!(selects(text), "{text:?}");
        }
        for text in [
            "gone",
            "app=we",
            "app=webb",
            "app!=web",
            "app in (x)",
            "app notin (web,db)",
            "!app",
            "n>5",
            "n<5",
            "app>1",
            "gone=",
            "gone<9",
            "app=web,gone",
            "empty!=",
        ] {
            assert!(!selects(text), "{text:?}");
        }
    }

    #[test]
    fn without_labels_only_absence_is_met() {
        assert!(Selector::parse("!a,b!=c").unwrap().matches(&Value::Null));
        assert!(!Selector::parse("a").unwrap().matches(&Value::Null));
    }

    #[test]
    fn says_what_is_wrong() {
        let cases = [
            (",", "expected a label's name, found ','"),
            ("a=b,", "expected a label's name after ',', found the end"),
            ("a b", "expected '=', '==', '!=', '>', '<', 'in' or 'notin', found \"b\""),
            ("a=b c", "expected ',' or the end, found \"c\""),
            ("a in b", "expected '(', found \"b\""),
            ("a in (b", "expected ',' or ')', found the end"),
            ("a===b", "expected a label's value, found '='"),
            ("!", "expected a label's name, found the end"),
            ("a>x", "\"x\" is not a whole number"),
            (
                "-a=b",
                "\"-a\" is not a label's name: at most 63 letters, digits, '-', '_' or '.', after an optional domain and '/'",
            ),
            ("a=b/c", "\"b/c\" is not a label's value: at most 63 letters, digits, '-', '_' or '.'"),
        ];
        for (text, message) in cases {
            assert_eq!(Selector::parse(text).unwrap_err().to_string(), message, "{text}");
        }
        for text in ["UPPER.com/a", "a/", "/a", "a/b/c", "存储", "a..b/c", "a=\u{1b}"] {
            assert!(Selector::parse(text).is_err(), "{text:?}");
        }
        assert!(Selector::parse(&"a".repeat(64)).is_err() && Selector::parse(&"a".repeat(63)).is_ok());
        assert_eq!(Selector::parse(&"a,".repeat(40_000)), Err(SelectorError::TooLong));
    }

    proptest! {
        #[test]
        fn reads_anything(text in "\\PC{0,40}|[a-c=!(),<> in]{0,30}") {
            if let Ok(selector) = Selector::parse(&text) {
                selector.matches(&labels());
            }
        }
    }
}
