//! The names of a playbook: its subject, the names of its libraries, its own. One name means one thing.

use super::compile::Shared;
use super::entries::Entries;
use super::model::Borrowed;
use super::raw::{Expr, RawEvidence, RawLibrary, RawMessage, RawPlaybook};
use crate::check::{Names, Slot, is_word};
use crate::problem::Problem;
use crate::span::{SourceFile, Sp, Span};
use crate::subject::Kind;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The longest name, in bytes.
const MAX_NAME: usize = 63;

/// The most names of a playbook, with those of its libraries.
const MAX_NAMES: usize = 2000;

/// The slot of a citation's element, declared second.
pub(super) const ITEM: Slot = Slot(1);

/// What an author put behind a name.
#[derive(Clone, Copy)]
pub(super) enum Body<'a> {
    Evidence(&'a RawEvidence),
    Let(&'a Expr),
    Message(&'a RawMessage),
}

/// A name and what stands behind it.
#[derive(Clone, Copy)]
pub(super) struct Def<'a> {
    pub(super) name: &'a Sp<String>,
    pub(super) file: &'a Arc<SourceFile>,
    pub(super) body: Body<'a>,
}

/// A library that a playbook uses.
#[derive(Clone, Copy)]
pub(super) struct Used<'a> {
    pub(super) file: &'a Arc<SourceFile>,
    pub(super) library: &'a RawLibrary,
    /// Where the playbook says so.
    pub(super) at: Span,
}

/// The names of a playbook or library. The first two are its subject and `item`; the definition of slot
/// `n + 2` is `defs[n]`.
pub(super) struct Scope<'a> {
    pub(super) names: Names,
    pub(super) defs: Vec<Def<'a>>,
    /// Where its own definitions begin in `defs`, after those of libraries.
    pub(super) own: usize,
    /// The libraries that `defs` begins with.
    pub(super) libraries: Vec<Borrowed>,
}

/// How many names there are before the first definition.
pub(super) const IMPLICIT: usize = 2;

impl<'a> Scope<'a> {
    /// The names of a library, all of its own.
    pub(super) fn of_library(file: &'a Arc<SourceFile>, raw: &'a RawLibrary, shared: &mut Shared) -> Self {
        let mut scope = Self::new(*raw.subject.value());
        scope.add_own(file, (&raw.evidence, &raw.lets, &raw.messages), shared);
        scope
    }

    /// The names of a playbook: those of its libraries, then its own.
    pub(super) fn of_playbook(
        file: &'a Arc<SourceFile>,
        raw: &'a RawPlaybook,
        used: &[Used<'a>],
        shared: &mut Shared,
    ) -> Self {
        let mut scope = Self::new(*raw.subject.value());
        for used in used {
            let first = scope.defs.len() + IMPLICIT;
            scope.add_library(file, used, shared);
            let slots = first..scope.defs.len() + IMPLICIT;
            scope.libraries.push(Borrowed { file: Arc::clone(used.file), slots });
        }
        scope.own = scope.defs.len();
        scope.add_own(file, (&raw.evidence, &raw.lets, &raw.messages), shared);
        if scope.defs.len() >= MAX_NAMES {
            let message = format!("with its libraries this playbook has {MAX_NAMES} names or more");
            shared.sink.push(Problem::error("too-many", file, raw.name.span(), &message));
        }
        scope
    }

    fn new(subject: Kind) -> Self {
        let mut names = Names::new();
        names.declare(subject.facts().variable);
        names.declare("item");
        Self { names, defs: Vec::new(), own: 0, libraries: Vec::new() }
    }

    /// The definition of a name.
    pub(super) fn find(&self, name: &str) -> Option<&Def<'a>> {
        let Slot(n) = self.names.slot(name)?;
        self.defs.get(n.checked_sub(IMPLICIT)?)
    }

    fn declare(&mut self, def: Def<'a>) {
        if self.defs.len() < MAX_NAMES {
            self.names.declare(def.name);
            self.defs.push(def);
        }
    }

    fn add_library(&mut self, file: &Arc<SourceFile>, used: &Used<'a>, shared: &mut Shared) {
        let raw = used.library;
        for def in definitions(used.file, &raw.evidence, &raw.lets, &raw.messages) {
            match self.find(def.name).copied() {
                // A library with a name twice has been reported as such.
                Some(first) if Arc::ptr_eq(first.file, def.file) => {}
                Some(first) => {
                    let message = format!("two of the libraries define `{}`", def.name.value());
                    let problem = Problem::error("duplicate-name", file, used.at, &message)
                        .also(first.file, first.name.span(), "the first")
                        .also(def.file, def.name.span(), "the second");
                    shared.sink.push(problem);
                }
                None if self.names.slot(def.name).is_some() => {}
                None => self.declare(def),
            }
        }
    }

    fn add_own(&mut self, file: &'a Arc<SourceFile>, raw: Authored<'a>, shared: &mut Shared) {
        let (evidence, lets, messages) = raw;
        for def in definitions(file, evidence, lets, messages) {
            let name = def.name.value().as_str();
            let span = def.name.span();
            if let Some(message) = bad_name(name) {
                let problem = Problem::error("bad-name", file, span, &message);
                shared.sink.push(problem.help("a name is made of a-z, 0-9 and _ and starts with a letter"));
            }
            if let Some(first) = self.find(name) {
                let problem = Problem::error("duplicate-name", file, span, &format!("`{name}` is defined twice"))
                    .label("the second")
                    .also(first.file, first.name.span(), "the first")
                    .help("evidence, let and messages, of libraries too, share their names");
                shared.sink.push(problem);
            } else if self.names.slot(name).is_some() {
                let message = format!("`{name}` is defined already: it is the subject or the item of a citation");
                shared.sink.push(Problem::error("duplicate-name", file, span, &message));
            } else {
                self.declare(def);
            }
        }
    }
}

type Authored<'a> = (&'a Entries<RawEvidence>, &'a Entries<Expr>, &'a Entries<RawMessage>);

fn definitions<'a>(
    file: &'a Arc<SourceFile>,
    evidence: &'a Entries<RawEvidence>,
    lets: &'a Entries<Expr>,
    messages: &'a Entries<RawMessage>,
) -> impl Iterator<Item = Def<'a>> {
    let evidence = evidence.0.iter().map(|(name, e)| (name, Body::Evidence(e)));
    let lets = lets.0.iter().map(|(name, e)| (name, Body::Let(e)));
    let messages = messages.0.iter().map(|(name, m)| (name, Body::Message(m)));
    evidence.chain(lets).chain(messages).map(move |(name, body)| Def { name, file, body })
}

/// What is wrong with a name, if anything.
pub(super) fn bad_name(name: &str) -> Option<String> {
    let tail = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let shape = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(tail);
    if !shape {
        return Some(format!("`{name}` is no name"));
    }
    if name.len() > MAX_NAME {
        return Some(format!("a name of {} characters; {MAX_NAME} are allowed", name.len()));
    }
    is_word(name).then(|| format!("`{name}` is a word of the check language"))
}

/// Reports definitions that need each other, given what each slot uses.
pub(super) fn report_cycles(scope: &Scope<'_>, uses: &[Vec<Slot>], shared: &mut Shared) {
    let mut open = unresolved(uses);
    for slot in scope.own + IMPLICIT..uses.len() {
        if open.get(slot) != Some(&true) {
            continue;
        }
        let Some(path) = path_back(slot, uses, &open) else { continue };
        let defs: Vec<&Def<'_>> = path.iter().filter_map(|s| scope.defs.get(s.checked_sub(IMPLICIT)?)).collect();
        for member in &path {
            if let Some(open) = open.get_mut(*member) {
                *open = false;
            }
        }
        let Some(first) = defs.first() else { continue };
        let mut names: Vec<&str> = defs.iter().map(|d| d.name.value().as_str()).collect();
        names.push(first.name);
        let message = format!("`{}` needs itself: {}", first.name.value(), names.join(" -> "));
        let mut problem = Problem::error("cycle", first.file, first.name.span(), &message);
        for other in defs.iter().skip(1).take(4) {
            problem = problem.also(other.file, other.name.span(), "by way of this");
        }
        shared.sink.push(problem);
    }
}

/// Which slots are left when those that need nothing unresolved are taken away again and again: those on
/// a cycle or before one.
fn unresolved(uses: &[Vec<Slot>]) -> Vec<bool> {
    let mut needs: Vec<usize> = vec![0; uses.len()];
    let mut needed_by: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (slot, used) in uses.iter().enumerate() {
        for Slot(n) in used {
            needed_by.entry(*n).or_default().push(slot);
            if let Some(count) = needs.get_mut(slot) {
                *count += 1;
            }
        }
    }
    let mut free: Vec<usize> = (0..uses.len()).filter(|n| needs.get(*n) == Some(&0)).collect();
    let mut open = vec![true; uses.len()];
    while let Some(slot) = free.pop() {
        if let Some(open) = open.get_mut(slot) {
            *open = false;
        }
        for user in needed_by.get(&slot).into_iter().flatten() {
            if let Some(count) = needs.get_mut(*user) {
                *count -= 1;
                if *count == 0 {
                    free.push(*user);
                }
            }
        }
    }
    open
}

/// The shortest way from a slot back to itself, without the second mention of it.
fn path_back(start: usize, uses: &[Vec<Slot>], open: &[bool]) -> Option<Vec<usize>> {
    let mut from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(slot) = queue.pop_front() {
        for Slot(next) in uses.get(slot).into_iter().flatten() {
            if *next == start {
                let mut path = vec![slot];
                while let Some(before) = path.last().filter(|s| **s != start).and_then(|s| from.get(s)) {
                    path.push(*before);
                }
                path.reverse();
                return Some(path);
            }
            if open.get(*next) == Some(&true) && !from.contains_key(next) {
                from.insert(*next, slot);
                queue.push_back(*next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(n: &[usize]) -> Vec<Slot> {
        n.iter().copied().map(Slot).collect()
    }

    #[test]
    fn cycles_are_found_and_nothing_else() {
        let uses = [slots(&[]), slots(&[0]), slots(&[3, 1]), slots(&[4]), slots(&[2, 1]), slots(&[2]), slots(&[6])];
        let open = unresolved(&uses);
        assert_eq!(open, [false, false, true, true, true, true, true]);
        assert_eq!(path_back(2, &uses, &open), Some(vec![2, 3, 4]));
        assert_eq!(path_back(5, &uses, &open), None, "it only leads to a cycle");
        assert_eq!(path_back(6, &uses, &open), Some(vec![6]));
    }

    #[test]
    fn names_are_plain_words() {
        assert_eq!(bad_name("class_name2"), None);
        for bad in ["", "Class", "2x", "a-b", "_x", "in", "a\u{e9}"] {
            assert!(bad_name(bad).is_some(), "{bad}");
        }
        assert!(bad_name(&"a".repeat(64)).is_some());
    }
}
