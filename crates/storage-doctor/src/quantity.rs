//! Kubernetes quantities.

/// A quantity such as `10Gi`, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(i128);
