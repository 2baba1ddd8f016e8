//! Every place of a file in which an expression stands.

use crate::check::{Check, Names, Shape, compile, compile_template};
use crate::playbook::load::Document;
use crate::playbook::locate::locate;
use crate::playbook::raw::{RawCause, RawCite, RawEvidence, RawLink, RawPlaybook};
use crate::playbook::scope::{Body, Def, Scope};
use crate::span::{SourceFile, Sp, Span};
use std::ops::Range;

/// An expression and where it stands.
pub(super) struct Site<'a> {
    pub(super) text: &'a Sp<String>,
    /// The byte of the text at which the expression begins.
    offset: usize,
    pub(super) check: Check,
    pub(super) role: Role,
    /// The list whose items it sees as `item`, or that it sees a name.
    pub(super) item: Item<'a>,
}

/// What an expression is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Whether the subject shows the symptom.
    Symptom,
    /// Whether something holds, where the symptom does.
    Condition,
    /// Whether evidence is gathered.
    Gather,
    /// A value.
    Value,
}

/// What `item` is.
#[derive(Clone, Copy)]
pub(super) enum Item<'a> {
    None,
    Name,
    Of(&'a Sp<String>),
}

impl Site<'_> {
    /// Where bytes of the expression stand in the file.
    pub(super) fn place(&self, file: &SourceFile, range: &Range<usize>) -> Span {
        locate(file, self.text.span(), self.text, &(range.start + self.offset..range.end + self.offset))
    }
}

/// What a file holds.
pub(super) struct Found<'a> {
    /// Its expressions that compile.
    pub(super) sites: Vec<Site<'a>>,
    /// Its texts that do not, which have been reported.
    pub(super) broken: Vec<&'a str>,
    /// Its expressions and texts with holes, all of them.
    pub(super) texts: Vec<&'a str>,
}

/// The expressions of a file.
pub(super) fn sites<'a>(document: &'a Document, scope: &Scope<'a>) -> Found<'a> {
    let found = Found { sites: Vec::new(), broken: Vec::new(), texts: Vec::new() };
    let mut finder = Finder { names: &scope.names, found, item: Item::None };
    for def in scope.defs.get(scope.own..).unwrap_or_default() {
        finder.definition(def);
    }
    if let Document::Playbook(raw) = document {
        finder.playbook(raw);
    }
    finder.found
}

struct Finder<'a, 'n> {
    names: &'n Names,
    found: Found<'a>,
    item: Item<'a>,
}

impl<'a> Finder<'a, '_> {
    fn check(&mut self, text: &'a Sp<String>, role: Role) {
        self.found.texts.push(text);
        match compile(text, self.names) {
            Ok(check) => self.found.sites.push(Site { text, offset: 0, check, role, item: self.item }),
            Err(_) => self.found.broken.push(text),
        }
    }

    fn value(&mut self, text: &'a Sp<String>) {
        self.check(text, Role::Value);
    }

    fn template(&mut self, text: &'a Sp<String>) {
        self.found.texts.push(text);
        let Ok(template) = compile_template(text, self.names) else { return self.found.broken.push(text) };
        for (offset, check) in template.holes() {
            self.found.sites.push(Site { text, offset, check: check.clone(), role: Role::Value, item: self.item });
        }
    }

    fn definition(&mut self, def: &Def<'a>) {
        match def.body {
            Body::Let(text) => self.value(text),
            Body::Message(raw) => self.value(&raw.within),
            Body::Evidence(raw) => self.evidence(raw),
        }
    }

    fn evidence(&mut self, raw: &'a RawEvidence) {
        if let Some(when) = &raw.when {
            self.check(when, Role::Gather);
        }
        // A new kind of evidence has to be entered here: the compiler says so.
        let RawEvidence { when: _, object, list, events, logs, stats, node_logs } = raw;
        let object = object.iter().flat_map(|o| o.namespace.iter().chain([&o.name]));
        let list = list.iter().flat_map(|l| &l.namespace);
        let events = events.iter().map(|e| &e.of);
        let logs = logs.iter().flat_map(|l| std::iter::once(&l.of).chain(&l.about));
        let stats = stats.iter().map(|s| &s.node);
        let node_logs = node_logs.iter().flat_map(|l| std::iter::once(&l.node).chain(&l.about));
        for text in object.chain(list).chain(events).chain(logs).chain(stats).chain(node_logs) {
            self.value(text);
        }
    }

    fn playbook(&mut self, raw: &'a RawPlaybook) {
        self.check(&raw.symptom, Role::Symptom);
        for waiting in &raw.waiting {
            self.check(&waiting.when, Role::Condition);
            self.template(&waiting.summary);
            waiting.since.iter().for_each(|since| self.value(since));
            waiting.cites.iter().for_each(|cite| self.cite(cite.value()));
        }
        for cause in &raw.causes {
            self.cause(cause);
        }
        for link in &raw.chain {
            self.link(link);
        }
        for related in &raw.related {
            self.value(&related.names);
        }
    }

    fn cause(&mut self, raw: &'a RawCause) {
        for proof in &raw.proofs {
            self.check(&proof.when, Role::Condition);
            proof.cites.iter().for_each(|cite| self.cite(cite.value()));
        }
        self.template(&raw.summary);
        self.template(&raw.explanation);
        raw.root.iter().for_each(|root| self.link(root));
        for remedy in &raw.remedies {
            self.template(&remedy.text);
            remedy.command.iter().for_each(|command| self.template(command));
            if let Some(when) = &remedy.when {
                self.check(when, Role::Condition);
            }
        }
    }

    fn cite(&mut self, raw: &'a RawCite) {
        for text in [&raw.field, &raw.message, &raw.absent, &raw.each].into_iter().flatten() {
            self.value(text);
        }
        self.item = raw.each.as_ref().map_or(Item::None, Item::Of);
        for text in [&raw.quote, &raw.source].into_iter().flatten() {
            self.template(text);
        }
        self.item = Item::None;
    }

    fn link(&mut self, raw: &'a RawLink) {
        self.value(&raw.name);
        self.item = Item::Name;
        for text in [&raw.kind, &raw.relation, &raw.state].into_iter().chain(&raw.namespace) {
            self.template(text);
        }
        self.item = Item::None;
    }
}

impl Item<'_> {
    /// What is known of `item`.
    pub(super) fn shape(self, book: &super::context::Book<'_>) -> Shape {
        match self {
            Item::None => Shape::Any,
            Item::Name => Shape::Plain("a text"),
            Item::Of(each) => {
                compile(each, &book.scope.names).map_or(Shape::Any, |check| book.shape_of(&check, &Shape::Any).0.item())
            }
        }
    }
}
