//! One code means one thing, over all playbooks: the same cause may be found on the way from two symptoms,
//! but then it has to be the same.

use super::context::Book;
use super::{Context, Lint};
use crate::playbook::model::Role;
use crate::playbook::raw::RawCause;
use crate::playbook::sink::Sink;
use crate::problem::Level;
use crate::span::Sp;
use std::collections::BTreeMap;

pub(super) const LINT: Lint = Lint {
    code: "duplicate-code",
    level: Level::Error,
    finds: "a code that two playbooks use for two things: a cause and a waiting state, or causes that share neither role nor source",
    mend: "choose another code; where it is the same cause, give both the same `role` and at least one source in common",
    run,
};

#[derive(Clone, Copy)]
enum Meaning<'a> {
    Cause(&'a RawCause),
    Waiting,
}

fn run(context: &Context<'_>, sink: &mut Sink, lint: &Lint) {
    let mut seen: BTreeMap<&str, (&Book<'_>, &Sp<String>, Meaning<'_>)> = BTreeMap::new();
    for (book, raw) in context.playbooks() {
        let causes = raw.causes.iter().map(|cause| (&cause.id, Meaning::Cause(cause)));
        let waiting = raw.waiting.iter().map(|state| (&state.id, Meaning::Waiting));
        for (id, meaning) in causes.chain(waiting) {
            match seen.get(id.as_str()) {
                Some((first_book, first, before)) if !same(*before, meaning) => {
                    let message = format!("`{}` means something else already", id.value());
                    let problem = lint.problem(book.file, id.span(), &message).label("the second");
                    sink.push(problem.also(first_book.file, first.span(), "the first"));
                }
                Some(_) => {}
                None => drop(seen.insert(id, (book, id, meaning))),
            }
        }
    }
}

fn same(a: Meaning<'_>, b: Meaning<'_>) -> bool {
    match (a, b) {
        (Meaning::Cause(a), Meaning::Cause(b)) => {
            let role = |cause: &RawCause| cause.role.as_ref().map_or(Role::RootCause, |role| *role.value());
            let shared = a.sources.iter().any(|one| b.sources.iter().any(|other| other.value() == one.value()));
            role(a) == role(b) && shared
        }
        (Meaning::Waiting, Meaning::Waiting) => true,
        _ => false,
    }
}
