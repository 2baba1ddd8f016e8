//! Checks that can never hold: what they guard is never said.

use super::sites::{Role, Site};
use super::{Context, Lint};
use crate::check::{Shape, Ways};
use crate::playbook::sink::Sink;
use crate::problem::Level;

pub(super) const NEVER_HOLDS: Lint = Lint {
    code: "never-holds",
    level: Level::Error,
    finds: "a check that can never hold, by itself or together with the symptom of its playbook",
    mend: "correct the check, or take out what it guards",
    run: never_holds,
};

pub(super) const NOT_A_CHECK: Lint = Lint {
    code: "not-a-check",
    level: Level::Error,
    finds: "a text, a number, a list or an object where something has to be true or false",
    mend: "compare it: `claim.spec.volumeName != null`, `size(volumes) > 0`",
    run: not_a_check,
};

fn never_holds(context: &Context<'_>, sink: &mut Sink, lint: &Lint) {
    for book in &context.books {
        let symptom = book.found.sites.iter().find(|site| site.role == Role::Symptom);
        let symptom: Option<Ways> = symptom.map(|site| book.ways(&site.check)).filter(|ways| !ways.is_none());
        for site in book.found.sites.iter().filter(|site| site.role != Role::Value) {
            let alone = book.ways(&site.check);
            let (message, ways) = if alone.is_none() {
                ("this can never hold", alone)
            } else {
                let joined =
                    symptom.as_ref().filter(|_| site.role == Role::Condition).map(|symptom| symptom.and(&alone));
                match joined.filter(Ways::is_none) {
                    Some(ways) => ("this can never hold where the symptom does", ways),
                    None => continue,
                }
            };
            let mut problem = lint.problem(book.file, whole(site, book.file), message);
            if let Some(clash) = ways.clash() {
                problem = problem.help(&format!("in its way: {clash}"));
            }
            sink.push(problem);
        }
    }
}

fn not_a_check(context: &Context<'_>, sink: &mut Sink, lint: &Lint) {
    for book in &context.books {
        for site in book.found.sites.iter().filter(|site| site.role != Role::Value) {
            let what = match book.shape_of(&site.check, &Shape::Any).0 {
                Shape::Plain("true or false") | Shape::Any | Shape::Null => continue,
                Shape::Plain(what) => what,
                Shape::List(_) => "a list",
                Shape::Object(_) | Shape::Known(_) | Shape::Record(_) | Shape::Map(_) => "a map",
            };
            let message = format!("this is {what}, not true or false");
            sink.push(lint.problem(book.file, whole(site, book.file), &message).help("compare it with something"));
        }
    }
}

fn whole(site: &Site<'_>, file: &crate::span::SourceFile) -> crate::span::Span {
    site.place(file, &(0..site.check.source().len()))
}
