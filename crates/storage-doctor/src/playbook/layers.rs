//! Playbooks from several places: a later one replaces an earlier one of its name, and what is broken is
//! left out with everything that is wrong in it, so that it hides no answer of the others.

use super::compile::Shared;
use super::load::{Document, read, stem};
use super::model::Playbook;
use super::sink::Sink;
use super::{translation, validate};
use crate::problem::{Level, Problem};
use crate::span::{SourceFile, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Files of one place, each with its name as shown to a person, and its text.
pub type Files = Vec<(String, String)>;

/// What was loaded from several places.
#[derive(Debug, Default)]
pub struct Assembled {
    /// The playbooks. One that replaces another stands in its place.
    pub playbooks: Vec<Playbook>,
    /// Every file that is used, in order: playbooks, libraries and translations.
    pub used: Vec<UsedFile>,
    /// What is wrong with the files that were left out.
    pub errors: Vec<Problem>,
    /// What is worth mending in those that are used.
    pub warnings: Vec<Problem>,
}

/// A file that is used.
#[derive(Clone, Debug)]
pub struct UsedFile {
    /// The name of what it holds; a translation's with its language: `pvc-pending.zh`.
    pub name: String,
    /// The file.
    pub file: Arc<SourceFile>,
    /// The names of the files of that name that it replaces, the latest first.
    pub replaces: Vec<String>,
}

impl Assembled {
    /// The names of the files that were left out, in order.
    pub fn left_out(&self) -> Vec<&str> {
        let names: BTreeSet<&str> = self.errors.iter().map(|problem| problem.at.file.name()).collect();
        names.into_iter().collect()
    }

    /// The file that holds the playbook, library or translation of this name.
    pub fn file(&self, name: &str) -> Option<&UsedFile> {
        self.used.iter().find(|used| used.name == name)
    }
}

struct Entry {
    name: String,
    layer: usize,
    file: Arc<SourceFile>,
    /// None once it is refused.
    document: Option<Arc<Document>>,
}

/// Loads what can be loaded of these places, the earliest first. A playbook that uses a broken library is
/// left out with it; where a broken file would have replaced a good one, the good one stays.
pub fn assemble(layers: &[Files]) -> Assembled {
    let mut found = Assembled::default();
    let mut entries: Vec<Entry> = Vec::new();
    for (layer, files) in layers.iter().enumerate() {
        for (name, text) in files {
            let file = SourceFile::new(name.as_str(), text.as_str());
            let mut sink = Sink::default();
            let document = read(&file, &mut sink).map(Arc::new);
            found.sort(sink.into_problems(), document.is_none());
            let name = document.as_ref().map_or_else(|| stem(file.name()).to_owned(), |d| d.full_name());
            entries.push(Entry { name, layer, file, document });
        }
    }
    let mut shared = Shared::default();
    // Every turn refuses at least one file, so this ends.
    loop {
        shared.sink = Sink::default();
        let chosen = choose(&entries);
        let documents: Vec<(Arc<SourceFile>, Arc<Document>)> =
            chosen.iter().filter_map(|&n| entries.get(n)?.pair()).collect();
        let lost = lost(&entries, &chosen);
        let playbooks = validate::validate(&documents, &lost, &mut shared);
        let mut problems = std::mem::take(&mut shared.sink).into_problems();
        if problems.iter().all(|problem| problem.level != Level::Error) {
            problems.extend(without_a_word(&documents, &playbooks, &lost));
        }
        let guilty = guilty(&entries, &chosen, &problems);
        if guilty.is_empty() {
            found.playbooks = playbooks;
            found.sort(problems, false);
            found.used = used(&entries, &chosen);
            translate(&mut found, &entries, &chosen, &mut shared);
            return found;
        }
        for (n, blamed) in guilty {
            let Some(entry) = entries.get_mut(n) else { continue };
            entry.document = None;
            found.errors.extend(blamed);
        }
    }
}

impl Entry {
    fn pair(&self) -> Option<(Arc<SourceFile>, Arc<Document>)> {
        Some((Arc::clone(&self.file), Arc::clone(self.document.as_ref()?)))
    }
}

impl Assembled {
    /// Keeps problems; `refused` says that their file is left out.
    fn sort(&mut self, problems: Vec<Problem>, refused: bool) {
        if refused { self.errors.extend(problems) } else { self.warnings.extend(problems) }
    }
}

/// The last good one of each name, in the place of the first.
fn choose(entries: &[Entry]) -> Vec<usize> {
    let mut places: Vec<&str> = Vec::new();
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    for (n, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.document.is_some()) {
        if last.insert(&entry.name, n).is_none() {
            places.push(&entry.name);
        }
    }
    places.into_iter().filter_map(|name| last.get(name).copied()).collect()
}

/// Names of which no good file is left.
fn lost(entries: &[Entry], chosen: &[usize]) -> Vec<String> {
    let there: BTreeSet<&str> = chosen.iter().filter_map(|&n| entries.get(n)).map(|e| e.name.as_str()).collect();
    let lost: BTreeSet<&str> = entries.iter().map(|e| e.name.as_str()).filter(|name| !there.contains(name)).collect();
    lost.into_iter().map(str::to_owned).collect()
}

/// Playbooks that are left out only since a library that they use is.
fn without_a_word(
    documents: &[(Arc<SourceFile>, Arc<Document>)],
    playbooks: &[Playbook],
    lost: &[String],
) -> Vec<Problem> {
    let silent = |file: &Arc<SourceFile>| !playbooks.iter().any(|p| p.origin == file.name());
    let mut found = Vec::new();
    for (file, document) in documents {
        let Document::Playbook(raw) = &**document else { continue };
        if !silent(file) {
            continue;
        }
        let broken = raw.uses.iter().find(|name| lost.contains(name.value()));
        let (span, message) = match broken {
            Some(name) => (name.span(), format!("the library `{}` that this playbook uses is broken", name.value())),
            None => (raw.name.span(), "a library that this playbook uses is broken".to_owned()),
        };
        found.push(Problem::error("broken-library", file, span, &message));
    }
    found
}

/// The files to refuse, with their problems. A library of a later place that breaks a playbook of an earlier
/// one is to blame for it.
fn guilty(entries: &[Entry], chosen: &[usize], problems: &[Problem]) -> BTreeMap<usize, Vec<Problem>> {
    let mut guilty: BTreeMap<usize, Vec<Problem>> = BTreeMap::new();
    for problem in problems.iter().filter(|p| p.level == Level::Error) {
        let place = chosen.iter().find(|&&n| entries.get(n).is_some_and(|e| Arc::ptr_eq(&e.file, &problem.at.file)));
        // Nothing is reported of other files; were it so, no file could be refused for it.
        let Some((&n, entry)) = place.and_then(|n| Some((n, entries.get(*n)?))) else { continue };
        match intruder(entries, chosen, entry) {
            Some((library, file)) => {
                let message = format!("`{}` does not suit playbook `{}`: {}", library.1, entry.name, problem.message);
                let blamed = Problem::error("unfit-library", &file, Span::new(0, 1), &message);
                let blamed = blamed.also(&problem.at.file, problem.at.span, "needed here");
                guilty.entry(library.0).or_default().push(blamed);
            }
            None => guilty.entry(n).or_default().push(problem.clone()),
        }
    }
    guilty
}

/// A library of a later place than this playbook, which replaces one that the playbook was written for.
fn intruder<'a>(
    entries: &'a [Entry],
    chosen: &[usize],
    playbook: &Entry,
) -> Option<((usize, &'a str), Arc<SourceFile>)> {
    let Document::Playbook(raw) = &**playbook.document.as_ref()? else { return None };
    chosen.iter().find_map(|&n| {
        let library = entries.get(n)?;
        let used = raw.uses.iter().any(|name| *name.value() == library.name);
        let before = entries.iter().take(n).any(|e| e.name == library.name && e.document.is_some());
        (used && before && library.layer > playbook.layer)
            .then(|| ((n, library.name.as_str()), Arc::clone(&library.file)))
    })
}

/// The files that are used, with what they replace.
fn used(entries: &[Entry], chosen: &[usize]) -> Vec<UsedFile> {
    let one = |&n: &usize| {
        let entry = entries.get(n)?;
        let earlier = entries.iter().take(n).rev().filter(|e| e.name == entry.name && e.document.is_some());
        Some(UsedFile {
            name: entry.name.clone(),
            file: Arc::clone(&entry.file),
            replaces: earlier.map(|e| e.file.name().to_owned()).collect(),
        })
    };
    chosen.iter().filter_map(one).collect()
}

/// Gives playbooks their translations. One that was replaced takes its translations along.
fn translate(found: &mut Assembled, entries: &[Entry], chosen: &[usize], shared: &mut Shared) {
    let layers: BTreeMap<&str, usize> =
        chosen.iter().filter_map(|&n| entries.get(n)).map(|e| (e.name.as_str(), e.layer)).collect();
    let mut left_out = BTreeSet::new();
    for entry in chosen.iter().filter_map(|&n| entries.get(n)) {
        let Some(Document::Translation(raw)) = entry.document.as_deref() else { continue };
        let of = raw.name.value().as_str();
        if layers.get(of).is_some_and(|layer| *layer > entry.layer) {
            left_out.insert(entry.name.clone());
            continue;
        }
        shared.begin();
        // A playbook that is broken cannot be translated, and that has been said.
        let lost = entries.iter().any(|e| e.name == of) && !layers.contains_key(of);
        if !lost {
            translation::add(&entry.file, raw, &mut found.playbooks, shared);
        }
        let problems = std::mem::take(&mut shared.sink).into_problems();
        let refused = lost || problems.iter().any(|p| p.level == Level::Error);
        if refused {
            left_out.insert(entry.name.clone());
        }
        found.sort(problems, refused);
    }
    found.used.retain(|used| !left_out.contains(&used.name));
}
