//! What an expression stands for where nobody has filled it in: `<class_name>` in prose, `CLASS_NAME` in a
//! command.

use super::show::show;
use super::tree::{Node, Operator};
use super::{Check, Names};
use crate::value::Value;

/// How a place that is open is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `<class_name>`; of several ways it may read: `[one | other]`.
    Prose,
    /// `CLASS_NAME`, since a shell would read `<` as something else; of several ways the last.
    Command,
}

/// Nested deeper than this, an expression is just something.
const DEEPEST: usize = 24;

/// What the expression stands for.
pub(super) fn gist(check: &Check, names: &Names, style: Style) -> String {
    Gist { names, style }.node(check.root(), 0)
}

struct Gist<'a> {
    names: &'a Names,
    style: Style,
}

impl Gist<'_> {
    fn node(&self, node: &Node, depth: usize) -> String {
        if depth > DEEPEST {
            return self.open("…");
        }
        let inner = |node: &Node| self.node(node, depth + 1);
        match node {
            Node::Constant(value) => show(value),
            Node::Name(slot) => self.open(self.names.name(*slot)),
            Node::Local(_) => self.open("item"),
            Node::Field(_, name) => self.open(name),
            Node::Index(of, at) => match &**at {
                Node::Constant(Value::Text(name)) => self.open(name),
                _ => inner(of),
            },
            Node::If(_, one, other) => self.either(one, other, depth),
            Node::Binary(Operator::Add, left, right) => inner(left) + &inner(right),
            Node::Loop(each) => inner(&each.range),
            Node::Call(call) => match (call.function.doc.name, call.arguments.first()) {
                ("size", _) => self.open("number"),
                ("age", _) => self.open("age"),
                (_, Some(first)) => inner(first),
                (name, None) => self.open(name),
            },
            _ => self.open("…"),
        }
    }

    fn open(&self, name: &str) -> String {
        match self.style {
            Style::Prose => format!("<{name}>"),
            Style::Command => {
                let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
                let word: String = name.chars().filter(plain).collect();
                if word.is_empty() { "VALUE".to_owned() } else { word.to_ascii_uppercase() }
            }
        }
    }

    /// The ways in which a choice may read, the choices within it among them.
    fn either(&self, one: &Node, other: &Node, depth: usize) -> String {
        if self.style == Style::Command {
            return self.node(other, depth + 1);
        }
        let mut ways = Vec::new();
        self.ways(one, depth + 1, &mut ways);
        self.ways(other, depth + 1, &mut ways);
        match ways.as_slice() {
            [only] => only.clone(),
            _ => format!("[{}]", ways.join(" | ")),
        }
    }

    fn ways(&self, node: &Node, depth: usize, ways: &mut Vec<String>) {
        if let (Node::If(_, one, other), true) = (node, depth <= DEEPEST) {
            self.ways(one, depth + 1, ways);
            self.ways(other, depth + 1, ways);
            return;
        }
        let way = self.node(node, depth);
        if !way.is_empty() && !ways.contains(&way) {
            ways.push(way);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Names, compile_template};

    fn gists(text: &str) -> (String, String) {
        let mut names = Names::new();
        for name in ["claim", "class_name", "pods"] {
            names.declare(name);
        }
        let template = compile_template(text, &names).unwrap();
        (template.gist(&names), template.gist_command(&names))
    }

    #[test]
    fn what_is_open_is_named() {
        let (prose, command) = gists("kubectl get {{ claim.metadata.name }} -n {{ class_name }}");
        assert_eq!(prose, "kubectl get <name> -n <class_name>");
        assert_eq!(command, "kubectl get NAME -n CLASS_NAME");
        assert_eq!(gists("{{ first(pods).metadata.annotations['a/b'] }}").0, "<a/b>");
        assert_eq!(gists("{{ first(pods).metadata.annotations['a/b'] }}").1, "AB");
    }

    #[test]
    fn a_choice_shows_its_ways() {
        let text = "it {{ size(pods) == 0 ? 'is gone' : size(pods) == 1 ? 'is ' + class_name : 'is gone' }}";
        assert_eq!(gists(text).0, "it [is gone | is <class_name>]");
        assert_eq!(gists("{{ claim == null ? '' : class_name }}").0, "<class_name>");
        assert_eq!(gists("{{ size(pods) == 1 ? first(pods).metadata.name : 'CLASS' }}").1, "CLASS");
    }

    #[test]
    fn what_has_no_name_is_something() {
        assert_eq!(gists("{{ !claim.x }}, {{ size(pods) }}, {{ age(claim.t) }}").0, "<…>, <number>, <age>");
        assert_eq!(gists("{{ !claim.x }}").1, "VALUE");
    }
}
