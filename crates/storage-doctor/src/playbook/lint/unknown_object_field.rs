//! A field that objects of that kind do not have reads as null, and the check is wrong in silence.

use super::{Context, Lint};
use crate::playbook::sink::Sink;
use crate::problem::Level;

pub(super) const LINT: Lint = Lint {
    code: "unknown-object-field",
    level: Level::Error,
    finds: "a field that an object of Kubernetes, an event, a log line or a message does not have",
    mend: "correct the name; a field that is newer than the table is read as `object['field']`",
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
                sink.push(problem);
            }
        }
    }
}
