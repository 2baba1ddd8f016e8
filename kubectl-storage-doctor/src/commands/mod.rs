//! One file a subcommand.

mod capture;
mod diagnose;
mod explain;
mod handbook;
mod language;
mod playbook_lint;
mod playbook_list;
mod playbook_new;
mod playbook_show;
mod playbook_test;
mod scan;
mod schema;
mod version;

use crate::args::{Args, Command, PlaybookCommand, SchemaOf};
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
        Some(Command::Explain(args)) => explain::run(&args),
        Some(Command::Handbook(args)) => handbook::run(&args),
        Some(Command::Playbook { command: PlaybookCommand::New(args) }) => playbook_new::run(&args),
        Some(Command::Playbook { command: PlaybookCommand::Show(args) }) => playbook_show::run(&args),
        Some(Command::Playbook { command: PlaybookCommand::Schema }) => schema::run(SchemaOf::Playbook),
        Some(Command::Playbook { command: PlaybookCommand::Lint(args) }) => playbook_lint::run(&args),
        Some(Command::Playbook { command: PlaybookCommand::List(args) }) => playbook_list::run(&args),
        Some(Command::Playbook { command: PlaybookCommand::Test(args) }) => playbook_test::run(&args),
    }
}
