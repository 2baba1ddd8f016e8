//! `capture` itself.
