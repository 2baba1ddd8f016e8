//! Which items of a large list a loop has to look at: `volumes.filter(v, v.spec.storageClassName == class)` asks an
//! index of the list instead of each of ten thousand volumes, which matters where a hundred subjects ask.
//!
//! Only what cannot change the answer is left out: items of which the first thing the check asks is known to be false.

use super::eval::Machine;
use super::tree::{Loop, LoopKind, Node, Operator};
use super::truth::{Truth, truth};
use crate::value::{List, Value};
use std::sync::Arc;

/// Lists up to this length are looked through: that is as fast, and a small list has no index to keep.
const SMALL: usize = 64;
/// More texts than these are not looked for one by one.
const TEXTS: usize = 128;

/// The items that a loop has to look at, in their order; none where that is each of them.
pub(super) fn narrowed(machine: &mut Machine<'_>, each: &Loop, list: &List) -> Option<Vec<Value>> {
    if each.kind == LoopKind::All || list.items().len() <= SMALL {
        return None;
    }
    let local = machine.depth();
    let mut check = each.check.as_ref()?;
    loop {
        check = match check {
            Node::And(first, _) => first,
            Node::If(condition, yes, no) if is_fixed(condition, local) => match truth(&machine.node(condition)) {
                Truth::Holds => yes,
                Truth::Fails => no,
                Truth::Unknown(_) => return None,
            },
            Node::Binary(operator, a, b) => return by_operator(machine, *operator, (a, b), list),
            _ => return None,
        };
    }
}

fn by_operator(machine: &mut Machine<'_>, operator: Operator, sides: (&Node, &Node), list: &List) -> Option<Vec<Value>> {
    let local = machine.depth();
    let (path, fixed) = match (path_of(sides.0, local), path_of(sides.1, local)) {
        (Some(path), None) => (path, sides.1),
        (None, Some(path)) if operator == Operator::Equal => (path, sides.0),
        _ => return None,
    };
    if !is_fixed(fixed, local) {
        return None;
    }
    let texts: Vec<Arc<str>> = match (operator, machine.node(fixed)) {
        (Operator::Equal, Value::Text(text)) => vec![text],
        (Operator::In, Value::List(texts)) if texts.unseen().is_none() && texts.items().len() <= TEXTS => {
            let text = |item: &Value| if let Value::Text(text) = item { Some(Arc::clone(text)) } else { None };
            texts.items().iter().map(text).collect::<Option<_>>()?
        }
        _ => return None,
    };
    list.narrowed(&path, &texts)
}

/// The fields of the loop's own variable that an expression reads, if that is all it does.
fn path_of(node: &Node, local: usize) -> Option<String> {
    let Node::Field(of, name) = node else { return None };
    if matches!(&**of, Node::Local(at) if *at == local) {
        return Some(name.text.to_string());
    }
    path_of(of, local).map(|before| format!("{before}.{}", name.text))
}

/// Whether an expression is the same for all items: names, constants and variables of loops around.
fn is_fixed(node: &Node, local: usize) -> bool {
    let fixed = |node: &Node| is_fixed(node, local);
    match node {
        Node::Constant(_) | Node::Name(_) => true,
        Node::Local(at) => *at < local,
        Node::Field(of, _) | Node::Has(of, _) | Node::Not(of) | Node::Minus(of) => fixed(of),
        Node::Index(a, b) | Node::And(a, b) | Node::Or(a, b) | Node::Binary(_, a, b) => fixed(a) && fixed(b),
        Node::List(items) => items.iter().all(fixed),
        Node::Call(call) => call.arguments.iter().all(fixed),
        Node::If(..) | Node::Map(_) | Node::Loop(_) => false,
    }
}
