//! What an author wrote: playbooks in YAML, loaded strictly.

mod causes;
mod codes;
mod compile;
mod define;
mod entries;
mod layers;
mod lint;
mod load;
mod locate;
mod matcher;
mod mend;
mod model;
mod raw;
mod raw_words;
mod regexes;
mod schema;
mod scope;
mod shape;
mod sink;
mod strict;
#[cfg(test)]
mod tests;
mod translation;
mod validate;
mod yaml;

pub(crate) use causes::parse_duration;
pub use codes::{codes, describe};
pub(crate) use define::uses;
pub use layers::{Assembled, Files, UsedFile, assemble};
pub use lint::lint;
pub use load::{Loaded, ReadError, load, read_each, read_path};
pub use matcher::Matcher;
pub use model::{
    Borrowed, Cause, CauseWords, Cite, Confidence, Definition, EvidenceDef, EvidenceKind, Link, LinkWords, MessageDef,
    Pattern, Playbook, Proof, Related, Remedy, Risk, Role, Severity, Waiting, Words,
};
pub use schema::schema;
pub(crate) use schema::schema_of;
pub(crate) use strict::read;

/// The playbooks that ship with storage-doctor. A test holds them free of problems; the error is for the
/// build that was made of others.
#[cfg(feature = "builtin")]
pub fn builtin() -> Result<Loaded, crate::problem::Problems> {
    let files: Vec<(String, String)> = storage_doctor_playbooks::FILES
        .iter()
        .map(|(name, text)| (format!("builtin/{name}"), (*text).to_owned()))
        .collect();
    load(&files)
}
