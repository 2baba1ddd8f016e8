//! What lints look at.

use super::sites::{Found, sites};
use crate::check::{Check, NoField, Shape, Slot, Ways};
use crate::playbook::compile::Shared;
use crate::playbook::define::is_path;
use crate::playbook::entries::RawResource;
use crate::playbook::load::Document;
use crate::playbook::raw::{RawEvidence, RawLibrary, RawMessage, RawPlaybook};
use crate::playbook::regexes::Regexes;
use crate::playbook::scope::{Body, Def, IMPLICIT, Scope, Used};
use crate::span::{SourceFile, Sp};
use crate::subject::Kind;
use regex::Regex;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// How many steps taking all checks apart may take: a hundred times what the built-in playbooks need.
const STEPS: usize = 20_000_000;

/// The documents, each with its names.
pub(super) struct Context<'a> {
    pub(super) books: Vec<Book<'a>>,
    regexes: Rc<Patterns>,
    /// Whether every file could be read: else what another file says is not known.
    pub(super) whole: bool,
}

/// Regular expressions, compiled once and within the bounds of loading.
struct Patterns(RefCell<Regexes>);

impl Patterns {
    fn compiled(&self, pattern: &str) -> Option<Regex> {
        self.0.borrow_mut().compile(pattern).ok()
    }
}

/// A playbook or library.
pub(super) struct Book<'a> {
    pub(super) file: &'a Arc<SourceFile>,
    /// None for a library.
    pub(super) playbook: Option<&'a RawPlaybook>,
    pub(super) name: &'a str,
    pub(super) scope: Scope<'a>,
    /// Every expression and text of the file.
    pub(super) found: Found<'a>,
    subject: Kind,
    regexes: Rc<Patterns>,
    /// What is left of the steps for taking checks apart.
    steps: Rc<Cell<usize>>,
    /// What the names stand for that are expressions, as far as they compile.
    lets: BTreeMap<usize, Check>,
    shapes: RefCell<BTreeMap<usize, Shape>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(documents: &'a [(Arc<SourceFile>, Arc<Document>)], regexes: Regexes, whole: bool) -> Self {
        let regexes = Rc::new(Patterns(RefCell::new(regexes)));
        let steps = Rc::new(Cell::new(STEPS));
        let libraries: BTreeMap<&str, (&Arc<SourceFile>, &RawLibrary)> = documents
            .iter()
            .filter_map(|(file, document)| match &**document {
                Document::Library(raw) => Some((raw.name.as_str(), (file, &**raw))),
                Document::Playbook(_) | Document::Translation(_) => None,
            })
            .collect();
        let mut books = Vec::new();
        for (file, document) in documents {
            // What is wrong with names has been reported.
            let mut shared = Shared::default();
            let (playbook, name, subject, scope) = match &**document {
                // Its texts are held against its playbook when it is loaded.
                Document::Translation(_) => continue,
                Document::Library(raw) => {
                    (None, raw.name.as_str(), *raw.subject.value(), Scope::of_library(file, raw, &mut shared))
                }
                Document::Playbook(raw) => {
                    let used: Vec<Used<'_>> = raw
                        .uses
                        .iter()
                        .filter_map(|name| {
                            let (file, library) = libraries.get(name.as_str())?;
                            Some(Used { file, library, at: name.span() })
                        })
                        .collect();
                    let scope = Scope::of_playbook(file, raw, &used, &mut shared);
                    (Some(&**raw), raw.name.as_str(), *raw.subject.value(), scope)
                }
            };
            let found = sites(document, &scope);
            let lets = lets(&scope);
            let (regexes, steps) = (Rc::clone(&regexes), Rc::clone(&steps));
            let shapes = RefCell::default();
            books.push(Book { file, playbook, name, scope, found, subject, regexes, steps, lets, shapes });
        }
        Self { books, regexes, whole }
    }

    /// A regular expression of an author's; none when it is none, which was reported.
    pub(super) fn regex(&self, pattern: &str) -> Option<Regex> {
        self.regexes.compiled(pattern)
    }

    /// The playbooks among the documents.
    pub(super) fn playbooks(&self) -> impl Iterator<Item = (&Book<'a>, &'a RawPlaybook)> {
        self.books.iter().filter_map(|book| Some((book, book.playbook?)))
    }
}

fn lets(scope: &Scope<'_>) -> BTreeMap<usize, Check> {
    let defined = scope.defs.iter().enumerate();
    defined
        .filter_map(|(n, def)| match def.body {
            Body::Let(raw) => Some((n + IMPLICIT, crate::check::compile(raw, &scope.names).ok()?)),
            _ => None,
        })
        .collect()
}

impl<'a> Book<'a> {
    /// The names that the file defines itself.
    pub(super) fn own(&self) -> &[Def<'a>] {
        self.scope.defs.get(self.scope.own..).unwrap_or_default()
    }

    /// What a name gives.
    pub(super) fn shape(&self, slot: Slot) -> Shape {
        if let Some(shape) = self.shapes.borrow().get(&slot.0) {
            return shape.clone();
        }
        // What needs itself was reported; nothing is known of it.
        self.shapes.borrow_mut().insert(slot.0, Shape::Any);
        let shape = self.work_out(slot);
        self.shapes.borrow_mut().insert(slot.0, shape.clone());
        shape
    }

    fn work_out(&self, slot: Slot) -> Shape {
        let Some(n) = slot.0.checked_sub(IMPLICIT) else {
            let subject = self.subject.facts().resource.to_string();
            return if slot.0 == 0 { Shape::of_resource(&subject) } else { Shape::Any };
        };
        match self.scope.defs.get(n).map(|def| def.body) {
            Some(Body::Evidence(raw)) => of_evidence(raw, slot),
            Some(Body::Message(raw)) => self.of_message(raw),
            Some(Body::Let(_)) => self
                .lets
                .get(&slot.0)
                .map_or(Shape::Any, |check| check.shape(&|slot| self.shape(slot), &mut Vec::new())),
            None => Shape::Any,
        }
    }

    fn of_message(&self, raw: &RawMessage) -> Shape {
        let list = crate::check::compile(&raw.within, &self.scope.names).ok();
        let list = list.map_or(Shape::Any, |list| list.shape(&|slot| self.shape(slot), &mut Vec::new()));
        let Shape::Record(mut fields) = list.item() else { return Shape::Any };
        for pattern in &raw.patterns {
            let Some(regex) = self.regexes.compiled(&pattern.regex) else { return Shape::Any };
            fields.extend(regex.capture_names().flatten().map(|group| (group.to_owned(), Shape::Plain("a text"))));
        }
        Shape::Record(fields)
    }

    /// The expression that a name stands for.
    pub(super) fn let_of(&self, slot: Slot) -> Option<&Check> {
        self.lets.get(&slot.0)
    }

    /// The fields that the author of the evidence behind a name stated, and the file in which he did.
    pub(super) fn stated(&self, slot: Slot) -> Option<(&Arc<SourceFile>, &[Sp<String>])> {
        let def = self.scope.defs.get(slot.0.checked_sub(IMPLICIT)?)?;
        let Body::Evidence(raw) = def.body else { return None };
        let resources = raw.object.iter().map(|raw| &raw.resource).chain(raw.list.iter().map(|raw| &raw.resource));
        let mut fields = resources.filter_map(|resource| match resource.value() {
            RawResource::Full(full) => full.fields.as_deref(),
            RawResource::Named(_) => None,
        });
        Some((def.file, fields.next()?))
    }

    /// What a check of this file gives, and the fields it reads that are not there.
    pub(super) fn shape_of(&self, check: &Check, item: &Shape) -> (Shape, Vec<NoField>) {
        let mut bad = Vec::new();
        let of = |slot: Slot| if slot == Slot(1) { item.clone() } else { self.shape(slot) };
        let shape = check.shape(&of, &mut bad);
        (shape, bad)
    }

    /// The ways in which a check of this file can hold.
    pub(super) fn ways(&self, check: &Check) -> Ways {
        let names = |slot| self.scope.names.name(slot).to_owned();
        check.ways(&|slot: Slot| self.lets.get(&slot.0), &names, &self.steps)
    }
}

fn of_evidence(raw: &RawEvidence, slot: Slot) -> Shape {
    let RawEvidence { when: _, object, list, events, logs, stats, node_logs } = raw;
    let of_resource = |resource: &RawResource| match resource {
        RawResource::Full(full) => match &full.fields {
            // What is no path was reported; nothing more is held against it.
            Some(paths) if !paths.iter().all(|path| is_path(path)) => Shape::Any,
            Some(paths) => Shape::of_stated(&full.kind, paths.iter().map(|path| path.value().as_str()), slot),
            None => Shape::of_resource(&resource.full_name()),
        },
        RawResource::Named(name) => Shape::of_resource(name),
    };
    let listed = |item: Shape| Shape::List(Box::new(item));
    let entries = |fields: &[&'static str]| listed(Shape::record(fields.iter().copied()));
    let shapes = [
        object.as_ref().map(|raw| of_resource(raw.resource.value())),
        list.as_ref().map(|raw| listed(of_resource(raw.resource.value()))),
        events.as_ref().map(|_| entries(EVENT)),
        logs.as_ref().map(|_| entries(&[LINE, OF_CONTAINER].concat())),
        node_logs.as_ref().map(|_| entries(&[LINE, &["service"]].concat())),
        stats.as_ref().map(|_| {
            let (fs, volumes) = (Shape::record(MEASURED.iter().copied()), entries(&[MEASURED, OF_VOLUME].concat()));
            Shape::Record(
                [("node".to_owned(), Shape::Any), ("fs".to_owned(), fs), ("volumes".to_owned(), volumes)].into(),
            )
        }),
    ];
    shapes.into_iter().flatten().next().unwrap_or(Shape::Any)
}

/// The fields of an event, as evidence gives it; `eval::kinds` says what they are.
const EVENT: &[&str] = &["type", "reason", "component", "message", "count", "time", "first", "about", "about_name"];
/// The fields of a line of any log.
const LINE: &[&str] = &["time", "level", "message", "raw", "component", "about"];
/// Those that a line of a container's log has besides.
const OF_CONTAINER: &[&str] = &["namespace", "pod", "container"];
/// What a kubelet measures of a filesystem.
const MEASURED: &[&str] = &["capacity", "used", "available", "inodes", "inodes_used", "inodes_free", "time"];
/// Whose filesystem it is.
const OF_VOLUME: &[&str] = &["namespace", "pod", "volume", "claim", "abnormal"];
