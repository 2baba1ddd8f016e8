//! The arguments of those who write playbooks, and of those who read them.

use super::{Connection, Look, PlaybookArgs};
use clap::ValueEnum;
use std::path::PathBuf;
use storage_doctor::subject::Kind;

/// Playbooks to say something about.
#[derive(Debug, clap::Args)]
pub(crate) struct Known {
    #[command(flatten)]
    pub(crate) playbooks: PlaybookArgs,
    #[command(flatten)]
    pub(crate) look: Look,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// How a list or a page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    /// For a person
    Text,
    /// For a program
    Json,
}

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// How to show the list
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: PageFormat,
    #[command(flatten)]
    pub(crate) known: Known,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// A playbook, a library or a translation; a cause finds its playbook
    pub(crate) name: String,
    /// How to show it: as it was written, or with where it comes from
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: PageFormat,
    #[command(flatten)]
    pub(crate) known: Known,
}

#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// Its name, which is also that of its files: a-z, 0-9 and -
    pub(crate) name: String,
    /// The kind of object it is about
    #[arg(long, value_name = "TYPE", value_parser = kind)]
    pub(crate) subject: Kind,
    /// The folder to write into
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The code of a cause, as a report names it
    pub(crate) cause: String,
    /// How to show it
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: PageFormat,
    /// Say everything at length: every pattern and every name
    #[arg(short, long)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) known: Known,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Handbook {
    /// Only these playbooks; all of them when none is named
    #[arg(value_name = "PLAYBOOK")]
    pub(crate) names: Vec<String>,
    /// How to write it
    #[arg(short, long, value_name = "FORMAT", default_value = "markdown")]
    pub(crate) output: HandbookFormat,
    #[command(flatten)]
    pub(crate) known: Known,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HandbookFormat {
    /// Markdown
    Markdown,
    /// One page of HTML that needs no other file
    Html,
}

/// The kind that a word of the command line means, or the kind as it stands in a manifest.
fn kind(word: &str) -> Result<Kind, String> {
    Kind::from_name(word).ok_or_else(|| {
        let names: Vec<&str> = Kind::all().iter().filter_map(|facts| facts.names.first().copied()).collect();
        format!("known types are {}", names.join(", "))
    })
}
