//! What can be known: questions, answers, and the store that holds them.

mod answer;
mod gap;
mod indexed;
mod query;
mod resource;
mod set;

pub use answer::Answer;
pub use gap::{Gap, Gaps, Why};
pub(crate) use indexed::Held;
pub use query::{LOG_WINDOW, Query};
pub(crate) use query::{NODE_PROXY, POD_LOGS};
pub use resource::Resource;
pub use set::Evidence;
