//! What a function of the check language is made of.

use super::compare::kind;
use super::truth::Gathered;
use super::{Budget, Scope};
use crate::value::{List, Map, Value};
use regex::Regex;
use std::sync::Arc;

/// What a function does, for people.
#[derive(Clone, Copy, Debug)]
pub struct FunctionDoc {
    /// Its name.
    pub name: &'static str,
    /// How it is called, and what it gives.
    pub signatures: &'static [&'static str],
    /// What it is for.
    pub doc: &'static str,
    /// At least one; each runs as a test.
    pub examples: &'static [Example],
}

/// An expression, and another that it equals.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The expression.
    pub expression: &'static str,
    /// What it gives, as an expression.
    pub result: &'static str,
}

/// What a function gives; `Err` is an unknown value that ends the computation early.
pub(super) type Computed = Result<Value, Value>;

/// A function.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) doc: FunctionDoc,
    /// The fewest and the most arguments, a receiver included.
    pub(super) arity: (usize, usize),
    /// The argument that has to be written as a text.
    pub(super) literal: Option<Literal>,
    /// Whether it asks for the time, and so cannot be computed at load.
    pub(super) clock: bool,
    pub(super) run: fn(&mut Arguments<'_>) -> Computed,
}

/// A pattern, checked at load.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub(super) regex: Regex,
    /// How many times the steps of a small pattern it takes: a large one may be slow for each byte.
    pub(super) weight: usize,
}

/// An argument that is checked at load.
#[derive(Clone, Copy, Debug)]
pub(super) enum Literal {
    /// A regular expression.
    Pattern(usize),
    /// A path into items: `spec.volumes[].name`.
    Path(usize),
}

/// The arguments of one call: none of them unknown.
pub(super) struct Arguments<'a> {
    pub(super) name: &'static str,
    pub(super) values: &'a [Value],
    pub(super) pattern: Option<&'a Pattern>,
    pub(super) scope: &'a dyn Scope,
    pub(super) budget: &'a mut Budget,
}

impl Arguments<'_> {
    /// An argument; null if it was left out.
    pub(super) fn value(&self, i: usize) -> Value {
        self.values.get(i).cloned().unwrap_or_default()
    }

    /// A text, or none if it is null.
    pub(super) fn text(&mut self, i: usize) -> Result<Option<Arc<str>>, Value> {
        match self.value(i) {
            Value::Null => Ok(None),
            Value::Text(text) => {
                self.spend_bytes(text.len())?;
                Ok(Some(text))
            }
            other => Err(self.misfit(&other, "a text")),
        }
    }

    /// The pattern of the call and the text to search, paid for; none if the text is null.
    pub(super) fn searched(&mut self, i: usize) -> Result<Option<(&Regex, Arc<str>)>, Value> {
        let Some((text, pattern)) = self.text(i)?.zip(self.pattern) else { return Ok(None) };
        self.spend_bytes(text.len().saturating_mul(pattern.weight))?;
        Ok(Some((&pattern.regex, text)))
    }

    /// A whole number, or none if it is null.
    pub(super) fn int(&self, i: usize) -> Result<Option<i64>, Value> {
        match self.value(i) {
            Value::Null => Ok(None),
            Value::Int(int) => Ok(Some(int)),
            other => Err(self.misfit(&other, "a whole number")),
        }
    }

    /// A list, for a function that does not walk through it; null is an empty one.
    pub(super) fn still_list(&self, i: usize) -> Result<Arc<List>, Value> {
        match self.value(i) {
            Value::Null => Ok(Arc::default()),
            Value::List(list) => Ok(list),
            other => Err(self.misfit(&other, "a list")),
        }
    }

    /// A list; null is an empty one. Takes a step for each item.
    pub(super) fn list(&mut self, i: usize) -> Result<Arc<List>, Value> {
        let list = self.still_list(i)?;
        self.spend(list.items().len())?;
        Ok(list)
    }

    /// A map; null is an empty one.
    pub(super) fn map(&mut self, i: usize) -> Result<Arc<Map>, Value> {
        match self.value(i) {
            Value::Null => Ok(Arc::default()),
            Value::Map(map) => {
                self.spend(map.len())?;
                Ok(map)
            }
            other => Err(self.misfit(&other, "a map")),
        }
    }

    /// Takes steps for so many items.
    pub(super) fn spend(&mut self, items: usize) -> Result<(), Value> {
        if self.budget.spend_items(items) { Ok(()) } else { Err(Budget::exhausted()) }
    }

    /// Takes steps for so many bytes of text.
    pub(super) fn spend_bytes(&mut self, bytes: usize) -> Result<(), Value> {
        if self.budget.spend_bytes(bytes) { Ok(()) } else { Err(Budget::exhausted()) }
    }

    /// The failure of a call that got `value` in place of `wanted`.
    pub(super) fn misfit(&self, value: &Value, wanted: &str) -> Value {
        Value::failed(format!("{}() wants {wanted}, not {}", self.name, kind(value)))
    }

    /// The failure of a call, in words.
    pub(super) fn failed(&self, why: &str) -> Value {
        Value::failed(format!("{}(): {why}", self.name))
    }
}

/// The items of a list all of which must be known: an unknown item, or one unseen, makes the result unknown.
pub(super) fn whole(list: &List) -> Result<&[Value], Value> {
    let mut gaps = Gathered::default();
    if let Some(unseen) = list.unseen() {
        gaps.add(unseen);
    }
    if let Some(unknown) = list.unknown_items() {
        gaps.add(unknown);
    }
    gaps.into_inner().map_or(Ok(list.items()), |gaps| Err(Value::Unknown(gaps)))
}

/// A list made of what was seen of another one.
pub(super) fn like(list: &List, items: Vec<Value>) -> Value {
    Value::List(Arc::new(match list.unseen() {
        Some(unseen) => List::partial(items, Arc::clone(unseen)),
        None => List::new(items),
    }))
}
