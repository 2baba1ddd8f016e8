//! The laws of three-valued logic, and that more knowledge never takes an answer back.

use super::super::testing::{Given, gap};
use super::super::{Truth, truth};
use crate::value::{List, Value};
use proptest::prelude::*;
use std::sync::Arc;

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Bool(true)),
        Just(Value::Bool(false)),
        Just(Value::Null),
        Just(Value::unknown(gap("one"))),
        Just(Value::unknown(gap("two"))),
        Just(Value::Int(1)),
    ]
}

/// What an expression says of `a`, `b`, `c`.
fn says(source: &str, a: &Value, b: &Value, c: &Value) -> Truth {
    truth(&Given::new(&[("a", a.clone()), ("b", b.clone()), ("c", c.clone())]).eval(source))
}

proptest! {
    #[test]
    fn logic_keeps_its_laws(a in value(), b in value(), c in value()) {
        for (left, right) in [
            ("a && b", "b && a"),
            ("a || b", "b || a"),
            ("a && (b && c)", "(a && b) && c"),
            ("a || (b || c)", "(a || b) || c"),
            ("!(a && b)", "!a || !b"),
            ("!(a || b)", "!a && !b"),
            ("!!a", "a"),
            ("a && true", "a"),
            ("a || false", "a"),
            ("a && false", "false"),
            ("a || true", "true"),
            ("a && a", "a"),
            ("[a, b, c].exists(x, x)", "a || b || c"),
            ("[a, b, c].all(x, x)", "a && b && c"),
        ] {
            prop_assert_eq!(says(left, &a, &b, &c), says(right, &a, &b, &c), "{} and {}", left, right);
        }
    }

    /// Whatever an unknown value turns out to be, what was said without it stays true.
    #[test]
    fn knowing_more_takes_nothing_back(known in prop::bool::ANY, b in prop::bool::ANY, items in prop::collection::vec(0_i64..4, 0..4)) {
        let (unknown, b) = (Value::unknown(gap("a")), Value::Bool(b));
        let gaps = unknown.gaps().unwrap().clone();
        let ints = |n: usize| items.iter().take(n).map(|i| Value::Int(*i)).collect::<Vec<_>>();
        let part = Value::List(Arc::new(List::partial(ints(items.len() / 2), gaps)));
        let all = Value::list(ints(items.len()));
        for source in [
            "a && b", "a || b", "!a", "a ? b : true", "a == b", "[a, b] == [b, a]", "a != b || b",
            "c.exists(x, x > 1)", "c.all(x, x > 1)", "c.exists_one(x, x > 1)", "2 in c", "c.size() > 1", "c == [1]",
            "c.filter(x, x > 1).size() == 0", "c.filter(x, x > 1).exists(x, x > 2)", "c.map(x, x + 1).all(x, x < 3)",
            "c.unique().size() == 1", "c.where('x', 'y').size() == 0", "(c + [1]).exists(x, x == 1)",
            "c.filter(x, a).exists(x, x == 1)", "[a, b].filter(x, x).size() == 1",
        ] {
            let before = says(source, &unknown, &b, &part);
            let after = says(source, &Value::Bool(known), &b, &all);
            if !matches!(before, Truth::Unknown(_)) {
                prop_assert_eq!(before, after, "{}", source);
            }
        }
    }
}
