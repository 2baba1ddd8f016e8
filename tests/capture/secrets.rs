//! No secret leaves.
