//! `explain`: what the playbooks know of a cause.

use crate::args::{Explain, PageFormat};
use crate::error::Failure;
use crate::exit::Exit;
use crate::{output, playbooks};
use serde_json::json;
use storage_doctor::check::nearest;
use storage_doctor::explain;
use storage_doctor::playbook::Playbook;
use storage_doctor::render::{self, json};
use storage_doctor::report::v1::API_VERSION;

pub(super) fn run(args: &Explain) -> Result<Exit, Failure> {
    let known = playbooks::known(&args.known)?.playbooks;
    let style = output::style(&args.known.look, args.verbose);
    let as_text = args.output == PageFormat::Text;
    let known = if as_text { playbooks::spoken(known, &args.known.look) } else { known };
    let found = explain::cause(&known, &args.cause);
    if found.is_empty() {
        return Err(unknown(&known, &args.cause));
    }
    if as_text {
        return output::print(&render::explain::render(&found, &style), style.color).map(|()| Exit::Fine);
    }
    let all = json!({ "apiVersion": API_VERSION, "kind": "Explanation", "items": found });
    let text = json::render(&all).map_err(|error| Failure::new("cannot write the explanation").caused_by(&error))?;
    output::print(&text, false).map(|()| Exit::Fine)
}

fn unknown(known: &[Playbook], cause: &str) -> Failure {
    let state = known.iter().flat_map(|p| &p.waiting).any(|state| state.id == cause);
    if state {
        let hint = format!("`kubectl storage-doctor playbook show {cause}` prints the playbook that knows it");
        return Failure::new(&format!("{cause:?} is no cause but a state that is waited for")).hint(&hint);
    }
    let causes = known.iter().flat_map(|playbook| &playbook.causes).map(|cause| cause.id.as_str());
    let near: Vec<String> = nearest(cause, causes).into_iter().map(|name| format!("{name:?}")).collect();
    let failure = Failure::new(&format!("no playbook knows a cause {cause:?}"));
    if near.is_empty() {
        return failure.hint("`kubectl storage-doctor playbook list -o json` lists the causes");
    }
    failure.hint(&format!("did you mean {}?", near.join(" or ")))
}
