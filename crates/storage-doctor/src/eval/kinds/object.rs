//! One object.

use super::{Exam, namespace_of};
use crate::check::Check;
use crate::evidence::{Query, Resource};
use crate::value::Value;

/// The question for one object, or the value that stands in its way: null when the name is null or
/// empty, unknown when it is unknown.
pub(super) fn query(
    exam: &Exam<'_>,
    resource: &Resource,
    namespace: Option<&Check>,
    name: &Check,
) -> Result<Query, Value> {
    let name = match exam.eval(name) {
        Value::Text(text) if !text.is_empty() => text.to_string(),
        unknown @ Value::Unknown(_) => return Err(unknown),
        _ => return Err(Value::Null),
    };
    let namespace = match (resource.namespaced, namespace) {
        (false, _) => None,
        (true, Some(_)) => namespace_of(exam, namespace)?,
        (true, None) => exam.namespace().as_str().map(str::to_owned),
    };
    if resource.namespaced && namespace.is_none() {
        return Err(Value::Null);
    }
    Ok(Query::Object { resource: resource.clone(), namespace, name })
}
