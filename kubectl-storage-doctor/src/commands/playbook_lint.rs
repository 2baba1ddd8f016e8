//! `playbook lint`: what is wrong with playbooks.

use crate::args::Lint;
use crate::error::Failure;
use crate::exit::Exit;
use crate::{output, playbooks};
use storage_doctor::playbook;

/// Loads the files as a run would, the built-in playbooks with them, since a name may be taken.
pub(super) fn run(args: &Lint) -> Result<Exit, Failure> {
    let mut files = 0;
    for path in &args.paths {
        files += playbook::read_path(path)?.len();
    }
    let loaded = playbooks::load_paths(&args.paths, args.no_builtin, args.look.color)?;
    for warning in &loaded.warnings {
        output::note(&format!("{}\n", warning.render(output::stderr_color(args.look.color))));
    }
    let (files, warnings) = (count(files, "file"), loaded.warnings.len());
    let found = if warnings == 0 { "no problems".to_owned() } else { count(warnings, "warning") };
    output::print(&format!("{files}: {found}\n"), false).map(|()| Exit::Fine)
}

fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
