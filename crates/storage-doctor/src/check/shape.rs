//! What an expression gives, as far as that can be told without a cluster, and which fields it reads that
//! are not there.

mod reader;

use super::{Check, Slot};
use crate::fields::{self, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

/// What a value is known to be. Null fits every shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nothing is known.
    Any,
    /// Always null.
    Null,
    /// Neither a map nor a list, in the words of a message: `a text`.
    Plain(&'static str),
    /// An object of Kubernetes, by its name in the table of fields.
    Object(&'static str),
    /// An object whose fields stand in no table, or one of several objects.
    Known(Rc<Known>),
    /// A map with just these fields.
    Record(BTreeMap<String, Shape>),
    /// A list of these.
    List(Box<Shape>),
    /// A map from any text to these.
    Map(Box<Shape>),
}

/// An object of which some fields are known; it may have others, which are read as `object['field']`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// What it may be, in the words of a message.
    names: Rc<BTreeSet<String>>,
    fields: BTreeMap<String, Shape>,
    /// The name of the playbook behind which its author stated the fields.
    stated: Option<Slot>,
}

/// A field that is read of something that cannot have it.
#[derive(Clone, Debug)]
pub(crate) struct NoField {
    /// Its bytes in the source text.
    pub(crate) at: Range<usize>,
    /// What is wrong, in words.
    pub(crate) message: String,
    /// What to do, in words.
    pub(crate) help: Option<String>,
    /// The name behind which the fields that there are were stated.
    pub(crate) stated: Option<Slot>,
}

pub(super) const TRUTH: Shape = Shape::Plain("true or false");
const TEXT: Shape = Shape::Plain("a text");
const NUMBER: Shape = Shape::Plain("a number");

/// Of what is made of more shapes than these nothing is known: they would grow with every name.
const LARGEST: usize = 100;

impl Shape {
    /// A map with these fields, of which nothing more is known.
    pub(crate) fn record<'a>(fields: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Record(fields.into_iter().map(|field| (field.to_owned(), Self::Any)).collect())
    }

    /// What is known of objects of a resource.
    pub(crate) fn of_resource(resource: &str) -> Self {
        Self::from(fields::of_resource(resource))
    }

    /// An object of a kind whose author stated these fields, as paths (`status.conditions[].type`), behind that
    /// name. What lies below a path is not known; `metadata` is that of every object.
    pub(crate) fn of_stated<'a>(kind: &str, paths: impl IntoIterator<Item = &'a str>, stated: Slot) -> Self {
        let names = Rc::new([kind.to_owned()].into());
        let mut whole = known_below(&names, stated, paths.into_iter().map(|path| path.split('.').collect()).collect());
        whole.fields.insert("apiVersion".to_owned(), TEXT);
        whole.fields.insert("kind".to_owned(), TEXT);
        whole.fields.insert("metadata".to_owned(), Self::Object("ObjectMeta"));
        whole.into()
    }

    /// What the items of a list of this shape are.
    pub(crate) fn item(&self) -> Self {
        match self {
            Self::List(item) => (**item).clone(),
            _ => Self::Any,
        }
    }

    /// How many shapes it is made of.
    fn size(&self) -> usize {
        match self {
            Self::Record(fields) => size_of(fields),
            Self::Known(known) => known.names.len() + size_of(&known.fields),
            Self::List(of) | Self::Map(of) => 1 + of.size(),
            _ => 1,
        }
    }

    /// What either of two values may be: with the fields of both, since what one of them lacks it gives as null.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Null, shape) | (shape, Self::Null) => shape,
            (a, b) if a == b => a,
            (Self::List(a), Self::List(b)) => Self::List(Box::new(a.or(*b))),
            // A text has no fields: what the other one lacks, neither has.
            (TEXT, map @ (Self::Record(_) | Self::Object(_) | Self::Known(_)))
            | (map @ (Self::Record(_) | Self::Object(_) | Self::Known(_)), TEXT) => map,
            (a, b) if a.size() > LARGEST || b.size() > LARGEST => Self::Any,
            (Self::Record(a), Self::Record(b)) => Self::Record(union(a, b)).bounded(),
            (a, b) => match (a.known(), b.known()) {
                (Some(a), Some(b)) => Self::from(a.or(b)).bounded(),
                _ => Self::Any,
            },
        }
    }

    fn bounded(self) -> Self {
        if self.size() > LARGEST { Self::Any } else { self }
    }

    /// Its fields, if it is an object or a map of which they are known.
    fn known(self) -> Option<Known> {
        match self {
            Self::Known(known) => Some(Rc::unwrap_or_clone(known)),
            Self::Record(fields) => Some(Known { names: Rc::default(), fields, stated: None }),
            Self::Object(name) => {
                let of = |field: &str| Self::from(fields::field(name, field).unwrap_or(Type::Any));
                let fields = fields::names(name).into_iter().map(|field| (field.to_owned(), of(field))).collect();
                Some(Known { names: Rc::new([name.to_owned()].into()), fields, stated: None })
            }
            _ => None,
        }
    }
}

impl Known {
    fn or(mut self, other: Self) -> Self {
        Rc::make_mut(&mut self.names).extend(other.names.iter().cloned());
        self.fields = union(self.fields, other.fields);
        self.stated = self.stated.or(other.stated);
        self
    }

    /// What it may be, for a message.
    fn called(&self) -> String {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        if names.is_empty() { "this".to_owned() } else { names.join(" or ") }
    }
}

/// An object with these fields below it, by the parts of their paths.
fn known_below(names: &Rc<BTreeSet<String>>, stated: Slot, paths: Vec<Vec<&str>>) -> Known {
    let mut below: BTreeMap<&str, Vec<(&str, Vec<&str>)>> = BTreeMap::new();
    for mut path in paths {
        let first = if path.is_empty() { continue } else { path.remove(0) };
        below.entry(first.trim_end_matches("[]")).or_default().push((first, path));
    }
    let of = |paths: Vec<(&str, Vec<&str>)>| {
        let first = paths.first().map_or("", |(first, _)| *first);
        // A field that is a list on one path and none on another may be either.
        if paths.iter().any(|(other, _)| *other != first) {
            return Shape::Any;
        }
        let is_whole = paths.iter().any(|(_, rest)| rest.is_empty());
        let rest = paths.into_iter().map(|(_, rest)| rest).collect();
        let item = if is_whole { Shape::Any } else { known_below(names, stated, rest).into() };
        first.matches("[]").fold(item, |item, _| Shape::List(Box::new(item)))
    };
    let fields = below.into_iter().map(|(name, paths)| (name.to_owned(), of(paths))).collect();
    Known { names: Rc::clone(names), fields, stated: Some(stated) }
}

fn size_of(fields: &BTreeMap<String, Shape>) -> usize {
    1 + fields.values().map(Shape::size).sum::<usize>()
}

fn union(mut a: BTreeMap<String, Shape>, b: BTreeMap<String, Shape>) -> BTreeMap<String, Shape> {
    for (field, shape) in b {
        let joined = match a.remove(&field) {
            Some(own) => own.or(shape),
            None => shape,
        };
        a.insert(field, joined);
    }
    a
}

impl From<Known> for Shape {
    fn from(known: Known) -> Self {
        Self::Known(Rc::new(known))
    }
}

impl From<Type> for Shape {
    fn from(kind: Type) -> Self {
        match kind {
            Type::Any => Self::Any,
            Type::Text => TEXT,
            Type::Number => NUMBER,
            Type::Truth => TRUTH,
            Type::Object(name) => Self::Object(name),
            Type::List(item) => Self::List(Box::new(Self::from(*item))),
            Type::Map(value) => Self::Map(Box::new(Self::from(*value))),
        }
    }
}

impl Check {
    /// What this gives, when each name has the shape that `of` says; fields that are not there go to `bad`.
    pub(crate) fn shape(&self, of: &dyn Fn(Slot) -> Shape, bad: &mut Vec<NoField>) -> Shape {
        reader::shape(self, of, bad)
    }
}
