//! Which kubeconfig files there are, read and merged as kubectl does it.

use crate::error::Cause;
use crate::options::{ConnectOptions, Environment};
use crate::text::bounded;
use kube::config::{Kubeconfig, KubeconfigError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The kubeconfig; none when there is no file, or nothing in them. `looked` receives the files.
pub(crate) fn kubeconfig(
    options: &ConnectOptions,
    environment: &Environment,
    looked: &mut Vec<PathBuf>,
) -> Result<Option<Kubeconfig>, Cause> {
    if let Some(path) = &options.kubeconfig {
        looked.push(path.clone());
        return read(path).map(Some);
    }
    looked.extend(paths(environment));
    let mut merged = Kubeconfig::default();
    for path in looked.iter() {
        match read(path) {
            Ok(next) => merged = merged.merge(next).map_err(|e| unusable(path, &e))?,
            // kube would fail here; kubectl ignores the files of its list that do not exist.
            Err(_) if is_missing(path) => {}
            Err(cause) => return Err(cause),
        }
    }
    let empty = merged.contexts.is_empty() && merged.clusters.is_empty() && merged.current_context.is_none();
    Ok((!empty).then_some(merged))
}

/// The files of `KUBECONFIG`, else the one in the home directory.
fn paths(environment: &Environment) -> Vec<PathBuf> {
    match &environment.kubeconfig_env {
        Some(list) if !list.is_empty() => {
            std::env::split_paths(list).filter(|path| !path.as_os_str().is_empty()).collect()
        }
        _ => environment.home.iter().map(|home| home.join(".kube").join("config")).collect(),
    }
}

fn read(path: &Path) -> Result<Kubeconfig, Cause> {
    let mut kubeconfig = Kubeconfig::read_from(path).map_err(|e| unusable(path, &e))?;
    // An empty text is no choice; kube's merge would prefer it to the choice of a later file.
    kubeconfig.current_context = kubeconfig.current_context.filter(|name| !name.is_empty());
    Ok(kubeconfig)
}

fn is_missing(path: &Path) -> bool {
    std::fs::metadata(path).is_err_and(|e| e.kind() == ErrorKind::NotFound)
}

fn unusable(path: &Path, error: &KubeconfigError) -> Cause {
    let why = match error {
        KubeconfigError::ReadConfig(error, _) => error.to_string(),
        other => message(other),
    };
    Cause::File { path: path.to_owned(), why }
}

/// What is wrong, without the lines that the parser quotes: they may hold a token.
pub(crate) fn message(error: &KubeconfigError) -> String {
    match error {
        KubeconfigError::Parse(error) => {
            let text = error.to_string();
            bounded(text.lines().next().unwrap_or("it is no YAML").trim_start_matches("error: "), 300)
        }
        other => bounded(&other.to_string(), 300),
    }
}
