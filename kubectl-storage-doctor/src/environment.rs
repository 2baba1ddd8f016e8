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

/// A variable; an empty one counts as unset.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
