//! Why something could not be done, in a sentence.

use std::fmt::{self, Display};

/// What went wrong: what was attempted first, then why it failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble(String);

/// What most of the harness returns.
pub type Result<T, E = Trouble> = std::result::Result<T, E>;

impl Trouble {
    /// From a sentence.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Trouble {}

/// Says what was attempted when it failed.
pub trait Attempt<T> {
    /// Puts what was attempted before the reason.
    fn attempt(self, what: impl Display) -> Result<T>;
}

impl<T, E: Display> Attempt<T> for std::result::Result<T, E> {
    fn attempt(self, what: impl Display) -> Result<T> {
        self.map_err(|error| Trouble(format!("{what}: {error}")))
    }
}

impl<T> Attempt<T> for Option<T> {
    fn attempt(self, what: impl Display) -> Result<T> {
        self.ok_or_else(|| Trouble(what.to_string()))
    }
}
