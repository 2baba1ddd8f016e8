//! `playbook list`: which playbooks there are.

use crate::args::List;
use crate::error::Failure;
use crate::exit::Exit;
use crate::{output, playbooks};
use storage_doctor::render::table;

pub(super) fn run(args: &List) -> Result<Exit, Failure> {
    let loaded = playbooks::load(&args.playbooks, args.look.color)?;
    let rows: Vec<Vec<String>> = loaded
        .playbooks
        .iter()
        .map(|playbook| {
            let causes = playbook.causes.len().to_string();
            vec![
                playbook.name.clone(),
                playbook.subject.to_string(),
                causes,
                playbook.origin.clone(),
                playbook.title.clone(),
            ]
        })
        .collect();
    if rows.is_empty() {
        output::note("No playbooks found.\n");
        return Ok(Exit::Fine);
    }
    output::print(&table::render(&["NAME", "SUBJECT", "CAUSES", "FROM", "TITLE"], &rows), false).map(|()| Exit::Fine)
}
