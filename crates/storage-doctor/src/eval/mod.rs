//! Checks over evidence: what holds, what does not, and what is not known.

mod cite;
mod exam;
mod kinds;
mod message;
mod notes;
mod outcome;

pub(crate) use cite::quote_citations;
pub(crate) use exam::Exam;
pub(crate) use notes::Notes;
pub(crate) use outcome::{CauseOutcome, ChainLink, Outcome, examine};
