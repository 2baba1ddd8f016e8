//! A real Kubernetes for the tests, without Docker: etcd, the control plane, two nodes and CSI drivers that break
//! on request, in namespaces of their own.
//!
//! All processes live in one PID namespace, so that ending its first process ends them all; all mounts live in
//! one mount namespace, which goes with the last of them; all sockets live in one network namespace without a way
//! out. What the kernel does not take back by itself (control groups, loop devices, files) lies under one folder or
//! bears its name, and [`teardown`] finds it there, also after the harness was killed.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a harness reads files and the environment, waits, and tells how far it is"
)]
#![allow(clippy::indexing_slicing, reason = "only JSON is indexed, where a field that is not there is null")]

pub mod access;
pub mod api;
pub mod apply;
pub mod audit;
pub mod build;
pub mod checks;
pub mod cluster;
pub mod command;
pub mod control_plane;
pub mod deploy;
pub mod existing;
pub mod fill;
pub mod host;
pub mod images;
pub mod lock;
pub mod node;
pub mod packages;
pub mod pki;
pub mod places;
pub mod process;
pub mod sandbox;
pub mod scenario;
pub mod server;
pub mod signals;
pub mod state;
pub mod suite;
pub mod teardown;
pub mod tier;
pub mod trouble;
pub mod wait;

pub use trouble::{Result, Trouble};
