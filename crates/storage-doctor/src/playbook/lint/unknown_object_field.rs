//! A field that objects of that kind do not have reads as null, and the check is wrong in silence.

use super::context::Book;
use super::sites::Site;
use super::{Context, Lint};
use crate::check::{NoField, nearest};
use crate::playbook::sink::Sink;
use crate::problem::Level;
use crate::span::{SourceFile, Sp};
use std::sync::Arc;

pub(super) const LINT: Lint = Lint {
    code: "unknown-object-field",
    level: Level::Error,
    finds: "a field that an object of Kubernetes, an event, a log line or a message does not have, or that is not among those stated of a resource given in full",
    mend: "correct the name, or state it under `fields`; a field that is newer than the table is read as `object['field']`",
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink, lint: &Lint) {
    for book in &context.books {
        for site in &book.found.sites {
            for bad in book.shape_of(&site.check, &site.item.shape(book)).1 {
                let mut problem = lint.problem(book.file, site.place(book.file, &bad.at), &bad.message);
                if let Some(help) = &bad.help {
                    problem = problem.help(help);
                }
                if let Some((file, path)) = meant(book, site, &bad) {
                    problem = problem.also(file, path.span(), "this is stated of it");
                }
                sink.push(problem);
            }
        }
    }
}

/// The stated path that is most like the one that was read: it may be the one with the slip.
fn meant<'a>(book: &'a Book<'_>, site: &Site<'_>, bad: &NoField) -> Option<(&'a Arc<SourceFile>, &'a Sp<String>)> {
    let (file, paths) = book.stated(bad.stated?)?;
    let name = site.check.source().get(bad.at.clone())?;
    let parts = |path: &'a Sp<String>| path.split('.').map(|part| part.trim_end_matches("[]"));
    let near = nearest(name, paths.iter().flat_map(parts)).first().copied();
    let path = paths.iter().find(|path| near.is_some_and(|near| parts(path).any(|part| part == near)));
    Some((file, path.or(paths.first())?))
}
