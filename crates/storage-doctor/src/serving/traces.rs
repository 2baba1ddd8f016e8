//! Where a driver's name shows in a pod.

use crate::value::Value;

/// The containers of a pod that keep running, as specified: also those among its init containers that Kubernetes
/// restarts, the "sidecar containers" (KEP-753).
pub(super) fn containers(pod: &Value) -> Vec<Value> {
    running(pod.child("spec")).cloned().collect()
}

/// The same, of the pod's `spec`.
fn running(spec: &Value) -> impl Iterator<Item = &Value> {
    let keeps = |container: &&Value| container.child("restartPolicy").as_str() == Some("Always");
    spec.child("containers").items().iter().chain(spec.child("initContainers").items().iter().filter(keeps))
}

/// Whether a pod is started with the driver's name: in a command, an argument, an environment value, or
/// the folder of a volume.
pub(super) fn names(pod: &Value, driver: &str) -> bool {
    !driver.is_empty() && any_word(pod, |word| holds(word, driver))
}

/// Whether a pod is started with the name of some other driver: an argument that says so outright.
pub(super) fn names_another(pod: &Value, driver: &str) -> bool {
    const SAYING: &[&str] =
        &["--drivername=", "--driver-name=", "--driver=", "--provisioner=", "--plugin-name=", "--name="];
    any_word(pod, |word| {
        SAYING.iter().filter_map(|flag| word.strip_prefix(flag)).any(|named| named.contains('.') && named != driver)
            || registered_name(word).is_some_and(|named| named.contains('.') && named != driver)
    })
}

/// Whether a container is told outright that it is this provisioner: `PROVISIONER_NAME` in nfs-subdir and
/// most others that use sig-storage-lib, or an argument such as `--provisioner=NAME`.
pub(super) fn is_told(container: &Value, driver: &str) -> bool {
    let environment = container.field("env");
    let by_variable = environment.items().iter().any(|variable| {
        let name = variable.field("name");
        name.as_str().is_some_and(|name| name.to_ascii_uppercase().contains("PROVISIONER"))
            && variable.field("value").as_str() == Some(driver)
    });
    let arguments = container.field("args");
    by_variable
        || arguments.items().iter().filter_map(Value::as_str).any(|argument| {
            argument
                .split_once('=')
                .is_some_and(|(flag, value)| value == driver && flag.to_ascii_lowercase().contains("provisioner"))
        })
}

/// Whether a container's program is named after a provisioner that has its name built in: `rancher.io/local-path` is
/// served by `local-path-provisioner`, which is told nothing. Names of CSI drivers have no `/`, and are always told. One
/// that is told which provisioner it is, is that one.
pub(super) fn bears(container: &Value, driver: &str) -> bool {
    let Some((_, own)) = driver.split_once('/').filter(|(_, own)| !own.is_empty()) else { return false };
    let environment = container.field("env");
    let told = environment.items().iter().any(|variable| {
        let name = variable.field("name");
        name.as_str().is_some_and(|name| name.eq_ignore_ascii_case("PROVISIONER_NAME"))
            && !variable.field("value").is_null()
    });
    !told
        && program_names(container).iter().any(|program| {
            program.strip_suffix("-provisioner").is_some_and(|rest| rest == own || rest.ends_with(&format!("-{own}")))
        })
}

/// The driver's folder in `--kubelet-registration-path=/var/lib/kubelet/plugins/NAME/csi.sock`, which is
/// the driver's name by convention (node-driver-registrar, README).
fn registered_name(word: &str) -> Option<&str> {
    let (_, rest) = word.strip_prefix("--kubelet-registration-path=")?.split_once("/plugins/")?;
    rest.split('/').next()
}

/// Whether something is so of a word that a pod is started with. Every pod of a cluster is asked, so nothing is copied.
fn any_word(pod: &Value, mut is_so: impl FnMut(&str) -> bool) -> bool {
    let spec = pod.child("spec");
    let in_container = running(spec).any(|container| {
        ["command", "args"]
            .iter()
            .flat_map(|list| container.child(list).items())
            .filter_map(Value::as_str)
            .any(&mut is_so)
            || container.child("env").items().iter().filter_map(|e| e.child("value").as_str()).any(&mut is_so)
    });
    let folder = |volume: &'_ Value| volume.child("hostPath").child("path").as_str().is_some_and(&mut is_so);
    in_container || spec.child("volumes").items().iter().any(folder)
}

/// Whether a word holds a name as a whole: `ebs.csi.aws.com` is in `/plugins/ebs.csi.aws.com/csi.sock`
/// and not in `other-ebs.csi.aws.com`.
fn holds(word: &str, name: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    word.match_indices(name).any(|(at, _)| {
        let before = word.get(..at).and_then(|w| w.chars().next_back());
        let after = word.get(at.saturating_add(name.len())..).and_then(|w| w.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

/// The names a container's program goes by: the container's own, its image's and its command's last part.
pub(super) fn program_names(container: &Value) -> Vec<String> {
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let image = container.field("image");
    let image = image.as_str().unwrap_or_default();
    let image = image.split('@').next().unwrap_or_default();
    let image = last(image);
    let image = image.split(':').next().unwrap_or_default().to_owned();
    let command = container.field("command").items().first().and_then(|c| c.as_str().map(last)).unwrap_or_default();
    let name = container.field("name").as_str().unwrap_or_default().to_owned();
    vec![name, image, command]
}
