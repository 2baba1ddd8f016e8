//! Credential plugins.

#![cfg(unix)]

use super::*;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use tempfile::TempDir;

/// A kubeconfig whose user is this shell script.
fn scene(script: &str, more: &str) -> (TempDir, FakeApi, ConnectOptions) {
    let folder = TempDir::new().unwrap();
    let api = FakeApi::start(small()).unwrap();
    let plugin = folder.path().join("plugin");
    fs::write(&plugin, format!("#!/bin/sh\necho run >> \"$(dirname \"$0\")/runs\"\n{script}\n")).unwrap();
    fs::set_permissions(&plugin, fs::Permissions::from_mode(0o755)).unwrap();
    let kubeconfig = api.kubeconfig().replace(
        "{token: fake-token}",
        &format!(
            "{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never{more}}}}}"
        ),
    );
    let path = folder.path().join("config");
    fs::write(&path, kubeconfig).unwrap();
    let options = ConnectOptions { kubeconfig: Some(path), ..ConnectOptions::default() };
    (folder, api, options)
}

#[tokio::test]
async fn a_plugin_runs_once_and_its_token_is_used() {
    let script = r#"echo "$KUBERNETES_EXEC_INFO" > "$(dirname "$0")/info"
echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"'"$WHO"'","expirationTimestamp":"2030-01-01T00:00:00Z"}}'"#;
    let (folder, api, options) = scene(script, ", provideClusterInfo: true, env: [{name: WHO, value: plugged}]");
    let cluster = Cluster::connect(&options, &Environment::default()).await.unwrap();
    found(ask(&cluster, &list("pods", None)).await);
    assert_eq!(fs::read_to_string(folder.path().join("runs")).unwrap().lines().count(), 1);
    let header = ("authorization".to_owned(), "Bearer plugged".to_owned());
    assert!(api.seen().iter().all(|seen| seen.headers.contains(&header)));
    let info: Json = serde_json::from_slice(&fs::read(folder.path().join("info")).unwrap()).unwrap();
    assert_eq!(info["kind"], "ExecCredential");
    assert_eq!(info["spec"]["interactive"], false);
    assert_eq!(info["spec"]["cluster"]["server"], api.url());
}

#[tokio::test]
async fn a_plugin_that_prints_yaml_is_left_to_kube() {
    let (_folder, api, options) = scene("echo 'kind: ExecCredential\nstatus: {token: yaml}'", "");
    Cluster::connect(&options, &Environment::default()).await.unwrap();
    assert!(api.seen()[0].headers.contains(&("authorization".to_owned(), "Bearer yaml".to_owned())));
}

#[tokio::test]
async fn a_plugin_that_fails_says_why() {
    let cases = [
        ("echo 'session expired, run login' >&2; exit 3", "session expired, run login"),
        ("exit 3", "exit status: 3"),
        ("echo '{\"status\":{}}'", "neither a token nor a certificate"),
        ("echo nonsense: [", "ExecCredential"),
    ];
    for (script, words) in cases {
        let (_folder, _api, options) = scene(script, "");
        let error = Cluster::connect(&options, &Environment::default()).await.unwrap_err();
        assert!(error.is_plugin() && !error.is_plugin_missing(), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_plugin_that_is_missing_says_how_to_get_it() {
    let (folder, _api, options) = scene("", ", installHint: get it from the wiki");
    fs::remove_file(folder.path().join("plugin")).unwrap();
    let error = Cluster::connect(&options, &Environment::default()).await.unwrap_err();
    assert!(error.is_plugin_missing() && error.is_plugin(), "{error}");
    assert!(error.to_string().ends_with("is not installed; get it from the wiki"), "{error}");
}

#[tokio::test]
async fn a_token_on_the_command_line_makes_the_plugin_needless() {
    let (folder, api, options) = scene("exit 1", "");
    let options = ConnectOptions { token: Some("mine".into()), ..options };
    Cluster::connect(&options, &Environment::default()).await.unwrap();
    assert!(!folder.path().join("runs").exists());
    assert!(api.seen()[0].headers.contains(&("authorization".to_owned(), "Bearer mine".to_owned())));
}
