//! A regular expression with what searching by it costs.

use regex::Regex;

/// A regular expression of an author, and how slow it may be for each byte of a text.
#[derive(Clone, Debug)]
pub struct Matcher {
    /// The expression.
    pub regex: Regex,
    /// How many times the steps of a small expression it takes.
    weight: usize,
}

impl Matcher {
    /// An expression that was compiled within so many bytes. The crate's slowest engine visits every state for every
    /// byte, so what it takes grows with the size; small ones run on tables, whatever their size.
    pub(super) fn new(regex: Regex, size: usize) -> Self {
        let weight = match size >> 14 {
            0 | 1 => 1,
            times => times.saturating_mul(2),
        };
        Self { regex, weight }
    }

    /// What searching a text costs, in bytes of text that a small expression would have searched.
    pub(crate) fn cost(&self, text: &str) -> usize {
        text.len().saturating_mul(self.weight)
    }
}
