//! What an expression gives, as far as that can be told without a cluster, and which fields it reads that
//! are not there.

use super::tree::{Call, Loop, LoopKind, Node, Operator, Word};
use super::{Check, Slot, nearest};
use crate::fields::{self, Type};
use crate::value::Value;
use std::collections::BTreeMap;
use std::ops::Range;

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
    /// A map with just these fields.
    Record(BTreeMap<String, Shape>),
    /// A list of these.
    List(Box<Shape>),
    /// A map from any text to these.
    Map(Box<Shape>),
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
}

pub(super) const TRUTH: Shape = Shape::Plain("true or false");
const TEXT: Shape = Shape::Plain("a text");
const NUMBER: Shape = Shape::Plain("a number");

/// Of what is made of more shapes than these nothing is known: they would grow with every name.
const LARGEST: usize = 100;

/// The fields of what `sidecars()` gives, without its `troubles`, which have the same.
const SIDECAR: &[&str] = &[
    "namespace",
    "pod",
    "node",
    "container",
    "part",
    "leads",
    "ready",
    "restarts",
    "state",
    "previous",
    "ended",
    "troubles",
];
/// The fields of what `volume_mismatch()` gives.
const MISMATCH: &[&str] = &["field", "wants", "has", "why"];

impl Shape {
    /// A map with these fields, of which nothing more is known.
    pub(crate) fn record<'a>(fields: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Record(fields.into_iter().map(|field| (field.to_owned(), Self::Any)).collect())
    }

    /// What is known of objects of a resource.
    pub(crate) fn of_resource(resource: &str) -> Self {
        Self::from(fields::of_resource(resource))
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
            Self::Record(fields) => 1 + fields.values().map(Self::size).sum::<usize>(),
            Self::List(of) | Self::Map(of) => 1 + of.size(),
            _ => 1,
        }
    }

    /// What either of two values may be.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Null, shape) | (shape, Self::Null) => shape,
            (Self::List(a), Self::List(b)) => Self::List(Box::new(a.or(*b))),
            (Self::Record(mut a), Self::Record(b)) => {
                for (field, shape) in b {
                    let joined = a.remove(&field).map_or(shape.clone(), |own| own.or(shape));
                    a.insert(field, joined);
                }
                Self::Record(a)
            }
            (a, b) if a == b => a,
            // A text has no fields: what the other one lacks, neither has.
            (TEXT, map @ (Self::Record(_) | Self::Object(_))) | (map @ (Self::Record(_) | Self::Object(_)), TEXT) => {
                map
            }
            _ => Self::Any,
        }
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
        Reader { of, bad, locals: Vec::new(), source: self.source() }.node(self.root())
    }
}

struct Reader<'a> {
    of: &'a dyn Fn(Slot) -> Shape,
    bad: &'a mut Vec<NoField>,
    locals: Vec<Shape>,
    source: &'a str,
}

impl Reader<'_> {
    fn node(&mut self, node: &Node) -> Shape {
        match node {
            Node::Constant(value) => of_value(value),
            Node::Name(slot) => (self.of)(*slot),
            Node::Local(i) => self.locals.get(*i).cloned().unwrap_or(Shape::Any),
            Node::Field(of, name) => {
                let of = self.node(of);
                self.field(&of, name)
            }
            Node::Has(of, name) => {
                let of = self.node(of);
                self.field(&of, name);
                TRUTH
            }
            Node::Index(of, at) => self.index(of, at),
            Node::Not(of) => self.each([&**of], TRUTH),
            Node::Minus(of) => self.each([&**of], Shape::Any),
            Node::And(a, b) | Node::Or(a, b) => self.each([&**a, &**b], TRUTH),
            Node::If(condition, yes, no) => {
                self.node(condition);
                self.node(yes).or(self.node(no))
            }
            Node::Binary(operator, a, b) => self.binary(*operator, a, b),
            Node::List(items) => {
                let item = items.iter().map(|item| self.node(item)).fold(Shape::Null, Shape::or);
                Shape::List(Box::new(item))
            }
            Node::Map(entries) => self.map(entries),
            Node::Loop(each) => self.run(each),
            Node::Call(call) => self.call(call),
        }
    }

    fn each<'n>(&mut self, nodes: impl IntoIterator<Item = &'n Node>, gives: Shape) -> Shape {
        for node in nodes {
            self.node(node);
        }
        gives
    }

    fn field(&mut self, of: &Shape, name: &Word) -> Shape {
        self.read(of, name, name.at.clone()).unwrap_or(Shape::Any)
    }

    /// The shape of a field; none when that was reported.
    fn read(&mut self, of: &Shape, name: &str, at: Range<usize>) -> Option<Shape> {
        let (what, known): (&str, Vec<String>) = match of {
            Shape::Any | Shape::Null => return Some(Shape::Any),
            Shape::Map(value) => return Some((**value).clone()),
            Shape::Object(object) => match fields::field(object, name) {
                Some(kind) => return Some(Shape::from(kind)),
                None => (object, fields::names(object).into_iter().map(str::to_owned).collect()),
            },
            Shape::Record(fields) => match fields.get(name) {
                Some(shape) => return Some(shape.clone()),
                None => ("this", fields.keys().cloned().collect()),
            },
            Shape::List(_) => ("a list", Vec::new()),
            Shape::Plain(what) => (what, Vec::new()),
        };
        let near =
            nearest(name, known.iter().map(String::as_str)).first().map(|near| format!("did you mean `{near}`?"));
        let help = match (near, of) {
            (Some(near), _) => Some(near),
            (None, Shape::List(_)) => Some("write `list.map(x, x.field)`, or take one item".to_owned()),
            (None, Shape::Object(_)) => Some(format!(
                "its fields are: {}; one that is newer than this program can be read as `a['field']`",
                known.join(", ")
            )),
            _ if known.is_empty() => None,
            _ => Some(format!("its fields are: {}", known.join(", "))),
        };
        self.bad.push(NoField { at, message: format!("{what} has no field `{name}`"), help });
        None
    }

    fn index(&mut self, of: &Node, at: &Node) -> Shape {
        let shape = self.node(of);
        self.node(at);
        match (shape, at) {
            (Shape::List(item), _) => *item,
            (Shape::Map(value), _) => *value,
            // The way to read a field that is newer than the table.
            (Shape::Object(object), Node::Constant(Value::Text(name))) => {
                fields::field(object, name).map_or(Shape::Any, Shape::from)
            }
            (Shape::Record(fields), Node::Constant(Value::Text(name))) => {
                fields.get(&**name).cloned().unwrap_or(Shape::Any)
            }
            _ => Shape::Any,
        }
    }

    fn binary(&mut self, operator: Operator, a: &Node, b: &Node) -> Shape {
        let (a, b) = (self.node(a), self.node(b));
        match operator {
            Operator::Add => match (a, b) {
                (Shape::List(a), Shape::List(b)) => Shape::List(Box::new(a.or(*b))),
                (list @ Shape::List(_), Shape::Null) | (Shape::Null, list @ Shape::List(_)) => list,
                (TEXT, TEXT) => TEXT,
                _ => Shape::Any,
            },
            Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => Shape::Any,
            _ => TRUTH,
        }
    }

    fn map(&mut self, entries: &[(Node, Node)]) -> Shape {
        let mut fields = BTreeMap::new();
        let (mut open, mut size) = (false, 0);
        for (key, value) in entries {
            self.node(key);
            let value = self.node(value);
            size += value.size();
            match key {
                Node::Constant(Value::Text(key)) => drop(fields.insert(key.to_string(), value)),
                _ => open = true,
            }
        }
        if open || size > LARGEST { Shape::Any } else { Shape::Record(fields) }
    }

    fn run(&mut self, each: &Loop) -> Shape {
        let item = match self.node(&each.range) {
            Shape::List(item) => *item,
            Shape::Map(_) | Shape::Record(_) | Shape::Object(_) => TEXT,
            _ => Shape::Any,
        };
        self.locals.push(item);
        if let Some(check) = &each.check {
            self.node(check);
        }
        let made = each.make.as_ref().map(|make| self.node(make));
        self.locals.pop();
        match (each.kind, made) {
            (LoopKind::Map, Some(made)) => Shape::List(Box::new(made)),
            (LoopKind::Map, None) => Shape::Any,
            _ => TRUTH,
        }
    }

    fn call(&mut self, call: &Call) -> Shape {
        let arguments: Vec<Shape> = call.arguments.iter().map(|argument| self.node(argument)).collect();
        let first = arguments.first().cloned().unwrap_or(Shape::Any);
        let path = call.arguments.get(1);
        match call.function.doc.name {
            "first" | "last" => first.item(),
            "where" | "sort_by" => {
                if let Some(Node::Constant(Value::Text(path))) = path {
                    self.path(&first.item(), path);
                }
                first
            }
            "unique" => first,
            "size" | "bytes" | "int" | "double" => NUMBER,
            "known" | "contains" | "matches" | "startsWith" | "endsWith" | "selects" | "node_matches"
            | "topology_matches" => TRUTH,
            "join" | "string" | "trim" | "lowerAscii" | "upperAscii" | "substring" | "replace" | "grpc_code"
            | "grpc_message" => TEXT,
            "split" | "keys" | "closest" => Shape::List(Box::new(TEXT)),
            "quantity" => Shape::Plain("a quantity"),
            "time" => Shape::Plain("a time"),
            "age" | "duration" => Shape::Plain("a duration"),
            "sidecars" => Shape::List(Box::new(sidecar())),
            "volume_mismatch" => Shape::List(Box::new(Shape::record(MISMATCH.iter().copied()))),
            "captures" => call.pattern.as_ref().map_or(Shape::Any, |pattern| {
                Shape::Record(pattern.regex.capture_names().flatten().map(|name| (name.to_owned(), TEXT)).collect())
            }),
            _ => Shape::Any,
        }
    }

    /// A path written as a text: `spec.volumes[].name`.
    fn path(&mut self, of: &Shape, path: &str) {
        let quoted = self.source.find(path).unwrap_or_default();
        let (mut shape, mut offset) = (of.clone(), quoted);
        for part in path.split('.') {
            let name = part.trim_end_matches("[]");
            let Some(found) = self.read(&shape, name, offset..offset + name.len()) else { return };
            shape = found;
            for _ in part.matches("[]") {
                shape = shape.item();
            }
            offset += part.len() + 1;
        }
    }
}

/// What `sidecars()` gives a list of.
fn sidecar() -> Shape {
    let of = |fields: &[&'static str]| Shape::record(fields.iter().copied());
    let Shape::Record(mut fields) = of(SIDECAR) else { return Shape::Any };
    fields.insert("troubles".to_owned(), Shape::List(Box::new(of(SIDECAR))));
    Shape::Record(fields)
}

fn of_value(value: &Value) -> Shape {
    match value {
        Value::Null => Shape::Null,
        Value::Bool(_) => TRUTH,
        Value::Text(_) => TEXT,
        Value::Int(_) | Value::Float(_) => NUMBER,
        Value::List(list) => Shape::List(Box::new(list.items().iter().map(of_value).fold(Shape::Null, Shape::or))),
        Value::Quantity(_) => Shape::Plain("a quantity"),
        Value::Time(_) => Shape::Plain("a time"),
        Value::Seconds(_) => Shape::Plain("a duration"),
        _ => Shape::Any,
    }
}
