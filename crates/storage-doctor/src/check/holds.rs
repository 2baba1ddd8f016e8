//! Whether a check can hold at all, and whether one holds wherever another does, as far as that can be
//! told without a cluster. A check is taken apart into alternatives, each a set of things that all have to
//! be so; what is too large to take apart is taken to hold.

mod atoms;

use super::tree::{Call, Loop, LoopKind, Node, Operator};
use super::{Check, Slot};
use crate::value::Value;
use atoms::{Alternative, Atom, Constant, clash, order};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// More alternatives than these are not looked through.
const MOST: usize = 64;
/// How deep names are replaced by what they stand for.
const DEEPEST: usize = 8;
/// A name that stands for a longer text is left a name.
const LONGEST: usize = 500;

/// The most steps of one check: parts looked at, bytes written, things compared.
const OF_ONE: usize = 500_000;

/// The alternatives in which a check holds; that it may hold in others too when `open`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ways {
    all: Vec<Alternative>,
    open: bool,
    /// Why a way that was dropped is none.
    clash: Option<String>,
}

impl Check {
    /// The ways in which this can hold, when `of` says what a name stands for, if it is an expression. Takes
    /// `steps`; when they are used up, it may hold.
    pub(crate) fn ways<'a>(
        &'a self,
        of: &'a dyn Fn(Slot) -> Option<&'a Check>,
        name: &dyn Fn(Slot) -> String,
        steps: &Cell<usize>,
    ) -> Ways {
        // One check may not use up what all have.
        let own = Cell::new(steps.get().min(OF_ONE));
        let before = own.get();
        let ways = Taker { of, name, depth: 0, steps: &own }.ways(self.root(), true);
        steps.set(steps.get().saturating_sub(before - own.get()));
        if own.get() == 0 { Ways { open: true, ..Ways::default() } } else { ways }
    }
}

impl Ways {
    /// That it never holds.
    pub(crate) fn is_none(&self) -> bool {
        self.all.is_empty() && !self.open
    }

    /// Why there is no way, in words, as far as that is known.
    pub(crate) fn clash(&self) -> Option<&str> {
        self.clash.as_deref()
    }

    /// Whether wherever this holds the other does, also where not everything is known.
    pub(crate) fn imply(&self, other: &Self) -> bool {
        !self.open && !other.open && self.all.iter().all(|own| other.all.iter().any(|way| way.is_subset(own)))
    }

    /// The ways in which both hold.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let mut both = Self { open: self.open || other.open, ..Self::default() };
        if self.all.len().saturating_mul(other.all.len()) > MOST * MOST {
            both.open = true;
            return both;
        }
        for own in &self.all {
            for way in &other.all {
                let joined: Alternative = own.union(way).cloned().collect();
                match clash(&joined) {
                    None => both.all.push(joined),
                    Some(why) => both.clash = both.clash.or(Some(why)),
                }
            }
        }
        both.clash = both.clash.or_else(|| self.clash.clone()).or_else(|| other.clash.clone());
        both.bounded()
    }

    fn or(mut self, other: Self) -> Self {
        self.all.extend(other.all);
        self.open |= other.open;
        self.clash = self.clash.or(other.clash);
        self.bounded()
    }

    fn bounded(mut self) -> Self {
        self.all.sort();
        self.all.dedup();
        if self.all.len() > MOST {
            self.all.clear();
            self.open = true;
        }
        self
    }

    fn one(atom: Atom) -> Self {
        Self { all: vec![BTreeSet::from([atom])], ..Self::default() }
    }

    fn always(holds: bool) -> Self {
        let clash = (!holds).then(|| "a part of it is written as false or null".to_owned());
        Self { all: if holds { vec![Alternative::new()] } else { Vec::new() }, open: false, clash }
    }
}

struct Taker<'a, 'n> {
    of: &'a dyn Fn(Slot) -> Option<&'a Check>,
    name: &'n dyn Fn(Slot) -> String,
    depth: usize,
    steps: &'n Cell<usize>,
}

impl Taker<'_, '_> {
    fn spend(&self, steps: usize) -> bool {
        self.steps.set(self.steps.get().saturating_sub(steps));
        self.steps.get() > 0
    }

    fn both(&self, a: &Ways, b: &Ways) -> Ways {
        let size = |ways: &Ways| ways.all.iter().map(BTreeSet::len).sum::<usize>();
        let (atoms, pairs) = (size(a) + size(b), a.all.len() * b.all.len());
        if !self.spend(pairs.saturating_mul(atoms).saturating_mul(4)) {
            return Ways { open: true, ..Ways::default() };
        }
        a.and(b)
    }

    fn ways(&mut self, node: &Node, holds: bool) -> Ways {
        if !self.spend(1) {
            return Ways { open: true, ..Ways::default() };
        }
        match (node, holds) {
            (Node::Constant(Value::Bool(value)), _) => Ways::always(*value == holds),
            (Node::Constant(Value::Null), _) => Ways::always(!holds),
            (Node::Not(of), _) => self.ways(of, !holds),
            (Node::And(a, b), true) | (Node::Or(a, b), false) => {
                let (a, b) = (self.ways(a, holds), self.ways(b, holds));
                self.both(&a, &b)
            }
            (Node::And(a, b), false) | (Node::Or(a, b), true) => self.ways(a, holds).or(self.ways(b, holds)),
            (Node::If(condition, yes, no), _) => {
                let (is, yes) = (self.ways(condition, true), self.ways(yes, holds));
                let (is_not, no) = (self.ways(condition, false), self.ways(no, holds));
                self.both(&is, &yes).or(self.both(&is_not, &no))
            }
            (Node::Name(slot), _) => match (self.of)(*slot).filter(|_| self.depth < DEEPEST) {
                Some(check) => {
                    self.depth += 1;
                    let ways = self.ways(check.root(), holds);
                    self.depth -= 1;
                    ways
                }
                None => Ways::one(Atom::Holds(self.term(node), holds)),
            },
            (Node::Binary(operator, a, b), _) => self.comparison(*operator, a, b, holds),
            _ => Ways::one(Atom::Holds(self.term(node), holds)),
        }
    }

    fn comparison(&mut self, operator: Operator, a: &Node, b: &Node, holds: bool) -> Ways {
        let whole = |this: &mut Self| {
            let (mut text, a) = (this.term(a), operator);
            let _ = write!(text, " {a:?} {}", this.term(b));
            Ways::one(Atom::Holds(text, holds))
        };
        match (operator, constant(a), constant(b)) {
            (Operator::Equal | Operator::NotEqual, Some(a), Some(b)) => {
                Ways::always(((a == b) == (operator == Operator::Equal)) == holds)
            }
            (Operator::Equal | Operator::NotEqual, None, Some(value)) => {
                Ways::one(Atom::Is(self.term(a), value, (operator == Operator::Equal) == holds))
            }
            (Operator::Equal | Operator::NotEqual, Some(value), None) => {
                Ways::one(Atom::Is(self.term(b), value, (operator == Operator::Equal) == holds))
            }
            (Operator::In, None, _) => match list(b) {
                Some(values) => {
                    let term = self.term(a);
                    let each = values.into_iter().map(|value| Ways::one(Atom::Is(term.clone(), value, holds)));
                    each.reduce(|a, b| if holds { a.or(b) } else { self.both(&a, &b) })
                        .unwrap_or_else(|| Ways::always(!holds))
                }
                None => whole(self),
            },
            // What is not less may be null, and then it is not greater either.
            (_, None, Some(Constant::Number(number))) if holds => match order(operator, false) {
                Some(order) => Ways::one(Atom::Than(self.term(a), order, number)),
                None => whole(self),
            },
            (_, Some(Constant::Number(number)), None) if holds => match order(operator, true) {
                Some(order) => Ways::one(Atom::Than(self.term(b), order, number)),
                None => whole(self),
            },
            _ => whole(self),
        }
    }

    /// The text of a part, the same for parts that are the same.
    fn term(&mut self, node: &Node) -> String {
        let mut text = String::new();
        self.write(node, &mut text);
        text
    }

    fn write(&mut self, node: &Node, out: &mut String) {
        // Each part costs what has been written so far: it is compared as a whole.
        if !self.spend(1 + out.len() / 16) {
            return;
        }
        // Writing into a text does not fail.
        let _ = match node {
            Node::Constant(Value::Text(text)) => write!(out, "'{text}'"),
            Node::Constant(value) => write!(out, "{value:?}"),
            Node::Local(i) => write!(out, "${i}"),
            Node::Name(slot) => return self.write_name(*slot, out),
            Node::Field(of, name) => {
                self.write(of, out);
                write!(out, ".{}", &**name)
            }
            Node::Has(of, name) => {
                self.write(of, out);
                write!(out, ".{} != null", &**name)
            }
            Node::Index(of, at) => {
                self.write(of, out);
                match &**at {
                    Node::Constant(Value::Text(name)) => write!(out, ".{name}"),
                    at => return self.write_all("[", [at], out),
                }
            }
            Node::Not(of) => return self.write_all("!", [&**of], out),
            Node::Minus(of) => return self.write_all("-", [&**of], out),
            Node::And(a, b) => return self.write_all("&&", [&**a, &**b], out),
            Node::Or(a, b) => return self.write_all("||", [&**a, &**b], out),
            Node::If(a, b, c) => return self.write_all("?", [&**a, &**b, &**c], out),
            Node::Binary(operator, a, b) => return self.write_all(&format!("{operator:?}"), [&**a, &**b], out),
            Node::List(items) => return self.write_all("list", items, out),
            Node::Map(entries) => return self.write_all("map", entries.iter().flat_map(|(k, v)| [k, v]), out),
            Node::Loop(each) => return self.write_loop(each, out),
            Node::Call(call) => return self.write_call(call, out),
        };
    }

    fn write_all<'n>(&mut self, what: &str, parts: impl IntoIterator<Item = &'n Node>, out: &mut String) {
        let _ = write!(out, "{what}(");
        for part in parts {
            self.write(part, out);
            out.push(',');
        }
        out.push(')');
    }

    fn write_name(&mut self, slot: Slot, out: &mut String) {
        if let Some(check) = (self.of)(slot).filter(|_| self.depth < DEEPEST) {
            self.depth += 1;
            let text = self.term(check.root());
            self.depth -= 1;
            if text.len() <= LONGEST {
                out.push_str(&text);
                return;
            }
        }
        out.push_str(&(self.name)(slot));
    }

    fn write_loop(&mut self, each: &Loop, out: &mut String) {
        let kind = match each.kind {
            LoopKind::Exists => "exists",
            LoopKind::All => "all",
            LoopKind::ExistsOne => "exists_one",
            LoopKind::Map => "map",
        };
        self.write_all(kind, std::iter::once(&each.range).chain(&each.check).chain(&each.make), out);
    }

    fn write_call(&mut self, call: &Call, out: &mut String) {
        self.write_all(call.function.doc.name, &call.arguments, out);
    }
}

fn constant(node: &Node) -> Option<Constant> {
    match node {
        Node::Constant(value) => of_value(value),
        _ => None,
    }
}

fn of_value(value: &Value) -> Option<Constant> {
    Some(match value {
        Value::Null => Constant::Null,
        Value::Bool(value) => Constant::Truth(*value),
        Value::Int(value) => Constant::Number(*value),
        Value::Text(value) => Constant::Text(value.to_string()),
        _ => return None,
    })
}

fn list(node: &Node) -> Option<Vec<Constant>> {
    let Node::Constant(Value::List(list)) = node else { return None };
    list.items().iter().map(of_value).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Check, Names, Slot, compile};
    use super::Ways;

    fn ways(source: &str) -> Ways {
        let mut names = Names::new();
        for name in ["a", "b", "c", "stuck"] {
            names.declare(name);
        }
        let stuck = compile("a.phase == 'Pending' && !b.young", &names).unwrap();
        let of = |slot: Slot| -> Option<&Check> { (slot == Slot(3)).then_some(&stuck) };
        let name = |slot: Slot| names.name(slot).to_owned();
        let check = compile(source, &names).unwrap();
        let ways = check.ways(&of, &name, &std::cell::Cell::new(1_000_000));
        Ways { ..ways }
    }

    #[test]
    fn what_contradicts_itself_never_holds() {
        for never in [
            "false",
            "null",
            "a.x && !a.x",
            "a.x && (a.y || b.z) && !a.x",
            "a.phase == 'A' && a.phase == 'B'",
            "a.phase == 'A' && a.phase != 'A'",
            "a.phase in ['A', 'B'] && a.phase == 'C'",
            "stuck && a.phase == 'Bound'",
            "stuck && b.young",
            "a.spec == null && a.spec.name == 'x'",
            "a == null && a.x",
            "size(a.l) > 0 && size(a.l) == 0",
            "size(a.l) > 3 && 3 > size(a.l)",
            "a.x ? false : (b.y && !b.y)",
            "!(a.x || !a.x)",
            "a.n == 1 && a.n == 2",
            "a.l.exists(x, x.y == 1) && !a.l.exists(z, z.y == 1)",
            "1 == 2 || false",
        ] {
            let found = ways(never);
            assert!(found.is_none(), "{never}: {found:?}");
            assert!(found.clash().is_some(), "{never}");
        }
    }

    #[test]
    fn what_may_hold_is_let_pass() {
        for may in [
            "true",
            "a.x && !b.x",
            "a.x || !a.x",
            "a.phase == 'A' || a.phase == 'B'",
            "a.phase in ['A', 'B'] && a.phase == 'B'",
            "stuck && a.phase != 'Bound'",
            // A quantity equals both.
            "quantity(a.s) == '1Gi' && quantity(a.s) == '1024Mi'",
            // Null is neither.
            "!(a.n > 1) && !(a.n <= 1)",
            "a.spec == null && a.special == 'x'",
            "size(a.l) >= 3 && size(a.l) <= 3",
            "a.l.exists(x, x.y == 1) && a.l.exists(x, x.y == 2)",
            "known(a.x) && !a.x",
        ] {
            assert!(!ways(may).is_none(), "{may}: {:?}", ways(may));
        }
    }

    #[test]
    fn what_is_large_is_let_pass() {
        let large: Vec<String> = (0..12).map(|n| format!("(a.x{n} || b.x{n})")).collect();
        assert!(!ways(&format!("{} && a.y && !a.y", large.join(" && "))).is_none());
    }

    #[test]
    fn one_check_may_imply_another() {
        let imply = |a: &str, b: &str| ways(a).imply(&ways(b));
        assert!(imply("a.x && b.y", "a.x"));
        assert!(imply("b.y && a.x", "a.x && b.y"));
        assert!(imply("a.x", "a.x || b.y"));
        assert!(imply("stuck && a.x", "a.phase == 'Pending'"));
        assert!(imply("a.x && c.z", "stuck || a.x"));
        assert!(!imply("a.x", "a.x && b.y"));
        assert!(!imply("a.x || b.y", "a.x"));
        // Where `a.x` is not known the second holds and the first does not.
        assert!(!imply("!known(a.x) || a.x", "a.x"));
    }
}
