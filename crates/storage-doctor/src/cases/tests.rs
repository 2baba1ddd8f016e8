//! The runner itself: what must fail does fail.
