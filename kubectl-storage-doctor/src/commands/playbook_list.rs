//! `playbook list`: which playbooks there are, where they come from, and what they replace.

use crate::args::{List, PageFormat};
use crate::error::Failure;
use crate::exit::Exit;
use crate::{output, playbooks};
use serde_json::{Value, json};
use storage_doctor::playbook::{Assembled, Playbook};
use storage_doctor::render::{json, table};
use storage_doctor::report::v1::API_VERSION;

pub(super) fn run(args: &List) -> Result<Exit, Failure> {
    let assembled = playbooks::known(&args.known)?;
    if args.output == PageFormat::Json {
        let failed = |error| Failure::new("cannot write the list").caused_by(&error);
        return output::print(&json::render(&data(&assembled)).map_err(failed)?, false).map(|()| Exit::Fine);
    }
    let replaced = assembled.used.iter().any(|used| !used.replaces.is_empty());
    let mut headers = vec!["NAME", "SUBJECT", "CAUSES", "FROM", "TITLE"];
    if replaced {
        headers.insert(4, "REPLACES");
    }
    let spoken = playbooks::spoken(assembled.playbooks.clone(), &args.known.look);
    let rows: Vec<Vec<String>> = spoken.iter().map(|playbook| row(playbook, &assembled, replaced)).collect();
    if rows.is_empty() {
        output::note("No playbooks found.\n");
        return Ok(Exit::Fine);
    }
    output::print(&table::render(&headers, &rows), false).map(|()| Exit::Fine)
}

fn row(playbook: &Playbook, assembled: &Assembled, replaced: bool) -> Vec<String> {
    let mut row = vec![
        playbook.name.clone(),
        playbook.subject.to_string(),
        playbook.causes.len().to_string(),
        playbook.origin.clone(),
        playbook.title.clone(),
    ];
    if replaced {
        row.insert(4, replaces(playbook, assembled).join(", "));
    }
    row
}

fn replaces<'a>(playbook: &Playbook, assembled: &'a Assembled) -> &'a [String] {
    assembled.file(&playbook.name).map(|used| used.replaces.as_slice()).unwrap_or_default()
}

fn data(assembled: &Assembled) -> Value {
    let item = |playbook: &Playbook| {
        let causes: Vec<&str> = playbook.causes.iter().map(|cause| cause.id.as_str()).collect();
        let waiting: Vec<&str> = playbook.waiting.iter().map(|state| state.id.as_str()).collect();
        let languages: Vec<&String> = playbook.translations.keys().collect();
        json!({
            "name": playbook.name, "title": playbook.title, "subject": playbook.subject.to_string(),
            "file": playbook.origin, "replaces": replaces(playbook, assembled), "causes": causes,
            "waiting": waiting, "languages": languages,
        })
    };
    let problems: Vec<_> = assembled.errors.iter().map(storage_doctor::problem::Problem::to_record).collect();
    json!({
        "apiVersion": API_VERSION, "kind": "PlaybookList",
        "items": assembled.playbooks.iter().map(item).collect::<Vec<_>>(),
        "leftOut": assembled.left_out(), "problems": problems,
    })
}
