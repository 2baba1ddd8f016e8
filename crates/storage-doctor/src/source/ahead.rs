//! Any source, and answers that were fetched before anybody asked.

use super::{BoxFuture, Source, ask_each};
use crate::evidence::{Answer, Query};
use crate::time::Time;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// A source that is asked ahead what will be asked for certain ([`crate::doctor::foreseen`]), so that the time until
/// then is not lost. What it says is what the source says: a refusal is kept as one.
#[derive(Debug)]
pub struct Ahead<S> {
    source: S,
    kept: Mutex<BTreeMap<Query, Answer>>,
}

impl<S: Source> Ahead<S> {
    /// The source, as yet with nothing fetched.
    pub fn new(source: S) -> Self {
        Self { source, kept: Mutex::default() }
    }

    /// Asks the source, and keeps what it says until somebody asks.
    pub async fn fetch(&self, queries: BTreeSet<Query>) {
        let answers = ask_each(&self.source, queries).await;
        self.with(|kept| kept.extend(answers));
    }

    fn with<T>(&self, change: impl FnOnce(&mut BTreeMap<Query, Answer>) -> T) -> T {
        change(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: Source> Source for Ahead<S> {
    /// What was fetched is given once: who asks remembers it, and a large list need not be held twice.
    fn answer<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Answer> {
        match self.with(|kept| kept.remove(query)) {
            Some(answer) => Box::pin(std::future::ready(answer)),
            None => self.source.answer(query),
        }
    }

    fn taken_at(&self) -> Option<Time> {
        self.source.taken_at()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Resource;
    use crate::source::Memory;
    use crate::value::Value;
    use futures::FutureExt;

    /// A source that notes what it is asked.
    struct Noting(Memory, Mutex<Vec<Query>>);

    impl Source for Noting {
        fn answer<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Answer> {
            self.1.lock().unwrap().push(query.clone());
            self.0.answer(query)
        }

        fn taken_at(&self) -> Option<Time> {
            self.0.taken_at()
        }
    }

    fn list(resource: &str) -> Query {
        Query::List { resource: Resource::by_name(resource).unwrap(), namespace: None }
    }

    /// With classes, pods and claims fetched, of which pods may not be listed.
    fn fetched() -> (Ahead<Noting>, usize) {
        let class = Value::map([
            ("apiVersion", Value::text("storage.k8s.io/v1")),
            ("kind", Value::text("StorageClass")),
            ("metadata", Value::map([("name", Value::text("fast"))])),
        ]);
        let world = Memory::at(Time::parse("2026-11-21T03:45:34Z").unwrap()).object(class).deny("pods");
        let ahead = Ahead::new(Noting(world, Mutex::default()));
        let queries = ["storageclasses.storage.k8s.io", "pods", "persistentvolumeclaims"].map(list);
        let asked = queries.len();
        ahead.fetch(queries.into()).now_or_never().unwrap();
        (ahead, asked)
    }

    fn asked(ahead: &Ahead<Noting>) -> usize {
        ahead.source.1.lock().unwrap().len()
    }

    fn ask(ahead: &Ahead<Noting>, query: &Query) -> Answer {
        ahead.answer(query).now_or_never().unwrap()
    }

    #[test]
    fn what_was_fetched_is_given_once() {
        let (ahead, before) = fetched();
        assert_eq!(asked(&ahead), before);
        let classes = list("storageclasses.storage.k8s.io");
        for again in [0, 1] {
            let answer = ask(&ahead, &classes);
            assert!(matches!(&answer, Answer::Found(list) if list.items().len() == 1), "{answer:?}");
            assert_eq!(asked(&ahead), before + again);
        }
    }

    #[test]
    fn what_was_refused_stays_refused() {
        let (ahead, before) = fetched();
        let denied = ask(&ahead, &list("pods"));
        assert!(matches!(denied, Answer::Denied { .. }), "{denied:?}");
        assert_eq!(asked(&ahead), before);
    }

    #[test]
    fn what_was_not_fetched_is_asked() {
        let (ahead, before) = fetched();
        let one = Query::Object {
            resource: Resource::by_name("storageclasses.storage.k8s.io").unwrap(),
            namespace: None,
            name: "fast".to_owned(),
        };
        assert!(matches!(ask(&ahead, &one), Answer::Found(_)));
        assert!(matches!(ask(&ahead, &list("nodes")), Answer::Found(_)));
        assert_eq!(asked(&ahead), before + 2);
        assert_eq!(ahead.taken_at(), Time::parse("2026-11-21T03:45:34Z").ok());
    }
}
