//! What Kubernetes sends, and `kubectl get -o json` writes, as objects and lists of [`Value`].

use crate::evidence::Resource;
use crate::value::{Map, Value};
use crate::value_de::{Decoder, MAX_DEPTH, MAX_VALUES, Shapes, Shared, emptied, is_private};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::de::Read;
use std::fmt;
use std::sync::Arc;

/// The most of a parser's message that is kept.
const MAX_MESSAGE: usize = 200;

/// A list, or one page of it.
#[derive(Clone, Debug, Default)]
pub struct DecodedList {
    /// The items, in the order in which they came. A server leaves `apiVersion` and `kind` out of the
    /// items of a typed list (`PodList`); they are filled in from the list, so that an object is the
    /// same however it was read.
    pub items: Vec<Value>,
    /// Items that are no objects, or are nested too deeply, and so are not among `items`.
    pub malformed: usize,
    /// What to ask for the next page with; none on the last page.
    pub continue_token: Option<String>,
    /// The version of the whole list, if it says so.
    pub resource_version: Option<String>,
}

/// Bytes that are no object or list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// There is nothing, or only white space.
    #[error("empty")]
    Empty,
    /// The text stops where more has to come.
    #[error("ends in the middle, at line {line}, column {column}")]
    Ended {
        /// From 1.
        line: usize,
        /// From 1, in bytes.
        column: usize,
    },
    /// Something else than JSON (or YAML).
    #[error("not {format}: {message}")]
    Syntax {
        /// What was expected: `JSON` or `YAML`.
        format: &'static str,
        /// The parser's words, bounded.
        message: String,
    },
    /// Well-formed, but something else than was asked for.
    #[error("{message}")]
    Shape {
        /// What it is, and what it should be.
        message: String,
    },
    /// Nested too deeply.
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

/// Reads a list: an object with `items`, or a bare array. An item that is no object does not spoil the
/// others; it is counted. A text that stops in the middle is no list at all.
pub fn decode_list(json: &[u8]) -> Result<DecodedList, DecodeError> {
    PageDecoder::default().decode(json)
}

/// Reads the pages of a list one after another. What is the same in objects of several pages is held once.
#[derive(Debug, Default)]
pub struct PageDecoder(Shared);

impl PageDecoder {
    /// How many bytes of texts the pages have brought so far, what came before not counted again. Who reads a list
    /// without knowing its length stops by this.
    pub fn kept(&self) -> usize {
        self.0.kept()
    }

    /// Reads a page as [`decode_list`] reads a list.
    pub fn decode(&self, json: &[u8]) -> Result<DecodedList, DecodeError> {
        check_not_empty(json)?;
        // Looked through once, a text need not be looked through again with each string in it.
        match std::str::from_utf8(json) {
            Ok(text) => self.read(serde_json::Deserializer::from_str(text)),
            Err(_) => self.read(serde_json::Deserializer::from_slice(json)),
        }
    }

    fn read<'de, R: Read<'de>>(&self, mut input: serde_json::Deserializer<R>) -> Result<DecodedList, DecodeError> {
        let decoder = Decoder::new(&self.0, MAX_VALUES);
        let list = (&mut input).deserialize_any(ListVisitor(&decoder)).map_err(|e| json_error(&e))?;
        input.end().map_err(|e| json_error(&e))?;
        Ok(list.finished())
    }
}

/// As [`decode_list`], from YAML.
pub fn decode_list_yaml(yaml: &[u8]) -> Result<DecodedList, DecodeError> {
    check_not_empty(yaml)?;
    // Aliases let a small text stand for a vast one; without them no text has more values than bytes.
    let shared = Shared::default();
    let decoder = Decoder::new(&shared, yaml.len());
    let input = serde_yaml::Deserializer::from_slice(yaml);
    Ok(input.deserialize_any(ListVisitor(&decoder)).map_err(|e| yaml_error(&e))?.finished())
}

/// Reads one object.
pub fn decode_object(json: &[u8]) -> Result<Value, DecodeError> {
    check_not_empty(json)?;
    let shared = Shared::default();
    let decoder = Decoder::new(&shared, MAX_VALUES);
    let mut input = serde_json::Deserializer::from_slice(json);
    let value = decoder.seed().deserialize(&mut input).map_err(|e| json_error(&e))?;
    input.end().map_err(|e| json_error(&e))?;
    if decoder.take_too_deep() {
        return Err(DecodeError::TooDeep);
    }
    match value {
        Value::Map(_) => Ok(value),
        _ => Err(DecodeError::Shape { message: "not an object".to_owned() }),
    }
}

fn check_not_empty(bytes: &[u8]) -> Result<(), DecodeError> {
    if bytes.iter().all(u8::is_ascii_whitespace) { Err(DecodeError::Empty) } else { Ok(()) }
}

fn json_error(error: &serde_json::Error) -> DecodeError {
    use serde_json::error::Category;
    match error.classify() {
        Category::Eof => DecodeError::Ended { line: error.line(), column: error.column() },
        Category::Data => DecodeError::Shape { message: bounded(error) },
        Category::Syntax | Category::Io => DecodeError::Syntax { format: "JSON", message: bounded(error) },
    }
}

fn yaml_error(error: &serde_yaml::Error) -> DecodeError {
    DecodeError::Syntax { format: "YAML", message: bounded(error) }
}

fn bounded(message: &impl fmt::Display) -> String {
    let message = message.to_string();
    let kept = message.chars().take(MAX_MESSAGE);
    kept.map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A list as it is read, before its kind is known: Go writes fields in the order of their names, so
/// `items` comes before `kind`.
#[derive(Debug, Default)]
struct Raw {
    list: DecodedList,
    kind: Value,
    api_version: Value,
}

impl Raw {
    /// The kind of the items of a typed list.
    fn kind_of_items(&self) -> Option<&str> {
        self.kind.as_str().and_then(|kind| kind.strip_suffix("List")).filter(|kind| !kind.is_empty())
    }

    /// What the items lack, if the list has said already of which kind they are, as a server does.
    fn lacking(&self) -> Vec<(Arc<str>, Value)> {
        let kind = self.kind_of_items().filter(|_| !self.api_version.is_null()).map(Value::text);
        kind.map(|kind| fields_of(&self.api_version, &kind).into()).unwrap_or_default()
    }

    fn finished(mut self) -> DecodedList {
        let Some(kind) = self.kind_of_items().map(str::to_owned) else { return self.list };
        stamp(&mut self.list.items, &self.api_version, &Value::text(&kind));
        if is_private(&kind) { self.list.emptied() } else { self.list }
    }
}

/// What an object says of itself.
fn fields_of(api_version: &Value, kind: &Value) -> [(Arc<str>, Value); 2] {
    [(Arc::from("apiVersion"), api_version.clone()), (Arc::from("kind"), kind.clone())]
}

/// Says of each object what it is, where it does not say so itself.
fn stamp(items: &mut [Value], api_version: &Value, kind: &Value) {
    let fields = fields_of(api_version, kind);
    let shapes = Shapes::default();
    for item in items {
        let Value::Map(map) = &*item else { continue };
        let lacks = |name: &str| map.get(name).is_none_or(Value::is_null);
        let missing =
            fields.iter().filter(|(name, _)| lacks(name)).map(|(name, value)| (Arc::clone(name), value.clone()));
        let missing: Vec<_> = missing.collect();
        if !missing.is_empty() {
            let old = map.iter().map(|(name, value)| (Arc::clone(name), value.clone()));
            let all = Map::sharing(old.chain(missing).collect(), |names| shapes.names(names));
            *item = Value::Map(Arc::new(all));
        }
    }
}

impl DecodedList {
    /// The list with `apiVersion` and `kind` on each item: those of `resource` where an item lacks them.
    #[must_use]
    pub fn stamped(mut self, resource: &Resource) -> Self {
        let version = match &*resource.group {
            "" => resource.version.to_string(),
            group => format!("{group}/{}", resource.version),
        };
        stamp(&mut self.items, &Value::text(version), &Value::text(&resource.kind));
        self
    }

    /// Without the fields that hold the contents of Secrets and `ConfigMap`s.
    #[must_use]
    pub(crate) fn emptied(mut self) -> Self {
        self.items = self.items.iter().map(emptied).collect();
        self
    }
}

struct ListVisitor<'a>(&'a Decoder<'a>);

impl<'de> Visitor<'de> for ListVisitor<'_> {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list: an object with `items`, or an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Raw, A::Error> {
        let mut raw = Raw::default();
        Items { decoder: self.0, list: &mut raw.list, lacking: &[] }.visit_seq(seq)?;
        Ok(raw)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let (mut raw, mut has_items) = (Raw::default(), false);
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "items" => {
                    let lacking = raw.lacking();
                    map.next_value_seed(Items { decoder: self.0, list: &mut raw.list, lacking: &lacking })?;
                    has_items = true;
                }
                "kind" => raw.kind = map.next_value_seed(self.0.seed())?,
                "apiVersion" => raw.api_version = map.next_value_seed(self.0.seed())?,
                "metadata" => {
                    let metadata = map.next_value_seed(self.0.seed())?;
                    let text =
                        |name: &str| metadata.field(name).as_str().filter(|text| !text.is_empty()).map(str::to_owned);
                    raw.list.continue_token = text("continue");
                    raw.list.resource_version = text("resourceVersion");
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if has_items {
            return Ok(raw);
        }
        let what = raw.kind.as_str().map_or_else(|| "an object".to_owned(), |kind| format!("a {}", bounded(&kind)));
        Err(serde::de::Error::custom(format!("not a list but {what} without `items`")))
    }
}

/// Reads `items` into a list, one by one.
struct Items<'a> {
    decoder: &'a Decoder<'a>,
    list: &'a mut DecodedList,
    /// What the items do not say themselves, as far as it is known before them.
    lacking: &'a [(Arc<str>, Value)],
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    // Go writes an empty list as null.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(item) = seq.next_element_seed(self.decoder.seed_of(self.lacking))? {
            if self.decoder.take_too_deep() || !matches!(item, Value::Map(_)) {
                self.list.malformed += 1;
            } else {
                self.list.items.push(item);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
