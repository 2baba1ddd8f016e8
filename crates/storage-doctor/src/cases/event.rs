//! Events in short, as the API server would hold them.

use super::manifest::{Key, before, seconds, uid};
use super::raw::{EventType, RawEvent};
use crate::span::{Sp, Span};
use crate::time::Time;
use crate::value::Value;

/// How long ago an event was seen that does not say.
const AGE: i64 = 10;

/// The object an event is about.
#[derive(Debug)]
pub(super) struct About {
    pub(super) key: Key,
    /// Its UID, if it is among the objects.
    pub(super) uid: Option<String>,
}

/// The event; `nth` keeps events apart and in their order. The error has its place.
pub(super) fn event(raw: &RawEvent, about: &About, nth: usize, now: Time) -> Result<Value, (Span, String)> {
    let ago = |given: &Option<Sp<String>>, otherwise: i64| match given {
        None => Ok(otherwise),
        Some(text) => {
            let bad = || (text.span(), format!("`{}` is no time such as 8s or 1h30m", text.value()));
            seconds(text).ok_or_else(bad)
        }
    };
    let last = ago(&raw.age, AGE)?;
    let first = ago(&raw.first, last)?;
    if first < last {
        let span = raw.first.as_ref().map_or(raw.on.span(), Sp::span);
        return Err((span, "an event is seen first before it is seen last".to_owned()));
    }
    let (kind, namespace, name) = &about.key;
    let home = if namespace.is_empty() { "default" } else { namespace.as_str() };
    let event_name = format!("{name}.{nth:016x}");
    let event_uid = uid(&("Event".to_owned(), home.to_owned(), event_name.clone()));
    let involved = [
        ("kind", Value::text(kind)),
        ("name", Value::text(name)),
        ("uid", Value::text(about.uid.clone().unwrap_or_else(|| uid(&about.key)))),
    ];
    let place = (!namespace.is_empty()).then(|| ("namespace", Value::text(namespace)));
    let from = raw.from.as_ref().map_or("persistentvolume-controller", |from| from.value());
    let event_type = match raw.event_type.as_ref().map(Sp::value) {
        Some(EventType::Warning) => "Warning",
        Some(EventType::Normal) | None => "Normal",
    };
    Ok(Value::map([
        ("apiVersion", Value::text("v1")),
        ("kind", Value::text("Event")),
        (
            "metadata",
            Value::map([
                ("name", Value::text(event_name)),
                ("namespace", Value::text(home)),
                ("uid", Value::text(event_uid)),
                ("creationTimestamp", Value::text(before(now, first))),
            ]),
        ),
        ("involvedObject", Value::map(involved.into_iter().chain(place))),
        ("reason", Value::text(raw.reason.value())),
        ("message", Value::text(raw.message.value())),
        ("type", Value::text(event_type)),
        ("count", Value::Int(raw.count.as_ref().map_or(1, |count| *count.value()))),
        ("firstTimestamp", Value::text(before(now, first))),
        ("lastTimestamp", Value::text(before(now, last))),
        ("reportingComponent", Value::text(from)),
        ("source", Value::map([("component", Value::text(from))])),
    ]))
}
