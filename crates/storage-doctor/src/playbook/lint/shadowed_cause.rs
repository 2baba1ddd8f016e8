//! A cause is not shown beside one that names it in `instead_of`: if that one always holds too, never.

use super::context::Book;
use super::{Context, Lint};
use crate::check::{Ways, compile};
use crate::playbook::raw::RawCause;
use crate::playbook::sink::Sink;
use crate::problem::Level;

pub(super) const LINT: Lint = Lint {
    code: "shadowed-cause",
    level: Level::Warning,
    finds: "a cause that is never shown, since another that names it in `instead_of` holds wherever it does",
    mend: "narrow the other cause, or take this one out",
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink, lint: &Lint) {
    for (book, raw) in context.playbooks() {
        for other in raw.causes.iter().filter(|other| !other.instead_of.is_empty()) {
            let Some(over) = ways(book, other) else { continue };
            let named = |cause: &&RawCause| other.instead_of.iter().any(|id| id.value() == cause.id.value());
            for cause in raw.causes.iter().filter(named).filter(|cause| cause.id.value() != other.id.value()) {
                let covered = |own: &Ways| own.is_none() || over.iter().any(|over| own.imply(over));
                if ways(book, cause).is_some_and(|own| own.iter().all(covered)) {
                    let message = format!("`{}` is never shown", cause.id.value());
                    let label = format!("holds wherever `{}` does, and stands instead of it", cause.id.value());
                    let problem = lint.problem(book.file, cause.id.span(), &message);
                    sink.push(problem.also(book.file, other.id.span(), &label));
                }
            }
        }
    }
}

/// The ways of each proof; none when one does not compile.
fn ways(book: &Book<'_>, cause: &RawCause) -> Option<Vec<Ways>> {
    let proofs = cause.proofs.iter();
    proofs.map(|proof| compile(&proof.when, &book.scope.names).ok().map(|check| book.ways(&check))).collect()
}
