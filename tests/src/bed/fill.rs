//! Fills an API server with a made-up cluster, as controllers and kubelets would have left it.

use super::api::{Api, Asking};
use super::trouble::{Attempt, Result};
use crate::synthetic::{Claim, Times, shared};
use serde_json::{Value, json};
use std::ops::Range;

/// Requests under way at once.
const AT_ONCE: usize = 32;

/// Makes the claims with these numbers and all that belongs to them. Statuses are written after the objects, since a
/// server takes none from whoever makes an object.
pub fn fill(api: &Api, claims: Range<usize>, times: &Times) -> Result<()> {
    for (resource, object) in shared(claims.clone(), times) {
        let path = collection(resource, "");
        api.create(&path, &object)?;
        if resource == "namespaces" {
            // A controller makes it where one runs, and no pod may come before.
            let namespace = object["metadata"]["name"].as_str().unwrap_or_default();
            let account = json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}});
            api.create(&format!("{path}/{namespace}/serviceaccounts"), &account)?;
        }
    }
    let times = times.clone();
    let works = claims.map(move |i| {
        let times = times.clone();
        move |asking: Asking| async move { claim(&asking, &Claim::new(i, &times)).await }
    });
    api.all(works, AT_ONCE)
}

/// One claim and what belongs to it. Others name it by the UID that the server gives it.
async fn claim(asking: &Asking, claim: &Claim<'_>) -> Result<()> {
    let namespace = claim.namespace();
    let made = make(asking, "persistentvolumeclaims", namespace, &claim.object()).await?;
    let uid = made["metadata"]["uid"].as_str().attempt("a claim without a UID")?;
    let claim = claim.clone().known_as(uid);
    if !claim.is_broken() {
        make(asking, "persistentvolumes", "", &claim.volume_object()).await?;
        make(asking, "volumeattachments.storage.k8s.io", "", &claim.attachment()).await?;
    }
    make(asking, "pods", namespace, &claim.pod()).await?;
    make(asking, "events", namespace, &claim.event()).await?;
    Ok(())
}

/// Makes an object, with its status if it has one.
async fn make(asking: &Asking, resource: &str, namespace: &str, object: &Value) -> Result<Value> {
    let path = collection(resource, namespace);
    let made = asking.ask("POST", &path, "application/json", object.to_string().into_bytes()).await?;
    if let Some(status) = object.get("status") {
        let name = object["metadata"]["name"].as_str().attempt("an object without a name")?;
        let change = json!({"status": status}).to_string().into_bytes();
        asking.ask("PATCH", &format!("{path}/{name}/status"), "application/merge-patch+json", change).await?;
    }
    Ok(made)
}

/// Where objects of a resource lie, by the name that `kubectl api-resources -o name` prints.
fn collection(resource: &str, namespace: &str) -> String {
    let (plural, root) = match resource.split_once('.') {
        Some((plural, group)) => (plural, format!("/apis/{group}/v1")),
        None => (resource, "/api/v1".to_owned()),
    };
    if namespace.is_empty() { format!("{root}/{plural}") } else { format!("{root}/namespaces/{namespace}/{plural}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_lie_where_their_group_and_namespace_say() {
        assert_eq!(collection("pods", "a"), "/api/v1/namespaces/a/pods");
        assert_eq!(collection("csinodes.storage.k8s.io", ""), "/apis/storage.k8s.io/v1/csinodes");
    }
}
