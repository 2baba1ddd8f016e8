//! What the tests of the check language share.

use super::{Budget, Names, Scope, Slot, compile};
use crate::evidence::{Gap, Gaps, Query, Resource, Why};
use crate::time::Time;
use crate::value::{List, Value};
use std::sync::Arc;

/// Names with values, and a time: 2026-11-21T00:05:30Z.
pub(super) struct Given {
    pub(super) names: Names,
    pub(super) values: Vec<Value>,
}

impl Scope for Given {
    fn value(&self, slot: Slot) -> Value {
        self.values[slot.0].clone()
    }

    fn now(&self) -> Time {
        Time::parse("2026-11-21T00:05:30Z").unwrap()
    }
}

/// A gap that is no failure of the check.
pub(super) fn gap(name: &str) -> Gap {
    let resource = Resource::by_name("pods").unwrap();
    let query = Query::Object { resource, namespace: Some("a".to_owned()), name: name.to_owned() };
    Gap { query: Some(query), why: Why::NotRecorded }
}

impl Given {
    pub(super) fn new(values: &[(&str, Value)]) -> Self {
        let mut names = Names::new();
        for (name, _) in values {
            names.declare(name);
        }
        Self { names, values: values.iter().map(|(_, value)| value.clone()).collect() }
    }

    /// `txt`, `num`, `node`; `unsure` and `also`, which are unknown; `some`, a list seen in part because of
    /// what `unsure` is unknown for; `failed`, which could not be computed.
    pub(super) fn usual() -> Self {
        let labels = Value::map([("zone", Value::text("a")), ("cpus", Value::text("8"))]);
        let named = |name| Value::map([("metadata", Value::map([("name", Value::text(name))]))]);
        let gaps = Arc::new(Gaps::from([gap("unsure")]));
        Self::new(&[
            ("txt", Value::text("some text")),
            ("num", Value::Int(42)),
            ("node", Value::map([("metadata", Value::map([("name", Value::text("n1")), ("labels", labels)]))])),
            ("unsure", Value::Unknown(Arc::clone(&gaps))),
            ("also", Value::unknown(gap("also"))),
            ("some", Value::List(Arc::new(List::partial(vec![named("one")], gaps)))),
            ("failed", Value::failed("…")),
        ])
    }

    pub(super) fn eval(&self, source: &str) -> Value {
        let check = compile(source, &self.names).unwrap_or_else(|faults| panic!("{source}: {faults:?}"));
        check.eval(self, &mut Budget::default())
    }
}

/// A value as text for comparison: failures are all alike.
pub(super) fn normal(value: &Value) -> String {
    match value {
        Value::Unknown(gaps) if gaps.iter().any(|gap| matches!(gap.why, Why::Failed(_))) => "failed".to_owned(),
        Value::Float(f) if f.fract() == 0.0 => format!("Float({f})"),
        Value::List(list) => {
            let items: Vec<String> = list.items().iter().map(normal).collect();
            format!("{items:?} {:?}", list.unseen())
        }
        Value::Map(map) => {
            let fields: Vec<_> = map.iter().map(|(key, value)| (key, normal(value))).collect();
            format!("{fields:?}")
        }
        Value::Quantity(quantity) => format!("Quantity({})", quantity.canonical()),
        other => format!("{other:?}"),
    }
}

/// Evaluates pairs of expressions over [`Given::usual`] and holds each pair equal, unknowns included.
pub(super) fn assert_same(pairs: &[(&str, &str)]) {
    let given = Given::usual();
    for (expression, result) in pairs {
        let (got, wanted) = (given.eval(expression), given.eval(result));
        assert_eq!(normal(&got), normal(&wanted), "{expression} should be {result}, is {got:?}");
    }
}
