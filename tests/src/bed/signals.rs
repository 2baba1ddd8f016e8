//! An end that comes from outside: the cluster is taken down first.

use super::state::State;
use super::teardown;
use super::trouble::{Attempt, Result, Trouble};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// The exit code after a signal to stop.
const STOPPED: u8 = 130;

/// How often to look whether something was started after all was taken down, and how long to wait before.
const TRIES: usize = 5;
const PAUSE: Duration = Duration::from_millis(300);

/// Whether all is being taken down.
static STOPPING: AtomicBool = AtomicBool::new(false);

/// Fails when all is being taken down, so that nothing is made that would be left.
pub fn go_on() -> Result<()> {
    if STOPPING.load(Ordering::SeqCst) { Err(Trouble::new("the run was stopped")) } else { Ok(()) }
}

/// Does the work on a thread of its own; when somebody wants it to end first, takes down the cluster.
pub fn guard(state: &State, work: impl FnOnce() -> ExitCode + Send + 'static) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().attempt("no runtime")?;
    let (send, receive) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || send.send(work()));
    let ended = runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt()).attempt("signals cannot be caught")?;
        let mut terminate = signal(SignalKind::terminate()).attempt("signals cannot be caught")?;
        Ok(tokio::select! {
            code = receive => Some(code.unwrap_or(ExitCode::FAILURE)),
            _ = interrupt.recv() => None,
            _ = terminate.recv() => None,
        })
    })?;
    if let Some(code) = ended {
        return Ok(code);
    }
    eprintln!("\nbed: stopping");
    STOPPING.store(true, Ordering::SeqCst);
    // The work goes on until this process ends, and may start something more in the meantime.
    let mut down = Ok(());
    for _ in 0..TRIES {
        down = teardown::down(state);
        std::thread::sleep(PAUSE);
        down = down.and_then(|()| teardown::nothing_left(state));
        if down.is_ok() {
            break;
        }
    }
    down.map(|()| ExitCode::from(STOPPED))
}
