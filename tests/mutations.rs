//! Whatever one slip is made in a built-in playbook, lint says so, at the line of the slip.
//!
//! Every kind of slip, at every place where it can be made. A share of them is tried each time; with
//! `MUTATIONS=all` all are, and with `MUTATIONS=pod.yaml,claim.yaml` all of these files and no others.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "these are tests"
)]

#[path = "mutations/make.rs"]
mod make;
#[path = "mutations/places.rs"]
mod places;

use make::{Mutation, mutations};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use storage_doctor::playbook::lint;
use storage_doctor::problem::{Level, Problem};
use storage_doctor_playbooks::FILES;
use storage_doctor_tests::binary;

/// How many slips of each kind are tried in each file.
const OF_A_KIND: usize = 6;

/// A file with the libraries it uses, or a library with the playbooks that use it: a name that only one of them
/// reads is read.
fn with_libraries(name: &str, text: &str) -> Vec<(String, String)> {
    let stem = name.trim_end_matches(".yaml");
    let uses = |text: &str, library: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix("uses: ["));
        line.is_some_and(|line| line.trim_end_matches(']').split(',').any(|used| used.trim() == library))
    };
    let original = FILES.iter().find(|(file, _)| *file == name).unwrap().1;
    let readers: Vec<&(&str, &str)> = FILES.iter().filter(|(_, text)| uses(text, stem)).collect();
    let needed = |library: &str| {
        uses(original, library) || readers.iter().any(|(_, text)| library != stem && uses(text, library))
    };
    let libraries = FILES.iter().filter(|(file, _)| needed(file.trim_end_matches(".yaml")));
    let others = libraries.chain(readers.iter().copied()).filter(|(file, _)| *file != name);
    let mut files: Vec<_> = others.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    files.push((name.to_owned(), text.to_owned()));
    files
}

/// The problems of a file, by line.
fn problems(name: &str, text: &str) -> Vec<Problem> {
    lint(&with_libraries(name, text)).map(storage_doctor::problem::Problems::into_vec).unwrap_or_default()
}

/// The lines of a file that problems point at, and how many are errors.
fn pointed_at(name: &str, found: &[Problem]) -> BTreeSet<usize> {
    let places = found.iter().flat_map(|problem| std::iter::once(&problem.at).chain(&problem.also));
    places
        .filter(|place| place.file.name() == name)
        .map(|place| place.file.line_column(place.span.start).line)
        .collect()
}

/// Why a slip is not caught, if it is not.
fn escapes(name: &str, mutation: &Mutation, before: &BTreeSet<String>) -> Option<String> {
    let found = problems(name, &mutation.text);
    let new: Vec<Problem> = found.into_iter().filter(|problem| !before.contains(&problem.message)).collect();
    let told = format!("{name}:{} {}: {}", mutation.lines.start(), mutation.kind, mutation.what);
    if new.iter().all(|problem| problem.level == Level::Warning) {
        return Some(format!("{told}: no error"));
    }
    let lines = pointed_at(name, &new);
    let hit = lines.iter().any(|line| mutation.lines.contains(line));
    (!hit).then(|| format!("{told}: pointed at {lines:?}: {}", new[0].message))
}

/// Which slips are tried.
enum Tried {
    Some,
    All,
    /// Every one of these files.
    Of(Vec<String>),
}

/// What the environment asks for.
fn asked_for() -> Tried {
    match std::env::var("MUTATIONS") {
        Err(_) => Tried::Some,
        Ok(value) if value == "all" => Tried::All,
        Ok(names) => {
            let names: Vec<String> = names.split(',').map(|name| name.trim().to_owned()).collect();
            for name in &names {
                assert!(FILES.iter().any(|(file, _)| file == name), "MUTATIONS: there is no built-in file `{name}`");
            }
            Tried::Of(names)
        }
    }
}

/// Some of them, spread evenly, the same each time.
fn some(all: Vec<Mutation>) -> Vec<Mutation> {
    let mut kinds: BTreeMap<&str, Vec<Mutation>> = BTreeMap::new();
    for mutation in all {
        kinds.entry(mutation.kind).or_default().push(mutation);
    }
    let share = |of: Vec<Mutation>| {
        let step = of.len().div_ceil(OF_A_KIND).max(1);
        of.into_iter().skip(step / 2).step_by(step)
    };
    kinds.into_values().flat_map(share).collect()
}

#[test]
fn every_slip_is_pointed_at() {
    let asked_for = asked_for();
    let mut work = Vec::new();
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (name, text) in FILES {
        let all = mutations(text);
        for mutation in &all {
            counts.entry(mutation.kind).or_default().0 += 1;
        }
        let tried = match &asked_for {
            Tried::Some => some(all),
            Tried::Of(names) if !names.iter().any(|wanted| wanted == name) => Vec::new(),
            Tried::All | Tried::Of(_) => all,
        };
        for mutation in &tried {
            counts.entry(mutation.kind).or_default().1 += 1;
        }
        work.extend(tried.into_iter().map(|mutation| (*name, mutation)));
    }
    let before: BTreeMap<&str, BTreeSet<String>> = FILES
        .iter()
        .map(|(name, text)| (*name, problems(name, text).into_iter().map(|problem| problem.message).collect()))
        .collect();
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut escaped = Vec::new();
        while let Some((name, mutation)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
            escaped.extend(escapes(name, mutation, &before[name]));
        }
        escaped
    };
    let mut escaped = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect::<Vec<String>>()
    });
    for (kind, (all, tried)) in &counts {
        println!("{kind}: {tried} of {all} tried");
        assert!(*all >= 20, "hardly any place for {kind}");
    }
    escaped.sort();
    assert!(escaped.is_empty(), "{} of {} slips are not caught:\n{}", escaped.len(), work.len(), escaped.join("\n"));
}

#[test]
fn the_program_ends_with_2_and_names_the_line() {
    let (name, text) = FILES.iter().find(|(name, _)| *name == "pvc-lost.yaml").unwrap();
    let claim = FILES.iter().find(|(name, _)| *name == "claim.yaml").unwrap().1;
    for mutation in some(mutations(text)).iter().step_by(4) {
        let program = binary::program(["playbook", "lint", "--no-builtin", "claim.yaml", name]);
        let run = program.file("claim.yaml", claim).file(name, &mutation.text).run();
        assert_eq!(run.code, Some(2), "{}: {run:?}", mutation.what);
        let named = mutation.lines.clone().any(|line| {
            run.stderr.contains(&format!("{name}:{line}:"))
                || run.stderr.contains(&format!("\n{line:<3}|"))
                || run.stderr.contains(&format!("{line} | "))
        });
        assert!(named, "{} {:?}: {}", mutation.what, mutation.lines, run.stderr);
    }
}
