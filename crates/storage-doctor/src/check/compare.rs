//! Equality and order of values.

use super::Budget;
use super::truth::{Truth, union};
use crate::quantity::Quantity;
use crate::time::Time;
use crate::value::{List, Map, Value};
use std::cmp::Ordering;
use std::sync::Arc;

/// What kind of value it is, for messages.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Int(_) | Value::Float(_) => "a number",
        Value::Text(_) => "a text",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
        Value::Quantity(_) => "a quantity",
        Value::Time(_) => "a time",
        Value::Seconds(_) => "a duration",
        Value::Unknown(_) => "unknown",
    }
}

/// `==`. Values of kinds that cannot be compared differ.
pub(super) fn equal(a: &Value, b: &Value, budget: &mut Budget) -> Truth {
    match (a, b) {
        (Value::Unknown(x), Value::Unknown(y)) => Truth::Unknown(union(x, y)),
        (Value::Unknown(gaps), _) | (_, Value::Unknown(gaps)) => Truth::Unknown(Arc::clone(gaps)),
        (Value::Null, Value::Null) => Truth::Holds,
        (Value::Bool(x), Value::Bool(y)) => of(x == y),
        (Value::Text(x), Value::Text(y)) => of(x == y),
        (Value::List(x), Value::List(y)) => equal_lists(x, y, budget),
        (Value::Map(x), Value::Map(y)) => equal_maps(x, y, budget),
        (Value::Null, _) | (_, Value::Null) => Truth::Fails,
        _ => of(matches!(scalars(a, b), Some(Ok(Some(Ordering::Equal))))),
    }
}

fn of(holds: bool) -> Truth {
    if holds { Truth::Holds } else { Truth::Fails }
}

fn equal_lists(a: &List, b: &List, budget: &mut Budget) -> Truth {
    let (seen_a, seen_b) = (a.items(), b.items());
    let gaps = match (a.unseen(), b.unseen()) {
        // More was seen of one than the other has.
        (None, None) if seen_a.len() != seen_b.len() => return Truth::Fails,
        (None, None) => return equal_parts(seen_a.iter().zip(seen_b), budget),
        (None, Some(_)) if seen_b.len() > seen_a.len() => return Truth::Fails,
        (Some(_), None) if seen_a.len() > seen_b.len() => return Truth::Fails,
        (Some(x), Some(y)) => union(x, y),
        (Some(x), None) | (None, Some(x)) => Arc::clone(x),
    };
    Truth::Unknown(gaps)
}

fn equal_maps(a: &Map, b: &Map, budget: &mut Budget) -> Truth {
    // A field that is null is as good as none.
    let names = a.iter().chain(b.iter()).map(|(name, _)| name);
    let pairs: Vec<(&Value, &Value)> =
        names.map(|name| (a.get(name).unwrap_or(&Value::Null), b.get(name).unwrap_or(&Value::Null))).collect();
    equal_parts(pairs, budget)
}

fn equal_parts<'a>(pairs: impl IntoIterator<Item = (&'a Value, &'a Value)>, budget: &mut Budget) -> Truth {
    let mut all = Truth::Holds;
    for (x, y) in pairs {
        if !budget.spend(1) {
            return super::truth::truth(&Budget::exhausted());
        }
        all = all.join(equal(x, y, budget), &Truth::Fails);
        if all == Truth::Fails {
            break;
        }
    }
    all
}

/// The order of two values: none where a null (or something that is not a number) makes every
/// comparison false, an unknown value where it cannot be told.
pub(super) fn compare(a: &Value, b: &Value) -> Result<Option<Ordering>, Value> {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Ok(None),
        (Value::Unknown(x), Value::Unknown(y)) => Err(Value::Unknown(union(x, y))),
        (Value::Unknown(_), _) => Err(a.clone()),
        (_, Value::Unknown(_)) => Err(b.clone()),
        (Value::Text(x), Value::Text(y)) => Ok(Some(x.cmp(y))),
        _ => match scalars(a, b) {
            Some(Ok(order)) => Ok(order),
            Some(Err(wanted)) => Err(Value::failed(format!("a text that is compared with {wanted} is not one"))),
            None => Err(Value::failed(format!("{} cannot be compared with {}", kind(a), kind(b)))),
        },
    }
}

/// What two values that are not texts have in common: none if nothing; an error if one is a text that
/// does not read as the other.
type Compared = Option<Result<Option<Ordering>, &'static str>>;

fn scalars(a: &Value, b: &Value) -> Compared {
    let ordered = |order| Some(Ok(Some(order)));
    match (a, b) {
        (Value::Int(x) | Value::Seconds(x), Value::Int(y) | Value::Seconds(y)) => ordered(x.cmp(y)),
        (Value::Float(x), Value::Float(y)) => Some(Ok(x.partial_cmp(y))),
        (Value::Int(x) | Value::Seconds(x), Value::Float(y)) => Some(Ok(int_to_float(*x, *y))),
        (Value::Float(x), Value::Int(y) | Value::Seconds(y)) => Some(Ok(int_to_float(*y, *x).map(Ordering::reverse))),
        (Value::Quantity(x), Value::Quantity(y)) => ordered(x.cmp(y)),
        (Value::Quantity(x), Value::Int(y)) => ordered(x.cmp(&Quantity::from_bytes(*y))),
        (Value::Int(x), Value::Quantity(y)) => ordered(Quantity::from_bytes(*x).cmp(y)),
        (Value::Quantity(x), Value::Text(text)) => {
            Some(Quantity::parse(text).map(|y| Some(x.cmp(&y))).ok_or("a quantity"))
        }
        (Value::Time(x), Value::Time(y)) => ordered(x.cmp(y)),
        (Value::Time(x), Value::Text(text)) => Some(Time::parse(text).map(|y| Some(x.cmp(&y))).map_err(|_| "a time")),
        (Value::Seconds(x), Value::Text(text)) => {
            Some(super::show::seconds(text).map(|y| Some(x.cmp(&y))).ok_or("a duration"))
        }
        (Value::Text(_), Value::Quantity(_) | Value::Time(_) | Value::Seconds(_)) => {
            scalars(b, a).map(|result| result.map(|order| order.map(Ordering::reverse)))
        }
        _ => None,
    }
}

fn int_to_float(int: i64, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    let Some(whole) = truncated(float) else {
        return Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater });
    };
    Some(int.cmp(&whole).then_with(|| 0.0_f64.partial_cmp(&float.fract()).unwrap_or(Ordering::Equal)))
}

/// The whole part of a number, if it fits.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked, and the fraction is to go")]
pub(super) fn truncated(float: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    (-LIMIT..LIMIT).contains(&float).then(|| float.trunc() as i64)
}

/// The nearest number with a fraction.
#[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
pub(super) fn float(int: i64) -> f64 {
    int as f64
}

/// An order of all known values, for sorting: by kind, then by value.
pub(super) fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Bool(x), Value::Bool(y)) => x.cmp(y),
        (Value::List(x), Value::List(y)) => {
            let pairs = x.items().iter().zip(y.items()).map(|(x, y)| order(x, y));
            pairs.into_iter().find(|o| o.is_ne()).unwrap_or_else(|| x.items().len().cmp(&y.items().len()))
        }
        (Value::Map(x), Value::Map(y)) => {
            let pairs = x.iter().zip(y.iter()).map(|((k, v), (l, w))| k.cmp(l).then_with(|| order(v, w)));
            pairs.into_iter().find(|o| o.is_ne()).unwrap_or_else(|| x.len().cmp(&y.len()))
        }
        (Value::Float(x), Value::Float(y)) => x.total_cmp(y),
        _ => rank(a).cmp(&rank(b)).then_with(|| compare(a, b).ok().flatten().unwrap_or(Ordering::Equal)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Int(_) | Value::Float(_) => 2,
        Value::Quantity(_) => 3,
        Value::Seconds(_) => 4,
        Value::Time(_) => 5,
        Value::Text(_) => 6,
        Value::List(_) => 7,
        Value::Map(_) => 8,
        Value::Unknown(_) => 9,
    }
}
