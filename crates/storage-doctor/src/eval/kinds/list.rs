//! A list of objects; null when the API server does not know the resource.

use super::{Exam, namespace_of};
use crate::check::Check;
use crate::evidence::{Query, Resource};
use crate::value::Value;

/// The list, of one namespace when one is named, else of the whole cluster.
pub(super) fn gather(exam: &Exam<'_>, resource: &Resource, namespace: Option<&Check>) -> Value {
    match namespace_of(exam, namespace) {
        Ok(namespace) => exam.ask(Query::List { resource: resource.clone(), namespace }),
        Err(value) => value,
    }
}
