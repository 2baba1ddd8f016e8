//! Recordings of clusters of any size, made up: for benchmarks and for tests of scale.
//!
//! Every claim has a pod. One claim in a hundred names a class that does not exist and is pending; the
//! others are bound, attached and in use. The same size gives the same bytes.

#![allow(clippy::indexing_slicing, clippy::missing_errors_doc, reason = "objects are put together by their keys")]

mod objects;

pub use objects::{Claim, Times, shared};

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use storage_doctor::evidence::Resource;

/// When the recording was made.
pub const CAPTURED_AT: &str = "2026-11-21T03:45:34Z";
/// One claim of so many is broken: the first, the hundred-and-first, …
pub const BROKEN_EVERY: usize = 100;
/// When all in it was made.
const MADE_AT: &str = "2026-11-20T03:45:34Z";

/// Writes a recording with so many claims into a folder, which is made if need be.
pub fn write_recording(folder: &Path, claims: usize) -> io::Result<()> {
    let mut lists: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for resource in Resource::all_known() {
        lists.insert(resource.to_string(), Vec::new());
    }
    let mut put = |resource: &str, object: Value| lists.entry(resource.to_owned()).or_default().push(object);
    let times = Times { made: MADE_AT.to_owned(), seen: CAPTURED_AT.to_owned() };
    for (resource, object) in shared(0..claims, &times) {
        put(resource, object);
    }
    for i in 0..claims {
        let claim = Claim::new(i, &times);
        put("persistentvolumeclaims", claim.object());
        put("pods", claim.pod());
        put("events", claim.event());
        if !claim.is_broken() {
            put("persistentvolumes", claim.volume_object());
            put("volumeattachments.storage.k8s.io", claim.attachment());
        }
    }
    let resources = folder.join("resources");
    fs::create_dir_all(&resources)?;
    fs::write(folder.join("captured-at"), CAPTURED_AT)?;
    for (name, items) in lists {
        let mut file = BufWriter::new(fs::File::create(resources.join(format!("{name}.json")))?);
        serde_json::to_writer(&mut file, &json!({"apiVersion": "v1", "kind": "List", "items": items}))?;
        file.flush()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use storage_doctor::evidence::{Answer, Query};
    use storage_doctor::source::{Source, recording::Recording};

    #[test]
    fn it_is_a_recording_of_that_size() {
        let folder = tempfile::tempdir().unwrap();
        write_recording(folder.path(), 250).unwrap();
        let recording = Recording::open(folder.path()).unwrap();
        let list = |resource: &str| {
            let query = Query::List { resource: Resource::by_name(resource).unwrap(), namespace: None };
            match recording.answer(&query).now_or_never() {
                Some(Answer::Found(list)) => list.items().len(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!((list("persistentvolumeclaims"), list("persistentvolumes")), (250, 247));
        assert_eq!((list("pods"), list("events"), list("nodes"), list("leases.coordination.k8s.io")), (250, 250, 5, 0));
    }
}
