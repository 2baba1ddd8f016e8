//! Loops: `exists`, `all`, `exists_one`, `map` and `filter`.

use super::super::part::Looped;
use super::super::tree::{Loop, Node};
use super::{Lowering, reserved};
use std::ops::Range;

const DEEPEST: usize = 3;

/// The loops, and how each is written.
pub(in super::super) const LOOPS: &[(&str, &str)] = &[
    ("exists", "list.exists(x, x > 1)"),
    ("all", "list.all(x, x > 1)"),
    ("exists_one", "list.exists_one(x, x > 1)"),
    ("map", "list.map(x, x + 1)"),
    ("filter", "list.filter(x, x > 1)"),
    ("has", "has(object.field)"),
];

impl Lowering<'_> {
    pub(super) fn looped(&mut self, written: &Looped, at: &Range<usize>) -> Node {
        let range = self.node(&written.range);
        if let Some(fault) = reserved(&written.variable.name, &written.variable.at) {
            return self.fault(fault);
        }
        if self.locals.len() == DEEPEST {
            return self.fault_at(at, "too-deep", format!("loops are nested at most {DEEPEST} deep"));
        }
        self.locals.push(written.variable.name.clone());
        let check = written.check.as_deref().map(|check| self.condition(check));
        let make = written.make.as_deref().map(|make| self.node(make));
        self.locals.pop();
        Node::Loop(Box::new(Loop { kind: written.kind, range, check, make }))
    }
}
