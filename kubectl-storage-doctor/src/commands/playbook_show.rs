//! `playbook show`: a playbook as it was written.

use crate::args::{PageFormat, Show};
use crate::error::Failure;
use crate::exit::Exit;
use crate::{output, playbooks};
use serde_json::json;
use storage_doctor::check::nearest;
use storage_doctor::playbook::{Assembled, UsedFile};
use storage_doctor::render::{json, safe};
use storage_doctor::report::v1::API_VERSION;

pub(super) fn run(args: &Show) -> Result<Exit, Failure> {
    let assembled = playbooks::known(&args.known)?;
    let found = find(&assembled, &args.name);
    if found.is_empty() {
        return Err(unknown(&assembled, &args.name));
    }
    let text = match args.output {
        PageFormat::Text => found.iter().map(|used| as_written(used)).collect::<Vec<_>>().join("---\n"),
        PageFormat::Json => {
            let items: Vec<_> = found.iter().map(|used| data(used)).collect();
            let list = json!({ "apiVersion": API_VERSION, "kind": "PlaybookSources", "items": items });
            json::render(&list).map_err(|error| Failure::new("cannot write the playbook").caused_by(&error))?
        }
    };
    output::print(&text, false).map(|()| Exit::Fine)
}

/// The file of that name; else those of the playbooks that know a cause, or a waiting state, of that name.
fn find<'a>(assembled: &'a Assembled, name: &str) -> Vec<&'a UsedFile> {
    if let Some(used) = assembled.file(name) {
        return vec![used];
    }
    let knows = assembled.playbooks.iter().filter(|playbook| {
        playbook.causes.iter().any(|cause| cause.id == name) || playbook.waiting.iter().any(|state| state.id == name)
    });
    knows.filter_map(|playbook| assembled.file(&playbook.name)).collect()
}

/// Where it comes from, as a comment, and the text. What a terminal would obey is written out.
fn as_written(used: &UsedFile) -> String {
    let mut out = format!("# From {}", safe::one_line(used.file.name(), safe::TEXT_LIMIT));
    if let Some(before) = used.replaces.first() {
        out.push_str(", instead of ");
        out.push_str(&safe::one_line(before, safe::TEXT_LIMIT));
    }
    out.push('\n');
    for line in safe::lines(used.file.text(), usize::MAX) {
        out.push_str(&line);
        out.push('\n');
    }
    out
}

fn data(used: &UsedFile) -> serde_json::Value {
    json!({ "name": used.name, "file": used.file.name(), "replaces": used.replaces, "text": used.file.text() })
}

fn unknown(assembled: &Assembled, name: &str) -> Failure {
    let names = assembled.used.iter().map(|used| used.name.as_str());
    let causes = assembled.playbooks.iter().flat_map(|playbook| &playbook.causes).map(|cause| cause.id.as_str());
    let known: Vec<&str> = names.chain(causes).collect();
    let near: Vec<String> = nearest(name, known).into_iter().map(|name| format!("{name:?}")).collect();
    let failure = Failure::new(&format!("no playbook and no cause is called {name:?}"));
    if near.is_empty() {
        return failure.hint("`kubectl storage-doctor playbook list` says which there are");
    }
    failure.hint(&format!("did you mean {}?", near.join(" or ")))
}
