//! etcd, the API server, the controllers and the scheduler.

use super::build::Built;
use super::pki::Authority;
use super::process;
use super::sandbox::Sandbox;
use super::state::State;
use super::trouble::{Attempt, Result, Trouble};
use rustix::process::Signal;

/// The names under which the parts of the control plane are started and stopped.
pub const PARTS: [&str; 4] = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];

/// Everything that is asked is written down, without what was said.
const AUDIT: &str = r#"{"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"], "rules": [{"level": "Metadata"}]}"#;

/// Writes the files that the control plane reads; the admin's kubeconfig is among them.
pub fn prepare(state: &State) -> Result<Authority> {
    let authority = Authority::create(&state.path("pki"))?;
    let names = ["localhost", "kubernetes.default", "kubernetes.default.svc", "127.0.0.1", "10.96.0.1"];
    authority.certify("apiserver", "kube-apiserver", &[], &names)?;
    authority.certify("kubelet-client", "kube-apiserver-kubelet-client", &["system:masters"], &[])?;
    authority.login("admin", "admin", &["system:masters"])?;
    authority.login("kube-controller-manager", "system:kube-controller-manager", &[])?;
    authority.login("kube-scheduler", "system:kube-scheduler", &[])?;
    std::fs::write(state.path("audit.yaml"), AUDIT).attempt("audit.yaml")?;
    Ok(authority)
}

/// Starts one part.
pub fn start(state: &State, sandbox: &Sandbox, built: &Built, part: &str) -> Result<()> {
    let arguments = match part {
        "etcd" => etcd(state),
        "kube-apiserver" => api_server(state),
        "kube-controller-manager" => controllers(state),
        "kube-scheduler" => scheduler(state),
        other => return Err(Trouble::new(format!("{other} is no part of the control plane"))),
    };
    let mut words = vec![built.program(part).to_string_lossy().into_owned()];
    words.extend(arguments);
    process::start(state, sandbox, part, &words)
}

/// Stops one part.
pub fn stop(state: &State, part: &str) -> Result<()> {
    process::stop(state, part, Signal::TERM)
}

fn etcd(state: &State) -> Vec<String> {
    vec![
        format!("--data-dir={}", state.text("etcd")),
        "--listen-client-urls=http://127.0.0.1:2379".into(),
        "--advertise-client-urls=http://127.0.0.1:2379".into(),
        "--listen-peer-urls=http://127.0.0.1:2380".into(),
        // Nothing in it outlives the cluster.
        "--unsafe-no-fsync".into(),
        "--log-level=warn".into(),
    ]
}

fn api_server(state: &State) -> Vec<String> {
    let pki = state.text("pki");
    vec![
        "--etcd-servers=http://127.0.0.1:2379".into(),
        "--secure-port=6443".into(),
        "--bind-address=127.0.0.1".into(),
        "--advertise-address=127.0.0.1".into(),
        "--endpoint-reconciler-type=none".into(),
        format!("--tls-cert-file={pki}/apiserver.crt"),
        format!("--tls-private-key-file={pki}/apiserver.key"),
        format!("--client-ca-file={pki}/ca.crt"),
        format!("--service-account-key-file={pki}/sa.pub"),
        format!("--service-account-signing-key-file={pki}/sa.key"),
        "--service-account-issuer=https://kubernetes.default.svc".into(),
        "--service-cluster-ip-range=10.96.0.0/16".into(),
        "--authorization-mode=Node,RBAC".into(),
        "--allow-privileged".into(),
        format!("--kubelet-client-certificate={pki}/kubelet-client.crt"),
        format!("--kubelet-client-key={pki}/kubelet-client.key"),
        format!("--kubelet-certificate-authority={pki}/ca.crt"),
        "--kubelet-preferred-address-types=InternalIP".into(),
        "--enable-admission-plugins=NodeRestriction".into(),
        format!("--audit-policy-file={}", state.text("audit.yaml")),
        format!("--audit-log-path={}", state.text("audit.log")),
    ]
}

fn controllers(state: &State) -> Vec<String> {
    let pki = state.text("pki");
    vec![
        format!("--kubeconfig={pki}/kube-controller-manager.kubeconfig"),
        "--use-service-account-credentials".into(),
        format!("--service-account-private-key-file={pki}/sa.key"),
        format!("--root-ca-file={pki}/ca.crt"),
        "--leader-elect=false".into(),
        "--bind-address=127.0.0.1".into(),
        "--attach-detach-reconcile-sync-period=5s".into(),
    ]
}

fn scheduler(state: &State) -> Vec<String> {
    let pki = state.text("pki");
    vec![
        format!("--kubeconfig={pki}/kube-scheduler.kubeconfig"),
        "--leader-elect=false".into(),
        "--bind-address=127.0.0.1".into(),
    ]
}
