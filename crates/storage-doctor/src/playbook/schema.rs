//! The JSON Schema of what an author writes, for editors; the loader checks the structure with the same.

use super::raw::{RawLibrary, RawPlaybook};
use super::raw_words::RawTranslation;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

/// The JSON Schema (draft 07, which editors understand) of playbooks, libraries and translations.
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft07().with_transform(Strict).into_generator();
    // All are referred to below, so all end up among the definitions.
    generator.subschema_for::<RawPlaybook>();
    generator.subschema_for::<RawLibrary>();
    generator.subschema_for::<RawTranslation>();
    let is = |kind: &str| json!({ "properties": { "kind": { "const": kind } }, "required": ["kind"] });
    let definitions: Map<String, Value> = generator.take_definitions(true);
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "storage-doctor playbook, library or translation",
        "type": "object",
        "if": is("Library"),
        "then": { "$ref": reference::<RawLibrary>() },
        "else": {
            "if": is("Translation"),
            "then": { "$ref": reference::<RawTranslation>() },
            "else": { "$ref": reference::<RawPlaybook>() },
        },
        "definitions": definitions,
    })
}

/// The definitions that the schema of `T` is made of, its own among them.
pub(super) fn definitions_of<T: JsonSchema>() -> Map<String, Value> {
    let mut generator = SchemaSettings::draft07().with_transform(Strict).into_generator();
    generator.subschema_for::<T>();
    generator.take_definitions(true)
}

/// The JSON Schema of another authored file: `T` and what it is made of.
pub(crate) fn schema_of<T: JsonSchema>(title: &str) -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        "allOf": [{ "$ref": reference::<T>() }],
        "definitions": definitions_of::<T>(),
    })
}

fn reference<T: JsonSchema>() -> String {
    format!("#/definitions/{}", T::schema_name())
}

/// Says what the types cannot: an empty value is never allowed, and one key of several is wanted.
#[derive(Clone, Debug)]
struct Strict;

impl Transform for Strict {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        if let Some(Value::Array(types)) = object.get_mut("type") {
            types.retain(|t| t != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                object.insert("type".to_owned(), only);
            }
        }
        if let Some(Value::Array(options)) = object.get_mut("anyOf") {
            options.retain(|o| o != &json!({ "type": "null" }));
            if let [Value::Object(only)] = options.as_slice() {
                let only = only.clone();
                object.remove("anyOf");
                object.extend(only);
            }
        }
        if let Some(Value::Array(keys)) = object.remove("x-one-of") {
            let options = keys.into_iter().map(|k| json!({ "required": [k] })).collect();
            object.insert("oneOf".to_owned(), Value::Array(options));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Set `UPDATE_SCHEMA=1` to write the file anew.
    #[test]
    fn the_published_schema_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/playbook.schema.json");
        let made = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
        #[expect(clippy::disallowed_methods, reason = "a test reads the published file")]
        let published = {
            if std::env::var_os("UPDATE_SCHEMA").is_some() {
                std::fs::write(path, &made).unwrap();
            }
            std::fs::read_to_string(path).unwrap_or_default()
        };
        assert_eq!(published, made, "run this test with UPDATE_SCHEMA=1");
    }
}
