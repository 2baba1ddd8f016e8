//! What the cluster holds.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Objects by resource, logs, and the version.
#[derive(Clone, Debug)]
pub struct Objects {
    pub(crate) resources: BTreeMap<String, Vec<Value>>,
    pub(crate) logs: BTreeMap<String, Vec<u8>>,
    pub(crate) version: Value,
}

impl Default for Objects {
    fn default() -> Self {
        let version = json!({ "major": "1", "minor": "36", "gitVersion": "v1.36.3", "platform": "linux/amd64" });
        Self { resources: BTreeMap::new(), logs: BTreeMap::new(), version }
    }
}

impl Objects {
    /// An empty cluster. It serves the built-in API groups, and of others what it holds.
    pub fn new() -> Self {
        Self::default()
    }

    /// A recording in the plain layout: `resources/<name>.json`, `logs/<namespace>/<pod>/<container>.log`.
    pub fn folder(path: impl AsRef<Path>) -> io::Result<Self> {
        let mut objects = Self::new();
        for entry in std::fs::read_dir(path.as_ref().join("resources"))? {
            let file = entry?.path();
            let Some(name) = file.file_name().and_then(|name| name.to_str()?.strip_suffix(".json")) else { continue };
            let list: Value = serde_json::from_slice(&std::fs::read(&file)?)?;
            let items = list.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
            objects.resources.insert(name.to_owned(), items);
        }
        let version = std::fs::read(path.as_ref().join("version.json")).unwrap_or_default();
        let version: Value = serde_json::from_slice(&version).unwrap_or_default();
        if let Some(server) = version.get("serverVersion") {
            objects.version = server.clone();
        }
        let logs = path.as_ref().join("logs");
        if logs.is_dir() {
            objects.read_logs(&logs, "")?;
        }
        Ok(objects)
    }

    /// Adds objects of a resource by its full name, and makes it one that is served.
    #[must_use]
    pub fn with(mut self, resource: &str, items: impl IntoIterator<Item = Value>) -> Self {
        self.resources.entry(resource.to_owned()).or_default().extend(items);
        self
    }

    /// Adds a log under `namespace/pod/container`, or `namespace/pod/container.previous`.
    #[must_use]
    pub fn with_log(mut self, path: &str, text: impl Into<Vec<u8>>) -> Self {
        self.logs.insert(path.to_owned(), text.into());
        self
    }

    fn read_logs(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                self.read_logs(&path, &format!("{prefix}{name}/"))?;
            } else if let Some(container) = name.strip_suffix(".log") {
                self.logs.insert(format!("{prefix}{container}"), std::fs::read(&path)?);
            }
        }
        Ok(())
    }
}
