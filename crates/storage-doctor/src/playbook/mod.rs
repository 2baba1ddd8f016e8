//! What an author wrote: playbooks in YAML, loaded strictly.

pub mod load;
mod model;
pub mod schema;

pub use model::{
    Cause, Cite, Confidence, Definition, EvidenceDef, EvidenceKind, Link, MessageDef, Pattern, Playbook, Proof,
    Related, Remedy, Risk, Role, Severity, Waiting,
};
