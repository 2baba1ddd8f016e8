//! Troubleshooting playbooks for Kubernetes storage: evidence in, proven root cause out.
//!
//! The way of the data, one way only:
//! playbooks are loaded and validated; for a [`Subject`](subject::Subject) the planner says which
//! questions to ask; a [`Source`](source::Source) answers them; checks are evaluated over the
//! evidence; the diagnosis becomes a [report](report), and a [renderer](render) makes text of it.
//! The engine does no I/O of its own, reads no clock and prints nothing.

pub mod cases;
pub mod check;
pub mod diagnosis;
pub mod doctor;
pub mod eval;
pub mod evidence;
pub mod explain;
mod fields;
pub mod log;
pub mod plan;
pub mod playbook;
pub mod problem;
pub mod quantity;
pub mod render;
pub mod report;
pub mod selector;
mod serving;
pub mod source;
pub mod span;
pub mod subject;
pub mod time;
pub mod value;
mod value_de;
mod value_ser;
