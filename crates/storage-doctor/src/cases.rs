//! Made-up clusters with what must be found in them, and what must not: tests of playbooks, written by
//! whoever writes the playbooks.
//!
//! A case is a list of manifests, events and log lines, and an expectation. Beyond what it says, every
//! case is held to the laws of the engine: seeing less never makes another cause certain nor a failing
//! subject healthy, and the same cluster gives the same report.

mod cluster;
mod compare;
mod coverage;
mod event;
mod laws;
mod load;
mod manifest;
mod names;
mod outcome;
mod raw;
mod run;
#[cfg(test)]
mod tests;

pub use coverage::Coverage;
pub use outcome::{CaseOutcome, Mismatch, Outcome};
pub use raw::schema;
pub use run::run;
