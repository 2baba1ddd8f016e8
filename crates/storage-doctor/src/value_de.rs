//! From JSON (or YAML) straight into [`Value`], without what no playbook may or needs to read.
//!
//! `metadata.managedFields` and the last-applied annotation are most of the bytes of an object, and the images of
//! a node most of those of a node: they are skipped unread. What is the same in many objects is held once. The
//! contents of Secrets and `ConfigMap`s are dropped here, at the only door into the engine, so that no later stage
//! has to remember to.

mod shared;

use shared::Field;
pub(crate) use shared::{Shapes, Shared};

use crate::value::{Map, Value};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::Arc;

/// Objects nested deeper than this are refused. `serde_json` itself stops at 128, which leaves room for
/// the list around an object; Kubernetes' own objects stay below 30.
pub(crate) const MAX_DEPTH: usize = 120;
/// Values read by one decode. A list of 10,000 claims has half a million.
pub(crate) const MAX_VALUES: usize = 16_000_000;

pub(crate) const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// The kinds whose contents are nobody's business, and where they keep them.
const PRIVATE_KINDS: [&str; 2] = ["Secret", "ConfigMap"];
const PRIVATE_FIELDS: [&str; 3] = ["data", "stringData", "binaryData"];

/// What one decode shares between the values it reads, and its bounds.
#[derive(Debug)]
pub(crate) struct Decoder<'a> {
    shared: &'a Shared,
    left: Cell<usize>,
    too_deep: Cell<bool>,
    fields: Pile<Field>,
    items: Pile<Value>,
}

/// What has been read of maps or of lists that have not ended, the innermost last: none needs a heap of its own.
#[derive(Debug)]
struct Pile<T>(RefCell<Vec<T>>);

impl<T> Pile<T> {
    fn height(&self) -> usize {
        self.0.borrow().len()
    }

    fn put(&self, thing: T) {
        self.0.borrow_mut().push(thing);
    }

    /// What was put on above that height.
    fn above<R>(&self, height: usize, look: impl FnOnce(&mut [T]) -> R) -> R {
        look(self.0.borrow_mut().get_mut(height..).unwrap_or_default())
    }

    /// Makes something of what was put on above that height, and takes it off.
    fn take<R>(&self, height: usize, make: impl FnOnce(&mut [T]) -> R) -> R {
        let thing = self.above(height, make);
        self.0.borrow_mut().truncate(height);
        thing
    }
}

impl<T> Default for Pile<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

/// Where a value stands, as far as pruning cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Object,
    Elsewhere,
    Metadata,
    Annotations,
    Status,
}

/// Reads one value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seed<'a> {
    decoder: &'a Decoder<'a>,
    place: Place,
    depth: usize,
    /// Fields that are added where they are missing or null.
    lacking: &'a [Field],
}

impl<'a> Decoder<'a> {
    /// A decoder of at most `values` values, and never more than [`MAX_VALUES`].
    pub(crate) fn new(shared: &'a Shared, values: usize) -> Self {
        let left = Cell::new(values.min(MAX_VALUES));
        Self { shared, left, too_deep: Cell::default(), fields: Pile::default(), items: Pile::default() }
    }

    /// Reads a value.
    pub(crate) fn seed(&self) -> Seed<'_> {
        self.seed_of(&[])
    }

    /// Reads an object, and gives it these fields where it lacks them.
    pub(crate) fn seed_of<'s>(&'s self, lacking: &'s [Field]) -> Seed<'s> {
        Seed { decoder: self, place: Place::Object, depth: 0, lacking }
    }

    /// Whether something was left out for its depth since the last call.
    pub(crate) fn take_too_deep(&self) -> bool {
        self.too_deep.replace(false)
    }

    fn count<E: serde::de::Error>(&self) -> Result<(), E> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| E::custom("more values than are read at once"))?;
        self.left.set(left);
        Ok(())
    }
}

impl Seed<'_> {
    fn deeper(self, place: Place) -> Self {
        Self { place, depth: self.depth + 1, lacking: &[], ..self }
    }

    /// The seed for the field `name`; none when the field is not to be read.
    fn field(self, name: &str) -> Option<Self> {
        match (self.place, name) {
            // Nor what images a node has, and what a resource of somebody's looks like: no storage shows in them.
            (Place::Metadata, "managedFields")
            | (Place::Annotations, LAST_APPLIED)
            | (Place::Status, "images")
            | (_, "openAPIV3Schema") => None,
            (Place::Object, "status") => Some(self.deeper(Place::Status)),
            (Place::Metadata, "annotations") => Some(self.deeper(Place::Annotations)),
            (_, "metadata") => Some(self.deeper(Place::Metadata)),
            _ => Some(self.deeper(Place::Elsewhere)),
        }
    }

    fn is_too_deep(self) -> bool {
        let deep = self.depth >= MAX_DEPTH;
        if deep {
            self.decoder.too_deep.set(true);
        }
        deep
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.decoder.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(Value::Int(v))
    }

    #[allow(clippy::cast_precision_loss, reason = "a number beyond i64 is only ever approximate to a check")]
    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(i64::try_from(v).map_or(Value::Float(v as f64), Value::Int))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        // YAML knows `.nan` and `.inf`; JSON, and so Kubernetes, does not.
        Ok(if v.is_finite() { Value::Float(v) } else { Value::Null })
    }

    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(Value::Text(self.decoder.shared.text(v)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        if self.is_too_deep() {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        }
        let items = &self.decoder.items;
        let height = items.height();
        while let Some(item) = seq.next_element_seed(self.deeper(Place::Elsewhere))? {
            items.put(item);
        }
        Ok(items.take(height, |items| self.decoder.shared.list(items)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        if self.is_too_deep() {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        }
        let fields = &self.decoder.fields;
        let height = fields.height();
        while let Some(name) = map.next_key_seed(Name(self.decoder))? {
            match self.field(&name) {
                Some(seed) => {
                    let value = map.next_value_seed(seed)?;
                    fields.put((name, value));
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        for (name, value) in self.lacking {
            let is_there = |fields: &mut [Field]| fields.iter().any(|(known, value)| known == name && !value.is_null());
            if !fields.above(height, is_there) {
                fields.put((Arc::clone(name), value.clone()));
            }
        }
        Ok(fields.take(height, |fields| self.map(fields)))
    }
}

impl Seed<'_> {
    /// The map of these fields, without the contents of a Secret or a `ConfigMap` or of a list of them (the items of a
    /// typed list do not say their kind).
    fn map(self, fields: &mut [Field]) -> Value {
        let kinds = fields.iter().filter(|(name, _)| &**name == "kind").filter_map(|(_, kind)| kind.as_str());
        let (mut private, mut list) = (false, false);
        for kind in kinds {
            private |= is_private(kind);
            list |= kind.strip_suffix("List").is_some_and(is_private);
        }
        if list {
            for (_, value) in fields.iter_mut().filter(|(name, _)| &**name == "items") {
                *value = Value::list(value.items().iter().map(emptied).collect());
            }
        }
        let (shared, part) = (self.decoder.shared, self.depth > 0);
        if !private {
            return shared.map(fields, part);
        }
        let kept = fields.iter().filter(|(name, _)| !PRIVATE_FIELDS.contains(&&**name)).cloned();
        shared.map(&mut kept.collect::<Vec<_>>(), part)
    }
}

/// Whether the contents of objects of this kind must not be read.
pub(crate) fn is_private(kind: &str) -> bool {
    PRIVATE_KINDS.contains(&kind)
}

/// The object without the fields that hold the contents of Secrets and `ConfigMap`s.
pub(crate) fn emptied(object: &Value) -> Value {
    match object {
        Value::Map(map) => {
            let kept = map.iter().filter(|(name, _)| !PRIVATE_FIELDS.contains(&&***name));
            Value::Map(Arc::new(Map::new(kept.map(|(name, value)| (Arc::clone(name), value.clone())).collect())))
        }
        other => other.clone(),
    }
}

/// Reads one field name.
#[derive(Clone, Copy, Debug)]
struct Name<'a>(&'a Decoder<'a>);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Arc<str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Arc<str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Arc<str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, v: &str) -> Result<Arc<str>, E> {
        Ok(self.0.shared.name(v))
    }
}

impl<'de> serde::Deserialize<'de> for Value {
    /// Reads plain JSON: whole numbers become [`Value::Int`], other numbers [`Value::Float`]; quantities
    /// and times stay text. See the module for what is left out.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let shared = Shared::default();
        let decoder = Decoder::new(&shared, MAX_VALUES);
        let value = decoder.seed().deserialize(deserializer)?;
        if decoder.take_too_deep() {
            return Err(D::Error::custom("nested too deeply"));
        }
        Ok(value)
    }
}
