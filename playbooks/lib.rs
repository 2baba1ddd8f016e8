//! The playbooks that ship with storage-doctor, as data: `(file name, text)` pairs and nothing else.
//!
//! A crate of its own, since cargo packages only files under a package's root: the YAML files at the
//! top of the repository could not be embedded by `crates/*` and published.

/// Embeds the named files of this folder, in the order given.
macro_rules! embed {
    ($($file:literal),* $(,)?) => { &[$(($file, include_str!($file))),*] };
}

/// Every playbook and library of this folder: its file name and its text.
/// A guard test holds this list equal to the folder.
pub const FILES: &[(&str, &str)] = embed![
    "claim.yaml",
    "class-default.yaml",
    "class-provisioner.yaml",
    "pod-filesystem.yaml",
    "pod-mount.yaml",
    "pod-objects.yaml",
    "pod-shares.yaml",
    "pod.yaml",
    "pvc-lost.yaml",
    "pvc-modify.yaml",
    "pvc-pending.yaml",
    "pvc-provisioner.yaml",
    "pvc-provisioning.yaml",
    "pvc-resize-mount.yaml",
    "pvc-resize.yaml",
    "pvc-restore.yaml",
    "pvc-scheduling.yaml",
    "pvc-terminating.yaml",
    "snapshot-content.yaml",
    "snapshot-controller.yaml",
    "snapshot-creation.yaml",
    "snapshot-deletion.yaml",
    "snapshot.yaml",
    "statefulset-claims.yaml",
    "statefulset-sizes.yaml",
    "volume-deletion.yaml",
    "volume-released.yaml",
    "volume.yaml",
];
