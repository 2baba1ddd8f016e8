//! Words that people have seen are recognised by a message of their own cause, and by no root cause beside it that the
//! list does not know of.

use super::{Entry, catalogue, told};
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use storage_doctor::explain::explain;
use storage_doctor::log::parse_lines;
use storage_doctor::playbook::{Playbook, Role};
use storage_doctor::time::Time;
use storage_doctor_tests::{binary, library};

/// One thing that was seen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    is: String,
    from: String,
    text: String,
    #[serde(default)]
    also: BTreeSet<String>,
    nowhere: Option<String>,
}

fn samples() -> Vec<Sample> {
    serde_yaml::from_str(&fs::read_to_string(binary::root().join("docs/samples.yaml")).unwrap()).unwrap()
}

/// The text as it is, and without the head that a log line has.
fn readings(text: &str) -> BTreeSet<String> {
    let now = Time::parse("2026-11-20T10:00:00Z").unwrap();
    let mut readings = BTreeSet::from([text.to_owned()]);
    readings.extend(parse_lines(text, now).into_iter().map(|line| line.message));
    readings
}

/// Words that say nothing of a cause: a message that takes them takes any, and quotes what others have to read.
const EMPTY: [&str; 3] = ["qwertz", "error: it failed", "rpc error: code = Internal desc = it failed"];

/// The causes that quote a message with these words: those whose message takes other words too, and those that are
/// told apart by them, and whether each of these is a root cause.
fn recognised(playbooks: &[Playbook], text: &str) -> BTreeSet<(String, bool)> {
    let readings = readings(text);
    let has = |wording: &str, role: Role| {
        let wording = Regex::new(wording).unwrap();
        let tells = role != Role::RootCause || !EMPTY.iter().any(|empty| wording.is_match(empty));
        tells && readings.iter().any(|reading| wording.is_match(reading))
    };
    let causes = playbooks.iter().flat_map(|playbook| playbook.causes.iter().map(move |cause| (playbook, cause)));
    causes
        .filter(|(playbook, cause)| {
            let messages = explain(playbooks, playbook, cause).messages;
            messages.iter().flat_map(|message| &message.wordings).any(|wording| has(&wording.regex, cause.role))
        })
        .map(|(_, cause)| (cause.id.clone(), cause.role == Role::RootCause))
        .collect()
}

/// A case with these very words that finds this cause: some causes are proven by state, which the words echo.
fn shown_by_a_case(sample: &Sample) -> bool {
    let folder = binary::root().join("playbooks/cases");
    let files = fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let quoted = sample.text.replace('\'', "''");
    files.into_iter().any(|file| {
        file.split("\n  - name: ").any(|case| {
            let finds =
                case.lines().map(str::trim).find_map(|l| l.strip_prefix("finds: [").or(l.strip_prefix("echoes: [")));
            let first = finds.and_then(|list| list.split([',', ']']).next());
            first == Some(sample.is.as_str()) && (case.contains(&quoted) || case.contains(&sample.text))
        })
    })
}

#[test]
fn what_was_seen_is_recognised_as_what_it_is() {
    let (playbooks, catalogue, told) = (library::playbooks(), catalogue(), told());
    let entry = |id: &str| -> &Entry { catalogue.iter().find(|entry| entry.id == id).unwrap() };
    let mut wrong = Vec::new();
    for sample in samples() {
        let found = recognised(&playbooks, &sample.text);
        let by_state = entry(&sample.is).role == "healthy" || sample.nowhere.is_some();
        let own = if by_state { told.contains_key(&sample.is) } else { found.iter().any(|(id, _)| *id == sample.is) };
        if !own && !shown_by_a_case(&sample) && entry(&sample.is).why_not.is_none() {
            wrong.push(format!("{} ({}) is not recognised, but: {found:?}", sample.is, sample.from));
        }
        let roots: BTreeSet<&String> =
            found.iter().filter(|(id, root)| *root && *id != sample.is).map(|(id, _)| id).collect();
        let listed: BTreeSet<&String> = sample.also.iter().collect();
        if roots != listed {
            wrong.push(format!(
                "{} ({}) is also told by {roots:?}, and the list says {listed:?}",
                sample.is, sample.from
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
