//! Reads an expression for the shape of what it gives.

use super::{LARGEST, NUMBER, NoField, Shape, TEXT, TRUTH};
use crate::check::tree::{Call, Loop, LoopKind, Node, Operator, Word};
use crate::check::{Check, Slot, nearest};
use crate::fields;
use crate::value::Value;
use std::collections::BTreeMap;
use std::ops::Range;

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

/// What a check gives; see [`Check::shape`].
pub(super) fn shape(check: &Check, of: &dyn Fn(Slot) -> Shape, bad: &mut Vec<NoField>) -> Shape {
    Reader { of, bad, locals: Vec::new(), source: check.source() }.node(check.root())
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
        let (what, known): (String, Vec<String>) = match of {
            Shape::Any | Shape::Null => return Some(Shape::Any),
            Shape::Map(value) => return Some((**value).clone()),
            Shape::Object(object) => match fields::field(object, name) {
                Some(kind) => return Some(Shape::from(kind)),
                None => ((*object).to_owned(), fields::names(object).into_iter().map(str::to_owned).collect()),
            },
            Shape::Record(fields) => match fields.get(name) {
                Some(shape) => return Some(shape.clone()),
                None => ("this".to_owned(), fields.keys().cloned().collect()),
            },
            Shape::Known(known) => match known.fields.get(name) {
                Some(shape) => return Some(shape.clone()),
                None => (known.called(), known.fields.keys().cloned().collect()),
            },
            Shape::List(_) => ("a list".to_owned(), Vec::new()),
            Shape::Plain(what) => ((*what).to_owned(), Vec::new()),
        };
        let stated = if let Shape::Known(known) = of { known.stated } else { None };
        let message = match stated {
            Some(_) => format!("no field `{name}` is stated of {what}"),
            None => format!("{what} has no field `{name}`"),
        };
        let help = help(of, name, &known, stated.is_some());
        self.bad.push(NoField { at, message, help, stated });
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
            (Shape::Known(known), Node::Constant(Value::Text(name))) => {
                known.fields.get(&**name).cloned().unwrap_or(Shape::Any)
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
            Shape::Map(_) | Shape::Record(_) | Shape::Object(_) | Shape::Known(_) => TEXT,
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
            "sidecars" | "down_beside" => Shape::List(Box::new(sidecar())),
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

/// What to write in the place of a field that is not there.
fn help(of: &Shape, name: &str, known: &[String], stated: bool) -> Option<String> {
    if let Some(near) = nearest(name, known.iter().map(String::as_str)).first() {
        return Some(format!("did you mean `{near}`?"));
    }
    let fields = known.join(", ");
    match of {
        Shape::List(_) => Some("write `list.map(x, x.field)`, or take one item".to_owned()),
        Shape::Known(_) if stated => Some(format!("stated are: {fields}; state this one too, under `fields`")),
        Shape::Object(_) | Shape::Known(_) => {
            Some(format!("its fields are: {fields}; one that is newer than this program can be read as `a['field']`"))
        }
        _ if known.is_empty() => None,
        _ => Some(format!("its fields are: {fields}")),
    }
}

/// What `sidecars()` and `down_beside()` give lists of.
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
