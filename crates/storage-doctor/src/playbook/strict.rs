//! Reading other authored files as strictly as playbooks.

use super::sink::Sink;
use super::{load, schema, shape, yaml};
use crate::problem::Problems;
use crate::span::SourceFile;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// The document of a file: within the same limits as a playbook, its structure checked by the schema of
/// its type, so that every mismatch is found, with its place and what was probably meant. `called` names the
/// whole in messages: `this file`.
pub(crate) fn read<T: DeserializeOwned + JsonSchema>(file: &Arc<SourceFile>, called: &str) -> Result<T, Problems> {
    let mut sink = Sink::default();
    let document = yaml::parse(file, &mut sink).and_then(|root| {
        let definitions = schema::definitions_of::<T>();
        shape::check_as(file, &root, (&definitions, &T::schema_name()), called, &mut sink)?;
        if sink.errors() > 0 { None } else { load::typed(file, &mut sink) }
    });
    match (document, Problems::new(sink.into_problems())) {
        (Some(document), None) => Ok(document),
        (_, Some(problems)) => Err(problems),
        // Nothing is refused without a word, but the types do not say so.
        (None, None) => Err(Problems::of(crate::problem::Problem::error(
            "yaml-structure",
            file,
            crate::span::Span::default(),
            "the file cannot be read",
        ))),
    }
}
