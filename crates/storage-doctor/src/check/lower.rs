//! From what was parsed to what is evaluated, with everything checked that can be checked at load.

mod calls;
mod loops;
#[cfg(test)]
pub(super) use loops::LOOPS;

use super::lexer::Token;
use super::parse::{Parsed, Places, parse};
use super::tree::{Node, Operator, Word};
use super::{Fault, Names, Slot};
use crate::value::Value;
use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, LiteralValue, operators};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

const DEEPEST: usize = 64;
const MOST_NODES: usize = 500;

/// A lowered expression.
pub(super) struct Lowered {
    pub(super) root: Node,
    pub(super) uses: Vec<Slot>,
}

/// Parses and lowers a text whose tokens are in order.
pub(super) fn lower(source: &str, tokens: &[Token], names: &Names) -> Result<Lowered, Vec<Fault>> {
    let Parsed { tree, places } = parse(source, tokens)?;
    let mut lowering =
        Lowering { names, places, locals: Vec::new(), uses: BTreeSet::new(), faults: Vec::new(), depth: 0, nodes: 0 };
    let root = lowering.node(&tree.0);
    if lowering.faults.is_empty() {
        Ok(Lowered { root, uses: lowering.uses.into_iter().collect() })
    } else {
        lowering.faults.sort_by_key(|fault| (fault.range.start, fault.range.end));
        Err(lowering.faults)
    }
}

struct Lowering<'a> {
    names: &'a Names,
    places: Places<'a>,
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

    fn fault_at(&mut self, id: u64, code: &'static str, message: impl Into<String>) -> Node {
        let fault = Fault::new(self.places.of(id), code, message);
        self.fault(fault)
    }

    fn node(&mut self, expr: &IdedExpr) -> Node {
        self.nodes += 1;
        if self.nodes == MOST_NODES + 1 {
            return self.fault_at(expr.id, "too-complex", format!("an expression has at most {MOST_NODES} parts"));
        }
        if self.depth >= DEEPEST || self.nodes > MOST_NODES {
            if !self.faults.iter().any(|fault| fault.code.starts_with("too-")) {
                self.fault_at(expr.id, "too-deep", format!("an expression is nested at most {DEEPEST} deep"));
            }
            return BROKEN;
        }
        self.depth += 1;
        let node = self.part(expr);
        self.depth -= 1;
        node
    }

    fn boxed(&mut self, expr: &IdedExpr) -> Box<Node> {
        Box::new(self.node(expr))
    }

    fn part(&mut self, expr: &IdedExpr) -> Node {
        match &expr.expr {
            Expr::Ident(name) => self.name(name, expr.id),
            Expr::Literal(literal) => self.literal(literal, expr.id),
            Expr::Select(select) => {
                let of = self.boxed(&select.operand);
                let at = self.places.of_field(expr.id, &select.field);
                let field = Word { text: Arc::from(select.field.as_str()), at, hint: AtomicUsize::default() };
                if select.test { Node::Has(of, field) } else { Node::Field(of, field) }
            }
            Expr::Call(call) => self.call(call, expr.id),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension, expr.id),
            Expr::List(list) => list_of(list.elements.iter().map(|item| self.node(item)).collect()),
            Expr::Map(map) => {
                let mut entries = Vec::with_capacity(map.entries.len());
                for entry in &map.entries {
                    if let EntryExpr::MapEntry(entry) = &entry.expr {
                        entries.push((self.node(&entry.key), self.node(&entry.value)));
                    }
                }
                Node::Map(entries)
            }
            Expr::Struct(_) => self.fault_at(expr.id, "no-messages", "there are no typed objects in checks"),
            Expr::Unspecified => self.fault_at(expr.id, "syntax", "this is not an expression"),
        }
    }

    fn name(&mut self, name: &str, id: u64) -> Node {
        // The innermost variable of a name wins.
        if let Some(i) = self.locals.iter().rposition(|local| local == name) {
            return Node::Local(i);
        }
        if let Some(slot) = self.names.slot(name) {
            self.uses.insert(slot);
            return Node::Name(slot);
        }
        if let Some(fault) = self.reserved(name, id) {
            return self.fault(fault);
        }
        let fault = self.names.unknown(name.trim_start_matches('.'), &self.locals, self.places.of(id));
        self.fault(fault)
    }

    fn reserved(&self, name: &str, id: u64) -> Option<Fault> {
        let reserved = name.starts_with('@') || name.starts_with("__");
        reserved.then(|| Fault::new(self.places.of(id), "reserved-name", "a name does not begin with `__`"))
    }

    fn literal(&mut self, literal: &LiteralValue, id: u64) -> Node {
        Node::Constant(match literal {
            LiteralValue::Boolean(b) => Value::Bool(*b.inner()),
            LiteralValue::Int(i) => Value::Int(*i.inner()),
            LiteralValue::UInt(u) => match i64::try_from(*u.inner()) {
                Ok(i) => Value::Int(i),
                Err(_) => return self.fault_at(id, "bad-number", "this number is too large"),
            },
            LiteralValue::Double(f) => Value::Float(*f.inner()),
            LiteralValue::String(text) => Value::text(text.inner()),
            LiteralValue::Null => Value::Null,
            LiteralValue::Bytes(_) => return self.fault_at(id, "no-bytes", "there are no byte strings in checks"),
        })
    }

    fn call(&mut self, call: &CallExpr, id: u64) -> Node {
        if call.target.is_some() {
            return self.function(call, id);
        }
        match (&*call.func_name, call.args.as_slice()) {
            (operators::LOGICAL_AND, [a, b]) => Node::And(Box::new(self.condition(a)), Box::new(self.condition(b))),
            (operators::LOGICAL_OR, [a, b]) => Node::Or(Box::new(self.condition(a)), Box::new(self.condition(b))),
            (operators::LOGICAL_NOT, [a]) => Node::Not(Box::new(self.condition(a))),
            (operators::NEGATE, [a]) => Node::Minus(self.boxed(a)),
            (operators::INDEX, [a, b]) => Node::Index(self.boxed(a), self.boxed(b)),
            (operators::CONDITIONAL, [a, b, c]) => Node::If(Box::new(self.condition(a)), self.boxed(b), self.boxed(c)),
            (name, [a, b]) if operator(name).is_some() => {
                let operator = operator(name).unwrap_or(Operator::Equal);
                Node::Binary(operator, self.boxed(a), self.boxed(b))
            }
            _ => self.function(call, id),
        }
    }

    /// A part that has to be true or false.
    fn condition(&mut self, expr: &IdedExpr) -> Node {
        let node = self.node(expr);
        if let Node::Constant(value) = &node
            && !matches!(value, Value::Bool(_) | Value::Null | Value::Unknown(_))
        {
            self.fault_at(expr.id, "not-a-check", format!("{} is not true or false", super::compare::kind(value)));
        }
        node
    }
}

/// A list; one that is written out is made once, at load.
fn list_of(items: Vec<Node>) -> Node {
    let constants: Option<Vec<Value>> =
        items.iter().map(|item| if let Node::Constant(value) = item { Some(value.clone()) } else { None }).collect();
    constants.map_or_else(|| Node::List(items), |values| Node::Constant(Value::list(values)))
}

fn operator(name: &str) -> Option<Operator> {
    Some(match name {
        operators::EQUALS => Operator::Equal,
        operators::NOT_EQUALS => Operator::NotEqual,
        operators::LESS => Operator::Less,
        operators::LESS_EQUALS => Operator::LessOrEqual,
        operators::GREATER => Operator::Greater,
        operators::GREATER_EQUALS => Operator::GreaterOrEqual,
        operators::IN => Operator::In,
        operators::ADD => Operator::Add,
        operators::SUBSTRACT => Operator::Subtract,
        operators::MULTIPLY => Operator::Multiply,
        operators::DIVIDE => Operator::Divide,
        operators::MODULO => Operator::Remainder,
        _ => return None,
    })
}
