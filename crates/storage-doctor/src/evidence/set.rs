//! The store.

/// Every answer so far.
#[derive(Debug, Default)]
pub struct Evidence {}
