//! Manifests: from text to objects, and from objects to the paths where the API server has them.

use super::api::Api;
use super::trouble::{Attempt, Result};
use super::wait;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

/// How long a namespace may take to have its default service account.
const ACCOUNT: Duration = Duration::from_secs(60);

/// Reads a file of YAML documents; `${NAME}` stands for a variable.
pub fn parse(text: &str, variables: &BTreeMap<String, String>) -> Result<Vec<Value>> {
    let text = fill(text, variables)?;
    let mut objects = Vec::new();
    for document in serde_yaml::Deserializer::from_str(&text) {
        let object = Value::deserialize(document).attempt("not YAML")?;
        match object {
            Value::Null => {}
            Value::Array(items) => objects.extend(items),
            object => objects.push(object),
        }
    }
    Ok(objects)
}

/// Replaces `${NAME}`; a name that is not there is a slip of the author.
pub fn fill(text: &str, variables: &BTreeMap<String, String>) -> Result<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}').attempt("${ without }")?;
        let value = variables.get(name).attempt(format!("${{{name}}} stands for nothing"))?;
        filled.push_str(before);
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The kinds that a server has.
#[derive(Debug)]
pub struct Kinds {
    api: Api,
    known: Mutex<BTreeMap<String, Vec<Served>>>,
}

/// A kind and how it is served.
#[derive(Clone, Debug)]
struct Served {
    kind: String,
    plural: String,
    names: Vec<String>,
    namespaced: bool,
}

impl Kinds {
    /// The kinds of that server, asked for when they are needed.
    pub fn new(api: Api) -> Self {
        Self { api, known: Mutex::default() }
    }

    /// The server.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Where an object lies; in `namespace` if it does not say itself and has to lie in one.
    pub fn path_of(&self, object: &Value, namespace: &str) -> Result<String> {
        let field = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
        let name = field("/metadata/name").attempt("an object without a name")?;
        let version = field("/apiVersion").attempt(format!("{name}: no apiVersion"))?;
        let kind = field("/kind").attempt(format!("{name}: no kind"))?;
        self.path(version, kind, field("/metadata/namespace").unwrap_or(namespace), name)
    }

    /// Where an object lies that is named as a person would: `pvc/data` or `volumesnapshots.snapshot.storage.k8s.io/s`.
    pub fn path_named(&self, what: &str, namespace: &str) -> Result<String> {
        let (kind, name) = what.split_once('/').attempt(format!("{what}: not KIND/NAME"))?;
        for version in VERSIONS {
            let Ok(served) = self.served(version) else { continue };
            if let Some(found) = served.iter().find(|one| one.names.iter().any(|one| one.eq_ignore_ascii_case(kind))) {
                return Ok(path(version, found, namespace, name));
            }
        }
        Err(super::Trouble::new(format!("{what}: no such kind")))
    }

    fn path(&self, version: &str, kind: &str, namespace: &str, name: &str) -> Result<String> {
        let served = self.served(version)?;
        let found = served.iter().find(|one| one.kind == kind);
        let found = found.attempt(format!("the server has no {kind} in {version}"))?;
        Ok(path(version, found, namespace, name))
    }

    fn served(&self, version: &str) -> Result<Vec<Served>> {
        let known = self.known.lock().ok().and_then(|known| known.get(version).cloned());
        if let Some(known) = known {
            return Ok(known);
        }
        let list = self.api.get(&root(version))?;
        let resources = list.get("resources").and_then(Value::as_array).cloned().unwrap_or_default();
        let served: Vec<Served> = resources.iter().filter_map(served).collect();
        if let Ok(mut known) = self.known.lock() {
            known.insert(version.to_owned(), served.clone());
        }
        Ok(served)
    }

    /// Applies an object, in `namespace` unless it says otherwise.
    pub fn apply(&self, object: &Value, namespace: &str) -> Result<Value> {
        let path = self.path_of(object, namespace)?;
        self.api.apply(&path, object)
    }

    /// Makes a namespace, and waits until pods can be made in it: they need its default service account, which a
    /// controller makes a moment later.
    pub fn namespace(&self, name: &str) -> Result<()> {
        let object = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
        self.apply(&object, "")?;
        let account = format!("/api/v1/namespaces/{name}/serviceaccounts/default");
        wait::until(&format!("namespace {name} has its service account"), ACCOUNT, || self.api.get(&account).map(drop))
    }
}

/// The versions whose kinds can be named in short.
const VERSIONS: [&str; 8] = [
    "v1",
    "apps/v1",
    "storage.k8s.io/v1",
    "snapshot.storage.k8s.io/v1",
    "batch/v1",
    "coordination.k8s.io/v1",
    "rbac.authorization.k8s.io/v1",
    "apiextensions.k8s.io/v1",
];

fn root(version: &str) -> String {
    if version.contains('/') { format!("/apis/{version}") } else { format!("/api/{version}") }
}

fn path(version: &str, served: &Served, namespace: &str, name: &str) -> String {
    let (root, plural) = (root(version), &served.plural);
    if served.namespaced {
        format!("{root}/namespaces/{namespace}/{plural}/{name}")
    } else {
        format!("{root}/{plural}/{name}")
    }
}

fn served(resource: &Value) -> Option<Served> {
    let text = |name: &str| resource.get(name).and_then(Value::as_str).map(str::to_owned);
    let plural = text("name").filter(|name| !name.contains('/'))?;
    let kind = text("kind")?;
    let short = resource.get("shortNames").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut names: Vec<String> = short.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
    names.extend([plural.clone(), kind.clone()]);
    names.extend(text("singularName").filter(|name| !name.is_empty()));
    Some(Served { kind, plural, names, namespaced: resource.get("namespaced")?.as_bool()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in_or_missed() {
        let variables = BTreeMap::from([("NODE".to_owned(), "node-a".to_owned())]);
        assert_eq!(fill("a: ${NODE}, $NODE", &variables).unwrap(), "a: node-a, $NODE");
        assert!(fill("${NOPE}", &variables).unwrap_err().to_string().contains("${NOPE} stands for nothing"));
        assert!(fill("${NODE", &variables).is_err());
    }

    #[test]
    fn documents_are_separate_objects() {
        let objects = parse("a: 1\n---\n# nothing\n---\n- b: 2\n- c: 3\n", &BTreeMap::new()).unwrap();
        assert_eq!(objects, [json!({"a": 1}), json!({"b": 2}), json!({"c": 3})]);
        assert!(parse("a: [", &BTreeMap::new()).is_err());
    }

    #[test]
    fn a_path_has_a_namespace_where_the_kind_has_one() {
        let claim = json!({"name": "persistentvolumeclaims", "kind": "PersistentVolumeClaim", "namespaced": true, "shortNames": ["pvc"], "singularName": ""});
        let claim = served(&claim).unwrap();
        assert_eq!(path("v1", &claim, "a", "data"), "/api/v1/namespaces/a/persistentvolumeclaims/data");
        assert_eq!(claim.names, ["pvc", "persistentvolumeclaims", "PersistentVolumeClaim"]);
        assert!(served(&json!({"name": "pods/log", "kind": "Pod", "namespaced": true})).is_none());
    }
}
