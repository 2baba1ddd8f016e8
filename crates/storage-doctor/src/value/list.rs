//! Lists, and what is found out about their items once.

use super::Value;
use crate::evidence::Gaps;
use crate::time::Time;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, RwLock, Weak};

/// A list that may have been seen only in part.
#[derive(Debug, Default)]
pub struct List {
    items: Box<[Value]>,
    unseen: Option<Arc<Gaps>>,
    /// What was found out about the items; most lists are small and never asked.
    found: OnceLock<Box<Found>>,
}

/// What was found out about the items of a list.
#[derive(Debug, Default)]
struct Found {
    indexes: RwLock<BTreeMap<String, Arc<Index>>>,
    /// What was made of it together with another list.
    made: RwLock<BTreeMap<String, Made>>,
    unknown_items: OnceLock<Option<Arc<Gaps>>>,
}

/// What was made of a list together with another one, at some time.
#[derive(Debug)]
struct Made {
    with: Weak<List>,
    at: Time,
    value: Value,
}

/// What stands at one path into the items.
#[derive(Debug, Default)]
struct Index {
    /// Texts and the place of the item, in order.
    places: Vec<(Arc<str>, u32)>,
    /// Whether something else than a text or nothing stands there, or in the way.
    is_mixed: bool,
}

impl List {
    /// A list seen whole.
    pub fn new(items: Vec<Value>) -> Self {
        Self { items: items.into(), ..Self::default() }
    }

    /// A list of which only these items were seen.
    pub fn partial(items: Vec<Value>, unseen: Arc<Gaps>) -> Self {
        Self { items: items.into(), unseen: Some(unseen), ..Self::default() }
    }

    /// The items that were seen.
    pub fn items(&self) -> &[Value] {
        &self.items
    }

    /// Why there may be more items, if there may.
    pub fn unseen(&self) -> Option<&Arc<Gaps>> {
        self.unseen.as_ref()
    }

    /// The gaps of the items that are themselves unknown, if any are. Looked for once.
    pub fn unknown_items(&self) -> Option<&Arc<Gaps>> {
        // An empty or a small list is quicker looked through than asked.
        if self.items.iter().take(SMALL + 1).count() <= SMALL && !self.items.iter().any(|item| item.gaps().is_some()) {
            return None;
        }
        let found = self.found.get_or_init(Box::default).unknown_items.get_or_init(|| {
            let gaps: Gaps = self.items.iter().filter_map(Value::gaps).flat_map(|gaps| gaps.iter().cloned()).collect();
            (!gaps.is_empty()).then(|| Arc::new(gaps))
        });
        found.as_ref()
    }

    /// The items that hold `text` at `path` (see [`Value::texts_at`]), in their order. The first call
    /// for a path reads every item; later ones look it up, so joins over large lists stay linear.
    pub fn having(&self, path: &str, text: &str) -> Vec<Value> {
        self.at(self.index(path).places_of(text))
    }

    /// The items that hold one of these texts at a path of fields, in their order; none when something else than a
    /// text or null stands there in one of them, so that more than an index has to be looked at.
    pub(crate) fn narrowed(&self, path: &str, texts: &[Arc<str>]) -> Option<Vec<Value>> {
        let index = self.index(path);
        if index.is_mixed {
            return None;
        }
        let mut places: Vec<u32> = texts.iter().flat_map(|text| index.places_of(text)).collect();
        places.sort_unstable();
        places.dedup();
        Some(self.at(places))
    }

    /// What `make` makes of this list and another one at a time, made once: the same `what` has to stand for the same
    /// making. The other list is told by where it lies, so that only one that others hold, too, is known again.
    pub(crate) fn made_with(&self, what: String, of: (&Arc<List>, Time), make: impl FnOnce() -> Value) -> Value {
        let (other, now) = of;
        if self.items.len() <= SMALL {
            return make();
        }
        let all = &self.found.get_or_init(Box::default).made;
        if let Ok(made) = all.read()
            && let Some(Made { with, at, value }) = made.get(&what)
            && (std::ptr::eq(with.as_ptr(), Arc::as_ptr(other)) && *at == now)
        {
            return value.clone();
        }
        let value = make();
        if let Ok(mut made) = all.write() {
            made.insert(what, Made { with: Arc::downgrade(other), at: now, value: value.clone() });
        }
        value
    }

    fn at(&self, places: impl IntoIterator<Item = u32>) -> Vec<Value> {
        places.into_iter().filter_map(|at| self.items.get(usize::try_from(at).ok()?).cloned()).collect()
    }

    fn index(&self, path: &str) -> Arc<Index> {
        let indexes = &self.found.get_or_init(Box::default).indexes;
        if let Ok(indexes) = indexes.read()
            && let Some(index) = indexes.get(path)
        {
            return Arc::clone(index);
        }
        let mut index = Index::default();
        for (at, item) in (0..).zip(&*self.items) {
            index.is_mixed |= !item.holds_text_or_nothing_at(path);
            index.places.extend(item.texts_at(path).into_iter().map(|text| (text, at)));
        }
        index.places.sort_unstable();
        index.places.dedup();
        index.places.shrink_to_fit();
        let index = Arc::new(index);
        if let Ok(mut indexes) = indexes.write() {
            indexes.insert(path.to_owned(), Arc::clone(&index));
        }
        index
    }
}

impl Index {
    fn places_of(&self, text: &str) -> impl Iterator<Item = u32> {
        let start = self.places.partition_point(|(held, _)| **held < *text);
        self.places.iter().skip(start).take_while(move |(held, _)| **held == *text).map(|(_, at)| *at)
    }
}

/// Lists of so many items are looked through.
const SMALL: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_is_made_anew_at_another_time_or_with_another_list() {
        let list = |length: i64| Arc::new(List::new((0..length).map(Value::Int).collect()));
        let (list, with, other) = (list(100), list(1), list(1));
        let mut times = 0;
        let mut make = |with: &Arc<List>, at: i64| {
            list.made_with("it".to_owned(), (with, Time::from_unix_seconds(at)), || {
                times += 1;
                Value::Int(times)
            })
        };
        let numbers = [(&with, 0), (&with, 0), (&with, 1), (&with, 1), (&other, 1), (&with, 1)];
        let all = numbers.map(|(with, at)| format!("{:?}", make(with, at)));
        assert_eq!(all, ["Int(1)", "Int(1)", "Int(2)", "Int(2)", "Int(3)", "Int(4)"]);
    }
}
