//! Checks over evidence: what holds, what does not, and what is not known.

mod cite;
mod exam;
mod kinds;
mod message;
mod outcome;

pub(crate) use cite::quote_citations;
pub(crate) use exam::{Common, Exam};
pub(crate) use outcome::{CauseOutcome, ChainLink, Outcome, examine};
