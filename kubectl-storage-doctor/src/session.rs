//! A run that waits for answers: with a progress line, and an end to it when somebody presses Ctrl-C.

use crate::error::Failure;
use crate::exit::Exit;
use crate::progress::Progress;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// More threads than these only wait for one another.
const MOST_THREADS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(3);

/// A file that is being written and is to be gone if the run is interrupted. Cloning shares it.
#[derive(Clone, Default)]
pub(crate) struct Partial(Arc<Mutex<Option<PathBuf>>>);

impl Partial {
    /// From now on, this file.
    pub(crate) fn begin(&self, path: &Path) {
        self.set(Some(path.to_owned()));
    }

    /// From now on, none.
    pub(crate) fn end(&self) {
        self.set(None);
    }

    fn set(&self, path: Option<PathBuf>) {
        if let Ok(mut partial) = self.0.lock() {
            *partial = path;
        }
    }

    fn remove(&self) {
        if let Some(path) = self.0.lock().ok().and_then(|mut partial| partial.take()) {
            // Nobody is left to be told.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Runs the work to its end.
pub(crate) fn run<T>(
    progress: &Progress,
    partial: &Partial,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new("cannot start").caused_by(&error))?;
    runtime.spawn(progress.clone().draw());
    runtime.spawn(interrupted(progress.clone(), partial.clone()));
    let result = runtime.block_on(work);
    progress.clear();
    // Looking up a name that does not resolve cannot be stopped, and is not waited for.
    runtime.shutdown_background();
    result
}

/// Computes on another thread while something else is waited for; if what is computed fails, nothing is waited for any
/// more. What is waited for stays on this thread, on which the scan goes on with it: lists that two threads read leave holes
/// in the memory of both.
pub(crate) async fn beside<T: Send + 'static>(
    compute: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    meanwhile: impl Future<Output = ()>,
) -> Result<T, Failure> {
    let computing = async {
        let computed = tokio::task::spawn_blocking(compute).await;
        computed.unwrap_or_else(|ended| std::panic::resume_unwind(ended.into_panic()))
    };
    let meanwhile = async {
        meanwhile.await;
        Ok(())
    };
    tokio::try_join!(computing, meanwhile).map(|(computed, ())| computed)
}

/// On how many threads subjects are examined.
pub(crate) fn threads() -> NonZeroUsize {
    std::thread::available_parallelism().map_or(NonZeroUsize::MIN, |there| there.min(MOST_THREADS))
}

/// Takes the progress line and the half-written file away and ends the process, even while the engine
/// computes.
#[expect(clippy::exit, reason = "whoever presses Ctrl-C wants no unwinding")]
async fn interrupted(progress: Progress, partial: Partial) {
    if tokio::signal::ctrl_c().await.is_ok() {
        progress.clear();
        partial.remove();
        std::process::exit(Exit::Interrupted as i32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_fails_waits_for_nothing_beside_it() {
        let failed = beside::<()>(|| Err(Failure::new("no")), std::future::pending()).await;
        assert_eq!(failed.unwrap_err().in_one_line(), Failure::new("no").in_one_line());
    }

    #[tokio::test]
    async fn what_is_computed_and_what_is_beside_it_come_to_their_ends() {
        // Each waits for the other.
        let ((start, begun), (tell, told)) = (std::sync::mpsc::channel(), std::sync::mpsc::channel());
        let mut ended = false;
        let compute = move || {
            start.send(()).unwrap();
            Ok(told.recv().unwrap())
        };
        let meanwhile = async {
            tokio::task::spawn_blocking(move || begun.recv()).await.unwrap().unwrap();
            tell.send(2).unwrap();
            ended = true;
        };
        assert_eq!(beside(compute, meanwhile).await.ok(), Some(2));
        assert!(ended);
    }

    #[test]
    fn only_a_file_that_is_being_written_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("half");
        let partial = Partial::default();
        for (ended, there) in [(true, true), (false, false)] {
            std::fs::write(&file, "half").unwrap();
            partial.begin(&file);
            if ended {
                partial.end();
            }
            partial.remove();
            assert_eq!(file.exists(), there);
        }
        partial.remove();
    }
}
