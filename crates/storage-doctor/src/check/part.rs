//! What an expression is made of, before it is known what its names mean.

use super::tree::{LoopKind, Operator};
use crate::value::Value;
use std::ops::Range;

/// A part of an expression.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) what: What,
    /// The token that it was built at: an operator, a dot, a bracket, a name or a value.
    pub(super) at: Range<usize>,
}

/// A word and where it stands.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) at: Range<usize>,
}

/// What a part is.
#[derive(Debug)]
pub(super) enum What {
    Name(String),
    Constant(Value),
    Field(Box<Part>, Named),
    /// `has(x.f)`
    Has(Box<Part>, Named),
    Index(Box<Part>, Box<Part>),
    Not(Box<Part>),
    Minus(Box<Part>),
    And(Box<Part>, Box<Part>),
    Or(Box<Part>, Box<Part>),
    If(Box<Part>, Box<Part>, Box<Part>),
    Binary(Operator, Box<Part>, Box<Part>),
    List(Vec<Part>),
    Map(Vec<(Part, Part)>),
    Call(Called),
    Loop(Looped),
}

/// A call of a function.
#[derive(Debug)]
pub(super) struct Called {
    pub(super) function: Named,
    /// Whether the first argument stands before the name.
    pub(super) is_method: bool,
    pub(super) arguments: Vec<Part>,
}

/// `range.kind(variable, check, make)`
#[derive(Debug)]
pub(super) struct Looped {
    pub(super) kind: LoopKind,
    pub(super) range: Box<Part>,
    pub(super) variable: Named,
    /// The check on each item (or, for `map`, on the items to take).
    pub(super) check: Option<Box<Part>>,
    /// What `map` makes of each item.
    pub(super) make: Option<Box<Part>>,
}

/// Joins terms to a tree that is as flat as can be; their order stays.
pub(super) fn flat(mut terms: Vec<Part>, signs: &[Range<usize>], join: fn(Box<Part>, Box<Part>) -> What) -> Part {
    let middle = terms.len().div_ceil(2);
    let right = if terms.len() > 1 { terms.split_off(middle) } else { Vec::new() };
    let joint = signs.get(middle.saturating_sub(1)).cloned();
    match (terms.pop(), joint) {
        (Some(only), None) => only,
        (Some(last), Some(at)) => {
            terms.push(last);
            let (before, after) =
                (signs.get(..middle - 1).unwrap_or_default(), signs.get(middle..).unwrap_or_default());
            let left = flat(terms, before, join);
            Part { what: join(Box::new(left), Box::new(flat(right, after, join))), at }
        }
        // There is one term at least.
        (None, _) => Part { what: What::Constant(Value::Null), at: 0..0 },
    }
}
