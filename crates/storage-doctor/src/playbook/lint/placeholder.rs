//! A command that cannot be run as it is shown.

use super::{Context, Lint};
use crate::playbook::locate::locate;
use crate::playbook::sink::Sink;
use crate::problem::Level;
use std::ops::Range;

pub(super) const LINT: Lint = Lint {
    code: "placeholder",
    level: Level::Warning,
    finds: "a command with a word in capitals or in angle brackets that the reader would have to fill in",
    mend: "fill it with a hole: `{{ claim.metadata.name }}`; a command with a hole that is null or unknown is left out",
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink, lint: &Lint) {
    for (book, raw) in context.playbooks() {
        for command in raw.causes.iter().flat_map(|cause| &cause.remedies).filter_map(|remedy| remedy.command.as_ref()) {
            for at in placeholders(command) {
                let word = command.get(at.clone()).unwrap_or_default();
                let message = format!("`{word}` is for the reader to fill in");
                sink.push(lint.problem(book.file, locate(book.file, command.span(), command, &at), &message));
            }
        }
    }
}

/// The words outside of holes that stand for something else.
fn placeholders(command: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut start = None;
    let mut ends = Vec::new();
    for (at, c) in command.char_indices().chain([(command.len(), ' ')]) {
        let rest = command.get(at..).unwrap_or_default();
        if rest.starts_with("{{") {
            depth += 1;
        }
        let parts = depth > 0 || c.is_whitespace() || matches!(c, '=' | '/' | '@' | '\'' | '"' | '}');
        match (parts, start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                ends.push(from..at);
                start = None;
            }
            _ => {}
        }
        if depth > 0 && rest.starts_with("}}") {
            depth -= 1;
        }
    }
    found.extend(ends.into_iter().filter(|at| is_placeholder(command.get(at.clone()).unwrap_or_default())));
    found
}

fn is_placeholder(word: &str) -> bool {
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    let bracketed = word.starts_with('<') && word.ends_with('>') && word.len() > 2;
    let shouted = word.len() > 2 && word.chars().all(capital) && word.chars().filter(char::is_ascii_uppercase).count() > 2;
    bracketed || shouted
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn words_that_stand_for_others_are_found() {
        let words = |command: &str| -> Vec<String> {
            placeholders(command).into_iter().map(|at| command[at].to_owned()).collect()
        };
        assert_eq!(words("kubectl delete pvc NAME -n <namespace>"), ["NAME", "<namespace>"]);
        assert_eq!(words("kubectl get pods --selector=app=APP_NAME"), ["APP_NAME"]);
        for right in [
            "kubectl get pvc {{ NAME }} -n {{ '<x>' }}",
            "kubectl get pvc -o custom-columns=NAME:.metadata.name,PHASE:.status.phase -A",
            "kubectl get pv -o jsonpath='{.spec.csi}' -n kube-system",
            "kubectl get pods -A -w",
        ] {
            assert!(words(right).is_empty(), "{right}: {:?}", words(right));
        }
    }
}
