//! Images of static programs.

use super::command;
use super::trouble::{Attempt, Result};
use std::path::{Path, PathBuf};

/// What pods of the bed run from: the name of an image, and the programs in it, the entrypoint first.
const IMAGES: &[(&str, &[&str])] = &[
    ("localhost/bed:1", &["bed"]),
    (
        "localhost/csi:1",
        &["fault-csi", "csi-provisioner", "csi-attacher", "csi-resizer", "csi-snapshotter", "snapshot-controller"],
    ),
];

/// The image that holds a pod's namespaces open.
pub const PAUSE: &str = "localhost/bed:1";

/// Writes the images beside our own programs.
pub fn write(components: &Path, own: &Path) -> Result<()> {
    let folder = own.join("images");
    std::fs::create_dir_all(&folder).attempt(folder.display())?;
    for (name, programs) in IMAGES {
        let file = folder.join(file(name));
        let found = programs.iter().map(|program| Some(own.join(program)).filter(|path| path.is_file()));
        let found = found.zip(*programs).map(|(own, program)| own.unwrap_or_else(|| components.join(program)));
        let mut write = command::command(own.join("bed"), ["image".as_ref(), file.as_os_str(), name.as_ref()]);
        command::output(write.args(found)).attempt(format!("the image {name} cannot be written"))?;
    }
    Ok(())
}

/// The files of all images.
pub fn files(own: &Path) -> Vec<PathBuf> {
    IMAGES.iter().map(|(name, _)| own.join("images").join(file(name))).collect()
}

fn file(name: &str) -> String {
    format!("{}.tar", name.replace(['/', ':'], "-"))
}
