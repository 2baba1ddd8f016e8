//! The check language: CEL syntax, evaluated with three-valued logic.
//!
//! Source text goes through limits and token checks ([`compile()`]), is parsed by the grammar of CEL, and its names and
//! calls are resolved. Parsing is ours, since a fault has to be told where it is and in plain words, and since it is what
//! a start of the program waits for; a test holds it to what the `cel` crate makes of the same texts. Evaluation is ours
//! because a check must say exactly what it would have to know, must read a missing field as null, and must end after a
//! bounded number of steps.

mod budget;
mod compare;
mod compile;
mod eval;
mod fault;
mod function;
mod functions;
mod gist;
mod holds;
mod lexer;
mod literal;
mod lower;
mod names;
mod narrow;
mod nearest;
mod operators;
mod parse;
mod part;
mod reference;
mod scope;
mod selector;
mod shape;
mod show;
mod syntax;
mod template;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tree;
mod truth;

pub use budget::Budget;
pub use compile::{Check, compile};
pub use fault::Fault;
pub use function::{Example, FunctionDoc};
pub use functions::functions;
pub(crate) use holds::Ways;
pub use names::{Names, Slot};
pub use nearest::nearest;
pub(crate) use parse::is_word;
pub use reference::reference;
pub use scope::Scope;
pub(crate) use shape::{NoField, Shape};
pub use template::{Template, compile_template};
pub use truth::{Truth, truth};
