//! `version`: which program this is.

use crate::error::Failure;
use crate::exit::Exit;
use crate::output;
use storage_doctor::report::v1::API_VERSION;

pub(super) fn run() -> Result<Exit, Failure> {
    let text = format!("storage-doctor {}\nreport {API_VERSION}\n", env!("CARGO_PKG_VERSION"));
    output::print(&text, false).map(|()| Exit::Fine)
}
