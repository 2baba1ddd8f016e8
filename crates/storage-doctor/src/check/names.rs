//! The names a check may use, each with a slot of its own.

use super::{Fault, nearest};
use std::ops::Range;

/// Declared names, in slot order.
#[derive(Clone, Debug, Default)]
pub struct Names(Vec<String>);

/// The place of a declared name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub usize);

impl Names {
    /// No names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares a name and gives its slot; a name declared before keeps the slot it has.
    pub fn declare(&mut self, name: &str) -> Slot {
        self.slot(name).unwrap_or_else(|| {
            self.0.push(name.to_owned());
            Slot(self.0.len() - 1)
        })
    }

    /// The slot of a name.
    pub fn slot(&self, name: &str) -> Option<Slot> {
        self.0.iter().position(|n| n == name).map(Slot)
    }

    /// The name of a slot; empty for a slot of other names.
    pub fn name(&self, slot: Slot) -> &str {
        self.0.get(slot.0).map_or("", String::as_str)
    }

    /// How many names.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is declared.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names with their slots, in slot order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Slot, &str)> {
        self.0.iter().enumerate().map(|(i, name)| (Slot(i), name.as_str()))
    }

    /// The fault of using `name`, which is not declared here nor in `also`.
    pub(super) fn unknown(&self, name: &str, also: &[String], range: Range<usize>) -> Fault {
        let known = self.0.iter().chain(also).map(String::as_str);
        let help = match nearest(name, known).first() {
            Some(near) => format!("did you mean `{near}`?"),
            None if self.0.is_empty() => "no names are declared here".to_owned(),
            None => format!("declared here: {}", some_of(&self.0)),
        };
        Fault::new(range, "unknown-name", format!("unknown name `{name}`")).help(help)
    }
}

fn some_of(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
    let rest = if names.len() > shown.len() { ", …" } else { "" };
    format!("{}{rest}", shown.join(", "))
}
