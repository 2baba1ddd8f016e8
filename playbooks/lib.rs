//! The playbooks that ship with storage-doctor, as data: `(file name, text)` pairs and nothing else.
//!
//! A crate of its own, since cargo packages only files under a package's root: the YAML files at the
//! top of the repository could not be embedded by `crates/*` and published.

/// Every playbook and library of this folder, by file name: its name and its text. The build script
/// lists them; a guard test holds the list equal to the folder.
pub const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The same in other languages, from the folder `translations`.
pub const TRANSLATIONS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/translations.rs"));
