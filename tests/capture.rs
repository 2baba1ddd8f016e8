//! What a recording of our own holds: a diagnosis from it is the diagnosis of the moment it was taken, with
//! whatever was denied or did not answer; and no secret is in it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "these are tests"
)]

#[path = "capture/command.rs"]
mod command;
#[path = "capture/laws.rs"]
mod laws;
#[path = "capture/secrets.rs"]
mod secrets;

use flate2::read::GzDecoder;
use std::collections::BTreeMap;
use std::io::Read;

/// The files of an archive by their path below its one folder.
fn unpacked(archive: &[u8]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(GzDecoder::new(archive)).entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_str().unwrap().to_owned();
        let (_, name) = path.split_once('/').unwrap_or_else(|| panic!("{path} lies in no folder"));
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        assert!(files.insert(name.to_owned(), text).is_none(), "{name} twice");
    }
    files
}
