//! What the environment says. The only place that reads it.

use std::ffi::OsString;
use std::path::PathBuf;
use storage_doctor_kube::Environment;

/// What the live source wants to know.
pub(crate) fn for_cluster() -> Environment {
    let no_proxy = variable("NO_PROXY").or_else(|| variable("no_proxy"));
    Environment {
        kubeconfig_env: variable("KUBECONFIG"),
        home: variable("HOME").or_else(|| variable("USERPROFILE")).map(PathBuf::from),
        no_proxy: no_proxy.map(|value| value.to_string_lossy().into_owned()),
    }
}

/// The columns that the environment asks for.
pub(crate) fn columns() -> Option<usize> {
    variable("COLUMNS")?.to_str()?.parse().ok()
}

/// What to log, in the notation of `tracing`; nothing when unset.
pub(crate) fn log_filter() -> Option<String> {
    variable("STORAGE_DOCTOR_LOG")?.into_string().ok()
}

/// The user's own playbooks, by the XDG base directories.
pub(crate) fn playbook_folder() -> Option<PathBuf> {
    let absolute = |path: PathBuf| path.is_absolute().then_some(path);
    let config = variable("XDG_CONFIG_HOME").map(PathBuf::from).and_then(absolute);
    let config = config.or_else(|| Some(PathBuf::from(variable("HOME")?).join(".config")))?;
    Some(config.join("storage-doctor").join("playbooks"))
}

/// Whether playbooks are wanted from the cluster: empty for those of all namespaces, else the namespace.
pub(crate) fn playbooks_from_cluster() -> Option<String> {
    match variable("STORAGE_DOCTOR_PLAYBOOKS_FROM_CLUSTER")?.into_string().ok()?.as_str() {
        "false" | "0" => None,
        "true" | "1" => Some(String::new()),
        namespace => Some(namespace.to_owned()),
    }
}

/// The locale of messages, such as `zh_CN.UTF-8`.
pub(crate) fn locale() -> Option<String> {
    let first = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable)?;
    first.into_string().ok()
}

/// A variable; an empty one counts as unset.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
