//! The JSON Schema of a report, for tools that read `-o json`.

use super::v1::{API_VERSION, Diagnosis, DiagnosisList};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

/// What `-o json` prints: a `Diagnosis` for one subject, a `DiagnosisList` for several.
#[derive(JsonSchema)]
#[schemars(untagged, title = "Report of storage-doctor")]
#[expect(dead_code, reason = "only its schema is used")]
enum Report {
    Diagnosis(Diagnosis),
    DiagnosisList(DiagnosisList),
}

/// The schema of a report, JSON Schema draft-07.
pub fn schema_diagnosis() -> Value {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<Report>().to_value();
    for kind in ["Diagnosis", "DiagnosisList"] {
        for (field, text) in [("apiVersion", API_VERSION), ("kind", kind)] {
            if let Some(field) = schema.pointer_mut(&format!("/definitions/{kind}/properties/{field}")) {
                // Readers may tell the two apart by these.
                field["const"] = json!(text);
            }
        }
    }
    if let Some(root) = schema.as_object_mut()
        && let Some(either) = root.remove("anyOf")
    {
        // The two differ in `kind`, so at most one fits.
        root.insert("oneOf".to_owned(), either);
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_is_this_one() {
        let schema = crate::render::json::render(&schema_diagnosis()).unwrap();
        let published = include_str!("../../../../docs/report.schema.json");
        assert!(published == schema, "run `kubectl storage-doctor schema report > docs/report.schema.json`");
    }

    #[test]
    fn reports_fit_their_own_kind_only() {
        let validator = jsonschema::validator_for(&schema_diagnosis()).unwrap();
        for (name, report) in crate::render::samples::all() {
            let mut report = serde_json::to_value(report).unwrap();
            assert!(validator.is_valid(&report), "{name}");
            report["kind"] = json!("DiagnosisList");
            assert!(!validator.is_valid(&report), "{name}");
        }
        let list = serde_json::to_value(crate::render::samples::several()).unwrap();
        assert!(validator.is_valid(&list));
    }

    #[test]
    fn the_kinds_are_told_apart() {
        let schema = schema_diagnosis();
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
        assert_eq!(schema["oneOf"].as_array().map(Vec::len), Some(2));
        assert_eq!(schema["definitions"]["DiagnosisList"]["properties"]["kind"]["const"], "DiagnosisList");
        assert!(schema["definitions"]["Confidence"].is_object());
    }
}
