//! Text out of a report: one file a format. Renderers see only the [report](crate::report) and return
//! a `String`; writing it is the caller's.

pub mod explain;
pub mod handbook;
pub mod json;
pub mod list;
pub mod safe;
pub mod scan;
pub mod table;
pub mod text;
pub mod yaml;

mod cite;
mod language;
mod page;
mod phrase;
#[cfg(test)]
pub(crate) mod samples;
mod style;
mod wrap;

pub use language::Language;
pub use style::TextStyle;
