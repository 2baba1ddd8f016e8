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
    /// By node.
    pub(crate) stats: BTreeMap<String, Vec<u8>>,
    /// By node and service.
    pub(crate) node_logs: BTreeMap<(String, String), Vec<u8>>,
    pub(crate) node_log_way: NodeLogs,
    pub(crate) version: Value,
}

/// How nodes give out the logs of their services.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NodeLogs {
    /// From journald, with options.
    #[default]
    Journal,
    /// From files, without options.
    Files,
    /// Queries are switched off: the folder of logs is listed, and its files are served.
    Listed,
    /// The handler is switched off.
    Off,
}

impl Default for Objects {
    fn default() -> Self {
        let version = json!({ "major": "1", "minor": "36", "gitVersion": "v1.36.3", "platform": "linux/amd64" });
        Self {
            resources: BTreeMap::new(),
            logs: BTreeMap::new(),
            stats: BTreeMap::new(),
            node_logs: BTreeMap::new(),
            node_log_way: NodeLogs::default(),
            version,
        }
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
        objects.read_nodes(&path.as_ref().join("nodes"))?;
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

    /// Adds what a node's kubelet says to `stats/summary`.
    #[must_use]
    pub fn with_stats(mut self, node: &str, summary: impl Into<Vec<u8>>) -> Self {
        self.stats.insert(node.to_owned(), summary.into());
        self
    }

    /// Adds the log of a service of a node.
    #[must_use]
    pub fn with_node_log(mut self, node: &str, service: &str, text: impl Into<Vec<u8>>) -> Self {
        self.node_logs.insert((node.to_owned(), service.to_owned()), text.into());
        self
    }

    /// Says how nodes give out logs.
    #[must_use]
    pub fn node_logs(mut self, way: NodeLogs) -> Self {
        self.node_log_way = way;
        self
    }

    /// `nodes/<node>/stats-summary.json` and `nodes/<node>/<service>.log`.
    fn read_nodes(&mut self, folder: &Path) -> io::Result<()> {
        if !folder.is_dir() {
            return Ok(());
        }
        for node in std::fs::read_dir(folder)? {
            let node = node?;
            let name = node.file_name().to_string_lossy().into_owned();
            for file in std::fs::read_dir(node.path())? {
                let file = file?;
                let file_name = file.file_name().to_string_lossy().into_owned();
                if file_name == "stats-summary.json" {
                    self.stats.insert(name.clone(), std::fs::read(file.path())?);
                } else if let Some(service) = file_name.strip_suffix(".log") {
                    self.node_logs.insert((name.clone(), service.to_owned()), std::fs::read(file.path())?);
                }
            }
        }
        Ok(())
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
