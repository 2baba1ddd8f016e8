//! `playbook new`: a playbook to begin with, and a case that it passes.

mod template;

use crate::args::New;
use crate::error::Failure;
use crate::exit::Exit;
use crate::output;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use storage_doctor::playbook;

pub(super) fn run(args: &New) -> Result<Exit, Failure> {
    let (playbook, cases) = template::fill(&args.name, args.subject);
    check(&args.name, &playbook)?;
    // `./` before every name would be in the way of reading it.
    let dir = if args.dir == Path::new(".") { PathBuf::new() } else { args.dir.clone() };
    let folder = dir.join("cases");
    let paths = [dir.join(format!("{}.yaml", args.name)), folder.join(format!("{}.yaml", args.name))];
    for path in &paths {
        // Looked at before anything is written, so that a refusal leaves nothing behind.
        if path.symlink_metadata().is_ok() {
            return Err(exists(path));
        }
    }
    std::fs::create_dir_all(&folder).map_err(|error| cannot(&folder, &error))?;
    for (path, text) in paths.iter().zip([&playbook, &cases]) {
        write(path, text)?;
    }
    let [playbook, cases] = paths.each_ref().map(|path| path.display());
    let page = format!(
        "wrote {playbook} and {cases}\n\nnext:\n  kubectl storage-doctor playbook lint {playbook}\n  \
         kubectl storage-doctor playbook test {cases} --playbooks {playbook}\n"
    );
    output::print(&page, false).map(|()| Exit::Fine)
}

/// The name has to be one that a playbook may have, which the loader says best.
fn check(name: &str, text: &str) -> Result<(), Failure> {
    let file = (format!("{name}.yaml"), text.to_owned());
    if playbook::load(&[file]).is_ok() {
        return Ok(());
    }
    // The text around the name is ours and sound: whatever is wrong, the name made it so.
    Err(Failure::new(&format!("{name:?} is no name for a playbook"))
        .hint("a name is made of a-z, 0-9 and - and starts with a letter"))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => exists(path),
        _ => cannot(path, &error),
    })
}

fn exists(path: &Path) -> Failure {
    Failure::new(&format!("{} exists already", path.display())).hint("take another name, or another folder with --dir")
}

fn cannot(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(&format!("cannot write {}", path.display())).caused_by(error)
}
