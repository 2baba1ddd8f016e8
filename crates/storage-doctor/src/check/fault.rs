//! What is wrong with the text of a check.

use std::ops::Range;

/// Something wrong with an expression or a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: bytes within the source text.
    pub range: Range<usize>,
    /// What kind of fault, in kebab case: `unknown-name`.
    pub code: &'static str,
    /// What is wrong, lower case and without full stop.
    pub message: String,
    /// What to do instead, if there is a good guess.
    pub help: Option<String>,
}

impl Fault {
    pub(super) fn new(range: Range<usize>, code: &'static str, message: impl Into<String>) -> Self {
        Self { range, code, message: message.into(), help: None }
    }

    /// With what to do instead; an empty text is none.
    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into()).filter(|help: &String| !help.is_empty());
        self
    }

    /// The same fault in a text in which this one's text begins at `offset`.
    #[must_use]
    pub(super) fn moved(mut self, offset: usize) -> Self {
        self.range = self.range.start + offset..self.range.end + offset;
        self
    }
}
