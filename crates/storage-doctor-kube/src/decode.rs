//! From the server's JSON to the engine's values, without what no playbook reads.
//!
//! `metadata.managedFields` and the last-applied annotation are most of the bytes of an object; they
//! are dropped page by page, so that a list of ten thousand objects stays small.

use serde_json::Value as Json;
use storage_doctor::evidence::Resource;
use storage_doctor::value::Value;

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// One page of a list.
pub(crate) struct Page {
    /// The items.
    pub(crate) items: Vec<Value>,
    /// How many items are no objects, and so not among `items`.
    pub(crate) malformed: usize,
    /// Where the next page begins, if there is one.
    pub(crate) next: Option<String>,
}

/// An object of `resource`.
pub(crate) fn object(resource: &Resource, body: &[u8]) -> Result<Value, String> {
    let json: Json = serde_json::from_slice(body).map_err(|e| undecodable(&e))?;
    if json.pointer("/metadata/name").and_then(Json::as_str).is_none() {
        return Err("what came is no object".to_owned());
    }
    Ok(value(pruned(json, resource)))
}

/// A page of a list of `resource`.
pub(crate) fn page(resource: &Resource, body: &[u8]) -> Result<Page, String> {
    let mut json: Json = serde_json::from_slice(body).map_err(|e| undecodable(&e))?;
    let next = json.pointer("/metadata/continue").and_then(Json::as_str).filter(|token| !token.is_empty());
    let next = next.map(str::to_owned);
    let items = match json.get_mut("items").map(Json::take) {
        Some(Json::Array(items)) => items,
        // Go writes an empty list as null.
        Some(Json::Null) => Vec::new(),
        _ => return Err("what came is no list".to_owned()),
    };
    let count = items.len();
    let objects = items.into_iter().filter(Json::is_object);
    let items: Vec<Value> = objects.map(|item| value(pruned(item, resource))).collect();
    Ok(Page { malformed: count - items.len(), items, next })
}

fn undecodable(error: &serde_json::Error) -> String {
    format!("the answer is no JSON (line {}, column {})", error.line(), error.column())
}

/// Without the fields that only costs memory, and with the kind that items of a list lack.
fn pruned(mut json: Json, resource: &Resource) -> Json {
    if let Some(metadata) = json.get_mut("metadata").and_then(Json::as_object_mut) {
        metadata.remove("managedFields");
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Json::as_object_mut) {
            annotations.remove(LAST_APPLIED);
        }
    }
    if let Some(object) = json.as_object_mut() {
        let version = if resource.group.is_empty() {
            resource.version.to_string()
        } else {
            format!("{}/{}", resource.group, resource.version)
        };
        object.entry("apiVersion").or_insert(Json::String(version));
        object.entry("kind").or_insert(Json::String(resource.kind.to_string()));
    }
    json
}

fn value(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(b),
        Json::Number(n) => n.as_i64().map_or_else(|| Value::Float(n.as_f64().unwrap_or(f64::NAN)), Value::Int),
        Json::String(s) => Value::text(s),
        Json::Array(items) => Value::list(items.into_iter().map(value).collect()),
        Json::Object(fields) => Value::map(fields.into_iter().map(|(name, field)| (name, value(field)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_pruned_and_its_items_know_their_kind() {
        let class = Resource::by_name("storageclasses.storage.k8s.io").unwrap();
        let body = br#"{"kind":"StorageClassList","metadata":{"continue":"abc"},"items":[
            {"metadata":{"name":"fast","managedFields":[{}],"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}","a":"b"}}}]}"#;
        let page = page(&class, body).unwrap();
        assert_eq!(page.next.as_deref(), Some("abc"));
        let item = &page.items[0];
        assert_eq!(item.at("kind").as_str(), Some("StorageClass"));
        assert_eq!(item.at("apiVersion").as_str(), Some("storage.k8s.io/v1"));
        assert!(item.at("metadata.managedFields").is_null());
        assert_eq!(item.at("metadata.annotations.a").as_str(), Some("b"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_a_panic(bytes: Vec<u8>, text in r#"[{}\[\]":,a-z0-9]*"#) {
            let pods = Resource::by_name("pods").unwrap();
            for body in [bytes.as_slice(), text.as_bytes()] {
                let _ = page(&pods, body);
                let _ = object(&pods, body);
            }
        }
    }

    #[test]
    fn what_is_no_list_is_no_empty_list() {
        let pods = Resource::by_name("pods").unwrap();
        for body in ["", "{", "[]", "{}", r#"{"items":{}}"#, r#"{"kind":"Status"}"#, "<html>"] {
            assert!(page(&pods, body.as_bytes()).is_err(), "{body}");
            assert!(object(&pods, body.as_bytes()).is_err(), "{body}");
        }
        assert!(page(&pods, br#"{"items":null}"#).unwrap().items.is_empty());
        let odd = page(&pods, br#"{"items":[1,{"metadata":{"name":"a"}},null]}"#).unwrap();
        assert_eq!((odd.items.len(), odd.malformed), (1, 2));
        let deep = "[".repeat(100_000);
        assert!(page(&pods, deep.as_bytes()).is_err());
    }
}
