//! `language`: the reference of the language that checks are written in.

use crate::error::Failure;
use crate::exit::Exit;

pub(super) fn run() -> Result<Exit, Failure> {
    Err(Failure::new("this build holds no reference of the check language"))
}
