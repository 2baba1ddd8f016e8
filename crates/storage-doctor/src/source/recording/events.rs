//! Events under their second name. `kubectl api-resources` lists `events` and `events.events.k8s.io`: the same
//! events, in the second with other names of fields (api/events/v1 types.go). A dump may hold either.

use crate::source::decode::DecodedList;
use crate::value::Value;
use std::collections::BTreeMap;

/// The name under which they are asked for.
pub(super) const EVENTS: &str = "events";
/// What `kubectl get events.events.k8s.io` writes.
const GROUPED: &str = "events.events.k8s.io";

/// The field of events.k8s.io/v1, and the one of core/v1 that says the same.
const FIELDS: [(&str, &str); 7] = [
    ("regarding", "involvedObject"),
    ("note", "message"),
    ("reportingController", "reportingComponent"),
    ("deprecatedSource", "source"),
    ("deprecatedFirstTimestamp", "firstTimestamp"),
    ("deprecatedLastTimestamp", "lastTimestamp"),
    ("deprecatedCount", "count"),
];

/// Puts events where they are asked for, in the one form that is read. Where a dump holds both, either is whole.
pub(super) fn settle(lists: &mut BTreeMap<String, (String, DecodedList)>) {
    if let Some(grouped) = lists.remove(GROUPED) {
        lists.entry(EVENTS.to_owned()).or_insert(grouped);
    }
    if let Some((_, list)) = lists.get_mut(EVENTS) {
        for item in &mut list.items {
            if item.field("involvedObject").is_null() && !item.field("regarding").is_null() {
                *item = as_core(item);
            }
        }
    }
}

fn as_core(event: &Value) -> Value {
    let Value::Map(fields) = event else { return event.clone() };
    let named = fields.iter().map(|(name, value)| {
        let known = FIELDS.iter().find(|(from, _)| *from == &**name).map_or(&**name, |(_, to)| to);
        match known {
            "apiVersion" => (known.to_owned(), Value::text("v1")),
            _ => (known.to_owned(), value.clone()),
        }
    });
    Value::map(named.collect::<Vec<_>>())
}
