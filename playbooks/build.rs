//! Lists the YAML files of this folder and of `translations`, so that adding one touches one place.
#![allow(clippy::disallowed_methods, reason = "a build script reads its own package")]

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=.");
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("files.rs"), embedded(&folder)?)?;
    std::fs::write(out.join("translations.rs"), embedded(&folder.join("translations"))?)?;
    Ok(())
}

/// A list of `(file name, text)`, as Rust, of a folder's YAML files.
fn embedded(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("a file name is not UTF-8")?;
        if path.extension().is_some_and(|ending| ending == "yaml") {
            names.push(name.to_owned());
        }
    }
    // The names are the order in which playbooks are asked: the same on every machine.
    names.sort_unstable();
    let mut list = String::from("&[\n");
    for name in names {
        let path = folder.join(&name);
        let path = path.to_str().ok_or("the folder's name is not UTF-8")?;
        writeln!(list, "    ({name:?}, include_str!({path:?})),")?;
    }
    list.push(']');
    Ok(list)
}
