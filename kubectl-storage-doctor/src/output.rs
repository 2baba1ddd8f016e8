//! Writing. The only module that does.

use crate::args::{Color, Look};
use crate::error::Failure;
use anstream::{AutoStream, ColorChoice};
use std::io::{self, IsTerminal, Write};
use storage_doctor::render::{Language, TextStyle};

/// Columns when nothing tells how many there are, as in a pipe.
const COLUMNS: usize = 100;

/// Whether text for this stream carries colours: what was asked for; else only on a terminal, unless
/// `NO_COLOR`, `CLICOLOR` or `CLICOLOR_FORCE` say otherwise.
fn choice<S: anstream::stream::RawStream>(stream: &S, color: Color) -> ColorChoice {
    match color {
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
        Color::Auto => AutoStream::choice(stream),
    }
}

/// How a page on standard output looks.
pub(crate) fn style(look: &Look, verbose: bool) -> TextStyle {
    let color = choice(&io::stdout(), look.color) != ColorChoice::Never;
    let terminal = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    let width = crate::environment::columns().or_else(terminal).unwrap_or(COLUMNS);
    let language = Language::from_code(&crate::playbooks::language(look));
    TextStyle { color, width, verbose, language }
}

/// Writes to standard output. A reader that went away, such as `head`, is no failure.
pub(crate) fn print(text: &str, color: bool) -> Result<(), Failure> {
    let choice = if color { ColorChoice::Always } else { ColorChoice::Never };
    let mut out = AutoStream::new(io::stdout().lock(), choice);
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new("cannot write to standard output").caused_by(&error))
        }
        _ => Ok(()),
    }
}

/// Whether text on standard error carries colours.
pub(crate) fn stderr_color(color: Color) -> bool {
    choice(&io::stderr(), color) != ColorChoice::Never
}

/// Says on standard error what went wrong.
pub(crate) fn complain(failure: &Failure, color: Color) {
    note(&failure.render(stderr_color(color)));
}

/// A line on standard error. When even that is gone, nobody is left to be told.
pub(crate) fn note(text: &str) {
    let _ = AutoStream::new(io::stderr().lock(), ColorChoice::AlwaysAnsi).write_all(text.as_bytes());
}

/// Whether standard error is a terminal.
pub(crate) fn is_watched() -> bool {
    io::stderr().is_terminal()
}
