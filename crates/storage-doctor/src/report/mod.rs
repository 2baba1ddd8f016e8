//! The frozen, serialisable shape of a diagnosis.

pub mod v1;
