//! From what was parsed to what is evaluated, with everything checked that can be checked at load.

mod calls;
mod loops;
#[cfg(test)]
pub(super) use loops::LOOPS;

use super::lexer::Token;
use super::parse::{DEEPEST, parse};
use super::part::{Named, Part, What};
use super::tree::{Node, Word};
use super::{Fault, Names, Slot};
use crate::value::Value;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

const MOST_NODES: usize = 500;

/// A lowered expression.
pub(super) struct Lowered {
    pub(super) root: Node,
    pub(super) uses: Vec<Slot>,
}

/// Parses and lowers a text whose tokens are in order.
pub(super) fn lower(source: &str, tokens: &[Token], names: &Names) -> Result<Lowered, Vec<Fault>> {
    let whole = parse(source, tokens)?;
    let mut lowering =
        Lowering { names, locals: Vec::new(), uses: BTreeSet::new(), faults: Vec::new(), depth: 0, nodes: 0 };
    let root = lowering.node(&whole);
    if lowering.faults.is_empty() {
        Ok(Lowered { root, uses: lowering.uses.into_iter().collect() })
    } else {
        lowering.faults.sort_by_key(|fault| (fault.range.start, fault.range.end));
        Err(lowering.faults)
    }
}

struct Lowering<'a> {
    names: &'a Names,
    /// The variables of the loops around, the outermost first.
    locals: Vec<String>,
    uses: BTreeSet<Slot>,
    faults: Vec<Fault>,
    depth: usize,
    nodes: usize,
}

/// What stands for a part that has a fault, so that the rest is checked too.
const BROKEN: Node = Node::Constant(Value::Null);

impl Lowering<'_> {
    fn fault(&mut self, fault: Fault) -> Node {
        self.faults.push(fault);
        BROKEN
    }

    fn fault_at(&mut self, at: &Range<usize>, code: &'static str, message: impl Into<String>) -> Node {
        self.fault(Fault::new(at.clone(), code, message))
    }

    fn node(&mut self, part: &Part) -> Node {
        self.nodes += 1;
        if self.nodes == MOST_NODES + 1 {
            return self.fault_at(&part.at, "too-complex", format!("an expression has at most {MOST_NODES} parts"));
        }
        if self.depth >= DEEPEST || self.nodes > MOST_NODES {
            if !self.faults.iter().any(|fault| fault.code.starts_with("too-")) {
                self.fault_at(&part.at, "too-deep", format!("an expression is nested at most {DEEPEST} deep"));
            }
            return BROKEN;
        }
        self.depth += 1;
        let node = self.part(part);
        self.depth -= 1;
        node
    }

    fn boxed(&mut self, part: &Part) -> Box<Node> {
        Box::new(self.node(part))
    }

    fn part(&mut self, part: &Part) -> Node {
        match &part.what {
            What::Name(name) => self.name(name, &part.at),
            What::Constant(value) => Node::Constant(value.clone()),
            What::Field(of, field) => Node::Field(self.boxed(of), word(field)),
            What::Has(of, field) => Node::Has(self.boxed(of), word(field)),
            What::Index(of, index) => Node::Index(self.boxed(of), self.boxed(index)),
            What::Not(of) => Node::Not(Box::new(self.condition(of))),
            What::Minus(of) => Node::Minus(self.boxed(of)),
            What::And(a, b) => Node::And(Box::new(self.condition(a)), Box::new(self.condition(b))),
            What::Or(a, b) => Node::Or(Box::new(self.condition(a)), Box::new(self.condition(b))),
            What::If(a, b, c) => Node::If(Box::new(self.condition(a)), self.boxed(b), self.boxed(c)),
            What::Binary(operator, a, b) => Node::Binary(*operator, self.boxed(a), self.boxed(b)),
            What::List(items) => list_of(items.iter().map(|item| self.node(item)).collect()),
            What::Map(entries) => {
                Node::Map(entries.iter().map(|(key, value)| (self.node(key), self.node(value))).collect())
            }
            What::Call(call) => self.function(call),
            What::Loop(written) => self.looped(written, &part.at),
        }
    }

    fn name(&mut self, name: &str, at: &Range<usize>) -> Node {
        // The innermost variable of a name wins.
        if let Some(i) = self.locals.iter().rposition(|local| local == name) {
            return Node::Local(i);
        }
        if let Some(slot) = self.names.slot(name) {
            self.uses.insert(slot);
            return Node::Name(slot);
        }
        if let Some(fault) = reserved(name, at) {
            return self.fault(fault);
        }
        let fault = self.names.unknown(name, &self.locals, at.clone());
        self.fault(fault)
    }

    /// A part that has to be true or false.
    fn condition(&mut self, part: &Part) -> Node {
        let node = self.node(part);
        if let Node::Constant(value) = &node
            && !matches!(value, Value::Bool(_) | Value::Null | Value::Unknown(_))
        {
            self.fault_at(&part.at, "not-a-check", format!("{} is not true or false", super::compare::kind(value)));
        }
        node
    }
}

fn word(field: &Named) -> Word {
    Word { text: Arc::from(field.name.as_str()), at: field.at.clone(), hint: AtomicUsize::default() }
}

fn reserved(name: &str, at: &Range<usize>) -> Option<Fault> {
    name.starts_with("__").then(|| Fault::new(at.clone(), "reserved-name", "a name does not begin with `__`"))
}

/// A list; one that is written out is made once, at load.
fn list_of(items: Vec<Node>) -> Node {
    let constants: Option<Vec<Value>> =
        items.iter().map(|item| if let Node::Constant(value) = item { Some(value.clone()) } else { None }).collect();
    constants.map_or_else(|| Node::List(items), |values| Node::Constant(Value::list(values)))
}
