//! The tree that is evaluated.

use super::Slot;
use super::function::{Function, Pattern};
use crate::value::Value;
use std::ops::{Deref, Range};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

/// The name of a field as it was written.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) text: Arc<str>,
    /// Its bytes within the source text.
    pub(super) at: Range<usize>,
    /// Where it stood among the fields of the last object that was asked for it: most are alike.
    pub(super) hint: AtomicUsize,
}

impl Clone for Word {
    fn clone(&self) -> Self {
        Self { text: Arc::clone(&self.text), at: self.at.clone(), hint: AtomicUsize::default() }
    }
}

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

/// A part of a compiled expression.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Constant(Value),
    /// A declared name.
    Name(Slot),
    /// The variable of an enclosing loop, counted from the outermost.
    Local(usize),
    Field(Box<Node>, Word),
    /// `has(x.f)`.
    Has(Box<Node>, Word),
    Index(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Minus(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
    Loop(Box<Loop>),
    Call(Box<Call>),
}

/// An operator that computes both its sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// `range.exists(x, body)` and its kin.
#[derive(Clone, Debug)]
pub(super) struct Loop {
    pub(super) kind: LoopKind,
    pub(super) range: Node,
    /// The check on each item (or, for `map`, on the items to take).
    pub(super) check: Option<Node>,
    /// What `map` makes of each item.
    pub(super) make: Option<Node>,
}

/// Which loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LoopKind {
    Exists,
    All,
    ExistsOne,
    /// `map` and `filter`: a filter makes the item itself.
    Map,
}

/// A call of a function; the receiver of a method is its first argument.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) function: &'static Function,
    pub(super) arguments: Vec<Node>,
    /// The pattern, for functions that take one.
    pub(super) pattern: Option<Pattern>,
}
