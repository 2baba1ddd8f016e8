//! What came back. Failing to answer is itself an answer.

use super::{Gap, Query, Why};
use crate::value::Value;

/// The answer to a [`Query`](super::Query).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Answer {
    /// The object, the list or the text.
    Found(Value),
    /// A part of it, and why not all: what is in it is true, what is missing proves nothing.
    Truncated(Value, String),
    /// The server, or a complete recording, says that it does not exist.
    Absent,
    /// The server refuses to tell (401 with valid credentials does not come here; 403 does).
    Denied {
        /// The server's own words, bounded.
        message: String,
    },
    /// No answer: no connection, a timeout, an error of the server.
    Unreachable {
        /// Why, in a few words.
        why: String,
    },
    /// A recording that does not hold it, which says nothing about the cluster.
    NotRecorded,
}

impl Answer {
    /// What stays open about `query` after this answer; nothing when it is answered whole, which a plain
    /// "it does not exist" is, too.
    pub fn gap(&self, query: &Query) -> Option<Gap> {
        let why = match self {
            Self::Found(_) | Self::Absent => return None,
            Self::Truncated(_, why) => Why::Truncated(why.clone()),
            Self::Denied { message } => Why::Denied(message.clone()),
            Self::Unreachable { why } => Why::Unreachable(why.clone()),
            Self::NotRecorded => Why::NotRecorded,
        };
        Some(Gap { query: Some(query.clone()), why })
    }
}
