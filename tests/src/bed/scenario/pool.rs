//! Many things, some of them at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Runs all, so many at a time, in their order; what came of each, as they ended. `broken` tells of one that
/// panicked.
pub fn at_once<T: Sync, R: Send>(
    workers: usize,
    all: &[T],
    run: &(impl Fn(&T) -> R + Sync),
    broken: &(impl Fn(&T) -> R + Sync),
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let work = || {
        while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            let outcome = catch_unwind(AssertUnwindSafe(|| run(one))).unwrap_or_else(|_| broken(one));
            done.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..workers.min(all.len()) {
            scope.spawn(work);
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[test]
    fn each_is_run_once_and_no_more_than_so_many_at_a_time() {
        let all: Vec<usize> = (0..50).collect();
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let run = |one: &usize| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::yield_now();
            now.fetch_sub(1, Ordering::SeqCst);
            *one
        };
        let mut done = at_once(4, &all, &run, &|_| 0);
        done.sort_unstable();
        assert_eq!(done, all);
        assert!((1..=4).contains(&most.load(Ordering::SeqCst)));
    }

    #[test]
    fn one_that_panics_is_told_and_holds_up_nobody() {
        let run = |one: &i32| if *one == 2 { panic!("on purpose") } else { *one };
        let mut done = at_once(1, &[1, 2, 3], &run, &|one| -one);
        done.sort_unstable();
        assert_eq!(done, [-2, 1, 3]);
        assert_eq!(at_once(3, &[] as &[i32], &run, &|one| *one), [] as [i32; 0]);
    }
}
