//! What the tests share.

pub mod bed;
pub mod binary;
pub mod fake_api;
pub mod library;
pub mod recorded;
pub mod synthetic;
