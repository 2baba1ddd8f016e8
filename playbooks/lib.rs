//! The playbooks that ship with storage-doctor, as data: `(file name, text)` pairs and nothing else.
//!
//! A crate of its own, since cargo packages only files under a package's root: the YAML files at the
//! top of the repository could not be embedded by `crates/*` and published.

/// Embeds the named files of this folder, in the order given; of another folder when it is named.
macro_rules! embed {
    (in $folder:literal: $($file:literal),* $(,)?) => { &[$(($file, include_str!(concat!($folder, "/", $file)))),*] };
    ($($file:literal),* $(,)?) => { &[$(($file, include_str!($file))),*] };
}

/// Every playbook and library of this folder: its file name and its text.
/// A guard test holds this list equal to the folder.
pub const FILES: &[(&str, &str)] = embed![
    "claim.yaml",
    "pvc-lost.yaml",
    "pvc-pending.yaml",
    "pvc-provisioner.yaml",
    "pvc-provisioning.yaml",
    "pvc-resize.yaml",
    "pvc-restore.yaml",
    "pvc-scheduling.yaml",
    "pvc-terminating.yaml",
    "statefulset-claims.yaml",
];

/// The same in other languages, from the folder `translations`.
/// A guard test holds this list equal to that folder, too.
pub const TRANSLATIONS: &[(&str, &str)] = embed![in "translations": "pvc-pending.zh.yaml", "pvc-resize.zh.yaml"];
