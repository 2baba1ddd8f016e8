//! `playbook lint`: what is wrong with playbooks.

use crate::args::{Lint, LintFormat};
use crate::error::Failure;
use crate::exit::Exit;
use crate::output;
use storage_doctor::playbook;
use storage_doctor::problem::{Place, Problems};
use storage_doctor::render::json;

/// Looks at the files as a run would see them, the built-in playbooks with them, since a name may be taken.
pub(super) fn run(args: &Lint) -> Result<Exit, Failure> {
    let mut files = Vec::new();
    for path in &args.paths {
        files.extend(playbook::read_path(path)?);
    }
    let mut all = Vec::new();
    if !args.no_builtin {
        all.extend(builtin(&files));
    }
    all.extend_from_slice(&files);
    let problems = playbook::lint(&all).and_then(|problems| about(problems, &files));
    show(problems.as_ref(), files.len(), args)?;
    let (errors, all) = counts(problems.as_ref());
    Ok(match (errors, all) {
        (0, 0) => Exit::Fine,
        (0, _) if args.strict => Exit::Failing,
        (0, _) => Exit::Fine,
        _ => Exit::CouldNotRun,
    })
}

/// The problems that have to do with the files given. What else is wrong with the built-in ones is no business
/// of their reader.
fn about(problems: Problems, given: &[(String, String)]) -> Option<Problems> {
    let ours = |place: &Place| given.iter().any(|(name, _)| name == place.file.name());
    let mut problems = problems.into_vec();
    problems.retain(|problem| ours(&problem.at) || problem.also.iter().any(ours));
    Problems::new(problems)
}

/// The built-in files, but for those that were given themselves.
fn builtin(given: &[(String, String)]) -> impl Iterator<Item = (String, String)> {
    let files = storage_doctor_playbooks::FILES.iter();
    let others = files.filter(|(_, text)| !given.iter().any(|(_, own)| own == text));
    others.map(|(name, text)| (format!("builtin/{name}"), (*text).to_owned()))
}

fn show(problems: Option<&Problems>, files: usize, args: &Lint) -> Result<(), Failure> {
    let records = || problems.map(Problems::to_records).unwrap_or_default();
    let made = match args.output {
        LintFormat::Text => {
            if let Some(problems) = problems {
                output::note(&problems.render(output::stderr_color(args.look.color)));
            }
            let summary = summary(problems, files);
            // What was refused leaves nothing on standard output.
            if counts(problems).0 > 0 {
                output::note(&format!("error: {summary}"));
                return Ok(());
            }
            return output::print(&summary, false);
        }
        LintFormat::Json => json::render(&records()),
        LintFormat::Sarif => {
            json::render(&Problems::sarif(problems, env!("CARGO_PKG_VERSION"), &|code| playbook::describe(code)))
        }
    };
    let text = made.map_err(|error| Failure::new("cannot write the problems").caused_by(&error))?;
    output::print(&text, false)
}

fn summary(problems: Option<&Problems>, files: usize) -> String {
    let (errors, all) = counts(problems);
    let found = match (errors, all - errors) {
        (0, 0) => "no problems".to_owned(),
        (0, warnings) => count(warnings, "warning"),
        (errors, 0) => count(errors, "error"),
        (errors, warnings) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    };
    format!("{}: {found}\n", count(files, "file"))
}

/// How many errors, and how many problems in all.
fn counts(problems: Option<&Problems>) -> (usize, usize) {
    problems.map_or((0, 0), |problems| (problems.errors(), problems.iter().count()))
}

fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
