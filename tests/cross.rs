//! Every playbook on every recording and in every case: where each cause fires. A snapshot a playbook, so that a
//! change of one playbook that is heard in another one's world is seen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "these are tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use storage_doctor::doctor::Doctor;
use storage_doctor::playbook::{self, Playbook};
use storage_doctor::report::v1::Diagnosis;
use storage_doctor::source::Source;
use storage_doctor::source::recording::Recording;
use storage_doctor::subject::Kind;
use storage_doctor_tests::bed::{places, record, suite};
use storage_doctor_tests::library::{diagnose, doctor, playbooks, scan};
use storage_doctor_tests::recorded;

/// Where a code was seen: `recording: subject` or `file: case`.
type Seen = BTreeMap<String, BTreeSet<String>>;

fn note(seen: &mut Seen, diagnosis: &Diagnosis, place: &str) {
    for finding in &diagnosis.findings {
        seen.entry(finding.cause.clone()).or_default().insert(place.to_owned());
    }
    for waiting in &diagnosis.waiting {
        seen.entry(waiting.state.clone()).or_default().insert(place.to_owned());
    }
}

#[test]
fn every_cause_fires_where_it_did() {
    let playbooks: Arc<[Playbook]> = playbooks();
    let mut seen = Seen::new();
    for recorded in recorded::all() {
        let source = Recording::open(&recorded.folder).unwrap();
        let doctor = doctor(&source);
        for kind in Kind::all() {
            for item in scan(&doctor, kind.kind, None, &source).items {
                let namespace = item.subject.namespace.as_deref().unwrap_or("-");
                let place = format!("{}: {} {namespace}/{}", recorded.name, kind.names[0], item.subject.name);
                note(&mut seen, &item, &place);
            }
        }
    }
    note_scenarios(&mut seen, &playbooks);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../playbooks/cases");
    let cases = playbook::read_path(Path::new(folder)).unwrap();
    let outcome = storage_doctor::cases::run(&cases, &playbooks, None).unwrap_or_else(|problems| panic!("{problems}"));
    for case in &outcome.cases {
        let file = Path::new(&case.file).file_stem().unwrap().to_str().unwrap();
        if let Some(diagnosis) = &case.diagnosis {
            note(&mut seen, diagnosis, &format!("{file}: {}", case.name));
        }
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        for playbook in playbooks.iter() {
            insta::assert_snapshot!(format!("cross_{}", playbook.name), listing(playbook, &seen));
        }
    });
}

/// What is said of the subjects of the scenarios' recordings.
fn note_scenarios(seen: &mut Seen, playbooks: &Arc<[Playbook]>) {
    let loaded = suite::load().unwrap();
    for (name, (_, scenario)) in &loaded.scenarios {
        for (number, due) in scenario.expect.iter().enumerate() {
            let file = record::file_name(name, number);
            // Another test tells which recordings are missing.
            let Ok(source) = Recording::open(places::recordings().join(&file)) else { continue };
            let doctor = Doctor::new(Arc::clone(playbooks), source.taken_at().unwrap());
            let subject = record::replay::subject(due, name).unwrap();
            let place =
                format!("scenarios/{}: {}", file.trim_end_matches(".tar.gz"), due.subject.replace("${NS}", name));
            note(seen, &diagnose(&doctor, &subject, &source).unwrap(), &place);
        }
    }
}

/// Where each cause and waiting state of a playbook was seen. A playbook's own cases are only counted: they say
/// themselves what they find.
fn listing(playbook: &Playbook, seen: &Seen) -> String {
    let own = format!("{}: ", playbook.name);
    let mut out = String::new();
    let causes = playbook.causes.iter().map(|cause| cause.id.as_str());
    for id in causes.chain(playbook.waiting.iter().map(|state| state.id.as_str())) {
        let places = seen.get(id).cloned().unwrap_or_default();
        let (mine, others): (Vec<_>, Vec<_>) = places.into_iter().partition(|place| place.starts_with(&own));
        writeln!(out, "{id}: {} own cases", mine.len()).unwrap();
        for place in others {
            writeln!(out, "  {place}").unwrap();
        }
    }
    out
}
