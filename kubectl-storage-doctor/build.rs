//! Packs the recording in `demo/` for `--from demo`: the same archive that a user could make of a
//! recording's folder, so that it is read by the same code.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

#[allow(clippy::disallowed_methods, reason = "a build script reads files")]
fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=demo");
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    let gzip = flate2::write::GzEncoder::new(fs::File::create(out.join("demo.tar.gz"))?, flate2::Compression::best());
    let mut archive = tar::Builder::new(gzip);
    let mut files = Vec::new();
    list(Path::new("demo"), &mut files)?;
    files.sort();
    for path in files {
        let bytes = fs::read(&path)?;
        let mut header = tar::Header::new_ustar();
        // No time and no owner, so that the same files give the same bytes.
        header.set_mode(0o644);
        header.set_size(u64::try_from(bytes.len()).map_err(io::Error::other)?);
        archive.append_data(&mut header, &path, bytes.as_slice())?;
    }
    archive.into_inner()?.finish()?;
    Ok(())
}

#[allow(clippy::disallowed_methods, reason = "a build script reads files")]
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
