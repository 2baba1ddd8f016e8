//! A named group that nothing reads.

use super::{Context, Lint};
use crate::playbook::locate::locate;
use crate::playbook::scope::Body;
use crate::playbook::sink::Sink;
use crate::problem::Level;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) const LINT: Lint = Lint {
    code: "unread-group",
    level: Level::Warning,
    finds: "a named group of a message's pattern that nothing reads",
    mend: "read it, or write `(?:…)`",
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink, lint: &Lint) {
    for book in &context.books {
        let users = context.books.iter().filter(|user| {
            std::ptr::eq(*user, book) || user.scope.defs.iter().any(|def| Arc::ptr_eq(def.file, book.file))
        });
        let read: BTreeSet<&str> = users.flat_map(|user| &user.found.texts).flat_map(|text| fields(text)).collect();
        for def in book.own() {
            let Body::Message(raw) = def.body else { continue };
            for pattern in &raw.patterns {
                let Some(regex) = context.regex(&pattern.regex) else { continue };
                for group in regex.capture_names().flatten().filter(|group| !read.contains(group)) {
                    let at = pattern
                        .regex
                        .find(&format!("<{group}>"))
                        .map_or(0..pattern.regex.len(), |at| at + 1..at + 1 + group.len());
                    let span = locate(book.file, pattern.regex.span(), &pattern.regex, &at);
                    sink.push(lint.problem(book.file, span, &format!("nothing reads the group `{group}`")));
                }
            }
        }
    }
}

/// The words after a dot or in quotes.
fn fields(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(['.', '\'', '"']).filter_map(move |(at, _)| {
        let rest = text.get(at + 1..)?;
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        rest.get(..end).filter(|word| !word.is_empty())
    })
}
