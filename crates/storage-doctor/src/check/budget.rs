//! How long an evaluation may take, in steps rather than in time, so that it ends at the same place
//! on every machine.

use crate::value::Value;

/// Steps left to evaluate with. One step is about one operation, one list item, or 16 bytes of text.
#[derive(Clone, Debug)]
pub struct Budget {
    left: u64,
    spent: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(1_000_000)
    }
}

impl Budget {
    /// That many steps.
    pub fn new(steps: u64) -> Self {
        Self { left: steps, spent: false }
    }

    /// Steps left.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Whether more was asked for than there was. It stays so.
    pub fn is_spent(&self) -> bool {
        self.spent
    }

    /// Takes steps; false when there are not enough left.
    pub(super) fn spend(&mut self, steps: u64) -> bool {
        match self.left.checked_sub(steps) {
            Some(left) if !self.spent => {
                self.left = left;
                true
            }
            _ => {
                self.spent = true;
                false
            }
        }
    }

    /// Takes steps for so many items or pieces.
    pub(super) fn spend_items(&mut self, items: usize) -> bool {
        self.spend(u64::try_from(items).unwrap_or(u64::MAX))
    }

    /// Takes steps for so many bytes of text.
    pub(super) fn spend_bytes(&mut self, bytes: usize) -> bool {
        self.spend_items(bytes / 16)
    }

    /// What an evaluation gives that was not allowed to end.
    pub(crate) fn exhausted() -> Value {
        Value::failed("the check takes too many steps")
    }
}
