//! What is the same in many objects, held once.
//!
//! Most of what objects are made of comes again and again: names of fields, phases, the volumes that every pod has.
//! UIDs and names do not, and must not crowd out what does, so texts and values are remembered in tables of a fixed
//! size, in which what came again stays and what came once gives way.

mod table;

use crate::value::{Map, NULL, Value};
use foldhash::fast::{FixedState, RandomState};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;
use table::Table;

/// Names of fields, and sets of them, that are remembered; later ones are kept unshared.
const MAX_NAMES: usize = 4096;
/// Longer texts hardly ever come again, in bytes.
const MAX_SHARED_LEN: usize = 64;

/// A field of an object: its name and its value.
pub(super) type Field = (Arc<str>, Value);
/// The names of the fields of a map, in their own order.
type Names = Arc<[Arc<str>]>;

/// What one decode, or the decodes of all pages of a list, share between the values they read.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    names: RefCell<HashSet<Arc<str>, RandomState>>,
    shapes: Shapes,
    orders: RefCell<Table<Arc<Order>>>,
    /// The same for everyone, so that what is shared is the same each time. Whoever makes hashes meet has less shared, and
    /// no more than that: a table has few places for each, unlike the sets above.
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
    names: Names,
    /// Where the value of each of `names` came.
    places: Box<[usize]>,
}

impl Order {
    /// None where a name came twice. `shared` gives the names that another object has already.
    fn new(fields: &[Field], shared: impl FnOnce(Vec<Arc<str>>) -> Names) -> Option<Self> {
        let mut sorted: Vec<_> = fields.iter().map(|(name, _)| name).enumerate().collect();
        sorted.sort_unstable_by_key(|(_, name)| *name);
        if sorted.iter().zip(sorted.iter().skip(1)).any(|((_, one), (_, next))| one == next) {
            return None;
        }
        let names = shared(sorted.iter().map(|(_, name)| Arc::clone(name)).collect());
        let came = fields.iter().map(|(name, _)| Arc::clone(name)).collect();
        Some(Self { came, names, places: sorted.into_iter().map(|(place, _)| place).collect() })
    }

    fn is_of(&self, fields: &[Field]) -> bool {
        let mut pairs = self.came.iter().zip(fields);
        self.came.len() == fields.len() && pairs.all(|(name, (other, _))| Arc::ptr_eq(name, other))
    }

    /// The values of such fields, in the order of `names`.
    fn values<'f>(&self, fields: &'f [Field]) -> impl ExactSizeIterator<Item = &'f Value> {
        self.places.iter().map(|place| fields.get(*place).map_or(&NULL, |(_, value)| value))
    }

    fn map(&self, fields: &mut [Field]) -> Map {
        let value = |place: &usize| fields.get_mut(*place).map(|(_, value)| std::mem::take(value)).unwrap_or_default();
        Map::with_names(Arc::clone(&self.names), self.places.iter().map(value).collect())
    }
}

impl Shapes {
    /// The same names, shared if they came before.
    pub(crate) fn names(&self, names: Vec<Arc<str>>) -> Names {
        let mut shapes = self.0.borrow_mut();
        if let Some(shared) = shapes.get(names.as_slice()) {
            return Arc::clone(shared);
        }
        let names: Names = names.into();
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

    /// A map of these fields, which are taken out. It is the same one that came before if it is `part` of an object: most
    /// pods of a workload differ in little, and no two objects are alike.
    pub(crate) fn map(&self, fields: &mut [Field], part: bool) -> Value {
        let mut hasher = self.state.build_hasher();
        for (name, _) in &*fields {
            name.as_ptr().hash(&mut hasher);
        }
        let hash = hasher.finish();
        let known = self.orders.borrow_mut().get(hash, |order| order.is_of(fields));
        let order = match known {
            Some(order) => order,
            None => match Order::new(fields, |names| self.shapes.names(names)).map(Arc::new) {
                Some(order) => {
                    self.orders.borrow_mut().put(hash, &order);
                    order
                }
                None => return self.odd_map(fields),
            },
        };
        if !part {
            return Value::Map(Arc::new(order.map(fields)));
        }
        let hash = self.hash(Some(&order.names), order.values(fields));
        let known =
            self.values.borrow_mut().get(hash, |known| is_same(known, Some(&order.names), order.values(fields)));
        known.unwrap_or_else(|| self.remember(hash, Value::Map(Arc::new(order.map(fields)))))
    }

    /// A map of fields of which two have the same name.
    fn odd_map(&self, fields: &mut [Field]) -> Value {
        let fields = fields.iter_mut().map(|(name, value)| (Arc::clone(name), std::mem::take(value))).collect();
        Value::Map(Arc::new(Map::sharing(fields, |names| self.shapes.names(names))))
    }

    /// A list of these items, which are taken out; the same one that came before.
    pub(crate) fn list(&self, items: &mut [Value]) -> Value {
        let hash = self.hash(None, items.iter());
        let known = self.values.borrow_mut().get(hash, |known| is_same(known, None, items.iter()));
        known.unwrap_or_else(|| self.remember(hash, Value::list(items.iter_mut().map(std::mem::take).collect())))
    }

    fn remember(&self, hash: u64, value: Value) -> Value {
        self.values.borrow_mut().put(hash, &value);
        value
    }

    /// A hash that is the same for what [`is_same`] holds the same.
    fn hash<'v>(&self, names: Option<&Names>, parts: impl Iterator<Item = &'v Value>) -> u64 {
        let mut hasher = self.state.build_hasher();
        names.map(|names| names.as_ptr()).hash(&mut hasher);
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
}

/// Whether a value is the map with these names, or the list, of these parts. The parts are shared already: cheap, and
/// enough, since what is not seen to be the same is only held twice.
fn is_same<'v>(known: &Value, names: Option<&Names>, parts: impl ExactSizeIterator<Item = &'v Value>) -> bool {
    let known = match (known, names) {
        (Value::Map(map), Some(names)) if Arc::ptr_eq(map.names(), names) => map.values(),
        (Value::List(list), None) => list.items(),
        _ => return false,
    };
    known.len() == parts.len() && known.iter().zip(parts).all(|(a, b)| is_same_part(a, b))
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

#[cfg(test)]
mod tests;
