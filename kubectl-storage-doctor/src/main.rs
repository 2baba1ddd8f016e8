//! kubectl plugin: why is this Kubernetes volume stuck?
#![allow(clippy::disallowed_methods, reason = "the binary is where files, environment and clock are read")]

mod args;
mod commands;
mod duration;
mod environment;
mod error;
mod exit;
mod log;
mod output;
mod playbooks;
mod progress;
mod session;
mod sources;
mod target;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match args::parse(std::env::args_os()) {
        Ok(args) => args,
        Err(stop) => return stop.print().into(),
    };
    log::start();
    let color = args.color();
    match commands::run(args) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::complain(&failure, color);
            failure.exit().into()
        }
    }
}
