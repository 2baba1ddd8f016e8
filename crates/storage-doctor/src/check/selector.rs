//! Label and node selectors, as the API machinery and the scheduler read them.

use super::function::Computed;
use super::truth::Truth;
use crate::value::{List, Value};

/// Joins parts of which every one has to hold.
fn every(parts: impl IntoIterator<Item = Result<Truth, Value>>) -> Result<Truth, Value> {
    joined(parts, Truth::Holds, &Truth::Fails)
}

/// Joins parts of which one has to hold.
fn any(parts: impl IntoIterator<Item = Result<Truth, Value>>) -> Result<Truth, Value> {
    joined(parts, Truth::Fails, &Truth::Holds)
}

fn joined(
    parts: impl IntoIterator<Item = Result<Truth, Value>>,
    start: Truth,
    decided: &Truth,
) -> Result<Truth, Value> {
    let mut all = start;
    for part in parts {
        all = all.join(part?, decided);
    }
    Ok(all)
}

/// `metav1.LabelSelector`.
pub(super) fn label_selector(selector: &Value, labels: &Value) -> Computed {
    let wanted = selector.field("matchLabels");
    let by_label = match &wanted {
        Value::Map(map) => every(
            map.iter().map(|(key, value)| Ok(label(labels, key, |found| found.is_some() && found == value.as_str()))),
        )?,
        _ => Truth::Holds,
    };
    let expressions = selector.field("matchExpressions");
    let by_expression = every(expressions.items().iter().map(|e| requirement(e, |key| labels.field(key))))?;
    every([Ok(by_label), Ok(by_expression)]).map(Value::from)
}

/// The terms of a `v1.NodeSelector`: one has to fit; a term that asks for nothing never does.
pub(super) fn node_terms(terms: &List, node: &Value) -> Computed {
    let labels = node.at("metadata.labels");
    any(terms.items().iter().map(|term| {
        let (expressions, fields) = (term.field("matchExpressions"), term.field("matchFields"));
        if expressions.items().is_empty() && fields.items().is_empty() {
            return Ok(Truth::Fails);
        }
        let by_label = expressions.items().iter().map(|e| requirement(e, |key| labels.field(key)));
        let by_field = fields.items().iter().map(|e| match e.field("key").as_str() {
            Some("metadata.name") => requirement(e, |_| node.at("metadata.name")),
            _ => Err(Value::failed("a node selector can ask for no field but metadata.name")),
        });
        every(by_label.chain(by_field))
    }))
    .map(Value::from)
}

/// The terms of `allowedTopologies`: one has to fit; no terms at all allow everything.
pub(super) fn topology_terms(terms: &List, labels: &Value) -> Computed {
    if terms.items().is_empty() && terms.unseen().is_none() {
        return Ok(Value::Bool(true));
    }
    any(terms.items().iter().map(|term| {
        let expressions = term.field("matchLabelExpressions");
        if expressions.items().is_empty() {
            return Ok(Truth::Fails);
        }
        every(expressions.items().iter().map(|e| {
            let (key, values) = (e.field("key"), e.field("values"));
            Ok(label(labels, key.as_str().unwrap_or_default(), |found| holds(&values, found)))
        }))
    }))
    .map(Value::from)
}

fn label(labels: &Value, key: &str, accept: impl FnOnce(Option<&str>) -> bool) -> Truth {
    told(&labels.field(key), accept)
}

fn told(found: &Value, accept: impl FnOnce(Option<&str>) -> bool) -> Truth {
    match found {
        Value::Unknown(gaps) => Truth::Unknown(gaps.clone()),
        other if accept(other.as_str()) => Truth::Holds,
        _ => Truth::Fails,
    }
}

fn holds(values: &Value, found: Option<&str>) -> bool {
    found.is_some_and(|found| values.items().iter().any(|value| value.as_str() == Some(found)))
}

/// One `{key, operator, values}`.
fn requirement(expression: &Value, find: impl FnOnce(&str) -> Value) -> Result<Truth, Value> {
    let (key, values) = (expression.field("key"), expression.field("values"));
    let found = find(key.as_str().unwrap_or_default());
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<i64>().ok());
    let limit = number(values.items().first().and_then(Value::as_str));
    let operator = expression.field("operator");
    let operator = operator.as_str().unwrap_or_default();
    Ok(match operator {
        "In" => told(&found, |found| holds(&values, found)),
        // A label that is not there is in no set.
        "NotIn" => told(&found, |found| !holds(&values, found)),
        "Exists" => told(&found, |found| found.is_some()),
        "DoesNotExist" => told(&found, |found| found.is_none()),
        "Gt" => told(&found, |found| number(found).zip(limit).is_some_and(|(found, limit)| found > limit)),
        "Lt" => told(&found, |found| number(found).zip(limit).is_some_and(|(found, limit)| found < limit)),
        _ => return Err(Value::failed("a selector has an operator that does not exist")),
    })
}
