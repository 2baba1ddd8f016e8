//! One file a subcommand.

mod capture;
mod diagnose;
mod language;
mod playbook_lint;
mod playbook_list;
mod playbook_test;
mod scan;
mod schema;
mod version;

use crate::args::{Args, Command, PlaybookCommand};
use crate::error::Failure;
use crate::exit::Exit;

/// Does what the arguments ask for.
pub(crate) fn run(args: Args) -> Result<Exit, Failure> {
    match args.command {
        None => diagnose::run(&args.diagnose),
        Some(Command::Scan(args)) => scan::run(&args),
        Some(Command::Capture(args)) => capture::run(&args),
        Some(Command::Version) => version::run(),
        Some(Command::Schema { of }) => schema::run(of),
        Some(Command::Language) => language::run(),
        Some(Command::Playbook { command: PlaybookCommand::Lint(args) }) => playbook_lint::run(&args),
        Some(Command::Playbook { command: PlaybookCommand::List(args) }) => playbook_list::run(&args),
        Some(Command::Playbook { command: PlaybookCommand::Test(args) }) => playbook_test::run(&args),
    }
}
