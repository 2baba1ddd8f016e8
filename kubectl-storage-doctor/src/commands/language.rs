//! `language`: the reference of the language that checks are written in.

use crate::error::Failure;
use crate::exit::Exit;
use crate::output;

pub(super) fn run() -> Result<Exit, Failure> {
    output::print(&storage_doctor::check::reference(), false).map(|()| Exit::Fine)
}
