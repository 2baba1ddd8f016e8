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

/// Computes on a thread that may block, with `meanwhile` under way until that is done. What is left of `meanwhile` comes
/// back; none when it came to its end.
pub(crate) async fn beside<T, M>(compute: impl FnOnce() -> T + Send + 'static, mut meanwhile: M) -> (T, Option<M>)
where
    T: Send + 'static,
    M: Future<Output = ()> + Unpin,
{
    let mut computing = tokio::task::spawn_blocking(compute);
    let (computed, rest) = tokio::select! {
        computed = &mut computing => (computed, Some(meanwhile)),
        () = &mut meanwhile => (computing.await, None),
    };
    (computed.unwrap_or_else(|ended| std::panic::resume_unwind(ended.into_panic())), rest)
}

/// Does the work on a new thread, and waits for it. Reading the playbooks leaves some forty megabytes free that the
/// allocator keeps for the thread that read them; the next new thread takes them over, so that what a scan holds goes
/// where the parser was instead of beside it.
pub(crate) fn apart<T: Send>(work: impl Future<Output = T> + Send) -> T {
    let runtime = tokio::runtime::Handle::current();
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| runtime.block_on(work));
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
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
    async fn what_is_computed_waits_for_nothing_beside_it() {
        let (computed, rest) = beside(|| 1, std::future::pending()).await;
        assert!(computed == 1 && rest.is_some());
    }

    #[tokio::test]
    async fn what_is_beside_goes_on_meanwhile() {
        let (ended, end) = std::sync::mpsc::channel();
        let meanwhile = Box::pin(async move {
            tokio::task::yield_now().await;
            ended.send(2).unwrap();
        });
        let (computed, rest) = beside(move || end.recv().unwrap(), meanwhile).await;
        assert!(computed == 2 && rest.is_none());
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
