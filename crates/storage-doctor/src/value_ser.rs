//! [`Value`] as plain JSON.

use crate::value::{List, Map, Value};
use serde::{Serialize, Serializer};

impl Serialize for Value {
    /// Quantities and times as text, lengths of time as seconds, and what is not known as null: JSON has
    /// no word for it, so whoever must tell the two apart asks [`Value::gaps`] first.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null | Self::Unknown(_) => serializer.serialize_unit(),
            Self::Bool(b) => serializer.serialize_bool(*b),
            Self::Int(i) | Self::Seconds(i) => serializer.serialize_i64(*i),
            Self::Float(f) => serializer.serialize_f64(*f),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => list.serialize(serializer),
            Self::Map(map) => map.serialize(serializer),
            Self::Quantity(quantity) => serializer.collect_str(quantity),
            Self::Time(time) => serializer.collect_str(time),
        }
    }
}

impl Serialize for Map {
    /// Fields in the order of their names.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(name, value)| (&**name, value)))
    }
}

impl Serialize for List {
    /// The items that were seen.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.items())
    }
}
