//! CSI drivers in a cluster: real sidecars beside a driver of ours that breaks as it is told.

mod edit;
mod spec;

pub use self::spec::{Driver, Nodes, Rights, Rule, check};

use super::apply::{self, Kinds};
use super::places;
use super::state::State;
use super::trouble::{Attempt, Result, Trouble};
use super::wait;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long the pods of a driver may take to be ready.
const READY: Duration = Duration::from_secs(90);

/// The image with the driver and all sidecars.
const IMAGE: &str = "localhost/csi:1";

/// What stands for what in manifests that know no driver.
pub fn variables(state: &State) -> BTreeMap<String, String> {
    let pairs = [
        ("CLUSTER", state.folder().to_string_lossy().into_owned()),
        ("API_HOST", "127.0.0.1".to_owned()),
        ("API_PORT", "6443".to_owned()),
        ("SIDECAR_IMAGE", IMAGE.to_owned()),
        ("DRIVER_IMAGE", IMAGE.to_owned()),
        ("IMAGE", super::images::PAUSE.to_owned()),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Deploys the snapshot controller, of which there is one for all drivers.
pub fn snapshot_controller(kinds: &Kinds, state: &State) -> Result<()> {
    for object in template("snapshot-controller.yaml", &variables(state))? {
        kinds.apply(&object, "kube-system")?;
    }
    Ok(())
}

/// Deploys a driver, and waits until it runs unless it is not meant to.
pub fn driver(kinds: &Kinds, state: &State, name: &str, driver: &Driver) -> Result<()> {
    super::signals::go_on()?;
    let namespace = namespace(name);
    let mut variables = variables(state);
    let folder = folder(state, name);
    std::fs::create_dir_all(&folder).attempt(folder.display())?;
    for (key, value) in [
        ("DRIVER", driver.name(name)),
        ("NAME", name.to_owned()),
        ("NAMESPACE", namespace.clone()),
        ("SERVICE_ACCOUNT", name.to_owned()),
        ("STATE", folder.to_string_lossy().into_owned()),
        ("ATTACH_REQUIRED", driver.attach_required.to_string()),
        ("STORAGE_CAPACITY", driver.storage_capacity.to_string()),
    ] {
        variables.insert(key.to_owned(), value);
    }
    control(state, name, &driver.faults)?;
    kinds.namespace(&namespace)?;
    let mut objects = Vec::new();
    let files = ["driver.yaml", "rbac.yaml", "classes.yaml", "controller.yaml", "node.yaml"];
    for file in files.into_iter().filter(|file| driver.classes || *file != "classes.yaml") {
        objects.extend(template(file, &variables)?);
    }
    objects.extend(apply::parse(&driver.manifests, &variables).attempt(format!("manifests of driver {name}"))?);
    for mut object in objects {
        if edit::edit(&mut object, name, driver)? {
            kinds.apply(&object, &namespace)?;
        }
    }
    if driver.ready {
        wait::until(&format!("driver {name} is ready"), READY, || is_ready(kinds, name, driver))?;
    }
    Ok(())
}

/// The namespace that a driver runs in.
pub fn namespace(name: &str) -> String {
    format!("csi-{name}")
}

/// The folder of a driver's volumes.
pub fn folder(state: &State, name: &str) -> std::path::PathBuf {
    state.path("volumes").join(name)
}

/// Tells a driver which calls to fail from now on.
pub fn control(state: &State, name: &str, rules: &[Rule]) -> Result<()> {
    let folder = folder(state, name);
    let text = serde_json::to_string(&json!({"rules": rules})).attempt("control file")?;
    let new = folder.join("control.new");
    std::fs::write(&new, text).attempt(new.display())?;
    std::fs::rename(&new, folder.join("control.yaml")).attempt(folder.display())
}

fn template(file: &str, variables: &BTreeMap<String, String>) -> Result<Vec<Value>> {
    let path = places::module().join("manifests").join(file);
    let text = std::fs::read_to_string(&path).attempt(path.display())?;
    apply::parse(&text, variables).attempt(path.display())
}

fn is_ready(kinds: &Kinds, name: &str, driver: &Driver) -> Result<()> {
    let apps = format!("/apis/apps/v1/namespaces/{}", namespace(name));
    let number = |object: &Value, field: &str| object.pointer(field).and_then(Value::as_u64).unwrap_or(0);
    if driver.controller {
        let object = kinds.api().get(&format!("{apps}/deployments/{name}-controller"))?;
        if number(&object, "/status/readyReplicas") < number(&object, "/spec/replicas") {
            return Err(Trouble::new(format!("its controller is not: {}", object["status"])));
        }
    }
    let due = driver.nodes.count();
    if due > 0 {
        let object = kinds.api().get(&format!("{apps}/daemonsets/{name}-node"))?;
        if number(&object, "/status/numberReady") < due {
            return Err(Trouble::new(format!("its node part is not: {}", object["status"])));
        }
    }
    Ok(())
}
