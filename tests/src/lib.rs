//! What the tests share.

pub mod synthetic;
