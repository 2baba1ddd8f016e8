//! The values that checks compute with: JSON, quantities, times, and "not known".

mod list;

use crate::evidence::{Gap, Gaps};
use crate::quantity::Quantity;
use crate::time::Time;
pub use list::List;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A value. Cloning is cheap: everything large is shared.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// Nothing there. A field that an object does not have is null, and so is any field of null.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(Arc<str>),
    /// A list.
    List(Arc<List>),
    /// An object: fields by name.
    Map(Arc<Map>),
    /// A Kubernetes quantity such as `10Gi`.
    Quantity(Quantity),
    /// A point in time.
    Time(Time),
    /// A length of time, in seconds.
    Seconds(i64),
    /// Not known, and everything that would have to be known to tell.
    Unknown(Arc<Gaps>),
}

/// Fields by name, ordered by name. Objects with the same fields may share the names.
#[derive(Clone, Debug, Default)]
pub struct Map {
    names: Arc<[Arc<str>]>,
    values: Box<[Value]>,
}

impl Map {
    /// From fields in any order; the last of equal names wins.
    pub fn new(fields: Vec<(Arc<str>, Value)>) -> Self {
        Self::sharing(fields, Arc::from)
    }

    /// The same; `shared` may give names that another object has already.
    pub(crate) fn sharing(
        mut fields: Vec<(Arc<str>, Value)>,
        shared: impl FnOnce(Vec<Arc<str>>) -> Arc<[Arc<str>]>,
    ) -> Self {
        fields.reverse();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        fields.dedup_by(|later, first| later.0 == first.0);
        let mut names = Vec::with_capacity(fields.len());
        let mut values = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            names.push(name);
            values.push(value);
        }
        Self { names: shared(names), values: values.into() }
    }

    /// From the names of another object, in their order, and a value for each.
    pub(crate) fn with_names(names: Arc<[Arc<str>]>, values: Box<[Value]>) -> Self {
        debug_assert_eq!(names.len(), values.len());
        Self { names, values }
    }

    /// The field of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(self.place(name)?)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.names.binary_search_by(|key| (**key).cmp(name)).ok()
    }

    /// The same, looked for first where `hint` says that the last one of that name was.
    pub(crate) fn get_near(&self, name: &str, hint: &AtomicUsize) -> Option<&Value> {
        let near = hint.load(Ordering::Relaxed);
        if self.names.get(near).is_some_and(|known| **known == *name) {
            return self.values.get(near);
        }
        let at = self.place(name)?;
        hint.store(at, Ordering::Relaxed);
        self.values.get(at)
    }

    /// The fields, ordered by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> {
        self.names.iter().zip(&*self.values)
    }

    /// The names of the fields.
    pub(crate) fn names(&self) -> &Arc<[Arc<str>]> {
        &self.names
    }

    /// The values of the fields, in the order of the names.
    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }

    /// How many fields.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// What a field that is not there is.
pub(crate) static NULL: Value = Value::Null;

impl Value {
    /// Text.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Arc::from(text.as_ref()))
    }

    /// A list seen whole.
    pub fn list(items: Vec<Value>) -> Self {
        Self::List(Arc::new(List::new(items)))
    }

    /// An object.
    pub fn map<K: AsRef<str>>(fields: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::Map(Arc::new(Map::new(fields.into_iter().map(|(k, v)| (Arc::from(k.as_ref()), v)).collect())))
    }

    /// Not known, for one reason.
    pub fn unknown(gap: Gap) -> Self {
        Self::Unknown(Arc::new(Gaps::from([gap])))
    }

    /// Not known, since a check could not be computed.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::unknown(Gap::failed(message))
    }

    /// The field of that name. A field of null, or one that is not there, is null; a field of the
    /// unknown is unknown.
    #[must_use]
    pub fn field(&self, name: &str) -> Value {
        self.child(name).clone()
    }

    /// The same, looked at where it stands.
    pub(crate) fn child(&self, name: &str) -> &Value {
        match self {
            Self::Map(map) => map.get(name).unwrap_or(&NULL),
            Self::Unknown(_) => self,
            _ => &NULL,
        }
    }

    /// The value at a dotted path: `status.capacity.storage`.
    #[must_use]
    pub fn at(&self, path: &str) -> Value {
        path.split('.').fold(self, |value, name| value.child(name)).clone()
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items that were seen, if it is a list.
    pub fn items(&self) -> &[Value] {
        match self {
            Self::List(list) => list.items(),
            _ => &[],
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What would have to be known, if it is unknown.
    pub fn gaps(&self) -> Option<&Arc<Gaps>> {
        match self {
            Self::Unknown(gaps) => Some(gaps),
            _ => None,
        }
    }

    /// Whether a text or null stands at a path of fields, and maps or null on the way.
    fn holds_text_or_nothing_at(&self, path: &str) -> bool {
        let mut value = self;
        for name in path.split('.') {
            value = match value {
                Self::Map(map) => map.get(name).unwrap_or(&NULL),
                Self::Null => return true,
                _ => return false,
            };
        }
        matches!(value, Self::Null | Self::Text(_))
    }

    /// Every text at a path in which `[]` stands for "each item":
    /// `spec.volumes[].persistentVolumeClaim.claimName`.
    pub fn texts_at(&self, path: &str) -> Vec<Arc<str>> {
        let mut values = vec![self.clone()];
        for part in path.split('.') {
            let (name, each) = part.strip_suffix("[]").map_or((part, false), |name| (name, true));
            values = values.iter().map(|v| v.field(name)).collect();
            if each {
                values = values.iter().flat_map(|v| v.items().to_vec()).collect();
            }
        }
        values
            .into_iter()
            .filter_map(|value| match value {
                Self::Text(text) => Some(text),
                Self::Int(i) => Some(Arc::from(i.to_string())),
                Self::Bool(b) => Some(Arc::from(b.to_string())),
                _ => None,
            })
            .collect()
    }
}
