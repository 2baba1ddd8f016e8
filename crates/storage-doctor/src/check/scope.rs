//! Where a check gets its values from.

use super::Slot;
use crate::time::Time;
use crate::value::Value;

/// Gives the values of declared names, when they are asked for.
pub trait Scope {
    /// The value of a name. It is asked for once for each use, so the owner should keep it.
    fn value(&self, slot: Slot) -> Value;
    /// The time that counts as now.
    fn now(&self) -> Time;
}
