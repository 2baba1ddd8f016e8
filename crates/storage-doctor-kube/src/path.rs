//! From a query to the path of an API request. What cannot be a name never reaches the server.

use std::fmt::Write as _;
use storage_doctor::evidence::{LOG_WINDOW, Resource};

/// How many items a page of a list holds: kubectl's own number.
pub(crate) const PAGE: u32 = 500;
/// How many lines of a log are asked for.
pub(crate) const LOG_LINES: u32 = 2000;
/// How many bytes of a log are asked for.
pub(crate) const LOG_BYTES: usize = 2 * 1024 * 1024;

/// Why a query has no path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot be {1}")]
pub(crate) struct BadName(String, &'static str);

/// `/apis/storage.k8s.io/v1/storageclasses/fast`.
pub(crate) fn object(resource: &Resource, namespace: Option<&str>, name: &str) -> Result<String, BadName> {
    if resource.namespaced && namespace.is_none() {
        return Err(BadName(name.to_owned(), "found without its namespace"));
    }
    Ok(format!("{}/{}", collection(resource, namespace)?, segment(name, "a name")?))
}

/// `/api/v1/namespaces/a/pods`.
pub(crate) fn collection(resource: &Resource, namespace: Option<&str>) -> Result<String, BadName> {
    let version = identifier(&resource.version, "a version")?;
    let plural = identifier(&resource.plural, "a resource")?;
    let root = if resource.group.is_empty() {
        format!("/api/{version}")
    } else {
        format!("/apis/{}/{version}", identifier(&resource.group, "an API group")?)
    };
    match namespace {
        Some(namespace) if resource.namespaced => {
            Ok(format!("{root}/namespaces/{}/{plural}", segment(namespace, "a namespace")?))
        }
        _ => Ok(format!("{root}/{plural}")),
    }
}

/// `/api/v1/configmaps?labelSelector=a%3Db`.
pub(crate) fn labelled(
    resource: &Resource,
    namespace: Option<&str>,
    (label, value): (&str, &str),
) -> Result<String, BadName> {
    let selector = encoded(&format!("{label}={value}"));
    Ok(format!("{}?labelSelector={selector}", collection(resource, namespace)?))
}

/// The events about the object with this UID, in one namespace or in all.
pub(crate) fn events(uid: &str, namespace: Option<&str>) -> Result<String, BadName> {
    // A comma or an equals sign would be a second selector. Nodes have their name as the UID in events.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ':');
    if uid.is_empty() || uid.len() > 253 || !uid.chars().all(plain) {
        return Err(BadName(uid.chars().take(64).collect(), "a UID"));
    }
    let scope = match namespace {
        Some(namespace) => format!("/namespaces/{}", segment(namespace, "a namespace")?),
        None => String::new(),
    };
    Ok(format!("/api/v1{scope}/events?fieldSelector=involvedObject.uid%3D{}", encoded(uid)))
}

/// The last `lines` lines of a container's log.
pub(crate) fn log(namespace: &str, pod: &str, container: &str, previous: bool, lines: u32) -> Result<String, BadName> {
    let container = segment(container, "a container")?;
    let previous = if previous { "&previous=true" } else { "" };
    Ok(format!(
        "/api/v1/namespaces/{}/pods/{}/log?container={container}&timestamps=true&tailLines={lines}&limitBytes={LOG_BYTES}&sinceSeconds={LOG_WINDOW}{previous}",
        segment(namespace, "a namespace")?,
        segment(pod, "a name")?,
    ))
}

/// What a node's kubelet serves, through the API server: `/api/v1/nodes/a/proxy/stats/summary`. `tail` is written here,
/// not given from outside.
pub(crate) fn of_node(node: &str, tail: &str) -> Result<String, BadName> {
    Ok(format!("/api/v1/nodes/{}/proxy/{tail}", segment(node, "a node")?))
}

/// The query for the log of a node's service: its last `lines` lines, or, with none, all there is of it.
pub(crate) fn node_log(node: &str, service: &str, lines: Option<u32>) -> Result<String, BadName> {
    let lines = lines.map_or(String::new(), |lines| format!("&tailLines={lines}"));
    of_node(node, &format!("logs/?query={}{lines}", self::service(service)?))
}

/// A log file of a node, below its folder of logs.
pub(crate) fn node_file(node: &str, file: &str) -> Result<String, BadName> {
    let parts: Result<Vec<String>, BadName> = file.split('/').map(|part| segment(part, "a file")).collect();
    of_node(node, &format!("logs/{}", parts?.join("/")))
}

/// The name of a service, by the kubelet's own rule (`safeServiceName`): it must not become a path.
fn service(name: &str) -> Result<&str, BadName> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '@');
    let good = !name.is_empty() && name.len() <= 256 && name.chars().all(plain);
    if good { Ok(name) } else { Err(BadName(name.chars().take(64).collect(), "a service")) }
}

/// `path` with the parameters of one page.
pub(crate) fn page(path: &str, token: Option<&str>) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    let token = token.map_or(String::new(), |token| format!("&continue={}", encoded(token)));
    format!("{path}{joint}limit={PAGE}{token}")
}

/// One segment of a path, by the rule of the API server (`IsValidPathSegmentName` of apimachinery).
fn segment(name: &str, what: &'static str) -> Result<String, BadName> {
    let bad = name.is_empty()
        || name.len() > 1024
        || matches!(name, "." | "..")
        || name.contains(['/', '%'])
        || name.chars().any(char::is_control);
    if bad { Err(BadName(name.chars().take(64).collect(), what)) } else { Ok(encoded(name)) }
}

/// A group, a version or a plural: it may come from a playbook, and must not smuggle a path in.
fn identifier<'a>(text: &'a str, what: &'static str) -> Result<&'a str, BadName> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    let good = !text.is_empty() && text.len() <= 253 && text.chars().all(plain) && !text.starts_with('.');
    if good { Ok(text) } else { Err(BadName(text.chars().take(64).collect(), what)) }
}

/// Percent-encoded, but for what RFC 3986 calls unreserved.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Resource {
        Resource::by_name(name).unwrap()
    }

    #[test]
    fn paths() {
        assert_eq!(
            object(&known("persistentvolumeclaims"), Some("a"), "data-0").unwrap(),
            "/api/v1/namespaces/a/persistentvolumeclaims/data-0"
        );
        assert_eq!(
            object(&known("storageclasses.storage.k8s.io"), Some("ignored"), "fast").unwrap(),
            "/apis/storage.k8s.io/v1/storageclasses/fast"
        );
        assert_eq!(collection(&known("pods"), None).unwrap(), "/api/v1/pods");
        assert_eq!(page("/api/v1/pods", Some("a=b&c")), "/api/v1/pods?limit=500&continue=a%3Db%26c");
        assert_eq!(
            page(&events("node-1.example", Some("default")).unwrap(), None),
            "/api/v1/namespaces/default/events?fieldSelector=involvedObject.uid%3Dnode-1.example&limit=500"
        );
        assert_eq!(
            log("a", "p", "c", true, 20).unwrap(),
            "/api/v1/namespaces/a/pods/p/log?container=c&timestamps=true&tailLines=20&limitBytes=2097152&sinceSeconds=86400&previous=true"
        );
    }

    #[test]
    fn paths_of_nodes() {
        assert_eq!(node_log("a", "kubelet", Some(5)).unwrap(), "/api/v1/nodes/a/proxy/logs/?query=kubelet&tailLines=5");
        assert_eq!(node_log("a", "kubelet", None).unwrap(), "/api/v1/nodes/a/proxy/logs/?query=kubelet");
        assert_eq!(of_node("a b", "stats/summary").unwrap(), "/api/v1/nodes/a%20b/proxy/stats/summary");
        assert_eq!(node_file("a", "kubelet/kubelet.log").unwrap(), "/api/v1/nodes/a/proxy/logs/kubelet/kubelet.log");
    }

    #[test]
    fn names_are_encoded() {
        let role = object(&known("clusterroles.rbac.authorization.k8s.io"), None, "system:node ?#ä").unwrap();
        assert!(role.ends_with("/clusterroles/system%3Anode%20%3F%23%C3%A4"), "{role}");
    }

    proptest::proptest! {
        #[test]
        fn no_name_leaves_its_segment(name in "\\PC*", namespace in ".{0,20}") {
            let pods = known("pods");
            if let Ok(path) = object(&pods, Some(&namespace), &name) {
                let uri: http::Uri = path.parse().unwrap();
                assert_eq!(uri.path(), path, "no query, no fragment");
                assert_eq!(path.matches('/').count(), 6);
                assert!(!path.contains("/../") && !path.contains("/./") && !path.ends_with("/.."));
            }
            if let Ok(path) = events(&name, Some(&namespace)) {
                assert!(!path.contains([',', '&', '#', ' ']));
            }
        }
    }

    #[test]
    fn hostile_names_have_no_path() {
        let pods = known("pods");
        for name in ["", ".", "..", "a/b", "../secrets/x", "a%2fb", "a\nb", &"x".repeat(2000)] {
            assert!(object(&pods, Some("a"), name).is_err(), "{name:?}");
            assert!(object(&pods, Some(name), "a").is_err(), "{name:?}");
            assert!(log("a", "b", name, false, 1).is_err(), "{name:?}");
            assert!(node_log(name, "kubelet", None).is_err() && of_node(name, "x").is_err(), "{name:?}");
        }
        for service in ["", "a/b", "..", "a b", "a&query=/etc/shadow", "a%2fb", "x.log"] {
            assert!(node_log("n", service, None).is_err(), "{service:?}");
        }
        assert!(node_file("n", "../etc/shadow").is_err() && node_file("n", "a//b").is_err());
        for uid in ["", "a,type=b", "a=b", "a b", "a\\b"] {
            assert!(events(uid, None).is_err(), "{uid:?}");
        }
        let sneaky = Resource { plural: "pods/exec".into(), ..pods.clone() };
        assert!(collection(&sneaky, None).is_err());
        let sneaky = Resource { group: "../api".into(), ..pods.clone() };
        assert!(collection(&sneaky, None).is_err());
        assert!(object(&pods, None, "a").is_err(), "a pod has a namespace");
    }
}
