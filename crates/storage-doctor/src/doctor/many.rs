//! Many subjects with the evidence there is, on several threads.

use super::silent::Silent;
use super::{Doctor, Keep, Way};
use crate::diagnosis::{Diagnosed, Examined};
use crate::evidence::{Evidence, Query};
use crate::subject::{Kind, Subject};
use std::collections::{BTreeMap, BTreeSet};

/// Fewer subjects than these are not worth a thread.
const SHARE: usize = 32;

/// With what subjects are examined, this time.
pub(super) struct Round<'a> {
    pub(super) evidence: &'a Evidence,
    /// What is known to be well already.
    pub(super) silent: &'a Silent,
    pub(super) keep: Keep,
    /// Whether what is still open stays so.
    pub(super) is_last: bool,
}

/// What came of some subjects.
#[derive(Default)]
struct Part<'s> {
    done: Diagnosed,
    /// Those that need more evidence, and which.
    open: Vec<&'s Subject>,
    asked: BTreeSet<Query>,
}

/// Some subjects of each kind, from all over the list, and the others.
pub(super) fn first_of_each_kind(subjects: &[Subject], most: usize) -> (Vec<&Subject>, Vec<&Subject>) {
    let mut kinds: BTreeMap<Kind, (usize, usize)> = BTreeMap::new();
    for subject in subjects {
        kinds.entry(subject.kind).or_default().1 += 1;
    }
    subjects.iter().partition(|subject| {
        let Some((seen, all)) = kinds.get_mut(&subject.kind) else { return false };
        let is_first = *seen % all.div_ceil(most) == 0;
        *seen += 1;
        is_first
    })
}

impl Doctor {
    /// Examines subjects. Those of which nothing is open go to `done`, in their order; the others come back with what
    /// has to be asked for them, unless it is the last time.
    pub(super) fn examine_each<'s>(
        &self,
        subjects: &[&'s Subject],
        round: &Round<'_>,
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
            take(self.examine_some(subjects, round));
            return (open, asked);
        }
        std::thread::scope(|scope| {
            let threads: Vec<_> =
                subjects.chunks(share).map(|some| scope.spawn(move || self.examine_some(some, round))).collect();
            for thread in threads {
                take(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
        });
        (open, asked)
    }

    fn examine_some<'s>(&self, subjects: &[&'s Subject], round: &Round<'_>) -> Part<'s> {
        let (mut some, mut way) = (Part::default(), Way::default());
        for subject in subjects {
            let mut open = BTreeSet::new();
            way.begin();
            let tree = self.examine(subject, "", round, &mut open, &mut way);
            if open.is_empty() && round.keep == Keep::Troubles && tree.as_ref().is_some_and(Examined::is_well) {
                some.done.push_well();
            } else if open.is_empty() || round.is_last {
                let found = self.conclude(subject, tree, round.evidence, open.is_empty());
                some.done.push(found, round.keep == Keep::Troubles);
            } else {
                some.open.push(subject);
            }
            some.asked.append(&mut open);
        }
        some
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_some_of_each_kind_from_all_over() {
        let of = |kind, n: usize| (0..n).map(move |i| Subject::new(kind, None, &i.to_string()));
        let subjects: Vec<Subject> = of(Kind::Node, 1000).chain(of(Kind::StorageClass, 3)).collect();
        let (first, others) = first_of_each_kind(&subjects, 10);
        let names: Vec<&str> = first.iter().map(|subject| subject.name.as_str()).collect();
        assert_eq!(names, ["0", "100", "200", "300", "400", "500", "600", "700", "800", "900", "0", "1", "2"]);
        assert_eq!(others.len(), 990);
        assert_eq!(first_of_each_kind(&subjects[..1], 10).0.len(), 1);
    }
}
