//! Many subjects with the evidence there is, on several threads.

use super::{Doctor, Keep};
use crate::diagnosis::Diagnosed;
use crate::evidence::{Evidence, Query};
use crate::subject::Subject;
use std::collections::BTreeSet;

/// Fewer subjects than these are not worth a thread.
const SHARE: usize = 32;

/// What came of some subjects.
#[derive(Default)]
struct Part<'s> {
    done: Diagnosed,
    /// Those that need more evidence, and which.
    open: Vec<&'s Subject>,
    asked: BTreeSet<Query>,
}

impl Doctor {
    /// Examines subjects. Those of which nothing is open go to `done`, in their order; the others come back with what
    /// has to be asked for them, unless it is the last time.
    pub(super) fn examine_each<'s>(
        &self,
        subjects: &[&'s Subject],
        evidence: &Evidence,
        keep: Keep,
        is_last: bool,
        done: &mut Diagnosed,
    ) -> (Vec<&'s Subject>, BTreeSet<Query>) {
        let share = subjects.len().div_ceil(self.threads.get()).max(SHARE);
        let (mut open, mut asked) = (Vec::new(), BTreeSet::new());
        let mut take = |some: Part<'s>| {
            done.append(some.done);
            open.extend(some.open);
            asked.extend(some.asked);
        };
        if subjects.len() <= share {
            take(self.examine_some(subjects, evidence, keep, is_last));
            return (open, asked);
        }
        std::thread::scope(|scope| {
            let threads: Vec<_> = subjects
                .chunks(share)
                .map(|some| scope.spawn(move || self.examine_some(some, evidence, keep, is_last)))
                .collect();
            for thread in threads {
                take(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
        });
        (open, asked)
    }

    fn examine_some<'s>(&self, subjects: &[&'s Subject], evidence: &Evidence, keep: Keep, is_last: bool) -> Part<'s> {
        let mut some = Part::default();
        for subject in subjects {
            let mut open = BTreeSet::new();
            let tree = self.examine(subject, "", evidence, &mut open, &mut Vec::new());
            if open.is_empty() || is_last {
                let found = self.conclude(subject, tree, evidence, open.is_empty());
                some.done.push(found, keep == Keep::Troubles);
            } else {
                some.open.push(subject);
            }
            some.asked.append(&mut open);
        }
        some
    }
}
