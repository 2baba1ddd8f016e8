//! Writes a recording of a made-up cluster: `cargo run -p storage-doctor-tests --example synthetic -- FOLDER CLAIMS`.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(folder), Some(claims)) = (args.next(), args.next().and_then(|n| n.parse().ok())) else {
        return Err(std::io::Error::other("give a folder and a number of claims"));
    };
    storage_doctor_tests::synthetic::write_recording(Path::new(&folder), claims)
}
