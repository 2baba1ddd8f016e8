//! `schema`: the JSON Schema of a report, of a playbook or of cases.

use crate::args::SchemaOf;
use crate::error::Failure;
use crate::exit::Exit;
use crate::output;
use storage_doctor::render::json;
use storage_doctor::report::schema as report;
use storage_doctor::{cases, playbook};

pub(super) fn run(of: SchemaOf) -> Result<Exit, Failure> {
    let schema = match of {
        SchemaOf::Report => report::schema_diagnosis(),
        SchemaOf::Playbook => playbook::schema(),
        SchemaOf::Case => cases::schema(),
    };
    let text = json::render(&schema).map_err(|error| Failure::new("cannot write the schema").caused_by(&error))?;
    output::print(&text, false).map(|()| Exit::Fine)
}
