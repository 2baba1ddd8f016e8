//! Credential plugins (`users[].user.exec`), run once.
//!
//! kube runs the plugin three times for one client, which means three prompts for a second factor, and
//! waits for ever. Here it runs once, with a deadline, and what it prints becomes the user's token or
//! certificate: a diagnosis is over long before these expire. What this does not understand (some
//! plugins print YAML) is left to kube.

use crate::error::Cause;
use crate::text::bounded;
use k8s_openapi::ByteString;
use kube::config::{AuthInfo, ExecConfig, ExecInteractiveMode};
use serde_json::{Value, json};
use std::io::{ErrorKind, IsTerminal as _};
use std::process::{Output, Stdio};
use std::time::Duration;
use tokio::process::Command;

/// A person may have to answer a prompt.
pub(crate) const PLUGIN_WAIT: Duration = Duration::from_secs(60);

/// Replaces the plugin by what it says, if the plugin is what kube would use.
pub(crate) async fn resolve(user: &mut AuthInfo) -> Result<(), Cause> {
    let preferred = user.auth_provider.is_some()
        || (user.username.is_some() && user.password.is_some())
        || user.token.is_some()
        || user.token_file.is_some();
    let Some(exec) = user.exec.clone().filter(|_| !preferred) else {
        return Ok(());
    };
    let output = run(&exec).await?;
    let Some(status) = status(&output.stdout) else {
        return Ok(());
    };
    let text = |name: &str| status.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let certificate = text("clientCertificateData").zip(text("clientKeyData"));
    if certificate.is_none() && text("token").is_none() {
        let why = "it printed neither a token nor a certificate".to_owned();
        return Err(Cause::PluginFailed { command: name(&exec), why });
    }
    if let Some(token) = text("token") {
        user.token = Some(token.to_owned().into());
    }
    if let Some((certificate, key)) = certificate {
        user.client_certificate_data = base64(certificate);
        user.client_key_data = base64(key).map(Into::into);
    }
    user.exec = None;
    Ok(())
}

async fn run(exec: &ExecConfig) -> Result<Output, Cause> {
    let Some(program) = exec.command.as_ref().filter(|program| !program.is_empty()) else {
        return Err(Cause::Config("users[].user.exec has no command".to_owned()));
    };
    let never = exec.interactive_mode == Some(ExecInteractiveMode::Never);
    let interactive = !never && std::io::stdin().is_terminal();
    let failed = |why: String| Cause::PluginFailed { command: name(exec), why };
    if !interactive && exec.interactive_mode == Some(ExecInteractiveMode::Always) {
        return Err(failed("it needs a terminal to ask questions, and there is none".to_owned()));
    }
    let mut command = Command::new(program);
    command.args(exec.args.iter().flatten()).env("KUBERNETES_EXEC_INFO", info(exec, interactive).to_string());
    for pair in exec.env.iter().flatten() {
        if let (Some(name), Some(value)) = (pair.get("name"), pair.get("value")) {
            command.env(name, value);
        }
    }
    command.stdout(Stdio::piped()).kill_on_drop(true);
    if interactive {
        command.stdin(Stdio::inherit()).stderr(Stdio::inherit());
    } else {
        command.stdin(Stdio::null()).stderr(Stdio::piped());
    }
    let output = match tokio::time::timeout(PLUGIN_WAIT, command.output()).await {
        Ok(Ok(output)) => output,
        Ok(Err(e)) if e.kind() == ErrorKind::NotFound => return Err(missing(exec)),
        Ok(Err(e)) => return Err(failed(bounded(&e.to_string(), 200))),
        Err(_) => return Err(failed(format!("it was not done within {}s", PLUGIN_WAIT.as_secs()))),
    };
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = if said.trim().is_empty() { String::new() } else { format!(": {}", bounded(&said, 300)) };
    Err(failed(format!("{}{said}", output.status)))
}

/// What the plugin is told (`client.authentication.k8s.io` `ExecCredential`).
fn info(exec: &ExecConfig, interactive: bool) -> Value {
    let mut spec = json!({ "interactive": interactive });
    if let (true, Some(cluster), Some(spec)) = (exec.provide_cluster_info, &exec.cluster, spec.as_object_mut()) {
        let cluster = serde_json::to_value(cluster).unwrap_or_default();
        spec.insert("cluster".to_owned(), cluster);
    }
    json!({ "kind": "ExecCredential", "apiVersion": exec.api_version, "spec": spec })
}

fn status(stdout: &[u8]) -> Option<Value> {
    let credential: Value = serde_json::from_slice(stdout).ok()?;
    credential.get("status").filter(|status| status.is_object()).cloned()
}

fn missing(exec: &ExecConfig) -> Cause {
    let hint = exec.install_hint.as_deref().unwrap_or_default();
    let hint = if hint.trim().is_empty() { String::new() } else { format!("; {}", bounded(hint, 500)) };
    Cause::PluginMissing { command: name(exec), hint }
}

fn name(exec: &ExecConfig) -> String {
    bounded(exec.command.as_deref().unwrap_or_default(), 200)
}

/// The form that a kubeconfig holds certificates in.
fn base64(pem: &str) -> Option<String> {
    let value = serde_json::to_value(ByteString(pem.as_bytes().to_vec())).ok()?;
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_kept_as_a_kubeconfig_keeps_it() {
        assert_eq!(base64("-----BEGIN").as_deref(), Some("LS0tLS1CRUdJTg=="));
    }

    #[test]
    fn only_an_object_is_a_status() {
        assert!(status(br#"{"status":{"token":"t"}}"#).is_some());
        assert!(status(b"kind: ExecCredential").is_none());
        assert!(status(br#"{"status":null}"#).is_none());
        assert!(status(b"[]").is_none());
    }
}
