//! A node: containerd and a kubelet, with folders and an address of their own.

use super::build::Built;
use super::images;
use super::packages;
use super::pki::Authority;
use super::process;
use super::sandbox::Sandbox;
use super::state::State;
use super::trouble::{Attempt, Result, Trouble};
use super::wait;
use std::time::Duration;

/// How long containerd may take to answer.
const CONTAINERD: Duration = Duration::from_secs(30);

/// Gives a kubelet a `/var/log` of its own, with its log in it: there it looks when it is asked for the log of a
/// service (`pkg/kubelet/kubelet_server_journal.go`), and two nodes share this machine. All other mounts stay shared.
const OWN_LOGS: &str = r#"mkdir -p "$0"; ln -f "$1" "$0/kubelet.log"; mount --bind "$0" /var/log; shift; exec "$@""#;

/// The folder of a kubelet.
pub fn kubelet_folder(state: &State, node: &str) -> String {
    state.text(&format!("{node}/kubelet"))
}

/// Writes the files that the node's daemons read.
pub fn prepare(state: &State, authority: &Authority, node: &str, address: &str) -> Result<()> {
    let folder = state.path(node);
    for name in ["kubelet", "run", "cni"] {
        std::fs::create_dir_all(folder.join(name)).attempt(folder.display())?;
    }
    let user = format!("system:node:{node}");
    authority.login_at(node, &user, &["system:nodes"], &[node, "localhost", address, "127.0.0.1"])?;
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).attempt(name);
    write("containerd.toml", &containerd(state, node, address)?)?;
    write("kubelet.yaml", &kubelet(state, node, address).to_string())?;
    write("cni/10-lo.conflist", r#"{"cniVersion":"0.4.0","name":"lo","plugins":[{"type":"loopback"}]}"#)
}

fn containerd(state: &State, node: &str, address: &str) -> Result<String> {
    let folder = state.text(node);
    let plugins = packages::plugins().attempt("the loopback plugin of containernetworking-plugins is missing")?;
    let pause = images::PAUSE;
    // Without the right to lower scores of the out-of-memory killer runc dies unless it is told not to.
    Ok(format!(
        r#"version = 2
root = "{folder}/containerd"
state = "{folder}/run/containerd"
[grpc]
  address = "{folder}/run/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  restrict_oom_score_adj = true
  stream_server_address = "{address}"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{plugins}"
    conf_dir = "{folder}/cni"
"#
    ))
}

fn kubelet(state: &State, node: &str, address: &str) -> serde_json::Value {
    let (folder, pki) = (state.text(node), state.text("pki"));
    let mut config = serde_json::json!({
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": address,
        "healthzPort": 0,
        "failCgroupV1": false,
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": format!("/{}", state.group()),
        "cgroupsPerQOS": false,
        "enforceNodeAllocatable": [],
        "containerRuntimeEndpoint": format!("unix://{folder}/run/containerd.sock"),
        "authentication": {"anonymous": {"enabled": false}, "webhook": {"enabled": true}, "x509": {"clientCAFile": format!("{pki}/ca.crt")}},
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": format!("{pki}/{node}.crt"),
        "tlsPrivateKeyFile": format!("{pki}/{node}.key"),
        "podLogsDir": format!("{folder}/podlogs"),
        "volumePluginDir": format!("{folder}/kubelet/volumeplugins"),
    });
    let further = serde_json::json!({
        "enableSystemLogHandler": true,
        "enableSystemLogQuery": true,
        "failSwapOn": false,
        "localStorageCapacityIsolation": true,
        "makeIPTablesUtilChains": false,
        "evictionHard": {"memory.available": "0%", "nodefs.available": "0%", "imagefs.available": "0%", "nodefs.inodesFree": "0%"},
        // The machine's disk may be as full as its owner likes: images that are not used are never removed, as nothing
        // could bring them back.
        "imageGCHighThresholdPercent": 100,
        // Back-off of crashing containers would make scenarios slow without making them truer.
        "crashLoopBackOff": {"maxContainerRestartPeriod": "20s"},
        "featureGates": {"KubeletCrashLoopBackOffMax": true},
        "nodeStatusUpdateFrequency": "5s",
        "nodeStatusReportFrequency": "30s",
        "volumeStatsAggPeriod": "10s",
        "maxPods": 250,
    });
    if let (Some(config), serde_json::Value::Object(further)) = (config.as_object_mut(), further) {
        config.extend(further);
    }
    config
}

/// Starts containerd and gives it the images.
pub fn start_containerd(state: &State, sandbox: &Sandbox, built: &Built, node: &str) -> Result<()> {
    let name = format!("containerd-{node}");
    let config = state.text(&format!("{node}/containerd.toml"));
    process::start(state, sandbox, &name, &["containerd".into(), "-c".into(), config])?;
    let socket = state.text(&format!("{node}/run/containerd.sock"));
    wait::until(&format!("containerd of {node} answers"), CONTAINERD, || {
        sandbox
            .run(["ctr", "-a", &socket, "version"])
            .map(drop)
            .map_err(|error| Trouble::new(format!("{error}\n{}", process::log(state, &name))))
    })?;
    for file in images::files(&built.own) {
        let file = file.to_string_lossy().into_owned();
        // The image service comes up a little later than the socket.
        wait::until(&format!("{file} is imported"), CONTAINERD, || {
            sandbox.run(["ctr", "-a", &socket, "-n", "k8s.io", "images", "import", &file]).map(drop)
        })?;
    }
    Ok(())
}

/// Starts the kubelet.
pub fn start_kubelet(state: &State, sandbox: &Sandbox, built: &Built, node: &str, address: &str) -> Result<()> {
    let name = format!("kubelet-{node}");
    let mut words: Vec<String> =
        ["unshare", "--mount", "--propagation", "unchanged", "sh", "-euc", OWN_LOGS].map(str::to_owned).to_vec();
    words.extend([state.text(&format!("{node}/log")), process::log_file(state, &name)]);
    words.extend([
        built.program("kubelet").to_string_lossy().into_owned(),
        format!("--config={}", state.text(&format!("{node}/kubelet.yaml"))),
        format!("--kubeconfig={}", state.text(&format!("pki/{node}.kubeconfig"))),
        format!("--root-dir={}", kubelet_folder(state, node)),
        format!("--hostname-override={node}"),
        format!("--node-ip={address}"),
        "--v=2".into(),
    ]);
    process::start(state, sandbox, &name, &words)
}
