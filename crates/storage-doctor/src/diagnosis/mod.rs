//! From outcomes to a diagnosis: ranked, chained, with what was ruled out and what is not known.

mod assemble;
mod group;
mod rank;
mod unknown;

pub(crate) use assemble::{Examined, assemble, not_seen, unfinished};
pub(crate) use group::{Diagnosed, list};
pub(crate) use unknown::entries as unknown_entries;
