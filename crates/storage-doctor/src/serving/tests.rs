use super::{Role, concerned};
use crate::time::Time;
use crate::value::Value;

const NOW: &str = "2026-11-21T03:45:34Z";

/// Who serves, which has to be the same when only the pods that concern the driver are looked at.
fn serving(role: Role, driver: &str, pods: &[Value], leases: &[Value]) -> Vec<Value> {
    let now = Time::parse(NOW).unwrap();
    let found = super::serving(role, driver, pods, leases, now);
    let among_few = super::serving(role, driver, &concerned(driver, pods, leases), leases, now);
    assert_eq!(format!("{found:?}"), format!("{among_few:?}"), "{role:?} {driver}");
    found
}

fn pod(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

fn hostpath(ready: bool) -> Value {
    pod(&format!(
        r#"{{"metadata": {{"namespace": "csi", "name": "hp-0"}},
            "spec": {{"containers": [
                {{"name": "hostpath", "args": ["--drivername=hostpath.csi.k8s.io"]}},
                {{"name": "p", "image": "registry/sig-storage/csi-provisioner:v6"}}]}},
            "status": {{"phase": "Running", "containerStatuses": [
                {{"name": "hostpath", "ready": {ready}, "restartCount": 5, "state": {{"waiting": {{"reason": "CrashLoopBackOff"}}}}, "lastState": {{"terminated": {{"exitCode": 1, "reason": "Error"}}}}}},
                {{"name": "p", "ready": true, "restartCount": 0, "state": {{"running": {{}}}}}}]}}}}"#
    ))
}

fn who(found: &[Value]) -> Vec<String> {
    found
        .iter()
        .map(|row| format!("{}/{}", row.field("pod").as_str().unwrap(), row.field("container").as_str().unwrap()))
        .collect()
}

#[test]
fn finds_the_sidecar_by_what_the_pod_is_started_with() {
    let found = serving(Role::Provisioner, "hostpath.csi.k8s.io", &[hostpath(false)], &[]);
    assert_eq!(who(&found), ["hp-0/p"]);
    let troubles = found[0].field("troubles");
    assert_eq!(
        troubles.items()[0].field("state").as_str(),
        Some("CrashLoopBackOff, 5 restarts, last exit code 1 (Error)")
    );
    assert!(matches!(troubles.items()[0].field("previous"), Value::Bool(true)));
    assert!(serving(Role::Resizer, "hostpath.csi.k8s.io", &[hostpath(true)], &[]).is_empty(), "it has no resizer");
}

#[test]
fn a_longer_name_is_another_driver() {
    assert!(serving(Role::Any, "csi.k8s.io", &[hostpath(true)], &[]).is_empty());
    assert!(serving(Role::Any, "hostpath.csi.k8s", &[hostpath(true)], &[]).is_empty());
    assert!(serving(Role::Any, "", &[hostpath(true)], &[]).is_empty());
}

#[test]
fn a_provisioner_of_its_own_is_found_by_its_environment() {
    let nfs = pod(r#"{"metadata": {"namespace": "nfs", "name": "nfs-1"}, "spec": {"containers": [
            {"name": "nfs-client-provisioner", "env": [{"name": "PROVISIONER_NAME", "value": "k8s-sigs.io/nfs"}]}]}, "status": {"phase": "Running"}}"#);
    assert_eq!(who(&serving(Role::Provisioner, "k8s-sigs.io/nfs", &[nfs], &[])), ["nfs-1/nfs-client-provisioner"]);
}

#[test]
fn a_provisioner_with_its_name_built_in_is_found_by_its_programs_name() {
    let local = |env: &str| {
        pod(&format!(
            r#"{{"metadata": {{"namespace": "lp", "name": "lp-1"}}, "spec": {{"containers": [
            {{"name": "p", "image": "rancher/local-path-provisioner:v0.0.30", "command": ["local-path-provisioner", "start"]{env}}}]}}, "status": {{"phase": "Running"}}}}"#
        ))
    };
    let found = |driver: &str, env: &str| who(&serving(Role::Provisioner, driver, &[local(env)], &[]));
    assert_eq!(found("rancher.io/local-path", ""), ["lp-1/p"]);
    assert!(found("rancher.io/path", r#", "env": [{"name": "PROVISIONER_NAME", "value": "acme.io/path"}]"#).is_empty());
    assert!(found("openebs.io/local", "").is_empty(), "part of a word");
    assert!(found("local-path", "").is_empty(), "CSI drivers are always told their name");
    assert_eq!(who(&serving(Role::Any, "rancher.io/local-path", &[local("")], &[])), ["lp-1/p"]);
}

#[test]
fn a_controller_beside_the_node_plugin_serves_it_unless_it_names_another() {
    let node = pod(r#"{"metadata": {"namespace": "kube-system", "name": "ebs-node"}, "spec": {"containers": [
            {"name": "node-driver-registrar", "args": ["--kubelet-registration-path=/var/lib/kubelet/plugins/ebs.csi.aws.com/csi.sock"]}]}, "status": {"phase": "Running"}}"#);
    let controller = |name: &str, arg: &str| {
        pod(&format!(
            r#"{{"metadata": {{"namespace": "kube-system", "name": "{name}"}}, "spec": {{"containers": [
                {{"name": "plugin", "args": ["{arg}"]}}, {{"name": "csi-provisioner"}}]}}, "status": {{"phase": "Running"}}}}"#
        ))
    };
    let pods = [
        node,
        controller("ebs-controller", "controller"),
        controller("efs-controller", "--drivername=efs.csi.aws.com"),
    ];
    assert_eq!(who(&serving(Role::Provisioner, "ebs.csi.aws.com", &pods, &[])), ["ebs-controller/csi-provisioner"]);
}

#[test]
fn the_holder_of_the_lease_leads_and_comes_first() {
    let replica = |name: &str| {
        pod(&format!(
            r#"{{"metadata": {{"namespace": "csi", "name": "{name}"}}, "spec": {{"containers": [
                {{"name": "csi-provisioner"}}, {{"name": "d", "args": ["--drivername=d.io"]}}]}}, "status": {{"phase": "Running"}}}}"#
        ))
    };
    let lease = pod(r#"{"metadata": {"namespace": "csi", "name": "d-io"}, "spec": {"holderIdentity": "c-1"}}"#);
    let found = serving(Role::Provisioner, "d.io", &[replica("c-0"), replica("c-1")], &[lease]);
    assert_eq!(who(&found), ["c-1/csi-provisioner", "c-0/csi-provisioner"]);
    assert!(
        matches!(found[0].field("leads"), Value::Bool(true)) && matches!(found[1].field("leads"), Value::Bool(false))
    );
}

/// A node plugin whose registrar is an init container that Kubernetes keeps running.
fn node_plugin(name: &str, driver: &str) -> Value {
    pod(&format!(
        r#"{{"metadata": {{"namespace": "csi", "name": "{name}"}},
            "spec": {{"nodeName": "n",
                "initContainers": [{{"name": "copy", "args": ["{driver}"]}},
                    {{"name": "reg", "image": "r/csi-node-driver-registrar:v2", "restartPolicy": "Always"}}],
                "containers": [{{"name": "plugin", "args": ["--driver-name={driver}"]}}]}},
            "status": {{"phase": "Running",
                "initContainerStatuses": [{{"name": "reg", "ready": false, "restartCount": 3, "state": {{"running": {{}}}},
                    "lastState": {{"terminated": {{"exitCode": 1, "finishedAt": "2026-11-20T09:59:00Z"}}}}}}],
                "containerStatuses": [{{"name": "plugin", "ready": true, "restartCount": 0, "state": {{"running": {{}}}}}}]}}}}"#
    ))
}

#[test]
fn a_node_plugin_is_what_registers_the_driver() {
    let pods = [hostpath(true), node_plugin("np", "hostpath.csi.k8s.io"), node_plugin("other", "d.io")];
    let found = serving(Role::Node, "hostpath.csi.k8s.io", &pods, &[]);
    assert_eq!(who(&found), ["np/plugin", "np/reg"], "neither the controller nor another driver's");
    let part = |row: &Value| row.field("part").as_str().unwrap().to_owned();
    assert_eq!((part(&found[0]), part(&found[1])), ("driver".to_owned(), "registrar".to_owned()));
    let registrar = found[0].field("troubles").items()[0].clone();
    assert_eq!(registrar.field("state").as_str(), Some("running, not ready, 3 restarts, last exit code 1"));
    assert!(matches!(registrar.field("previous"), Value::Bool(true)));
    assert_eq!(registrar.field("ended").as_str(), Some("2026-11-20T09:59:00Z"));
}

#[test]
fn an_init_container_that_ends_serves_nobody() {
    let copy = pod(r#"{"metadata": {"namespace": "csi", "name": "c"}, "spec": {"initContainers": [
            {"name": "copy", "args": ["--driver-name=d.io"]}], "containers": [{"name": "csi-provisioner"}]}}"#);
    assert!(serving(Role::Any, "d.io", &[copy], &[]).is_empty());
}

#[test]
fn a_controller_is_every_container_beside_a_sidecar() {
    let pods = [hostpath(false), node_plugin("np", "hostpath.csi.k8s.io")];
    let found = serving(Role::Controller, "hostpath.csi.k8s.io", &pods, &[]);
    assert_eq!(who(&found), ["hp-0/hostpath", "hp-0/p"]);
    assert_eq!(found[1].field("part").as_str(), Some("provisioner"));
    assert!(serving(Role::Controller, "d.io", &pods, &[]).is_empty());
}

#[test]
fn who_goes_by_the_name_of_the_node_leads_only_for_its_own_driver() {
    let controller = |name: &str, args: &str| {
        pod(&format!(
            r#"{{"metadata": {{"namespace": "kube-system", "name": "{name}"}}, "spec": {{"hostNetwork": true, "nodeName": "cp1", "containers": [
                {{"name": "driver", "args": [{args}]}}, {{"name": "csi-provisioner"}}]}}, "status": {{"phase": "Running"}}}}"#
        ))
    };
    let lease: Value = pod(
        r#"{"metadata": {"namespace": "kube-system", "name": "file-csi-acme-io"}, "spec": {"holderIdentity": "cp1"}}"#,
    );
    let found =
        |pods: &[Value]| who(&serving(Role::Provisioner, "file.csi.acme.io", pods, std::slice::from_ref(&lease)));
    let disk = controller("disk-0", r#""--drivername=disk.csi.acme.io""#);
    let file = controller("file-0", r#""--drivername=file.csi.acme.io""#);
    assert_eq!(found(&[disk.clone(), file]), ["file-0/csi-provisioner"]);
    assert!(found(&[disk]).is_empty(), "another driver's");
    // Where nobody says whose it is, the lease does.
    assert_eq!(found(&[controller("one-0", "")]), ["one-0/csi-provisioner"]);
}

/// The row of a provisioner that runs since `runs` seconds, after an instance that ran `ran` seconds and ended so.
fn after(exit_code: i64, ran: i64, runs: i64) -> Value {
    let now = Time::parse(NOW).unwrap().unix_seconds();
    let ago = |seconds: i64| Time::from_unix_seconds(now - seconds).to_string();
    let sidecar = pod(&format!(
        r#"{{"metadata": {{"namespace": "csi", "name": "c-0"}},
            "spec": {{"containers": [{{"name": "csi-provisioner", "args": ["--drivername=d.io"]}}]}},
            "status": {{"phase": "Running", "containerStatuses": [
                {{"name": "csi-provisioner", "ready": true, "restartCount": 3, "state": {{"running": {{"startedAt": "{}"}}}},
                  "lastState": {{"terminated": {{"exitCode": {exit_code}, "reason": "Error", "startedAt": "{}", "finishedAt": "{}"}}}}}}]}}}}"#,
        ago(runs),
        ago(runs + 20 + ran),
        ago(runs + 20),
    ));
    serving(Role::Provisioner, "d.io", &[sidecar], &[]).remove(0)
}

#[test]
fn what_ends_again_and_again_is_not_ready_in_between() {
    for (exit_code, ran, runs, ready) in [
        (1, 30, 5, false),
        (1, 30, 59, false),
        // It has run for a minute, or much longer than before.
        (1, 30, 60, true),
        (1, 2, 13, false),
        (1, 2, 14, true),
        // It had worked for hours, or did not fail.
        (1, 7200, 5, true),
        (0, 30, 5, true),
    ] {
        let row = after(exit_code, ran, runs);
        let said = (row.field("ready"), row.field("previous"));
        assert!(matches!(said, (Value::Bool(is), Value::Bool(before)) if is == ready && before != ready), "{row:?}");
    }
    assert_eq!(after(1, 30, 5).field("state").as_str(), Some("just restarted, 3 restarts, last exit code 1 (Error)"));
}

/// A pod of EBS or EFS in `kube-system`; only node plugins are told whose they are, by the path of their socket.
fn aws(name: &str, owner: &str, image: &str, driver: Option<&str>) -> Value {
    let sidecar = match driver {
        Some(driver) => format!(
            r#"{{"name": "node-driver-registrar", "args": ["--kubelet-registration-path=/var/lib/kubelet/plugins/{driver}/csi.sock"]}}"#
        ),
        None => r#"{"name": "csi-provisioner", "args": ["--leader-election=true"]}"#.to_owned(),
    };
    pod(&format!(
        r#"{{"metadata": {{"namespace": "kube-system", "name": "{name}", "ownerReferences": [{{"controller": true, "uid": "{owner}"}}]}},
            "spec": {{"containers": [{{"name": "plugin", "image": "{image}"}}, {sidecar}]}}, "status": {{"phase": "Running"}}}}"#
    ))
}

#[test]
fn a_replica_of_another_drivers_controller_is_not_this_ones() {
    let efs_lease = pod(
        r#"{"metadata": {"namespace": "kube-system", "name": "efs-csi-aws-com"}, "spec": {"holderIdentity": "efs-0"}}"#,
    );
    let nodes = [
        aws("ebs-node", "d1", "ebs-csi-driver:v1", Some("ebs.csi.aws.com")),
        aws("efs-node", "d2", "efs-csi-driver:v2", Some("efs.csi.aws.com")),
    ];
    let efs = |image: &str| ["efs-0", "efs-1"].map(|name| aws(name, "r2", image, None));
    let served = |pods: Vec<Value>, leases: &[Value]| {
        let all = [nodes.to_vec(), pods].concat();
        who(&serving(Role::Provisioner, "ebs.csi.aws.com", &all, leases))
    };
    let ebs = aws("ebs-0", "r1", "ebs-csi-driver:v1", None);
    // By whose replica leads, and by the image of the node plugin.
    assert_eq!(served(efs("some-driver").to_vec(), std::slice::from_ref(&efs_lease)), [""; 0]);
    assert_eq!(served(efs("efs-csi-driver:v2").to_vec(), &[]), [""; 0]);
    let both = [vec![ebs], efs("efs-csi-driver:v2").to_vec()].concat();
    assert_eq!(served(both, &[]), ["ebs-0/csi-provisioner"]);
    // What nothing tells of may be this one's.
    assert_eq!(served(efs("some-driver").to_vec(), &[]).len(), 2);
}
