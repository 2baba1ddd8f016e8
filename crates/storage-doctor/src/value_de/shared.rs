//! What is the same in many objects, held once.
//!
//! Most of what objects are made of comes again and again: names of fields, phases, the volumes that every pod has.
//! UIDs and names do not, and must not crowd out what does, so texts and values are remembered in tables of a fixed
//! size, in which what came again stays and what came once gives way.

use crate::value::{Map, Value};
use foldhash::fast::{FixedState, RandomState};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

/// Names of fields, and sets of them, that are remembered; later ones are kept unshared.
const MAX_NAMES: usize = 4096;
/// Longer texts hardly ever come again, in bytes.
const MAX_SHARED_LEN: usize = 64;
/// The places of a table, a power of two.
const PLACES: usize = 1 << 13;
/// How often something that came again is passed over before it gives way.
const STAYS: u8 = 3;

/// What one decode, or the decodes of all pages of a list, share between the values they read.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    names: RefCell<HashSet<Arc<str>, RandomState>>,
    shapes: Shapes,
    orders: RefCell<Table<Arc<Order>>>,
    /// The same for everyone, so that what is shared is the same each time. Whoever makes hashes meet has less shared, and
    /// no more than that: a table has one place for each, unlike the sets above.
    state: FixedState,
    texts: RefCell<Table<Arc<str>>>,
    values: RefCell<Table<Value>>,
    /// The bytes of all texts that were not held already.
    kept: Cell<usize>,
}

/// Names of fields that come together, each set held once: what is the same about all claims.
#[derive(Debug, Default)]
pub(crate) struct Shapes(RefCell<HashSet<Arc<[Arc<str>]>, RandomState>>);

/// Names in the order in which they came, and what becomes of it: a server writes the fields of all claims in one order.
#[derive(Debug)]
struct Order {
    came: Box<[Arc<str>]>,
    /// The same in their own order.
    names: Arc<[Arc<str>]>,
    /// Where the value of each of `names` came.
    places: Box<[usize]>,
}

/// Things by a part of their hash. Grows with what is put in, up to [`PLACES`].
#[derive(Debug)]
struct Table<T> {
    places: Vec<Option<Entry<T>>>,
    filled: usize,
}

#[derive(Debug)]
struct Entry<T> {
    hash: u64,
    thing: T,
    /// How often it is still passed over.
    stays: u8,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { places: Vec::new(), filled: 0 }
    }
}

impl<T: Clone> Table<T> {
    /// What is remembered under that hash and is the same.
    fn get(&mut self, hash: u64, is_same: impl FnOnce(&T) -> bool) -> Option<T> {
        let place = place(hash, self.places.len());
        let entry = self.places.get_mut(place)?.as_mut()?;
        if entry.hash != hash || !is_same(&entry.thing) {
            return None;
        }
        entry.stays = STAYS;
        Some(entry.thing.clone())
    }

    /// Remembers something, unless what has its place came again lately.
    fn put(&mut self, hash: u64, thing: &T) {
        if self.filled * 2 >= self.places.len() && self.places.len() < PLACES {
            self.grow();
        }
        let place = place(hash, self.places.len());
        let Some(place) = self.places.get_mut(place) else { return };
        match place {
            Some(entry) if entry.stays > 0 => entry.stays -= 1,
            place => {
                self.filled += usize::from(place.is_none());
                *place = Some(Entry { hash, thing: thing.clone(), stays: 0 });
            }
        }
    }

    fn grow(&mut self) {
        let size = (self.places.len() * 2).max(64);
        let mut places: Vec<Option<Entry<T>>> = Vec::new();
        places.resize_with(size, || None);
        for entry in std::mem::take(&mut self.places).into_iter().flatten() {
            let place = place(entry.hash, size);
            if let Some(place) = places.get_mut(place) {
                *place = Some(entry);
            }
        }
        self.filled = places.iter().flatten().count();
        self.places = places;
    }
}

/// The place of a hash among so many, a power of two.
fn place(hash: u64, places: usize) -> usize {
    usize::try_from(hash).unwrap_or(usize::MAX) & places.saturating_sub(1)
}

impl Order {
    /// None where a name came twice.
    fn new(came: Vec<Arc<str>>, names: &Arc<[Arc<str>]>) -> Option<Self> {
        if came.len() != names.len() {
            return None;
        }
        let place = |name| came.iter().position(|known| known == name);
        let places = names.iter().map(place).collect::<Option<_>>()?;
        Some(Self { came: came.into(), names: Arc::clone(names), places })
    }

    fn is_of(&self, fields: &[(Arc<str>, Value)]) -> bool {
        let mut pairs = self.came.iter().zip(fields);
        self.came.len() == fields.len() && pairs.all(|(name, (other, _))| Arc::ptr_eq(name, other))
    }

    fn map(&self, mut fields: Vec<(Arc<str>, Value)>) -> Map {
        let value = |place: &usize| fields.get_mut(*place).map(|(_, value)| std::mem::take(value)).unwrap_or_default();
        Map::with_names(Arc::clone(&self.names), self.places.iter().map(value).collect())
    }
}

impl Shapes {
    /// The same names, shared if they came before.
    pub(crate) fn names(&self, names: Vec<Arc<str>>) -> Arc<[Arc<str>]> {
        let mut shapes = self.0.borrow_mut();
        if let Some(shared) = shapes.get(names.as_slice()) {
            return Arc::clone(shared);
        }
        let names: Arc<[Arc<str>]> = names.into();
        if shapes.len() < MAX_NAMES {
            shapes.insert(Arc::clone(&names));
        }
        names
    }
}

impl Shared {
    /// How many bytes of texts were read so far that were not held already.
    pub(crate) fn kept(&self) -> usize {
        self.kept.get()
    }

    fn keep(&self, text: &str) -> Arc<str> {
        self.kept.set(self.kept.get().saturating_add(text.len()));
        Arc::from(text)
    }

    /// The name of a field.
    pub(crate) fn name(&self, name: &str) -> Arc<str> {
        if name.len() > MAX_SHARED_LEN {
            return self.keep(name);
        }
        let mut names = self.names.borrow_mut();
        if let Some(shared) = names.get(name) {
            return Arc::clone(shared);
        }
        let owned = self.keep(name);
        if names.len() < MAX_NAMES {
            names.insert(Arc::clone(&owned));
        }
        owned
    }

    /// A text that is the value of a field or an item.
    pub(crate) fn text(&self, text: &str) -> Arc<str> {
        if text.len() > MAX_SHARED_LEN {
            return self.keep(text);
        }
        let hash = self.state.hash_one(text);
        let mut texts = self.texts.borrow_mut();
        texts.get(hash, |known| **known == *text).unwrap_or_else(|| {
            let owned = self.keep(text);
            texts.put(hash, &owned);
            owned
        })
    }

    /// A map with these fields.
    pub(crate) fn map(&self, fields: Vec<(Arc<str>, Value)>) -> Value {
        let mut hasher = self.state.build_hasher();
        for (name, _) in &fields {
            name.as_ptr().hash(&mut hasher);
        }
        let hash = hasher.finish();
        let known = self.orders.borrow_mut().get(hash, |order| order.is_of(&fields));
        if let Some(order) = known {
            return Value::Map(Arc::new(order.map(fields)));
        }
        let came: Vec<Arc<str>> = fields.iter().map(|(name, _)| Arc::clone(name)).collect();
        let map = Map::sharing(fields, |names| self.shapes.names(names));
        if let Some(order) = Order::new(came, map.names()) {
            self.orders.borrow_mut().put(hash, &Arc::new(order));
        }
        Value::Map(Arc::new(map))
    }

    /// The same map or list, shared if it came before: most pods of a workload differ in little.
    pub(crate) fn value(&self, value: Value) -> Value {
        let hash = hash(&value, self.state.build_hasher());
        let mut values = self.values.borrow_mut();
        let known = values.get(hash, |known| is_same(known, &value));
        known.unwrap_or_else(|| {
            values.put(hash, &value);
            value
        })
    }
}

/// What tells two values apart whose parts are shared already: cheap, and enough, since what is not seen to be
/// the same is only held twice.
fn is_same(a: &Value, b: &Value) -> bool {
    let parts = |a: &[Value], b: &[Value]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same_part(a, b));
    match (a, b) {
        (Value::Map(a), Value::Map(b)) => Arc::ptr_eq(a.names(), b.names()) && parts(a.values(), b.values()),
        (Value::List(a), Value::List(b)) => parts(a.items(), b.items()),
        _ => false,
    }
}

fn is_same_part(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => Arc::ptr_eq(a, b),
        (Value::Map(a), Value::Map(b)) => Arc::ptr_eq(a, b),
        (Value::List(a), Value::List(b)) => Arc::ptr_eq(a, b),
        _ => false,
    }
}

/// A hash that is the same for values that [`is_same`] holds the same.
fn hash(value: &Value, mut hasher: impl Hasher) -> u64 {
    let parts: &[Value] = match value {
        Value::Map(map) => {
            map.names().as_ptr().hash(&mut hasher);
            map.values()
        }
        Value::List(list) => list.items(),
        _ => &[],
    };
    for part in parts {
        match part {
            Value::Bool(b) => b.hash(&mut hasher),
            Value::Int(i) => i.hash(&mut hasher),
            Value::Text(text) => text.as_ptr().hash(&mut hasher),
            Value::Map(map) => Arc::as_ptr(map).hash(&mut hasher),
            Value::List(list) => Arc::as_ptr(list).hash(&mut hasher),
            _ => {}
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &Arc<str>, b: &Arc<str>) -> bool {
        Arc::ptr_eq(a, b)
    }

    #[test]
    fn what_comes_again_is_held_once_however_much_comes_once() {
        let shared = Shared::default();
        let bound = shared.text("Bound");
        let mut again = 0;
        for n in 0..100_000 {
            shared.text(&format!("pvc-{n:08}"));
            again += usize::from(same(&shared.text("Bound"), &bound));
        }
        assert!(again > 99_000, "{again}");
        assert!(shared.texts.borrow().places.len() == PLACES && shared.texts.borrow().filled <= PLACES);
    }

    #[test]
    fn what_is_held_once_counts_once() {
        let shared = Shared::default();
        for _ in 0..10 {
            shared.text("Bound");
            shared.name("phase");
            shared.text(&"long ".repeat(100));
        }
        assert_eq!(shared.kept(), 5 + 5 + 10 * 500);
    }

    #[test]
    fn few_things_need_a_small_table() {
        let shared = Shared::default();
        for text in ["a", "b", "c"] {
            shared.text(text);
        }
        assert_eq!(shared.texts.borrow().places.len(), 64);
    }

    #[test]
    fn equal_maps_are_one_and_others_are_not() {
        let shared = Shared::default();
        let map = |name: &str, value: &str| {
            let fields = vec![(shared.name(name), Value::Text(shared.text(value)))];
            shared.value(shared.map(fields))
        };
        let pointer = |value: &Value| match value {
            Value::Map(map) => Arc::as_ptr(map),
            _ => std::ptr::null(),
        };
        let first = map("phase", "Bound");
        assert_eq!(pointer(&first), pointer(&map("phase", "Bound")));
        for other in [map("phase", "Lost"), map("state", "Bound")] {
            assert_ne!(pointer(&first), pointer(&other));
        }
    }

    #[test]
    fn an_order_that_came_before_changes_no_map() {
        let shared = Shared::default();
        let map = |fields: &[(&str, i64)]| {
            shared.map(fields.iter().map(|(name, value)| (shared.name(name), Value::Int(*value))).collect())
        };
        let shown = |value: &Value| format!("{value:?}");
        for fields in
            [&[("b", 1), ("a", 2)][..], &[("a", 1), ("b", 2)], &[("b", 1), ("a", 2), ("b", 3)], &[("b", 1)], &[]]
        {
            let plain = Value::map(fields.iter().map(|(name, value)| (name, Value::Int(*value))));
            for _ in 0..3 {
                assert_eq!(shown(&map(fields)), shown(&plain));
            }
        }
        let [first, second] = [&[("b", 1), ("a", 2)], &[("a", 3), ("b", 4)]].map(|fields| match map(fields) {
            Value::Map(map) => Arc::clone(map.names()),
            _ => Arc::default(),
        });
        assert!(Arc::ptr_eq(&first, &second), "one set of names, in whichever order they came");
    }
}
