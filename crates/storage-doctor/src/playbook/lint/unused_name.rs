//! What nothing reads is a mistake, or costs every reader a moment.

use super::context::Book;
use super::{Context, Lint};
use crate::playbook::scope::{Body, IMPLICIT};
use crate::playbook::sink::Sink;
use crate::problem::Level;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) const LINT: Lint = Lint {
    code: "unused-name",
    level: Level::Warning,
    finds: "evidence, an expression, a message or a library that nothing uses",
    mend: "use it, or take it out",
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink, lint: &Lint) {
    let used: Vec<BTreeSet<&str>> = context.books.iter().map(names_used).collect();
    for (book, own) in context.books.iter().zip(&used) {
        let users: Vec<&BTreeSet<&str>> =
            context.books.iter().zip(&used).filter(|(user, _)| uses(user, book)).map(|(_, names)| names).collect();
        // Of a library that none of the files uses it is not known what is needed, nor where files are broken.
        let judged = book.playbook.is_some() || (context.whole && !users.is_empty());
        for def in book.own().iter().filter(|_| judged) {
            let name = def.name.value().as_str();
            if own.contains(name) || users.iter().any(|names| names.contains(name)) {
                continue;
            }
            let what = match def.body {
                Body::Evidence(_) => "evidence",
                Body::Let(_) => "expression",
                Body::Message(_) => "message",
            };
            sink.push(lint.problem(book.file, def.name.span(), &format!("nothing uses the {what} `{name}`")));
        }
        for library in book.playbook.iter().flat_map(|raw| &raw.uses) {
            let of = |name: &&str| book.scope.find(name).is_some_and(|def| is_named(def.file.name(), library));
            let known = context.books.iter().any(|other| other.name == library.as_str());
            if known && !own.iter().any(of) {
                let message = format!("nothing of the library `{}` is used here", library.value());
                sink.push(lint.problem(book.file, library.span(), &message));
            }
        }
    }
}

fn is_named(file: &str, library: &str) -> bool {
    crate::playbook::load::stem(file) == library
}

/// Whether a playbook uses that library.
fn uses(user: &Book<'_>, library: &Book<'_>) -> bool {
    user.scope.defs.iter().take(user.scope.own).any(|def| Arc::ptr_eq(def.file, library.file))
}

/// The names that a file's own expressions read. What does not compile reads whatever it mentions.
fn names_used<'a>(book: &'a Book<'_>) -> BTreeSet<&'a str> {
    let slots = book.found.sites.iter().flat_map(|site| site.check.uses());
    let mut names: BTreeSet<&str> =
        slots.filter(|slot| slot.0 >= IMPLICIT).map(|slot| book.scope.names.name(*slot)).collect();
    for text in &book.found.broken {
        names.extend(text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
    }
    names
}
