//! Evaluation.
//!
//! The depth of a tree is bounded at load, so recursion is; the steps are bounded by the budget.

use super::compare::{equal, kind};
use super::function::Arguments;
use super::narrow::narrowed;
use super::operators::binary;
use super::tree::{Call, Loop, LoopKind, Node};
use super::truth::{Gathered, Truth, truth};
use super::{Budget, Scope};
use crate::evidence::{Gaps, Why};
use crate::value::{List, Map, NULL, Value};
use std::sync::Arc;

/// The value of a tree.
pub(super) fn eval(node: &Node, scope: &dyn Scope, budget: &mut Budget) -> Value {
    let value = Machine { scope, budget, locals: Vec::new() }.node(node);
    if budget.is_spent() { Budget::exhausted() } else { value }
}

pub(super) struct Machine<'a> {
    scope: &'a dyn Scope,
    budget: &'a mut Budget,
    /// The variables of the loops around, the outermost first.
    locals: Vec<Value>,
}

impl Machine<'_> {
    /// How many loops are around.
    pub(super) fn depth(&self) -> usize {
        self.locals.len()
    }

    pub(super) fn node(&mut self, node: &Node) -> Value {
        if !self.budget.spend(1) {
            return Budget::exhausted();
        }
        match node {
            Node::Constant(value) => value.clone(),
            Node::Name(slot) => self.scope.value(*slot),
            Node::Local(i) => self.locals.get(*i).cloned().unwrap_or_default(),
            Node::Field(..) => self.path(node, &mut Value::Null).map_or_else(|failed| failed, Value::clone),
            Node::Has(of, name) => match field(&self.node(of), name) {
                unknown @ Value::Unknown(_) => unknown,
                value => Value::Bool(!value.is_null()),
            },
            Node::Index(of, at) => {
                let (of, at) = (self.node(of), self.node(at));
                index(&of, &at)
            }
            Node::Not(of) => truth(&self.node(of)).not().into(),
            Node::Minus(of) => minus(&self.node(of)),
            Node::And(a, b) => self.logic(a, b, &Truth::Fails),
            Node::Or(a, b) => self.logic(a, b, &Truth::Holds),
            Node::If(condition, yes, no) => self.choose(condition, yes, no),
            Node::Binary(operator, a, b) => {
                let (a, b) = (self.node(a), self.node(b));
                binary(*operator, &a, &b, self.budget)
            }
            Node::List(items) => Value::list(items.iter().map(|item| self.node(item)).collect()),
            Node::Map(entries) => self.map(entries),
            Node::Loop(each) => self.run(each),
            Node::Call(call) => self.call(call),
        }
    }

    /// A field, or a field of a field: what is on the way is looked at where it stands, in `root`.
    fn path<'v>(&mut self, node: &Node, root: &'v mut Value) -> Result<&'v Value, Value> {
        let Node::Field(of, name) = node else {
            *root = self.node(node);
            return Ok(root);
        };
        if matches!(**of, Node::Field(..)) && !self.budget.spend(1) {
            return Err(Budget::exhausted());
        }
        match self.path(of, root)? {
            Value::Map(map) => Ok(map.get_near(name, &name.hint).unwrap_or(&NULL)),
            gone @ (Value::Null | Value::Unknown(_)) => Ok(gone),
            other => Err(Value::failed(format!("{} has no field `{}`", kind(other), name.text))),
        }
    }

    /// `&&` and `||`: the side that decides wins over one that is unknown.
    fn logic(&mut self, a: &Node, b: &Node, decided: &Truth) -> Value {
        let first = truth(&self.node(a));
        if first == *decided {
            return first.into();
        }
        let second = truth(&self.node(b));
        first.join(second, decided).into()
    }

    fn choose(&mut self, condition: &Node, yes: &Node, no: &Node) -> Value {
        match truth(&self.node(condition)) {
            Truth::Holds => self.node(yes),
            Truth::Fails => self.node(no),
            Truth::Unknown(gaps) => {
                let (yes, no) = (self.node(yes), self.node(no));
                match equal(&yes, &no, self.budget) {
                    Truth::Holds => yes,
                    _ => Value::Unknown(gaps),
                }
            }
        }
    }

    fn map(&mut self, entries: &[(Node, Node)]) -> Value {
        let mut gaps = Gathered::default();
        let mut fields = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            match self.node(key) {
                Value::Text(key) => fields.push((key, self.node(value))),
                Value::Unknown(more) => gaps.add(&more),
                other => return Value::failed(format!("the key of a map is {}, not a text", kind(&other))),
            }
        }
        gaps.or(Value::Map(Arc::new(Map::new(fields))))
    }

    fn call(&mut self, call: &Call) -> Value {
        let mut gaps = Gathered::default();
        let mut values = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            let value = self.node(argument);
            gaps.add_of(&value);
            values.push(value);
        }
        if call.function.doc.name == "known" {
            return known(values.first().unwrap_or(&Value::Null));
        }
        if let Some(gaps) = gaps.into_inner() {
            return Value::Unknown(gaps);
        }
        let mut arguments = Arguments {
            name: call.function.doc.name,
            values: &values,
            pattern: call.pattern.as_ref(),
            scope: self.scope,
            budget: self.budget,
        };
        (call.function.run)(&mut arguments).unwrap_or_else(|unknown| unknown)
    }

    fn run(&mut self, each: &Loop) -> Value {
        match self.node(&each.range) {
            Value::Null => self.over(each, &List::default()),
            Value::List(list) => self.over(each, &list),
            Value::Map(map) => {
                let keys = map.iter().map(|(key, _)| Value::Text(Arc::clone(key))).collect();
                self.over(each, &List::new(keys))
            }
            unknown @ Value::Unknown(_) => unknown,
            other => Value::failed(format!("{} has no items", kind(&other))),
        }
    }

    fn over(&mut self, each: &Loop, list: &List) -> Value {
        let mut tally = Tally::default();
        let narrowed = narrowed(self, each, list);
        for item in narrowed.as_deref().unwrap_or(list.items()) {
            self.locals.push(item.clone());
            let check = each.check.as_ref().map_or(Truth::Holds, |check| truth(&self.node(check)));
            if let (LoopKind::Map, Truth::Holds, Some(make)) = (each.kind, &check, &each.make) {
                let made = self.node(make);
                tally.made.push(made);
            }
            self.locals.pop();
            if self.budget.is_spent() {
                return Budget::exhausted();
            }
            if let Some(decided) = tally.count(each.kind, check) {
                return Value::Bool(decided);
            }
        }
        if let Some(unseen) = list.unseen() {
            tally.gaps.add(unseen);
        }
        tally.result(each.kind)
    }
}

/// What a loop has found so far.
#[derive(Default)]
struct Tally {
    holding: usize,
    gaps: Gathered,
    made: Vec<Value>,
}

impl Tally {
    /// Counts one item; gives the result of the whole loop once it is decided.
    fn count(&mut self, kind: LoopKind, check: Truth) -> Option<bool> {
        match check {
            Truth::Holds => self.holding += 1,
            Truth::Unknown(gaps) => self.gaps.add(&gaps),
            Truth::Fails if kind == LoopKind::All => return Some(false),
            Truth::Fails => {}
        }
        match kind {
            LoopKind::Exists => (self.holding > 0).then_some(true),
            LoopKind::ExistsOne => (self.holding > 1).then_some(false),
            LoopKind::All | LoopKind::Map => None,
        }
    }

    fn result(self, kind: LoopKind) -> Value {
        match kind {
            LoopKind::Exists => self.gaps.or(Value::Bool(false)),
            LoopKind::All => self.gaps.or(Value::Bool(true)),
            LoopKind::ExistsOne => self.gaps.or(Value::Bool(self.holding == 1)),
            LoopKind::Map => Value::List(Arc::new(match self.gaps.into_inner() {
                Some(gaps) => List::partial(self.made, gaps),
                None => List::new(self.made),
            })),
        }
    }
}

/// Whether a value was seen, and whole. What has not been asked yet stays open.
fn known(value: &Value) -> Value {
    let gaps = match value {
        Value::Unknown(gaps) => gaps,
        Value::List(list) => match list.unseen() {
            Some(gaps) => gaps,
            None => return Value::Bool(true),
        },
        _ => return Value::Bool(true),
    };
    if gaps.iter().any(|gap| gap.why == Why::Pending) { value_of(gaps) } else { Value::Bool(false) }
}

fn value_of(gaps: &Arc<Gaps>) -> Value {
    Value::Unknown(Arc::clone(gaps))
}

fn field(of: &Value, name: &str) -> Value {
    match of {
        Value::Null | Value::Map(_) | Value::Unknown(_) => of.field(name),
        other => Value::failed(format!("{} has no field `{name}`", kind(other))),
    }
}

fn index(of: &Value, at: &Value) -> Value {
    match (of, at) {
        (Value::Unknown(x), Value::Unknown(y)) => Value::Unknown(super::truth::union(x, y)),
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Unknown(_), _) => of.clone(),
        (_, Value::Unknown(_)) => at.clone(),
        (Value::Map(map), Value::Text(key)) => map.get(key).cloned().unwrap_or_default(),
        (Value::List(list), Value::Int(i)) => {
            let item = usize::try_from(*i).ok().and_then(|i| list.items().get(i));
            match (item, list.unseen()) {
                (Some(item), _) => item.clone(),
                (None, Some(gaps)) if *i >= 0 => Value::Unknown(Arc::clone(gaps)),
                (None, _) => Value::Null,
            }
        }
        _ => Value::failed(format!("{} has no item at {}", kind(of), kind(at))),
    }
}

fn minus(of: &Value) -> Value {
    let negated = match of {
        Value::Null | Value::Unknown(_) => return of.clone(),
        Value::Int(i) => i.checked_neg().map(Value::Int),
        Value::Float(f) => Some(Value::Float(-f)),
        Value::Seconds(s) => s.checked_neg().map(Value::Seconds),
        other => return Value::failed(format!("`-` does not go with {}", kind(other))),
    };
    negated.unwrap_or_else(|| Value::failed("a number is out of range"))
}
