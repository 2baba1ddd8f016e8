//! Scenarios: faults that are made, and what the diagnosis must say of them.

pub mod bench;
pub mod deny;
pub mod drivers;
pub mod expect;
pub mod load;
pub mod path;
pub mod pool;
pub mod run;
pub mod same;
pub mod spec;
pub mod steps;
pub mod tell;
pub mod tool;
