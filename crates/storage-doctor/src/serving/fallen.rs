//! Which of a driver's containers a sidecar that runs waits for.

use super::{text, traces};
use crate::value::Value;

/// What a container that does not come up, or does not stay up, is said to be in ([`super::health`]).
const FALLEN: &[&str] = &[
    "CrashLoopBackOff",
    "ImagePullBackOff",
    "ErrImagePull",
    "ErrImageNeverPull",
    "InvalidImageName",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "ended",
];
/// What helpers beside a driver are called.
const HELPERS: &[&str] = &["liveness", "monitor", "metrics", "prometheus", "proxy", "addons", "log-collector"];

/// The containers of the driver that a sidecar needs and that are down, of the rows of the controllers' containers
/// (`crew`) and of the node plugins'. The driver is what is told the socket, in the sidecar's own pod or, where no driver
/// is there (Longhorn, Portworx), in the plugin on its node, whose socket it shares.
pub(crate) fn down_beside(sidecar: &Value, crew: &[Value], plugins: &[Value], pods: &[Value]) -> Vec<Value> {
    let crew_pods: Vec<&Value> = pods.iter().filter(|pod| crew.iter().any(|row| is_of(row, pod))).collect();
    let has_driver = crew.iter().any(|row| is_driver(row) && same_pod(row, sidecar));
    let is_near = |row: &Value| {
        let node = row.child("node").as_str();
        same_pod(row, sidecar) || (!has_driver && node.is_some() && node == sidecar.child("node").as_str())
    };
    let listens = |row: &Value| {
        let mut told = crew_pods.iter().filter(|pod| is_of(row, pod)).flat_map(|pod| listening(pod)).peekable();
        told.peek().is_none() || told.any(|name| Some(name.as_str()) == row.child("container").as_str())
    };
    let same_namespace = |row: &Value| row.child("namespace").as_str() == sidecar.child("namespace").as_str();
    let rows = crew.iter().chain(plugins);
    let mut found: Vec<Value> = Vec::new();
    for row in rows.filter(|row| is_driver(row) && is_down(row) && same_namespace(row) && is_near(row) && listens(row))
    {
        if !found
            .iter()
            .any(|known| same_pod(known, row) && known.child("container").as_str() == row.child("container").as_str())
        {
            found.push(row.clone());
        }
    }
    found
}

fn is_driver(row: &Value) -> bool {
    row.child("part").as_str() == Some("driver")
}

fn is_down(row: &Value) -> bool {
    let state = row.child("state").as_str().unwrap_or_default();
    let name = row.child("container").as_str().unwrap_or_default();
    !matches!(row.child("ready"), Value::Bool(true))
        && FALLEN.iter().any(|fallen| state.starts_with(fallen))
        && !HELPERS.iter().any(|helper| name.contains(helper))
}

fn same_pod(a: &Value, b: &Value) -> bool {
    ["namespace", "pod"].iter().all(|field| a.child(field).as_str() == b.child(field).as_str())
}

/// Whether a row is of a container of this pod.
fn is_of(row: &Value, pod: &Value) -> bool {
    let metadata = pod.child("metadata");
    row.child("pod").as_str() == metadata.child("name").as_str()
        && row.child("namespace").as_str() == metadata.child("namespace").as_str()
}

/// The containers of a pod that are told at which socket to listen: `--endpoint`, `--csi-endpoint`, `CSI_ENDPOINT`.
fn listening(pod: &Value) -> Vec<String> {
    let is_told = |container: &&Value| {
        let by_argument = container.child("args").items().iter().filter_map(Value::as_str).any(|argument| {
            let flag = argument.split('=').next().unwrap_or_default();
            matches!(flag.trim_start_matches('-'), "endpoint" | "csi-endpoint") && flag.starts_with('-')
        });
        let variables = container.child("env").items().iter();
        by_argument
            || variables
                .filter_map(|variable| variable.child("name").as_str())
                .any(|name| name.ends_with("CSI_ENDPOINT"))
    };
    traces::containers(pod).iter().filter(is_told).filter_map(|container| text(container, "name")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(pod: &str, node: &str, container: &str, part: &str, state: &str) -> Value {
        let texts = [
            ("namespace", "csi"),
            ("pod", pod),
            ("node", node),
            ("container", container),
            ("part", part),
            ("state", state),
        ];
        let texts = texts.map(|(name, text)| (name, Value::text(text)));
        Value::map(texts.into_iter().chain([("ready", Value::Bool(state.starts_with("running")))]))
    }

    /// A pod whose containers are told, or not, at which socket to listen.
    fn pod(name: &str, containers: &[(&str, bool)]) -> Value {
        let container = |(name, told): &(&str, bool)| {
            let arguments = if *told { vec![Value::text("--endpoint=unix:///csi/csi.sock")] } else { Vec::new() };
            Value::map([("name", Value::text(name)), ("args", Value::list(arguments))])
        };
        let containers = Value::list(containers.iter().map(container).collect());
        let metadata = [("namespace", Value::text("csi")), ("name", Value::text(name))];
        Value::map([("metadata", Value::map(metadata)), ("spec", Value::map([("containers", containers)]))])
    }

    fn down(crew: &[Value], plugins: &[Value], pods: &[Value]) -> Vec<String> {
        let sidecar = row("c-0", "n1", "csi-attacher", "attacher", "running and ready");
        down_beside(&sidecar, crew, plugins, pods)
            .iter()
            .map(|row| format!("{}/{}", text(row, "pod").unwrap(), text(row, "container").unwrap()))
            .collect()
    }

    #[test]
    fn the_driver_in_its_own_pod_is_what_it_needs() {
        let crashing = row("c-0", "n1", "driver", "driver", "CrashLoopBackOff, 3 restarts");
        assert_eq!(down(std::slice::from_ref(&crashing), &[], &[]), ["c-0/driver"]);
        for other in [
            row("c-0", "n1", "driver", "driver", "running and ready"),
            row("c-0", "n1", "driver", "driver", "ContainerCreating"),
            row("c-0", "n1", "csi-resizer", "resizer", "CrashLoopBackOff"),
            row("c-0", "n1", "liveness-probe", "driver", "CrashLoopBackOff"),
            row("c-1", "n2", "driver", "driver", "CrashLoopBackOff"),
        ] {
            assert_eq!(down(std::slice::from_ref(&other), &[], &[]), [""; 0], "{other:?}");
        }
    }

    #[test]
    fn what_is_told_the_socket_is_the_driver() {
        let crew = [
            row("c-0", "n1", "driver", "driver", "running and ready"),
            row("c-0", "n1", "syncer", "driver", "CrashLoopBackOff"),
        ];
        assert_eq!(down(&crew, &[], &[pod("c-0", &[("driver", true), ("syncer", false)])]), [""; 0]);
        assert_eq!(down(&crew, &[], &[pod("c-0", &[("driver", false), ("syncer", true)])]), ["c-0/syncer"]);
        assert_eq!(down(&crew, &[], &[pod("c-0", &[("driver", false), ("syncer", false)])]), ["c-0/syncer"]);
    }

    #[test]
    fn where_no_driver_is_in_its_pod_it_shares_the_plugins_socket() {
        let plugins = ["n1", "n2"]
            .map(|node| row(&format!("node-{node}"), node, "driver", "driver", "ended exit code 1 (Error)"));
        assert_eq!(down(&[], &plugins, &[]), ["node-n1/driver"]);
        let own = row("c-0", "n1", "driver", "driver", "running and ready");
        assert_eq!(down(&[own], &plugins, &[]), [""; 0]);
    }
}
