//! From tokens to a tree, whatever its names mean: the grammar of CEL, by precedence
//! (cel-spec doc/langdef.md, "Syntax"). Loops are read as what they are written as, and not expanded.

use super::lexer::{Kind, Token};
use super::part::{Called, Looped, Named, Part, What, flat};
use super::syntax::brief;
use super::tree::{LoopKind, Operator};
use super::{Fault, literal};
use crate::value::Value;
use std::ops::Range;

/// How deep an expression may be nested: here `? :` and brackets, and whatever else where names are resolved.
pub(super) const DEEPEST: usize = 64;

/// Words that CEL keeps for itself, beside those that mean something (cel-spec, "RESERVED").
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Whether a word is the language's own, so that nothing can have it for a name.
pub(crate) fn is_word(name: &str) -> bool {
    RESERVED.contains(&name) || name == "in" || literal::is_value(name)
}

/// The grammar cannot go on; why has been told.
struct Stop;

type Read = Result<Part, Stop>;

/// Parses a text whose tokens are in order, or says what is wrong with it.
pub(super) fn parse(source: &str, tokens: &[Token]) -> Result<Part, Vec<Fault>> {
    let mut parser = Parser { source, tokens, at: 0, depth: 0, faults: Vec::new() };
    match parser.whole() {
        Ok(part) if parser.faults.is_empty() => Ok(part),
        _ => Err(parser.faults),
    }
}

struct Parser<'a> {
    source: &'a str,
    tokens: &'a [Token],
    /// The next token.
    at: usize,
    depth: usize,
    faults: Vec<Fault>,
}

/// What binds tighter comes later.
const LEVELS: &[&[(&str, Operator)]] = &[
    &[
        ("==", Operator::Equal),
        ("!=", Operator::NotEqual),
        ("<", Operator::Less),
        ("<=", Operator::LessOrEqual),
        (">", Operator::Greater),
        (">=", Operator::GreaterOrEqual),
        ("in", Operator::In),
    ],
    &[("+", Operator::Add), ("-", Operator::Subtract)],
    &[("*", Operator::Multiply), ("/", Operator::Divide), ("%", Operator::Remainder)],
];

impl<'a> Parser<'a> {
    fn token(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    /// The text of the next token; empty at the end.
    fn word(&self) -> &'a str {
        self.token().and_then(|token| self.source.get(token.range.clone())).unwrap_or_default()
    }

    /// Takes the next token, whatever it is.
    fn take(&mut self) -> Range<usize> {
        let end = self.source.len();
        let range = self.token().map_or(end..end, |token| token.range.clone());
        self.at += 1;
        range
    }

    /// Takes the next token if it is that sign.
    fn sign(&mut self, sign: &str) -> Option<Range<usize>> {
        let is_sign = self.token().is_some_and(|token| matches!(token.kind, Kind::Operator | Kind::Open | Kind::Close));
        (is_sign && self.word() == sign).then(|| self.take())
    }

    fn wanted(&mut self, sign: &str) -> Result<Range<usize>, Stop> {
        self.sign(sign).ok_or_else(|| self.unexpected(""))
    }

    fn unexpected(&mut self, help: &str) -> Stop {
        let word = self.word();
        let range = self.take();
        let message = if word.is_empty() {
            "the expression ends too early".to_owned()
        } else {
            format!("unexpected `{}`", brief(word))
        };
        self.fault(&range, "syntax", &message, help);
        Stop
    }

    /// Reports what does not keep the rest from being read.
    fn fault(&mut self, at: &Range<usize>, code: &'static str, message: &str, help: &str) -> Part {
        self.faults.push(Fault::new(at.clone(), code, message).help(help));
        Part { what: What::Constant(Value::Null), at: at.clone() }
    }

    fn whole(&mut self) -> Read {
        let part = self.expression()?;
        if self.token().is_some() { Err(self.unexpected("")) } else { Ok(part) }
    }

    fn expression(&mut self) -> Read {
        if self.depth == DEEPEST {
            let at = self.take();
            self.fault(&at, "too-deep", &format!("an expression is nested at most {DEEPEST} deep"), "");
            return Err(Stop);
        }
        self.depth += 1;
        let part = self.conditional();
        self.depth -= 1;
        part
    }

    fn conditional(&mut self) -> Read {
        let condition = self.either()?;
        let Some(at) = self.sign("?") else { return Ok(condition) };
        let then = self.either()?;
        if self.sign(":").is_none() {
            self.fault(&at, "syntax", "this `?` has no `:`", "write `condition ? then : otherwise`");
            return Err(Stop);
        }
        let otherwise = self.expression()?;
        Ok(Part { what: What::If(Box::new(condition), Box::new(then), Box::new(otherwise)), at })
    }

    fn either(&mut self) -> Read {
        self.chain("||", What::Or, Self::both)
    }

    fn both(&mut self) -> Read {
        self.chain("&&", What::And, |parser| parser.binary(0))
    }

    /// A chain of checks, as a flat tree: it may be long.
    fn chain(
        &mut self,
        sign: &str,
        join: fn(Box<Part>, Box<Part>) -> What,
        mut term: impl FnMut(&mut Self) -> Read,
    ) -> Read {
        let (mut terms, mut signs) = (vec![term(self)?], Vec::new());
        while let Some(at) = self.sign(sign) {
            signs.push(at);
            terms.push(term(self)?);
        }
        Ok(flat(terms, &signs, join))
    }

    /// The operators of a level and of those that bind tighter; the left ones first.
    fn binary(&mut self, level: usize) -> Read {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        while let Some((sign, operator)) = operators.iter().find(|(sign, _)| self.word() == *sign) {
            let Some(at) = self.sign(sign) else { break };
            let right = self.binary(level + 1)?;
            left = Part { what: What::Binary(*operator, Box::new(left), Box::new(right)), at };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Read {
        let sign = ["!", "-"].into_iter().find(|sign| self.word() == *sign && !self.is_negative_number());
        let Some((sign, at)) = sign.and_then(|sign| Some((sign, self.sign(sign)?))) else { return self.member() };
        let mut is_odd = true;
        while self.sign(sign).is_some() {
            is_odd = !is_odd;
        }
        let of = self.member()?;
        Ok(match sign {
            _ if !is_odd => of,
            "!" => Part { what: What::Not(Box::new(of)), at },
            _ => Part { what: What::Minus(Box::new(of)), at },
        })
    }

    /// Whether a number with a minus sign comes next, which is one value.
    fn is_negative_number(&self) -> bool {
        self.word() == "-" && self.tokens.get(self.at + 1).is_some_and(|next| next.kind == Kind::Number)
    }

    /// A value, and the fields, methods and indexes after it.
    fn member(&mut self) -> Read {
        let mut part = self.primary()?;
        loop {
            if let Some(at) = self.sign(".") {
                let field = if literal::is_value(self.word()) { None } else { self.name() };
                let Some(field) = field else { return Err(self.unexpected("")) };
                part = if self.word() == "(" {
                    self.call(field, Some(part))?
                } else {
                    Part { what: What::Field(Box::new(part), field), at }
                };
            } else if let Some(at) = self.sign("[") {
                let index = self.expression()?;
                self.wanted("]")?;
                part = Part { what: What::Index(Box::new(part), Box::new(index)), at };
            } else {
                return Ok(part);
            }
        }
    }

    fn name(&mut self) -> Option<Named> {
        let is_name = self.token().is_some_and(|token| token.kind == Kind::Name);
        let name = self.word().to_owned();
        is_name.then(|| Named { name, at: self.take() })
    }

    fn primary(&mut self) -> Read {
        let Some(token) = self.token() else { return Err(self.unexpected("")) };
        match (token.kind, self.word()) {
            (Kind::Name, _) => self.word_or_call(),
            (Kind::Number, _) => Ok(self.number(None)),
            (Kind::Operator, _) if self.is_negative_number() => {
                let sign = self.take();
                Ok(self.number(Some(sign)))
            }
            (Kind::Text, word) => Ok(self.text(word)),
            (Kind::Open, "(") => {
                self.at += 1;
                let inner = self.expression()?;
                self.wanted(")")?;
                Ok(inner)
            }
            (Kind::Open, "[") => {
                let at = self.take();
                Ok(Part { what: What::List(self.items("]", true, Self::expression)?), at })
            }
            (Kind::Open, _) => {
                let at = self.take();
                Ok(Part { what: What::Map(self.items("}", true, Self::entry)?), at })
            }
            _ => Err(self.unexpected("")),
        }
    }

    fn word_or_call(&mut self) -> Read {
        let Some(Named { name, at }) = self.name() else { return Err(self.unexpected("")) };
        let constant = match name.as_str() {
            "null" => Some(Value::Null),
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        };
        if let Some(value) = constant {
            return Ok(Part { what: What::Constant(value), at });
        }
        if RESERVED.contains(&name.as_str()) {
            self.fault(&at, "reserved-word", &format!("`{name}` is a reserved word"), "");
        }
        if self.word() == "(" {
            return self.call(Named { name, at }, None);
        }
        Ok(Part { what: What::Name(name), at })
    }

    /// A number, after its sign if it has one.
    fn number(&mut self, sign: Option<Range<usize>>) -> Part {
        let word = self.word();
        let value = literal::number(word, sign.is_some());
        let digits = self.take();
        let at = sign.map_or(digits.start, |sign| sign.start)..digits.end;
        match value {
            Some(value) => Part { what: What::Constant(value), at },
            None => self.fault(&at, "bad-number", &format!("`{}` is too large a number, or none", brief(word)), ""),
        }
    }

    fn text(&mut self, word: &str) -> Part {
        let at = self.take();
        if let Some(text) = literal::text(word) {
            return Part { what: What::Constant(Value::text(text)), at };
        }
        let help = "write `\\\\` for a backslash, or r'…' for a text without escapes";
        self.fault(&at, "bad-escape", "there is an unknown escape in this text", help)
    }

    /// What stands between brackets, up to the closing one. The last comma may be followed by nothing.
    fn items<T>(
        &mut self,
        close: &str,
        trailing: bool,
        mut item: impl FnMut(&mut Self) -> Result<T, Stop>,
    ) -> Result<Vec<T>, Stop> {
        let mut items = Vec::new();
        loop {
            if (items.is_empty() || trailing) && self.sign(close).is_some() {
                return Ok(items);
            }
            items.push(item(self)?);
            if self.sign(",").is_none() {
                self.wanted(close)?;
                return Ok(items);
            }
        }
    }

    fn entry(&mut self) -> Result<(Part, Part), Stop> {
        let key = self.expression()?;
        if self.sign(":").is_none() {
            return Err(self.unexpected("a map is written `{'key': value}`"));
        }
        Ok((key, self.expression()?))
    }

    /// A call, whose bracket comes next.
    fn call(&mut self, function: Named, target: Option<Part>) -> Read {
        let at = self.wanted("(")?;
        let mut arguments = self.items(")", false, Self::expression)?;
        match (&*function.name, target, arguments.len()) {
            ("has", None, 1) => {
                let Some(Part { what, at: place }) = arguments.pop() else { return Err(Stop) };
                let What::Field(of, field) = what else {
                    let help = "such as `has(claim.spec.volumeName)`; else compare with null";
                    return Ok(self.fault(&place, "bad-has", "has() wants a field", help));
                };
                Ok(Part { what: What::Has(of, field), at })
            }
            (_, None, _) => Ok(Part { what: What::Call(Called { function, is_method: false, arguments }), at }),
            (name, Some(range), given) => {
                if let Some(kind) = loop_of(name, given) {
                    return Ok(self.looped(kind, range, arguments, &at));
                }
                arguments.insert(0, range);
                Ok(Part { what: What::Call(Called { function, is_method: true, arguments }), at })
            }
        }
    }

    /// A loop of two or three arguments; of three, the first check chooses what the second makes something of.
    fn looped(
        &mut self,
        (kind, is_filter): (LoopKind, bool),
        range: Part,
        arguments: Vec<Part>,
        at: &Range<usize>,
    ) -> Part {
        let mut arguments = arguments.into_iter();
        let variable = match arguments.next() {
            Some(Part { what: What::Name(name), at }) => Named { name, at },
            other => {
                let at = other.map_or_else(|| at.clone(), |part| part.at);
                return self.fault(
                    &at,
                    "bad-variable",
                    "expected a name for the item",
                    "such as `x` in `list.exists(x, x > 1)`",
                );
            }
        };
        let (first, second) = (arguments.next().map(Box::new), arguments.next().map(Box::new));
        let item = || Some(Box::new(Part { what: What::Name(variable.name.clone()), at: variable.at.clone() }));
        let (check, make) = match (kind, second) {
            (LoopKind::Map, None) if is_filter => (first, item()),
            (LoopKind::Map, None) => (None, first),
            (_, second) => (first, second),
        };
        Part { what: What::Loop(Looped { kind, range: Box::new(range), variable, check, make }), at: at.clone() }
    }
}

/// The loop of a name and so many arguments, and whether what it makes of an item is the item.
fn loop_of(name: &str, arguments: usize) -> Option<(LoopKind, bool)> {
    Some(match (name, arguments) {
        ("exists", 2) => (LoopKind::Exists, false),
        ("all", 2) => (LoopKind::All, false),
        ("exists_one" | "existsOne", 2) => (LoopKind::ExistsOne, false),
        ("map", 2 | 3) => (LoopKind::Map, false),
        ("filter", 2) => (LoopKind::Map, true),
        _ => return None,
    })
}
