//! The frozen, serialisable shape of a diagnosis.

pub mod schema;
pub mod v1;
