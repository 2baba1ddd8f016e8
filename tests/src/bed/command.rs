//! Programs of the host, run to their end.

use super::trouble::{Attempt, Result, Trouble};
use std::ffi::OsStr;
use std::process::{Command, Stdio};

/// How much of a failing program's words is quoted, in bytes.
const QUOTE: usize = 4000;

/// A program with its arguments, told apart from an interactive one: it reads nothing.
pub fn command<I: IntoIterator<Item: AsRef<OsStr>>>(program: impl AsRef<OsStr>, arguments: I) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs a program; what it printed, if it ended well.
pub fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let run = command.output().attempt(format!("{name} cannot be started"))?;
    if !run.status.success() {
        let said = String::from_utf8_lossy(if run.stderr.is_empty() { &run.stdout } else { &run.stderr }).into_owned();
        return Err(Trouble::new(format!("{}: {}: {}", line(command), run.status, tail(said.trim()))));
    }
    Ok(String::from_utf8_lossy(&run.stdout).into_owned())
}

/// Runs a program for its effect.
pub fn run<I: IntoIterator<Item: AsRef<OsStr>>>(program: impl AsRef<OsStr>, arguments: I) -> Result<()> {
    output(&mut command(program, arguments)).map(drop)
}

/// The command as somebody would type it, roughly.
fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// The end of a text, where programs say why they failed.
pub fn tail(text: &str) -> &str {
    let mut from = text.len().saturating_sub(QUOTE);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_quotes_the_program() {
        let error = output(&mut command("sh", ["-c", "echo no such thing >&2; exit 3"])).unwrap_err().to_string();
        assert!(error.contains("no such thing") && error.contains("exit status: 3"), "{error}");
        let error = run("storage-doctor-no-such-program", [""; 0]).unwrap_err().to_string();
        assert!(error.starts_with("storage-doctor-no-such-program cannot be started"), "{error}");
    }

    #[test]
    fn a_tail_never_cuts_a_character() {
        let text = "é".repeat(QUOTE);
        assert!(tail(&text).len() <= QUOTE && tail(&format!("x{text}")).chars().all(|c| c == 'é'));
    }
}
