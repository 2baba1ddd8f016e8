//! Authored shapes that serde's derives cannot express: a map that keeps order and places, and a resource
//! given by name or in full.

use super::raw::FullResource;
use crate::span::Sp;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// A resource: a well-known one by the name that `kubectl api-resources -o name` prints, or in full.
#[derive(Debug)]
pub(super) enum RawResource {
    /// By name.
    Named(String),
    /// In full.
    Full(Box<FullResource>),
}

impl RawResource {
    /// The resource as `kubectl api-resources -o name` names it.
    pub(super) fn full_name(&self) -> String {
        match self {
            Self::Named(name) => name.clone(),
            Self::Full(full) => match full.group.as_ref().filter(|group| !group.is_empty()) {
                Some(group) => format!("{}.{}", full.plural.value(), group.value()),
                None => full.plural.value().clone(),
            },
        }
    }
}

/// A map in its author's order, with the places of its keys.
#[derive(Debug)]
pub(super) struct Entries<T>(pub(super) Vec<(Sp<String>, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of names")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(InOrder(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        <BTreeMap<String, T>>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        <BTreeMap<String, T>>::json_schema(generator)
    }
}

impl<'de> Deserialize<'de> for RawResource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = RawResource;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a resource, or a map")
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(RawResource::Named(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                FullResource::deserialize(MapAccessDeserializer::new(map)).map(|full| RawResource::Full(Box::new(full)))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for RawResource {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ResourceName".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let full = generator.subschema_for::<FullResource>();
        schemars::json_schema!({ "oneOf": [{ "type": "string" }, full] })
    }
}
