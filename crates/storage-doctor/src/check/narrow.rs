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

fn by_operator(
    machine: &mut Machine<'_>,
    operator: Operator,
    sides: (&Node, &Node),
    list: &List,
) -> Option<Vec<Value>> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Budget;
    use crate::check::compile;
    use crate::check::testing::{Given, gap, normal};
    use crate::evidence::Gaps;

    /// Objects that hold, in turns, one of three texts at `a.b`, and one odd thing among them.
    fn objects(odd: &Value) -> Vec<Value> {
        let object = |n: i64| {
            let b = match n % 4 {
                0 => Value::text("x"),
                1 => Value::text("y"),
                2 => Value::Null,
                _ => Value::text("z"),
            };
            Value::map([("a", Value::map([("b", b)])), ("n", Value::Int(n))])
        };
        (0..200).map(object).chain([odd.clone()]).chain((200..260).map(object)).collect()
    }

    fn given(odd: &Value) -> Given {
        let unseen = Arc::new(Gaps::from([gap("unsure")]));
        let texts = Value::list(["x", "z"].map(Value::text).into());
        Given::new(&[
            ("big", Value::list(objects(odd))),
            ("part", Value::List(Arc::new(List::partial(objects(odd), Arc::clone(&unseen))))),
            ("key", Value::text("x")),
            ("keys", texts),
            ("nothing", Value::Null),
            ("unsure", Value::Unknown(unseen)),
        ])
    }

    #[test]
    fn an_index_changes_no_answer() {
        let map = |b: Value| Value::map([("a", b)]);
        let odd = [
            map(Value::map([("b", Value::text("x"))])),
            map(Value::map([("b", Value::Int(1))])),
            map(Value::text("in the way")),
            map(Value::unknown(gap("item"))),
            Value::unknown(gap("item")),
            Value::text("x"),
            Value::Null,
        ];
        // Each beside itself as it is written when no index can serve it.
        let checks = [
            ("v.a.b == key", "!(v.a.b != key)"),
            ("key == v.a.b", "!(key != v.a.b)"),
            ("v.a.b == 'nowhere'", "!(v.a.b != 'nowhere')"),
            ("v.a.b == nothing", "!(v.a.b != nothing)"),
            ("v.a.b == unsure", "!(v.a.b != unsure)"),
            ("v.a.b in keys", "!!(v.a.b in keys)"),
            ("v.a.b == key && v.n > 100", "!(v.a.b != key) && v.n > 100"),
            ("v.a.b == key && unsure", "!(v.a.b != key) && unsure"),
            ("key == 'x' ? v.a.b == key : v.n == 1", "!(key == 'x' ? v.a.b != key : v.n != 1)"),
            ("unsure ? v.a.b == key : v.n == 1", "!!(unsure ? v.a.b == key : v.n == 1)"),
        ];
        for odd in &odd {
            let given = given(odd);
            for (fast, plain) in checks {
                for list in ["big", "part"] {
                    for how in ["filter(v, CHECK)", "exists(v, CHECK)", "exists_one(v, CHECK)", "all(v, CHECK)"] {
                        let [fast, plain] =
                            [fast, plain].map(|check| format!("{list}.{}", how.replace("CHECK", check)));
                        assert_eq!(normal(&given.eval(&fast)), normal(&given.eval(&plain)), "{fast}, {odd:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn ten_thousand_items_take_few_steps() {
        let many = (0..10_000).map(|n: i64| Value::map([("a", Value::text(n.to_string()))])).collect();
        let given = Given::new(&[("many", Value::list(many)), ("key", Value::text("77"))]);
        let check = compile("many.filter(v, v.a == key).size() == 1", &given.names).unwrap();
        let mut budget = Budget::new(50);
        assert!(matches!(check.eval(&given, &mut budget), Value::Bool(true)));
    }
}
