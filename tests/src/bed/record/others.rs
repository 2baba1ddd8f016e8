//! What belongs to other scenarios that ran in the same cluster: left out of a recording, as if they had not run.
//!
//! Only from lists. What a diagnosis asked for by name has to do with its subject.

use super::archive::{self, Files};
use crate::bed::deploy;
use crate::bed::scenario::load::Loaded;
use crate::bed::scenario::spec::Scenario;
use crate::bed::trouble::{Attempt, Result};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How much is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// What other scenarios made.
    Scenarios,
    /// That, and the drivers that this one does not name.
    Drivers,
}

/// Where the namespace is of which an object tells.
const NAMESPACES: [&str; 4] = [
    "/metadata/namespace",
    "/involvedObject/namespace",
    "/spec/claimRef/namespace",
    "/spec/volumeSnapshotRef/namespace",
];

/// Where the name of a driver is on which an object depends.
const DRIVERS: [&str; 4] = ["/provisioner", "/driver", "/spec/csi/driver", "/spec/attacher"];

/// Who the others are.
#[derive(Debug)]
pub struct Others<'a> {
    /// The names of all scenarios.
    scenarios: BTreeSet<&'a str>,
    own: &'a str,
    /// The namespaces of drivers of others, and the drivers' names.
    namespaces: BTreeSet<String>,
    drivers: BTreeSet<String>,
}

impl<'a> Others<'a> {
    /// Those that are none of this scenario's business.
    pub fn of(loaded: &'a Loaded, own: &'a str, scenario: &Scenario, leave: Leave) -> Self {
        let mut all: BTreeMap<&String, String> = BTreeMap::new();
        if leave == Leave::Drivers {
            let owned = loaded.scenarios.values().flat_map(|(_, scenario)| &scenario.own_drivers);
            all.extend(loaded.drivers.iter().chain(owned).map(|(name, driver)| (name, driver.name(name))));
        }
        let is_own = |name: &String| scenario.drivers.contains(name) || scenario.own_drivers.contains_key(name);
        let needed: BTreeSet<String> =
            all.iter().filter(|(name, _)| is_own(name)).map(|(_, driver)| driver.clone()).collect();
        all.retain(|name, _| !is_own(name));
        Self {
            scenarios: loaded.scenarios.keys().map(String::as_str).collect(),
            own,
            namespaces: all.keys().map(|name| deploy::namespace(name)).collect(),
            drivers: all.into_values().filter(|driver| !needed.contains(driver)).collect(),
        }
    }

    /// The files without what is theirs.
    pub fn left_out(&self, files: &Files) -> Result<Files> {
        let mut less = Files::new();
        let mut attachments = Vec::new();
        for (name, text) in files {
            let is_list = name.starts_with("resources/") || name.starts_with("parts/");
            if !is_list && !name.ends_with("stats-summary.json") {
                less.insert(name.clone(), text.clone());
                continue;
            }
            let mut value: Value = serde_json::from_str(text).attempt(name)?;
            self.prune(&mut value);
            if name.contains("volumeattachments.") {
                attachments.push((name.clone(), value));
            } else {
                less.insert(name.clone(), value.to_string());
            }
        }
        for (name, mut list) in attachments {
            let is_told_of = |volume: &str| less.values().any(|text| text.contains(volume));
            if let Some(items) = list.get_mut("items").and_then(Value::as_array_mut) {
                items.retain(|one| text(one, "/spec/source/persistentVolumeName").is_none_or(is_told_of));
            }
            less.insert(name, list.to_string());
        }
        count(&mut less)?;
        Ok(less)
    }

    fn prune(&self, value: &mut Value) {
        if let Some(items) = value.get_mut("items").and_then(Value::as_array_mut) {
            items.retain(|item| !self.is_theirs(item));
            for item in items {
                // What a node knows of drivers.
                if let Some(drivers) = item.pointer_mut("/spec/drivers").and_then(Value::as_array_mut) {
                    drivers.retain(|one| !text(one, "/name").is_some_and(|name| self.drivers.contains(name)));
                }
            }
        }
        if let Some(pods) = value.get_mut("pods").and_then(Value::as_array_mut) {
            pods.retain(|pod| !text(pod, "/podRef/namespace").is_some_and(|name| self.is_their_namespace(name)));
        }
    }

    fn is_theirs(&self, object: &Value) -> bool {
        let mut told = NAMESPACES.iter().filter_map(|pointer| text(object, pointer));
        let mut drivers = DRIVERS.iter().filter_map(|pointer| text(object, pointer));
        if told.any(|name| self.is_their_namespace(name)) || drivers.any(|name| self.drivers.contains(name)) {
            return true;
        }
        let name = text(object, "/metadata/name").unwrap_or_default();
        match text(object, "/kind") {
            Some("CSIDriver") => self.drivers.contains(name),
            _ => text(object, "/metadata/namespace").is_none() && self.is_their_namespace(name),
        }
    }

    /// Whether a name is that of another scenario, or begins with it.
    fn is_their_namespace(&self, name: &str) -> bool {
        let begins = |scenario: &&&str| {
            name.strip_prefix(**scenario).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        let owner = self.scenarios.iter().filter(begins).max_by_key(|scenario| scenario.len());
        self.namespaces.contains(name) || owner.is_some_and(|owner| *owner != self.own)
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}

/// Counts anew what the manifest tells of the objects.
fn count(files: &mut Files) -> Result<()> {
    let mut seen = BTreeSet::new();
    for (name, text) in files.iter().filter(|(name, _)| archive::is_json(name) && name.contains('/')) {
        let list: Value = serde_json::from_str(text).attempt(name)?;
        for item in list.get("items").and_then(Value::as_array).into_iter().flatten() {
            seen.insert(
                ["/kind", "/metadata/namespace", "/metadata/name"].map(|at| self::text(item, at).map(str::to_owned)),
            );
        }
    }
    let mut objects = Map::new();
    let mut events = 0_u64;
    for [kind, ..] in seen {
        match kind.as_deref().unwrap_or_default() {
            "Event" => events += 1,
            kind => {
                let count = objects.entry(kind).or_insert_with(|| 0.into());
                *count = (count.as_u64().unwrap_or_default() + 1).into();
            }
        }
    }
    let manifest = files.get_mut(MANIFEST).attempt(format!("a capture without {MANIFEST}"))?;
    let mut value: Value = serde_json::from_str(manifest).attempt(MANIFEST)?;
    if let Some(counts) = value.get_mut("counts").and_then(Value::as_object_mut) {
        counts.insert("objects".to_owned(), objects.into());
        counts.insert("events".to_owned(), events.into());
    }
    *manifest = value.to_string();
    Ok(())
}

/// The first file of a capture.
const MANIFEST: &str = "storage-doctor.json";

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn others() -> Others<'static> {
        Others {
            scenarios: ["pvc-full", "pvc-full-later", "pod-well"].into(),
            own: "pvc-full",
            namespaces: ["csi-slow".to_owned()].into(),
            drivers: ["slow.fault.csi".to_owned()].into(),
        }
    }

    #[test]
    fn what_others_made_is_told_by_namespace_name_and_driver() {
        let others = others();
        let named = |kind: &str, name: &str| json!({"kind": kind, "metadata": {"name": name}});
        for theirs in [
            named("StorageClass", "pod-well"),
            named("StorageClass", "pvc-full-later-2"),
            named("Namespace", "csi-slow"),
            named("CSIDriver", "slow.fault.csi"),
            json!({"kind": "StorageClass", "metadata": {"name": "slow"}, "provisioner": "slow.fault.csi"}),
            json!({"kind": "Pod", "metadata": {"name": "a", "namespace": "pod-well"}}),
            json!({"kind": "PersistentVolume", "metadata": {"name": "pvc-1"}, "spec": {"claimRef": {"namespace": "pod-well"}}}),
        ] {
            assert!(others.is_theirs(&theirs), "{theirs}");
        }
        for ours in [
            named("StorageClass", "pvc-full"),
            named("StorageClass", "pvc-full-fast"),
            named("StorageClass", "ok"),
            named("CSIDriver", "ok.fault.csi"),
            json!({"kind": "Pod", "metadata": {"name": "pod-well", "namespace": "kube-system"}}),
        ] {
            assert!(!others.is_theirs(&ours), "{ours}");
        }
    }

    #[test]
    fn lists_get_shorter_and_are_counted_anew() {
        let list = |items: Value| json!({"kind": "List", "items": items}).to_string();
        let class = |name: &str| json!({"kind": "StorageClass", "metadata": {"name": name}});
        let attachment = |volume: &str| json!({"kind": "VolumeAttachment", "metadata": {"name": volume}, "spec": {"source": {"persistentVolumeName": volume}}});
        let files: Files = [
            ("storage-doctor.json", json!({"counts": {"objects": {}, "events": 9}}).to_string()),
            ("objects/storageclasses.storage.k8s.io.json", list(json!([class("pod-well")]))),
            ("resources/storageclasses.storage.k8s.io.json", list(json!([class("pod-well"), class("pvc-full"), class("ok")]))),
            ("resources/csinodes.storage.k8s.io.json", list(json!([{"kind": "CSINode", "metadata": {"name": "node-a"}, "spec": {"drivers": [{"name": "slow.fault.csi"}, {"name": "ok.fault.csi"}]}}]))),
            ("resources/volumeattachments.storage.k8s.io.json", list(json!([attachment("pvc-1"), attachment("pvc-2")]))),
            ("parts/1-events.json", list(json!([{"kind": "Event", "metadata": {"name": "e", "namespace": "pvc-full"}, "message": "volume pvc-2"}]))),
        ]
        .map(|(name, text)| (name.to_owned(), text))
        .into();
        let less = others().left_out(&files).unwrap();
        assert!(less["objects/storageclasses.storage.k8s.io.json"].contains("pod-well"), "it was asked for by name");
        assert!(!less["resources/storageclasses.storage.k8s.io.json"].contains("pod-well"));
        assert!(!less["resources/csinodes.storage.k8s.io.json"].contains("slow.fault.csi"));
        let attachments = &less["resources/volumeattachments.storage.k8s.io.json"];
        assert!(attachments.contains("pvc-2") && !attachments.contains("pvc-1"), "{attachments}");
        let counts = json!({"CSINode": 1, "StorageClass": 3, "VolumeAttachment": 1});
        let manifest: Value = serde_json::from_str(&less["storage-doctor.json"]).unwrap();
        assert_eq!(manifest["counts"], json!({"objects": counts, "events": 1}));
    }
}
