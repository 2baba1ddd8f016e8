//! From the authored shape to a valid playbook; gathers every problem on the way.

use super::causes;
use super::compile::{Compiler, Invalid, Shared, Valid, all};
use super::define::{define, uses};
use super::load::{Document, stem};
use super::model::{Definition, Link, Playbook, Related};
use super::raw::{RawLibrary, RawLink, RawPlaybook, RawRelated};
use super::scope::{Scope, Used, report_cycles};
use super::sink::did_you_mean;
use crate::check::{Slot, nearest};
use crate::problem::Problem;
use crate::span::{SourceFile, Sp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Turns documents into playbooks. `unread` are the names of files that were refused before; what
/// depends on them is not judged.
pub(super) fn validate(
    documents: &[(Arc<SourceFile>, Arc<Document>)],
    unread: &[String],
    shared: &mut Shared,
) -> Vec<Playbook> {
    let libraries = check_names(documents, shared);
    let mut playbooks = Vec::new();
    for (file, document) in documents {
        shared.begin();
        match &**document {
            Document::Translation(_) => {}
            Document::Library(raw) => library(file, raw, shared),
            Document::Playbook(raw) => {
                let Ok(used) = used_libraries(file, raw, &libraries, unread, shared) else { continue };
                playbooks.extend(playbook(file, raw, &used, shared));
            }
        }
    }
    if unread.is_empty() {
        check_instead_of(documents, shared);
    }
    playbooks
}

type Libraries<'a> = BTreeMap<&'a str, (&'a Arc<SourceFile>, &'a RawLibrary)>;

/// Checks the names of documents; gives the libraries by name.
fn check_names<'a>(documents: &'a [(Arc<SourceFile>, Arc<Document>)], shared: &mut Shared) -> Libraries<'a> {
    let mut libraries = Libraries::new();
    let mut seen: BTreeMap<&str, (&Arc<SourceFile>, &Sp<String>)> = BTreeMap::new();
    for (file, document) in documents {
        let name = match &**document {
            Document::Playbook(raw) => &raw.name,
            Document::Library(raw) => &raw.name,
            // Named after its playbook, which is checked where it is translated.
            Document::Translation(_) => continue,
        };
        let expected = stem(file.name());
        if !is_kebab(name) {
            let message = format!("`{}` is no name for a file's content", name.value());
            let problem = Problem::error("bad-name", file, name.span(), &message);
            shared.sink.push(problem.help("a name is made of a-z, 0-9 and - and starts with a letter"));
        } else if name.value() != expected {
            let message = format!("the name is `{}` but the file's is `{expected}`", name.value());
            let problem = Problem::error("name-mismatch", file, name.span(), &message);
            shared.sink.push(problem.help(&format!("name it `{expected}`, or the file `{}.yaml`", name.value())));
        }
        if let Some((first_file, first)) = seen.get(name.as_str()) {
            let message = format!("`{}` is loaded twice", name.value());
            let problem = Problem::error("duplicate-name", file, name.span(), &message);
            shared.sink.push(problem.label("the second").also(first_file, first.span(), "the first"));
        }
        seen.entry(name).or_insert((file, name));
        if let Document::Library(raw) = &**document {
            libraries.entry(name).or_insert((file, raw));
        }
    }
    libraries
}

/// Whether a code is in kebab case.
pub(super) fn is_kebab(code: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    code.len() <= 63 && code.starts_with(|c: char| c.is_ascii_lowercase()) && code.split('-').all(word)
}

/// A library on its own: its names and everything behind them.
fn library(file: &Arc<SourceFile>, raw: &RawLibrary, shared: &mut Shared) {
    let scope = Scope::of_library(file, raw, shared);
    // Playbooks compile it again over their own names; here it is reported, once.
    let _reported = definitions(&scope, shared);
}

/// The libraries that a playbook uses.
fn used_libraries<'a>(
    file: &Arc<SourceFile>,
    raw: &RawPlaybook,
    libraries: &Libraries<'a>,
    unread: &[String],
    shared: &mut Shared,
) -> Valid<Vec<Used<'a>>> {
    let mut used: Vec<Used<'a>> = Vec::new();
    let mut valid = Ok(());
    let mut refuse = |problem: Problem| {
        shared.sink.push(problem);
        valid = Err(Invalid);
    };
    let mut broken = false;
    let mut seen = BTreeSet::new();
    for name in &raw.uses {
        let error = |code, message: &str| Problem::error(code, file, name.span(), message);
        if !seen.insert(name.as_str()) {
            refuse(error("duplicate-name", &format!("`{}` is used twice", name.value())));
            continue;
        }
        match libraries.get(name.as_str()) {
            Some((_, library)) if library.subject.value() != raw.subject.value() => {
                let (mine, its) = (raw.subject.value(), library.subject.value());
                let message = format!("`{}` is for a {its}, this playbook for a {mine}", name.value());
                refuse(error("subject-mismatch", &message));
            }
            Some((file, library)) => used.push(Used { file, library, at: name.span() }),
            None if unread.iter().any(|u| u == name.value()) => broken = true,
            None => {
                let hint = did_you_mean(nearest(name, libraries.keys().copied()).first());
                let problem = error("unknown-library", &format!("no library `{}` is loaded{hint}", name.value()));
                refuse(problem.help("a library is a file of `kind: Library`, loaded along with the playbook"));
            }
        }
    }
    valid?;
    if broken { Err(Invalid) } else { Ok(used) }
}

/// What stands behind the names of a scope, in order of their slots.
fn definitions(scope: &Scope<'_>, shared: &mut Shared) -> Valid<Vec<Definition>> {
    let mut found = vec![Ok(Definition::Subject), Ok(Definition::Item)];
    // What is wrong in a library is reported with the library, not with everyone who uses it.
    let mut elsewhere = Shared::default();
    std::mem::swap(&mut elsewhere.regexes, &mut shared.regexes);
    let (libraries, own) = scope.defs.split_at(scope.own.min(scope.defs.len()));
    for def in libraries {
        found.push(define(
            &mut Compiler { file: def.file, names: &scope.names, shared: &mut elsewhere, in_each: false },
            def,
        ));
    }
    std::mem::swap(&mut elsewhere.regexes, &mut shared.regexes);
    for def in own {
        found.push(define(&mut Compiler { file: def.file, names: &scope.names, shared, in_each: false }, def));
    }
    let needs: Vec<Vec<Slot>> = found.iter().map(|d| d.as_ref().map(uses).unwrap_or_default()).collect();
    report_cycles(scope, &needs, shared);
    found.into_iter().collect()
}

fn playbook(file: &Arc<SourceFile>, raw: &RawPlaybook, used: &[Used<'_>], shared: &mut Shared) -> Option<Playbook> {
    let scope = Scope::of_playbook(file, raw, used, shared);
    let definitions = definitions(&scope, shared);
    let mut compiler = Compiler { file, names: &scope.names, shared, in_each: false };
    let symptom = compiler.check(&raw.symptom);
    let waiting = causes::waiting(&mut compiler, &scope, &raw.waiting);
    let causes = causes::causes(&mut compiler, &scope, &raw.causes);
    let chain = all(raw.chain.iter().map(|l| link(&mut compiler, l)));
    let related = all(raw.related.iter().map(|r| self::related(&mut compiler, r)));
    Some(Playbook {
        name: raw.name.value().clone(),
        title: raw.title.value().clone(),
        origin: file.name().to_owned(),
        subject: *raw.subject.value(),
        definitions: definitions.ok()?,
        symptom: symptom.ok()?,
        waiting: waiting.ok()?,
        causes: causes.ok()?,
        chain: chain.ok()?,
        related: related.ok()?,
        names: scope.names,
        libraries: scope.libraries,
        translations: BTreeMap::new(),
    })
}

pub(super) fn link(compiler: &mut Compiler<'_>, raw: &RawLink) -> Valid<Link> {
    let name = compiler.check(&raw.name);
    // The texts of a link are made for each name, which they see as `item`.
    compiler.in_each = true;
    let kind = compiler.template(&raw.kind);
    let namespace = compiler.maybe_template(raw.namespace.as_ref());
    let relation = compiler.template(&raw.relation);
    let state = compiler.template(&raw.state);
    compiler.in_each = false;
    Ok(Link {
        kind: kind?,
        namespace: namespace?,
        name: name?,
        relation: relation?,
        state: state?,
        direct: raw.direct.as_ref().is_some_and(|d| *d.value()),
    })
}

fn related(compiler: &mut Compiler<'_>, raw: &RawRelated) -> Valid<Related> {
    let names = compiler.check(&raw.names)?;
    Ok(Related {
        subject: *raw.subject.value(),
        names,
        relation: raw.relation.value().clone(),
        always: raw.always.as_ref().is_some_and(|a| *a.value()),
    })
}

/// A code that no loaded playbook has is likely misspelt; it may also be one of a playbook left out.
fn check_instead_of(documents: &[(Arc<SourceFile>, Arc<Document>)], shared: &mut Shared) {
    let playbooks = || {
        documents.iter().filter_map(|(file, document)| match &**document {
            Document::Playbook(raw) => Some((file, raw)),
            Document::Library(_) | Document::Translation(_) => None,
        })
    };
    let known: BTreeSet<&str> = playbooks().flat_map(|(_, p)| &p.causes).map(|c| c.id.as_str()).collect();
    for (file, raw) in playbooks() {
        for cause in &raw.causes {
            for other in &cause.instead_of {
                if known.contains(other.as_str()) {
                    continue;
                }
                let hint = did_you_mean(nearest(other, known.iter().copied()).first());
                let message = format!("no loaded playbook has a cause `{}`{hint}", other.value());
                shared.sink.push(Problem::warning("unknown-cause", file, other.span(), &message));
            }
        }
    }
}
