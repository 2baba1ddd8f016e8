//! What has to be so for a check to hold, and what excludes what.

use super::super::tree::Operator;
use std::collections::BTreeSet;

/// Things that all have to be so.
pub(super) type Alternative = BTreeSet<Atom>;

/// What has to be so, of a part of a check written as text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Atom {
    /// It holds, or it does not.
    Holds(String, bool),
    /// It equals a constant, or does not.
    Is(String, Constant, bool),
    /// It compares with a number.
    Than(String, Order, i64),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Constant {
    Null,
    Truth(bool),
    Number(i64),
    Text(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The order that an operator asks for; the other way round when the number stands before it.
pub(super) fn order(operator: Operator, turned: bool) -> Option<Order> {
    Some(match (operator, turned) {
        (Operator::Less, false) | (Operator::Greater, true) => Order::Less,
        (Operator::LessOrEqual, false) | (Operator::GreaterOrEqual, true) => Order::LessOrEqual,
        (Operator::Greater, false) | (Operator::Less, true) => Order::Greater,
        (Operator::GreaterOrEqual, false) | (Operator::LessOrEqual, true) => Order::GreaterOrEqual,
        _ => return None,
    })
}

/// Why not all of these can be so, if they cannot.
pub(super) fn clash(all: &Alternative) -> Option<String> {
    let atoms: Vec<&Atom> = all.iter().collect();
    let mut rest = atoms.as_slice();
    while let [first, others @ ..] = rest {
        if let Some(other) = others.iter().find(|other| excludes(first, other) || excludes(other, first)) {
            return Some(format!("{} and {}", first.words(), other.words()));
        }
        rest = others;
    }
    None
}

#[expect(clippy::many_single_char_names, reason = "two of each, and the shapes say which")]
fn excludes(a: &Atom, b: &Atom) -> bool {
    match (a, b) {
        (Atom::Holds(x, a), Atom::Holds(y, b)) => x == y && a != b,
        (Atom::Is(x, a, true), Atom::Is(y, b, true)) if x == y => a != b && (differ(a, b) || is_raw(x)),
        (Atom::Is(x, Constant::Null, true), Atom::Is(y, b, true)) => *b != Constant::Null && is_of(y, x),
        (Atom::Is(x, Constant::Null, true), Atom::Holds(y, true) | Atom::Than(y, ..)) => x == y || is_of(y, x),
        (Atom::Is(x, a, true), Atom::Is(y, b, false)) => x == y && a == b,
        (Atom::Is(x, Constant::Number(n), true), Atom::Than(y, order, m)) => x == y && !order.fits(*n, *m),
        (Atom::Than(x, a, n), Atom::Than(y, b, m)) => x == y && apart((*a, *n), (*b, *m)),
        _ => false,
    }
}

/// Whether two different constants are never equal to the same value. A quantity equals several texts.
fn differ(a: &Constant, b: &Constant) -> bool {
    std::mem::discriminant(a) != std::mem::discriminant(b) && (*a == Constant::Null || *b == Constant::Null)
        || matches!((a, b), (Constant::Number(_), Constant::Number(_)) | (Constant::Truth(_), Constant::Truth(_)))
}

/// Whether a term is a plain path, whose texts are as the cluster wrote them.
fn is_raw(term: &str) -> bool {
    term.contains('.') && !term.contains(['(', '$', '\''])
}

/// Whether a term is a field of another one.
fn is_of(term: &str, other: &str) -> bool {
    term.strip_prefix(other).is_some_and(|rest| rest.starts_with('.'))
}

impl Order {
    fn fits(self, value: i64, bound: i64) -> bool {
        match self {
            Self::Less => value < bound,
            Self::LessOrEqual => value <= bound,
            Self::Greater => value > bound,
            Self::GreaterOrEqual => value >= bound,
        }
    }
}

/// Whether no number fits both.
fn apart(a: (Order, i64), b: (Order, i64)) -> bool {
    use Order::{Greater, GreaterOrEqual, Less, LessOrEqual};
    let ((below, high), (above, low)) = match (a.0, b.0) {
        (Less | LessOrEqual, Greater | GreaterOrEqual) => (a, b),
        (Greater | GreaterOrEqual, Less | LessOrEqual) => (b, a),
        _ => return false,
    };
    high < low || (high == low && (below == Less || above == Greater))
}

impl Atom {
    fn words(&self) -> String {
        match self {
            Self::Holds(term, true) => format!("`{term}`"),
            Self::Holds(term, false) => format!("not `{term}`"),
            Self::Is(term, value, equal) => format!("`{term} {} {}`", if *equal { "==" } else { "!=" }, value.words()),
            Self::Than(term, order, number) => {
                let sign = match order {
                    Order::Less => "<",
                    Order::LessOrEqual => "<=",
                    Order::Greater => ">",
                    Order::GreaterOrEqual => ">=",
                };
                format!("`{term} {sign} {number}`")
            }
        }
    }
}

impl Constant {
    fn words(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Truth(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::Text(value) => format!("'{value}'"),
        }
    }
}
