//! Why the program could not do what it was asked: one type, with a chain, hints and an exit code.

use crate::exit::Exit;
use anstyle::AnsiColor;
use std::error::Error;
use storage_doctor::doctor::DiagnoseError;
use storage_doctor::playbook::ReadError;
use storage_doctor::render::safe;
use storage_doctor::source::recording::RecordingError;
use storage_doctor_kube::ConnectError;

/// How many causes of causes are shown.
const DEEPEST: usize = 8;

/// Why the program could not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    causes: Vec<String>,
    hints: Vec<String>,
    exit: Exit,
}

impl Failure {
    /// A failure with a sentence, lower case and without full stop.
    pub(crate) fn new(message: &str) -> Self {
        Self { message: message.to_owned(), causes: Vec::new(), hints: Vec::new(), exit: Exit::CouldNotRun }
    }

    /// A failure with an error's own words and its sources.
    pub(crate) fn of(error: &dyn Error) -> Self {
        let failure = Self::new(&error.to_string());
        match error.source() {
            Some(source) => failure.caused_by(source),
            None => failure,
        }
    }

    /// Adds what caused it, and what caused that.
    pub(crate) fn caused_by(mut self, error: &dyn Error) -> Self {
        let mut next = Some(error);
        while let Some(error) = next.filter(|_| self.causes.len() < DEEPEST) {
            let text = error.to_string();
            // An error that repeats its source says nothing new.
            if self.causes.last().unwrap_or(&self.message) != &text {
                self.causes.push(text);
            }
            next = error.source();
        }
        self
    }

    /// Adds what may help.
    pub(crate) fn hint(mut self, hint: &str) -> Self {
        self.hints.push(hint.to_owned());
        self
    }

    /// Everything on one line, for a note beside an answer.
    pub(crate) fn in_one_line(&self) -> String {
        let said: Vec<&str> = std::iter::once(&self.message).chain(&self.causes).map(String::as_str).collect();
        safe::one_line(&said.join(": "), safe::TEXT_LIMIT)
    }

    /// What the process's exit code says.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// `error: …` and what belongs to it, a line each.
    pub(crate) fn render(&self, color: bool) -> String {
        let mut out = line("error: ", AnsiColor::Red, color, &self.message);
        for cause in &self.causes {
            out.push_str(&line("  caused by: ", AnsiColor::Red, color, cause));
        }
        for hint in &self.hints {
            out.push_str(&line("hint: ", AnsiColor::Cyan, color, hint));
        }
        out
    }
}

/// What comes from outside may hold anything, so it is made harmless.
fn line(label: &str, tone: AnsiColor, color: bool, text: &str) -> String {
    let text = safe::one_line(text, safe::TEXT_LIMIT);
    let style = tone.on_default().bold();
    if color { format!("{style}{label}{style:#}{text}\n") } else { format!("{label}{text}\n") }
}

/// `did you mean "pvc"?` for the nearest word, if one is near.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let word: String = word.to_lowercase().chars().take(64).collect();
    let near = |name: &&str| strsim::damerau_levenshtein(&word, name);
    let nearest = known.min_by_key(near)?;
    let reach = 1.max(nearest.chars().count() / 3);
    (near(&nearest) <= reach).then(|| format!("did you mean {nearest:?}?"))
}

impl From<DiagnoseError> for Failure {
    fn from(error: DiagnoseError) -> Self {
        let failure = Self::of(&error);
        match &error {
            DiagnoseError::NotFound { near, .. } if near.is_empty() => {
                failure.hint("-n NAMESPACE looks into another namespace, -A into all of them")
            }
            DiagnoseError::NotServed { resource } if !resource.group.is_empty() => {
                failure.hint(&format!("kubectl get crd lists what is installed; {resource} has to be among it"))
            }
            DiagnoseError::NotFound { near, .. } | DiagnoseError::NamespaceNotFound { near, .. } => failure.near(near),
            _ => failure,
        }
    }
}

impl Failure {
    fn near(self, near: &[String]) -> Self {
        let names: Vec<String> = near.iter().take(5).map(|name| format!("{name:?}")).collect();
        if names.is_empty() { self } else { self.hint(&format!("did you mean {}?", names.join(" or "))) }
    }
}

impl From<RecordingError> for Failure {
    fn from(error: RecordingError) -> Self {
        Self::of(&error).hint("--from takes an archive or a folder that was recorded from a cluster, or demo")
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::of(&error).hint("give a YAML file, or a folder of them")
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        let failure = Self::of(&error);
        if error.is_no_config() {
            failure
                .hint("--kubeconfig or KUBECONFIG names the file, --context the context")
                .hint("--from PATH looks at a recording, and --from demo at one that is built in")
        } else if error.is_unknown_name() {
            failure.hint("`kubectl config get-contexts` lists what there is")
        } else if error.is_credentials() {
            failure.hint("log in again, then `kubectl auth whoami` tells who you are")
        } else if error.is_unreachable() {
            failure.hint("does `kubectl version` get an answer?")
        } else if error.is_plugin_missing() {
            failure.hint("the kubeconfig's user has its credentials from a program, which has to be on PATH")
        } else if error.is_plugin() {
            failure.hint("run the credential plugin by hand to see what it wants")
        } else {
            failure
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use storage_doctor::subject::{Kind, Subject};

    #[test]
    fn says_what_why_and_what_may_help() {
        let inner = io::Error::other("connection refused\n\u{1b}[2Jroot");
        let failure =
            Failure::new("cannot reach the API server").caused_by(&inner).hint("is it running?").hint("try again");
        insta::assert_snapshot!(failure.render(false), @r"
        error: cannot reach the API server
          caused by: connection refused ⏎ \x1b[2Jroot
        hint: is it running?
        hint: try again
        ");
        assert!(failure.render(true).starts_with("\u{1b}[1m\u{1b}[31merror: \u{1b}[0mcannot"));
        assert_eq!(failure.exit(), Exit::CouldNotRun);
    }

    #[test]
    fn names_that_are_near_are_offered() {
        let subject = Subject::new(Kind::PersistentVolumeClaim, Some("shop"), "dat");
        let not_found = |near: &[&str]| DiagnoseError::NotFound {
            subject: subject.clone(),
            near: near.iter().map(|name| (*name).to_owned()).collect(),
        };
        let text = |near: &[&str]| Failure::from(not_found(near)).render(false);
        assert!(text(&["data", "date"]).ends_with("hint: did you mean \"data\" or \"date\"?\n"));
        assert!(text(&[]).contains("-A into all"));
    }

    #[test]
    fn a_repeated_cause_is_said_once() {
        #[derive(Debug)]
        struct Same(Option<Box<Same>>);
        impl std::fmt::Display for Same {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("same")
            }
        }
        impl Error for Same {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                self.0.as_deref().map(|error| error as &dyn Error)
            }
        }
        assert_eq!(Failure::of(&Same(Some(Box::new(Same(None))))).render(false), "error: same\n");
    }

    #[test]
    fn only_what_is_near_is_offered() {
        let known = || ["pvc", "statefulset", "version"].into_iter();
        assert_eq!(did_you_mean("pcv", known()).as_deref(), Some("did you mean \"pvc\"?"));
        assert_eq!(did_you_mean("StatefulSte", known()).as_deref(), Some("did you mean \"statefulset\"?"));
        assert_eq!(did_you_mean("deployment", known()), None);
        assert_eq!(did_you_mean(&"x".repeat(1_000_000), known()), None);
    }
}
