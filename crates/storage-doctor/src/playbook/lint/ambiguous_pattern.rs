//! A message that two causes take for theirs, with nothing that says whose it is.

use super::context::Book;
use super::{Context, Lint};
use crate::check::{Slot, compile};
use crate::playbook::model::Role;
use crate::playbook::raw::{RawCause, RawMessage, RawPlaybook};
use crate::playbook::scope::{Body, IMPLICIT};
use crate::playbook::sink::Sink;
use crate::problem::Level;
use crate::span::Sp;
use std::collections::BTreeSet;

pub(super) const LINT: Lint = Lint {
    code: "ambiguous-pattern",
    level: Level::Warning,
    finds: "a pattern that fits the example of a message of another cause, in the same list, where neither cause stands instead of the other nor reads the other's message",
    mend: "narrow the pattern, or say with `instead_of` which cause explains the other",
    run,
};

/// A message of a playbook and the causes that rest on it.
struct Told<'a> {
    slot: Slot,
    name: &'a Sp<String>,
    raw: &'a RawMessage,
    own: bool,
    causes: Vec<&'a RawCause>,
}

/// How often an example is tried at most.
const TRIES: usize = 50_000;

fn run(context: &Context<'_>, sink: &mut Sink, lint: &Lint) {
    let mut tries = TRIES;
    for (book, raw) in context.playbooks() {
        let messages = messages(book, raw);
        for wide in messages.iter().filter(|wide| wide.own) {
            for pattern in &wide.raw.patterns {
                // What fits any text goes by the event's reason, and claims no wording.
                let Some(regex) = context.regex(&pattern.regex).filter(|regex| !regex.is_match("~")) else { continue };
                for other in messages.iter().filter(|other| wide.slot != other.slot && alike(wide.raw, other.raw)) {
                    tries = tries.saturating_sub(other.raw.patterns.len());
                    let fits = tries > 0 && other.raw.patterns.iter().any(|example| regex.is_match(&example.example));
                    if let Some(cause) = fits.then(|| contested(book, raw, wide, other)).flatten() {
                        let message =
                            format!("this also fits the message `{}` of the cause `{cause}`", other.name.value());
                        sink.push(lint.problem(book.file, pattern.regex.span(), &message).help(lint.mend));
                    }
                }
            }
        }
    }
}

fn messages<'a>(book: &Book<'a>, raw: &'a RawPlaybook) -> Vec<Told<'a>> {
    let reads: Vec<(&RawCause, BTreeSet<Slot>)> = raw.causes.iter().map(|cause| (cause, reads(book, cause))).collect();
    let defs = book.scope.defs.iter().enumerate();
    defs.filter_map(|(n, def)| {
        let Body::Message(raw) = def.body else { return None };
        let slot = Slot(n + IMPLICIT);
        let causes = reads.iter().filter(|(_, slots)| slots.contains(&slot)).map(|(cause, _)| *cause).collect();
        Some(Told { slot, name: def.name, raw, own: n >= book.scope.own, causes })
    })
    .collect()
}

/// The names that the proofs of a cause read, also by way of other names.
fn reads(book: &Book<'_>, cause: &RawCause) -> BTreeSet<Slot> {
    let mut reads = BTreeSet::new();
    let mut open: Vec<Slot> = Vec::new();
    for proof in &cause.proofs {
        open.extend(compile(&proof.when, &book.scope.names).iter().flat_map(|check| check.uses().to_vec()));
    }
    while let Some(slot) = open.pop() {
        if reads.insert(slot)
            && let Some(check) = book.let_of(slot)
        {
            open.extend(check.uses());
        }
    }
    reads
}

/// Whether two messages are looked for in the same place, among the same entries.
fn alike(a: &RawMessage, b: &RawMessage) -> bool {
    let texts = |list: &[Sp<String>]| -> BTreeSet<String> { list.iter().map(|text| text.value().clone()).collect() };
    let (mine, its) = (texts(&a.reason), texts(&b.reason));
    let reasons = mine.is_empty() || its.is_empty() || !mine.is_disjoint(&its);
    let component = |raw: &RawMessage| raw.component.as_ref().map(|text| text.value().clone());
    let same = component(a) == component(b) || component(a).is_none();
    a.within.value() == b.within.value() && reasons && same
}

/// A cause of the other message that nothing sets apart from one of this message.
fn contested<'a>(book: &Book<'a>, raw: &RawPlaybook, wide: &Told<'a>, other: &Told<'a>) -> Option<&'a str> {
    let whose = |told: &Told<'a>, cause: &RawCause| told.causes.iter().any(|c| c.id.value() == cause.id.value());
    for mine in wide.causes.iter().filter(|mine| !whose(other, mine) && is_root(mine)) {
        for its in other.causes.iter().filter(|its| !whose(wide, its) && is_root(its)) {
            if !stands(raw, mine, its) && !stands(raw, its, mine) && !apart(book, mine, its) {
                return Some(its.id.value());
            }
        }
    }
    None
}

fn is_root(cause: &RawCause) -> bool {
    cause.role.as_ref().is_none_or(|role| *role.value() == Role::RootCause)
}

/// Whether a cause stands instead of another one, also by way of others.
fn stands(raw: &RawPlaybook, cause: &RawCause, other: &RawCause) -> bool {
    let mut open: Vec<&str> = cause.instead_of.iter().map(|id| id.as_str()).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if id == other.id.as_str() {
            return true;
        }
        if seen.insert(id) {
            open.extend(
                raw.causes.iter().filter(|c| c.id.as_str() == id).flat_map(|c| &c.instead_of).map(|id| id.as_str()),
            );
        }
    }
    false
}

/// Whether the proofs of two causes exclude each other.
fn apart(book: &Book<'_>, a: &RawCause, b: &RawCause) -> bool {
    let ways = |cause: &RawCause| -> Vec<_> {
        cause
            .proofs
            .iter()
            .filter_map(|p| compile(&p.when, &book.scope.names).ok())
            .map(|check| book.ways(&check))
            .collect()
    };
    let (a, b) = (ways(a), ways(b));
    a.iter().all(|one| b.iter().all(|other| one.and(other).is_none()))
}
