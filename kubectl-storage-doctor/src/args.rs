//! The command line. clap is used here and nowhere else.

mod authoring;
mod capture;
mod connection;
mod scan;
#[cfg(test)]
mod tests;

pub(crate) use authoring::{Explain, Handbook, HandbookFormat, Known, List, New, PageFormat, Show};
pub(crate) use capture::Capture;
pub(crate) use connection::{Connection, Place};
pub(crate) use scan::Scan;

use connection::LIVE;

use crate::duration;
use crate::exit::Exit;
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What to show after `--help`.
const AFTER: &str = "\
Examples:
  kubectl storage-doctor pvc data-0            why is this claim stuck?
  kubectl storage-doctor pvc/data-0 -n shop    the same, in another namespace
  kubectl storage-doctor pvc -A                every claim, by root cause
  kubectl storage-doctor scan -A               everything, by root cause
  kubectl storage-doctor sts db -o json        for a program
  kubectl storage-doctor pvc --from demo -A    without a cluster

Exit codes:
  0  healthy, or waiting for something that comes by itself
  1  something is failing
  2  could not run: bad arguments, no cluster, a bad playbook, no such object
  3  could not tell: something that may decide could not be seen";

/// What to show after `playbook lint --help`.
const AFTER_LINT: &str = "\
Exit codes:
  0  nothing is wrong, or nothing but warnings
  1  there are warnings, with --strict
  2  there are errors

What each code means: https://github.com/storage-doctor/storage-doctor/blob/main/docs/lint.md";

/// Why is this Kubernetes volume stuck?
///
/// Looks at an object and everything it depends on, and says what is wrong, why, what proves it and what
/// to do. Only reads; never changes anything.
#[derive(Debug, Parser)]
#[command(
    name = "kubectl-storage_doctor",
    version,
    after_help = AFTER,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) diagnose: Diagnose,
}

/// The words that are no type.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Scan(Box<Scan>),
    Capture(Box<Capture>),
    /// Print the version
    Version,
    /// Print a JSON Schema
    Schema {
        /// Of what -o json prints, of the files that --playbooks takes, or of those that playbook test takes
        of: SchemaOf,
    },
    /// Print the reference of the language that checks are written in
    Language,
    /// Explain a cause: how it shows, how it is proven, what it is confused with, how to mend it
    Explain(Explain),
    /// Print the playbooks as a handbook to read
    Handbook(Handbook),
    /// Work with playbooks
    #[command(arg_required_else_help = true)]
    Playbook {
        #[command(subcommand)]
        command: PlaybookCommand,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    Report,
    Playbook,
    Case,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PlaybookCommand {
    /// Say what is wrong with playbooks
    Lint(Lint),
    /// Write a playbook to begin with, and a case that it passes
    New(New),
    /// List the playbooks, where they come from and what they replace
    List(List),
    /// Print a playbook as it was written
    Show(Show),
    /// Print the JSON Schema of playbooks, for editors
    Schema,
    /// Try playbooks on made-up clusters, and say where they find something else than expected
    Test(Test),
}

#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_LINT)]
pub(crate) struct Lint {
    /// YAML files, or folders of them
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to show what is wrong
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: LintFormat,
    /// Let warnings count too: exit 1 when there is one
    #[arg(long)]
    pub(crate) strict: bool,
    /// Leave the built-in playbooks out
    #[arg(long)]
    pub(crate) no_builtin: bool,
    #[command(flatten)]
    pub(crate) look: Look,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    /// Files of cases, or folders of them
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Only cases whose names contain this
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Say what the cases leave untested, and fail when they leave anything out
    #[arg(long, conflicts_with = "filter")]
    pub(crate) coverage: bool,
    /// Say of every case what was found
    #[arg(short, long)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) playbooks: PlaybookArgs,
    #[command(flatten)]
    pub(crate) look: Look,
}

/// What to look at, and how to show it.
#[derive(Debug, clap::Args)]
pub(crate) struct Diagnose {
    #[arg(required = true, value_names = ["TYPE", "NAME"], num_args = 1.., help = what())]
    pub(crate) what: Vec<String>,

    /// The namespace to look into
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
    /// Look into all namespaces
    #[arg(short = 'A', long)]
    pub(crate) all_namespaces: bool,
    /// Only objects with these labels: a=b, a!=b, a in (b,c), !a
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    pub(crate) selector: Option<String>,
    /// A recording to look at instead of a cluster: an archive, a folder, or demo
    #[arg(long, value_name = "PATH", conflicts_with_all = LIVE)]
    pub(crate) from: Option<PathBuf>,

    /// How to show the answer
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: Format,
    /// Say everything at length
    #[arg(short, long)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) look: Look,
    #[command(flatten)]
    pub(crate) playbooks: PlaybookArgs,
    /// How long to ask the cluster in all; what is unanswered by then is reported as unknown. 0: no limit
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration::parse)]
    pub(crate) timeout: Duration,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// How the answer is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A page for a person
    Text,
    /// The report as JSON
    Json,
    /// The report as YAML
    Yaml,
}

/// How problems are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintFormat {
    /// For a person, with the lines they are about
    Text,
    /// A list for a program
    Json,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Look {
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// The language of texts: en, zh, or another that playbooks bring. From the locale when left out
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) lang: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PlaybookArgs {
    /// Further playbooks: a YAML file or a folder of them. One of the same name as another replaces it
    #[arg(long, value_name = "PATH")]
    pub(crate) playbooks: Vec<PathBuf>,
    /// Leave the built-in playbooks out
    #[arg(long)]
    pub(crate) no_builtin: bool,
    #[arg(
        help = "Also playbooks from ConfigMaps labelled storage-doctor.io/playbook=true, of all namespaces or of one"
    )]
    #[arg(long, value_name = "NAMESPACE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) playbooks_from_cluster: Option<String>,
}

impl Args {
    /// When to use colours.
    pub(crate) fn color(&self) -> Color {
        match &self.command {
            None => self.diagnose.look.color,
            Some(Command::Scan(args)) => args.look.color,
            Some(Command::Capture(args)) => args.look.color,
            Some(Command::Explain(args)) => args.known.look.color,
            Some(Command::Handbook(args)) => args.known.look.color,
            Some(Command::Playbook { command: PlaybookCommand::Show(args) }) => args.known.look.color,
            Some(Command::Playbook { command: PlaybookCommand::Lint(args) }) => args.look.color,
            Some(Command::Playbook { command: PlaybookCommand::List(args) }) => args.known.look.color,
            Some(Command::Playbook { command: PlaybookCommand::Test(args) }) => args.look.color,
            Some(_) => Color::Auto,
        }
    }
}

/// The help of TYPE, with the types there are.
fn what() -> String {
    let names: Vec<&str> =
        storage_doctor::subject::Kind::all().iter().filter_map(|facts| facts.names.first().copied()).collect();
    format!("What to look at: {}; then names, or none for every one. TYPE/NAME will do too", names.join(", "))
}

/// The arguments say not to go on: help or the version was asked for, or they are wrong.
pub(crate) struct Stop(clap::Error);

impl Stop {
    /// Prints it where it belongs.
    pub(crate) fn print(&self) -> Exit {
        // A reader that went away, such as `head`, is no failure.
        let _ = self.0.print();
        self.exit()
    }

    fn exit(&self) -> Exit {
        match self.0.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Fine,
            _ => Exit::CouldNotRun,
        }
    }
}

/// Reads the command line, the program's own name first.
pub(crate) fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Args, Stop> {
    let words: Vec<OsString> = words.into_iter().collect();
    let mut command = command(words.first());
    let mut matches = command.try_get_matches_from_mut(words).map_err(Stop)?;
    Args::from_arg_matches_mut(&mut matches).map_err(|error| Stop(error.format(&mut command)))
}

/// The command, under the name that the person typed: kubectl starts plugins by their file.
fn command(program: Option<&OsString>) -> clap::Command {
    let file = program.and_then(|program| Path::new(program).file_name()).map(|name| name.to_string_lossy());
    let command = Args::command();
    if file.is_some_and(|name| name.starts_with("kubectl-")) {
        command.bin_name("kubectl storage-doctor")
    } else {
        command
    }
}
