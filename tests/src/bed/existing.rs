//! A cluster that is there already, given by its kubeconfig.

use super::api::Api;
use super::apply::Kinds;
use super::trouble::Result;
use std::path::PathBuf;

/// The variable that names its kubeconfig.
pub const VARIABLE: &str = "STORAGE_DOCTOR_BED_KUBECONFIG";

/// A cluster of somebody's, which is asked as whoever the kubeconfig says.
#[derive(Debug)]
pub struct Existing {
    /// Its API server.
    pub kinds: Kinds,
    /// The kubeconfig.
    pub kubeconfig: PathBuf,
}

/// The cluster that the environment names, if it names one.
pub fn named() -> Result<Option<Existing>> {
    let Some(path) = std::env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from) else {
        return Ok(None);
    };
    let api = Api::connect(&path, None)?;
    api.text("/readyz")?;
    Ok(Some(Existing { kinds: Kinds::new(api), kubeconfig: path }))
}
