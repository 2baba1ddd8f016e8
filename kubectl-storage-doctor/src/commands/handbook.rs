//! `handbook`: the playbooks as a page to read.

use crate::args::{Handbook, HandbookFormat};
use crate::error::Failure;
use crate::exit::Exit;
use crate::{output, playbooks};
use storage_doctor::check::nearest;
use storage_doctor::playbook::Playbook;
use storage_doctor::render::handbook;

pub(super) fn run(args: &Handbook) -> Result<Exit, Failure> {
    let known = playbooks::spoken(playbooks::known(&args.known)?.playbooks, &args.known.look);
    let chosen = choose(known, &args.names)?;
    let language = output::style(&args.known.look, false).language;
    let page = match args.output {
        HandbookFormat::Markdown => handbook::markdown(&chosen, language),
        HandbookFormat::Html => handbook::html(&chosen, language),
    };
    output::print(&page, false).map(|()| Exit::Fine)
}

/// The playbooks of these names, in the order of the names; all when none is named.
fn choose(known: Vec<Playbook>, names: &[String]) -> Result<Vec<Playbook>, Failure> {
    if names.is_empty() {
        return Ok(known);
    }
    let mut chosen: Vec<Playbook> = Vec::new();
    for name in names {
        let Some(playbook) = known.iter().find(|playbook| playbook.name == *name) else {
            let failure = Failure::new(&format!("no playbook is called {name:?}"));
            let near = nearest(name, known.iter().map(|playbook| playbook.name.as_str()));
            return Err(match near.first() {
                Some(near) => failure.hint(&format!("did you mean {near:?}?")),
                None => failure.hint("`kubectl storage-doctor playbook list` says which there are"),
            });
        };
        if chosen.iter().all(|there| there.name != *name) {
            chosen.push(playbook.clone());
        }
    }
    Ok(chosen)
}
