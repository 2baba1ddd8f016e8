//! What could not be seen, as a value that travels through every check.

use super::Query;
use std::collections::BTreeSet;
use std::fmt;

/// Why something is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Why {
    /// Not asked yet. Only the planner sees it.
    Pending,
    /// The server refuses to tell.
    Denied(String),
    /// No answer came.
    Unreachable(String),
    /// The recording does not hold it.
    NotRecorded,
    /// Only a part was seen.
    Truncated(String),
    /// The check itself could not be computed (a type that does not fit, a limit reached).
    Failed(String),
}

/// One thing that is not known, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gap {
    /// The question that stayed open; none when the check itself failed.
    pub query: Option<Query>,
    /// Why.
    pub why: Why,
}

impl Gap {
    /// A check that could not be computed.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { query: None, why: Why::Failed(message.into()) }
    }

    /// The right that would settle it, if a right would.
    pub fn right(&self) -> Option<String> {
        match (&self.why, &self.query) {
            (Why::Denied(_), Some(query)) => Some(query.right()),
            _ => None,
        }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.query.as_ref().map_or_else(|| "a check".to_owned(), ToString::to_string);
        match &self.why {
            Why::Pending => write!(f, "{what}: not asked yet"),
            Why::Denied(_) => write!(f, "{what}: denied"),
            Why::Unreachable(why) => write!(f, "{what}: no answer ({why})"),
            Why::NotRecorded => write!(f, "{what}: not recorded"),
            Why::Truncated(why) => write!(f, "{what}: seen in part ({why})"),
            Why::Failed(why) => write!(f, "{what} could not be computed: {why}"),
        }
    }
}

/// A set of gaps: everything that would have to be known to settle a value.
pub type Gaps = BTreeSet<Gap>;
