//! Operators that compute.

use super::Budget;
use super::compare::{compare, equal, float, kind};
use super::tree::Operator;
use super::truth::{Gathered, Truth, union};
use crate::value::{List, Value};
use std::cmp::Ordering;
use std::sync::Arc;

/// The value of `a <operator> b`.
pub(super) fn binary(operator: Operator, a: &Value, b: &Value, budget: &mut Budget) -> Value {
    let ordered = |accept: fn(Ordering) -> bool| match compare(a, b) {
        Ok(order) => Value::Bool(order.is_some_and(accept)),
        Err(unknown) => unknown,
    };
    match operator {
        Operator::Equal => equal(a, b, budget).into(),
        Operator::NotEqual => equal(a, b, budget).not().into(),
        Operator::Less => ordered(Ordering::is_lt),
        Operator::LessOrEqual => ordered(Ordering::is_le),
        Operator::Greater => ordered(Ordering::is_gt),
        Operator::GreaterOrEqual => ordered(Ordering::is_ge),
        Operator::In => contains(a, b, budget),
        _ => arithmetic(operator, a, b, budget),
    }
}

/// `item in list` or `key in map`.
fn contains(item: &Value, whole: &Value, budget: &mut Budget) -> Value {
    match (item, whole) {
        (_, Value::Null) | (Value::Null, Value::Map(_)) => Value::Bool(false),
        (Value::Unknown(x), Value::Unknown(y)) => Value::Unknown(union(x, y)),
        (Value::Unknown(_), _) => item.clone(),
        (_, Value::Unknown(_)) => whole.clone(),
        (_, Value::List(list)) => in_list(item, list, budget),
        (Value::Text(key), Value::Map(map)) => match map.get(key) {
            Some(Value::Unknown(gaps)) => Value::Unknown(Arc::clone(gaps)),
            found => Value::Bool(found.is_some_and(|value| !value.is_null())),
        },
        _ => Value::failed(format!("{} cannot be in {}", kind(item), kind(whole))),
    }
}

fn in_list(item: &Value, list: &List, budget: &mut Budget) -> Value {
    let mut gaps = Gathered::default();
    for candidate in list.items() {
        if !budget.spend(1) {
            return Budget::exhausted();
        }
        match equal(item, candidate, budget) {
            Truth::Holds => return Value::Bool(true),
            Truth::Fails => {}
            Truth::Unknown(more) => gaps.add(&more),
        }
    }
    if let Some(unseen) = list.unseen() {
        gaps.add(unseen);
    }
    gaps.or(Value::Bool(false))
}

fn arithmetic(operator: Operator, a: &Value, b: &Value, budget: &mut Budget) -> Value {
    let computed = match (a, b) {
        (Value::Unknown(x), Value::Unknown(y)) => return Value::Unknown(union(x, y)),
        (Value::Unknown(_), _) => return a.clone(),
        (_, Value::Unknown(_)) => return b.clone(),
        (Value::List(_), Value::Null) if operator == Operator::Add => return a.clone(),
        (Value::Null, Value::List(_)) if operator == Operator::Add => return b.clone(),
        (Value::Null, _) | (_, Value::Null) => return Value::Null,
        (Value::Text(x), Value::Text(y)) if operator == Operator::Add => {
            return if budget.spend_bytes(x.len() + y.len()) {
                Value::text(format!("{x}{y}"))
            } else {
                Budget::exhausted()
            };
        }
        (Value::List(x), Value::List(y)) if operator == Operator::Add => return joined(x, y, budget),
        (Value::Int(x), Value::Int(y)) => whole(operator, *x, *y).map(Value::Int),
        (Value::Int(x), Value::Float(y)) => broken(operator, float(*x), *y).map(Value::Float),
        (Value::Float(x), Value::Int(y)) => broken(operator, *x, float(*y)).map(Value::Float),
        (Value::Float(x), Value::Float(y)) => broken(operator, *x, *y).map(Value::Float),
        _ => return measured(operator, a, b),
    };
    computed.unwrap_or_else(|| Value::failed("a number is out of range or divided by zero"))
}

fn joined(a: &List, b: &List, budget: &mut Budget) -> Value {
    if !budget.spend_items(a.items().len() + b.items().len()) {
        return Budget::exhausted();
    }
    let items = a.items().iter().chain(b.items()).cloned().collect();
    let mut gaps = Gathered::default();
    for unseen in [a.unseen(), b.unseen()].into_iter().flatten() {
        gaps.add(unseen);
    }
    Value::List(Arc::new(match gaps.into_inner() {
        Some(gaps) => List::partial(items, gaps),
        None => List::new(items),
    }))
}

fn whole(operator: Operator, x: i64, y: i64) -> Option<i64> {
    match operator {
        Operator::Add => x.checked_add(y),
        Operator::Subtract => x.checked_sub(y),
        Operator::Multiply => x.checked_mul(y),
        Operator::Divide => x.checked_div(y),
        _ => x.checked_rem(y),
    }
}

fn broken(operator: Operator, x: f64, y: f64) -> Option<f64> {
    let result = match operator {
        Operator::Add => x + y,
        Operator::Subtract => x - y,
        Operator::Multiply => x * y,
        Operator::Divide => x / y,
        _ => x % y,
    };
    result.is_finite().then_some(result)
}

/// Arithmetic of quantities, times and durations.
fn measured(operator: Operator, a: &Value, b: &Value) -> Value {
    let (add, subtract) = (operator == Operator::Add, operator == Operator::Subtract);
    let computed = match (a, b) {
        (Value::Quantity(x), Value::Quantity(y)) if add => x.add(y).map(Value::Quantity),
        (Value::Quantity(x), Value::Quantity(y)) if subtract => x.sub(y).map(Value::Quantity),
        (Value::Time(x), Value::Time(y)) if subtract => Some(Value::Seconds(x.seconds_since(*y))),
        (Value::Time(time), Value::Seconds(s)) | (Value::Seconds(s), Value::Time(time)) if add => {
            Some(Value::Time(crate::time::Time::from_unix_seconds(time.unix_seconds().saturating_add(*s))))
        }
        (Value::Time(time), Value::Seconds(s)) if subtract => {
            Some(Value::Time(crate::time::Time::from_unix_seconds(time.unix_seconds().saturating_sub(*s))))
        }
        (Value::Seconds(x), Value::Seconds(y)) if add || subtract => whole(operator, *x, *y).map(Value::Seconds),
        (Value::Seconds(x), Value::Int(y)) | (Value::Int(y), Value::Seconds(x)) if operator == Operator::Multiply => {
            x.checked_mul(*y).map(Value::Seconds)
        }
        _ => {
            let sign = match operator {
                Operator::Add => '+',
                Operator::Subtract => '-',
                Operator::Multiply => '*',
                Operator::Divide => '/',
                _ => '%',
            };
            return Value::failed(format!("`{sign}` does not go with {} and {}", kind(a), kind(b)));
        }
    };
    computed.unwrap_or_else(|| Value::failed("a quantity or duration is out of range"))
}
