//! A live Kubernetes cluster as a source of evidence.
//!
//! [`Cluster::connect`] follows kubectl's rules for kubeconfig files and flags, and asks the API
//! server once whether it is there. After that a [`Cluster`] is a
//! [`Source`](storage_doctor::source::Source): each query becomes GET requests, and nothing else; a
//! failure is an answer, never an error and never a silent "absent".
//!
//! What it promises:
//! - it reads only: one function builds requests, and it builds GETs;
//! - it never asks for Secrets, and for `ConfigMap`s only those that carry [`PLAYBOOK_LABEL`], when asked to;
//! - nothing hangs: see [`ConnectOptions::request_timeout`] and [`ConnectOptions::run_timeout`];
//! - answers are bounded in size, and say so when something was left out.
//!
//! # Logging
//! kube and its HTTP client write to [`tracing`]. kube writes answers that it cannot decode, and the
//! addresses of failed requests, at levels WARN and ERROR. This crate decodes by itself, but a program
//! that installs a subscriber should still filter with `kube_client=off` by default.
//!
//! # Leaving the program
//! A name that does not resolve is looked up on a thread that cannot be stopped. A program that wants
//! to end at once calls `shutdown_background` on its tokio runtime.

mod answer;
mod breaker;
mod cluster;
mod config;
mod decode;
mod error;
mod exec;
mod files;
mod list;
mod log;
mod names;
mod node;
mod options;
mod path;
mod playbooks;
mod proxy;
mod text;
mod wire;

pub use cluster::Cluster;
pub use error::ConnectError;
pub use options::{ConnectOptions, Environment};
pub use playbooks::{PLAYBOOK_LABEL, PlaybookMap, PlaybooksError};
