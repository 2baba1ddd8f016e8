//! What the tests share.

pub mod fake_api;
pub mod synthetic;
