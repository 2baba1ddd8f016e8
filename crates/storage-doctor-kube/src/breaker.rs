//! When something has failed often enough in a row, ask no more: the rest of a diagnosis must not wait
//! a whole deadline for each of its questions.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// After so many failures in a row nothing more is sent.
const ENOUGH: u32 = 3;
/// After so long, one more try: a cluster that is kept for hours must recover.
const REST: Duration = Duration::from_secs(10);

/// Remembers failures: of the connection, and of single resources that never answer (a dead conversion
/// webhook or aggregated API stalls its own resources only).
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    tallies: Mutex<BTreeMap<Option<String>, Tally>>,
}

#[derive(Debug)]
struct Tally {
    failures: u32,
    last: Instant,
    why: String,
}

impl Breaker {
    /// Why a request for `resource` need not be sent, if it need not.
    pub(crate) fn refusal(&self, resource: &str) -> Option<String> {
        let tallies = self.tallies();
        [None, Some(resource.to_owned())]
            .iter()
            .filter_map(|key| tallies.get(key))
            .find(|tally| tally.failures >= ENOUGH && tally.last.elapsed() < REST)
            .map(|tally| format!("{} (not asked again)", tally.why))
    }

    /// An answer began: the connection is good.
    pub(crate) fn connected(&self) {
        self.tallies().remove(&None);
    }

    /// An answer for `resource` came whole.
    pub(crate) fn answered(&self, resource: &str) {
        self.tallies().remove(&Some(resource.to_owned()));
    }

    /// No connection, or one that broke before an answer began.
    pub(crate) fn disconnected(&self, why: &str) {
        self.fail(None, why);
    }

    /// No answer for `resource` within the deadline.
    pub(crate) fn stalled(&self, resource: &str, why: &str) {
        self.fail(Some(resource.to_owned()), why);
    }

    fn fail(&self, key: Option<String>, why: &str) {
        let now = Instant::now();
        let mut tallies = self.tallies();
        let tally = tallies.entry(key).or_insert(Tally { failures: 0, last: now, why: String::new() });
        tally.failures = tally.failures.saturating_add(1);
        tally.last = now;
        why.clone_into(&mut tally.why);
    }

    fn tallies(&self) -> MutexGuard<'_, BTreeMap<Option<String>, Tally>> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_in_a_row_are_enough() {
        let breaker = Breaker::default();
        for _ in 0..2 {
            breaker.disconnected("refused");
        }
        assert_eq!(breaker.refusal("pods"), None);
        breaker.connected();
        breaker.disconnected("refused");
        assert_eq!(breaker.refusal("pods"), None, "an answer in between starts the count anew");
        for _ in 0..2 {
            breaker.disconnected("refused");
        }
        assert_eq!(breaker.refusal("pods").as_deref(), Some("refused (not asked again)"));
    }

    #[test]
    fn a_resource_that_stalls_stops_only_itself() {
        let breaker = Breaker::default();
        for _ in 0..3 {
            breaker.stalled("volumesnapshots.snapshot.storage.k8s.io", "no answer within 5s");
        }
        assert!(breaker.refusal("volumesnapshots.snapshot.storage.k8s.io").is_some());
        assert_eq!(breaker.refusal("pods"), None);
        breaker.answered("volumesnapshots.snapshot.storage.k8s.io");
        assert_eq!(breaker.refusal("volumesnapshots.snapshot.storage.k8s.io"), None);
    }
}
