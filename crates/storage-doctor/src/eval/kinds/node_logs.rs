//! Log lines of a service of a node, oldest first: what the kubelet says of a volume that no event repeats.

use super::lines::{Filter, Lines};
use super::{Exam, node_of};
use crate::check::Check;
use crate::evidence::{Gaps, Query};
use crate::value::Value;

/// The lines; null when no node is named, or there is none of that name.
pub(super) fn gather(exam: &Exam<'_>, node: &Check, service: &str, about: &[Check], within: i64) -> Value {
    let node = match node_of(exam, node) {
        Ok(node) => node,
        Err(value) => return value,
    };
    let filter = match Filter::new(exam, about, within) {
        Ok(filter) => filter,
        Err(unknown) => return unknown,
    };
    let query = Query::NodeLog { node: node.clone(), service: service.to_owned() };
    let unseen: Gaps = exam.gap(&query).into_iter().collect();
    match exam.ask(query) {
        Value::Text(text) => {
            let about = format!("log of {service} on node {node}");
            let place =
                [("service", Value::text(service)), ("component", Value::text(service)), ("about", Value::text(about))];
            let mut lines = Lines::default();
            lines.add(exam, &text, &filter, &place);
            lines.finished(unseen)
        }
        // Pending, refused, or no such node.
        other => other,
    }
}
