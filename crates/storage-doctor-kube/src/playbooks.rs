//! Playbooks that a cluster keeps in `ConfigMap`s. A door of its own: as evidence, what `ConfigMap`s hold is
//! never read, and here only what carries the label is.

use crate::answer;
use crate::cluster::Cluster;
use crate::path;
use serde::Deserialize;
use std::collections::BTreeMap;
use storage_doctor::evidence::{Answer, Resource};

/// The label of a `ConfigMap` that holds playbooks, and its value.
pub const PLAYBOOK_LABEL: (&str, &str) = ("storage-doctor.io/playbook", "true");

/// How much of one page is read: a `ConfigMap` holds a mebibyte at most.
const PAGE_BYTES: usize = 64 * 1024 * 1024;
/// How many pages are read: two thousand `ConfigMap`s.
const PAGES: usize = 4;

/// A `ConfigMap` that carries the label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaybookMap {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its texts by key.
    pub data: BTreeMap<String, String>,
}

/// Why playbooks could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlaybooksError {
    /// The server refuses to tell.
    #[error("denied: list configmaps")]
    Denied,
    /// No answer came, or one that makes no sense.
    #[error("{0}")]
    Unreachable(String),
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    metadata: PageMeta,
    #[serde(default)]
    items: Vec<Item>,
}

#[derive(Default, Deserialize)]
struct PageMeta {
    #[serde(default, rename = "continue")]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    metadata: ItemMeta,
    #[serde(default)]
    data: Option<BTreeMap<String, String>>,
}

#[derive(Default, Deserialize)]
struct ItemMeta {
    #[serde(default)]
    namespace: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

impl Cluster {
    /// The `ConfigMap`s that carry [`PLAYBOOK_LABEL`], in one namespace or in all, in order of namespace and
    /// name.
    pub async fn playbooks(&self, namespace: Option<&str>) -> Result<Vec<PlaybookMap>, PlaybooksError> {
        let resource = Resource::known("configmaps", "", "v1", "ConfigMap", true);
        let path = path::labelled(&resource, namespace, PLAYBOOK_LABEL)
            .map_err(|bad| PlaybooksError::Unreachable(bad.to_string()))?;
        let mut maps = Vec::new();
        let mut token: Option<String> = None;
        for _ in 0..PAGES {
            let page = self.page(&resource, &path::page(&path, token.as_deref())).await?;
            maps.extend(page.items.into_iter().filter_map(labelled));
            token = page.metadata.next.filter(|next| !next.is_empty());
            if token.is_none() {
                break;
            }
        }
        maps.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
        Ok(maps)
    }

    async fn page(&self, resource: &Resource, path: &str) -> Result<Page, PlaybooksError> {
        let refused = |answer: Answer| match answer {
            Answer::Denied { .. } => PlaybooksError::Denied,
            Answer::Unreachable { why } => PlaybooksError::Unreachable(why),
            _ => PlaybooksError::Unreachable("the server has no ConfigMaps".to_owned()),
        };
        let reply = self.wire().get(&resource.to_string(), path, PAGE_BYTES).await;
        let reply = reply.map_err(|failure| refused(answer::failure(&failure)))?;
        if !reply.status.is_success() {
            return Err(refused(answer::refusal(resource, &reply)));
        }
        let unread = || PlaybooksError::Unreachable("the answer is no list of ConfigMaps".to_owned());
        if reply.cut {
            return Err(unread());
        }
        // A parser's message may quote what it read.
        serde_json::from_slice(&reply.body).map_err(|_| unread())
    }
}

/// What a server sends beyond what was asked for is left alone.
fn labelled(item: Item) -> Option<PlaybookMap> {
    let (label, value) = PLAYBOOK_LABEL;
    let ItemMeta { namespace, name, labels } = item.metadata;
    let carries = labels.get(label).is_some_and(|has| has == value);
    carries.then(|| PlaybookMap { namespace, name, data: item.data.unwrap_or_default() })
}
