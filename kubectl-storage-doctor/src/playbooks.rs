//! Which playbooks are used.

use crate::args::{Color, PlaybookArgs};
use crate::error::Failure;
use crate::output;
use std::path::PathBuf;
use storage_doctor::playbook::{self, Loaded};

/// The playbooks that ship with the program, unless they are unwanted, and those of the paths. What is
/// wrong with any of them is shown, all at once.
pub(crate) fn load(args: &PlaybookArgs, color: Color) -> Result<Loaded, Failure> {
    load_paths(&args.playbooks, args.no_builtin, color)
}

/// The same for paths given by themselves.
pub(crate) fn load_paths(paths: &[PathBuf], no_builtin: bool, color: Color) -> Result<Loaded, Failure> {
    let mut files = Vec::new();
    if !no_builtin {
        let builtin = storage_doctor_playbooks::FILES.iter();
        files.extend(builtin.map(|(name, text)| (format!("builtin/{name}"), (*text).to_owned())));
    }
    for path in paths {
        files.extend(playbook::read_path(path)?);
    }
    playbook::load(&files).map_err(|problems| {
        output::note(&problems.render(output::stderr_color(color)));
        let n = problems.iter().count();
        let them = if n == 1 { "1 problem" } else { &format!("{n} problems") };
        Failure::new(&format!("{them} in the playbooks"))
    })
}
