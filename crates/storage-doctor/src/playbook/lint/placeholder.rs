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
        for command in raw.causes.iter().flat_map(|cause| &cause.remedies).filter_map(|remedy| remedy.command.as_ref())
        {
            for at in placeholders(command) {
                let word = command.get(at.clone()).unwrap_or_default();
                let message = format!("`{word}` is for the reader to fill in");
                sink.push(lint.problem(book.file, locate(book.file, command.span(), command, &at), &message));
            }
        }
    }
}

/// The words that stand for something else, also those that a hole falls back on. Names in holes have no capitals.
fn placeholders(command: &str) -> Vec<Range<usize>> {
    let parts = |c: char| c.is_whitespace() || matches!(c, '=' | '/' | '@' | '\'' | '"' | '{' | '}' | '\\');
    let (mut found, mut from) = (Vec::new(), 0);
    for (at, c) in command.char_indices().chain([(command.len(), ' ')]).filter(|(_, c)| parts(*c)) {
        if is_placeholder(command.get(from..at).unwrap_or_default()) {
            found.push(from..at);
        }
        from = at + c.len_utf8();
    }
    found
}

fn is_placeholder(word: &str) -> bool {
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    let bracketed = word.starts_with('<') && word.ends_with('>') && word.len() > 2;
    let shouted =
        word.len() > 2 && word.chars().all(capital) && word.chars().filter(char::is_ascii_uppercase).count() > 2;
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
        assert_eq!(words("kubectl get sc {{ n == 1 ? x : 'CLASS' }} -n {{ '<x>' }}"), ["CLASS", "<x>"]);
        for right in [
            "kubectl get pvc {{ size(names) == 1 ? first(names) : null }}",
            "kubectl get pvc -o custom-columns=NAME:.metadata.name,PHASE:.status.phase -A",
            "kubectl get pv -o jsonpath='{.spec.csi}' -n kube-system",
            "kubectl get pods -A -w",
        ] {
            assert!(words(right).is_empty(), "{right}: {:?}", words(right));
        }
    }
}
