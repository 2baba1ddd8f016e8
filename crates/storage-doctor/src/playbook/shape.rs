//! Whether a tree has the structure that the schema asks for. Serde stops at the first mismatch; this
//! finds all of them, from the one description that editors use as well.

use super::schema::schema;
use super::sink::{Sink, did_you_mean};
use super::yaml::{Content, Key, Node};
use crate::check::nearest;
use crate::problem::Problem;
use crate::span::{SourceFile, Span};
use serde_json::{Map, Value};
use std::sync::{Arc, LazyLock};

static SCHEMA: LazyLock<Value> = LazyLock::new(schema);

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    Playbook,
    Library,
    Translation,
}

/// Checks the structure of a file; every mismatch goes to `sink`. Says what the file holds, if it says so.
pub(super) fn check(file: &Arc<SourceFile>, root: &Node, sink: &mut Sink) -> Option<FileKind> {
    if let Some(span) = cases(root) {
        let problem = Problem::error("cases-file", file, span, "this file holds cases, not a playbook");
        sink.push(problem.help("run it with `kubectl storage-doctor playbook test`"));
        return None;
    }
    let stated = kind_of(root);
    let definition = match stated {
        Some(FileKind::Library) => "Library",
        Some(FileKind::Translation) => "Translation",
        Some(FileKind::Playbook) | None => "Playbook",
    };
    let definitions = SCHEMA.get("definitions").and_then(Value::as_object)?;
    check_as(file, root, (definitions, definition), &format!("this {}", definition.to_lowercase()), sink)?;
    stated
}

/// Checks the structure of a file by one of the definitions of a schema, naming the whole of it as `called`.
pub(super) fn check_as(
    file: &Arc<SourceFile>,
    root: &Node,
    (definitions, definition): (&Map<String, Value>, &str),
    called: &str,
    sink: &mut Sink,
) -> Option<()> {
    let schema = definitions.get(definition)?;
    Shape { file, definitions, sink }.node(root, schema, called);
    Some(())
}

/// Where a file says that it holds cases, if it does.
fn cases(root: &Node) -> Option<Span> {
    let Content::Map(entries) = &root.content else { return None };
    let (_, kind) = entries.iter().find(|(key, _)| key.text == "kind")?;
    matches!(&kind.content, Content::Scalar { text, .. } if text == "Cases").then_some(kind.span)
}

fn kind_of(root: &Node) -> Option<FileKind> {
    let Content::Map(entries) = &root.content else { return None };
    let (_, kind) = entries.iter().find(|(key, _)| key.text == "kind")?;
    match &kind.content {
        Content::Scalar { text, .. } if text == "Playbook" => Some(FileKind::Playbook),
        Content::Scalar { text, .. } if text == "Library" => Some(FileKind::Library),
        Content::Scalar { text, .. } if text == "Translation" => Some(FileKind::Translation),
        _ => None,
    }
}

struct Shape<'a> {
    file: &'a Arc<SourceFile>,
    definitions: &'a Map<String, Value>,
    sink: &'a mut Sink,
}

impl<'a> Shape<'a> {
    fn error(&self, code: &'static str, span: Span, message: &str) -> Problem {
        Problem::error(code, self.file, span, message)
    }

    /// Follows references; also gives the name of the last definition followed.
    fn resolve(&self, mut schema: &'a Value, called: &str) -> (&'a Value, String) {
        let mut called = called.to_owned();
        loop {
            let single = schema.get("allOf").and_then(Value::as_array).and_then(|all| all.first());
            let reference = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/definitions/"));
            match (single, reference) {
                (Some(inner), _) => schema = inner,
                (None, Some(name)) => {
                    let Some(inner) = self.definitions.get(name) else { return (schema, called) };
                    called = format!("this {}", name.to_lowercase());
                    schema = inner;
                }
                (None, None) => return (schema, called),
            }
        }
    }

    fn node(&mut self, node: &Node, schema: &'a Value, called: &str) {
        let (schema, name) = self.resolve(schema, called);
        let choices = choices(schema);
        if !choices.is_empty() {
            return self.choice(node, &choices, called);
        }
        let expected = schema.get("type").and_then(Value::as_str);
        match (expected, &node.content) {
            (Some("object"), Content::Map(entries)) => self.object(node, entries, schema, &name),
            (Some("array"), Content::List(items)) => self.list(node, items, schema, called),
            (Some("string"), Content::Scalar { text, plain: true }) if looks_like(text).is_some() => {
                self.looks_like(node, text, called);
            }
            (Some("string"), Content::Scalar { .. }) => {}
            (Some("boolean"), Content::Scalar { text, plain: true }) if text == "true" || text == "false" => {}
            (Some("integer"), Content::Scalar { text, plain: true }) if text.parse::<i64>().is_ok() => {}
            (Some(expected), _) => self.wrong_type(node, expected, called),
            (None, _) => self.either(node, schema, called),
        }
    }

    /// A value that may be a text or a map.
    fn either(&mut self, node: &Node, schema: &'a Value, called: &str) {
        let options = schema.get("oneOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let fits = |option: &Value| match self.resolve(option, called).0.get("type").and_then(Value::as_str) {
            Some("object") => matches!(node.content, Content::Map(_)),
            Some("string") => matches!(node.content, Content::Scalar { .. }),
            _ => false,
        };
        match options.iter().find(|o| fits(o)) {
            Some(option) => self.node(node, option, called),
            None if options.is_empty() => {}
            None => self.wrong_type(node, "string", called),
        }
    }

    fn wrong_type(&mut self, node: &Node, expected: &str, called: &str) {
        if matches!(node.content, Content::Null) {
            let mut problem = self.error("empty-value", node.span, &format!("{called} has no value"));
            problem = match expected {
                "array" => problem.help("leave the key out, or write `[]` for none"),
                "object" => problem.help("leave the key out, or write `{}` for none"),
                _ => problem.help("leave the key out, or put a text that says null in quotes"),
            };
            return self.sink.push(problem);
        }
        let (wanted, found) = (kind_name(expected), found(&node.content));
        let message = format!("{called} has to be {wanted}, not {found}");
        let mut problem = self.error("wrong-type", node.span, &message).label(&format!("this is {found}"));
        if expected == "string" && self.file.slice(node.span).starts_with('{') {
            problem = problem.help("put a text that starts with `{` in quotes");
        } else if expected == "string" && self.file.slice(node.span).starts_with('[') {
            problem = problem.help("put a text that starts with `[` in quotes");
        }
        self.sink.push(problem);
    }

    /// A text without quotes that other readers of YAML, editors among them, take for something else.
    fn looks_like(&mut self, node: &Node, text: &str, called: &str) {
        let what = looks_like(text).unwrap_or_default();
        let problem = self.error("wrong-type", node.span, &format!("{called} has to be a text, not {what}"));
        self.sink.push(problem.label(&format!("this is {what}")).help(&format!("put it in quotes: '{text}'")));
    }

    fn choice(&mut self, node: &Node, choices: &[&str], called: &str) {
        let Content::Scalar { text, .. } = &node.content else {
            return self.wrong_type(node, "string", called);
        };
        if choices.contains(&text.as_str()) {
            return;
        }
        let hint = did_you_mean(nearest(text, choices.iter().copied()).first());
        let problem = self.error("unknown-value", node.span, &format!("unknown value `{text}` of {called}{hint}"));
        self.sink.push(problem.help(&format!("{called} is one of: {}", choices.join(", "))));
    }

    fn list(&mut self, node: &Node, items: &[Node], schema: &'a Value, called: &str) {
        self.check_length(node, items.len(), schema, ("minItems", "maxItems"), called);
        let Some(item_schema) = schema.get("items") else { return };
        for item in items {
            self.node(item, item_schema, &format!("an item of {called}"));
        }
    }

    fn check_length(&mut self, node: &Node, length: usize, schema: &Value, bounds: (&str, &str), called: &str) {
        let bound = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        if let Some(max) = bound(bounds.1).filter(|max| length > *max) {
            let message = format!("{called} has {length} entries, more than the {max} allowed");
            self.sink.push(self.error("too-many", node.span, &message));
        }
        if let Some(min) = bound(bounds.0).filter(|min| length < *min) {
            let message = format!("{called} has {length} entries; at least {min} is needed");
            self.sink.push(self.error("too-few", node.span, &message));
        }
    }

    fn object(&mut self, node: &Node, entries: &[(Key, Node)], schema: &'a Value, name: &str) {
        self.check_length(node, entries.len(), schema, ("minProperties", "maxProperties"), name);
        let open = schema.get("additionalProperties").filter(|s| s.is_object());
        let properties = schema.get("properties").and_then(Value::as_object);
        let mut misspelt = Vec::new();
        for (key, value) in entries {
            if self.sink.is_full(self.file) {
                return;
            }
            match properties.and_then(|p| p.get(&key.text)).or(open) {
                Some(schema) => self.node(value, schema, &format!("`{}`", key.text)),
                None => misspelt.extend(self.unknown_field(key, entries, properties, name)),
            }
        }
        for required in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
        {
            // What is only misspelt is not missing too.
            if !misspelt.contains(&required) && !entries.iter().any(|(key, _)| key.text == required) {
                let message = format!("{name} has no field `{required}`");
                let described = properties.and_then(|p| p.get(required)).and_then(|p| p.get("description"));
                let problem =
                    self.error("missing-field", node.span, &message).label(&format!("`{required}` is missing here"));
                let help = described.and_then(Value::as_str).map(|d| format!("`{required}`: {}", d.replace('\n', " ")));
                self.sink.push(match help {
                    Some(help) => problem.help(&help),
                    None => problem,
                });
            }
        }
    }

    /// Gives the field that was meant, if one can be guessed.
    fn unknown_field(
        &mut self,
        key: &Key,
        entries: &[(Key, Node)],
        properties: Option<&'a Map<String, Value>>,
        name: &str,
    ) -> Option<&'a str> {
        let known: Vec<&'a str> = properties.into_iter().flatten().map(|(k, _)| k.as_str()).collect();
        let near = nearest(&key.text, known.iter().copied());
        let meant = near.into_iter().find(|m| !entries.iter().any(|(e, _)| e.text == *m));
        let hint = did_you_mean(meant.as_ref());
        let mut problem = self.error("unknown-field", key.span, &format!("unknown field `{}`{hint}", key.text));
        problem.meant = meant.map(str::to_owned);
        self.sink.push(problem.help(&format!("the fields of {name} are: {}", known.join(", "))));
        meant
    }
}

/// The texts a value is to be one of; none when it is no such value.
fn choices(schema: &Value) -> Vec<&str> {
    let list = |key: &str| schema.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let constant = schema.get("const").and_then(Value::as_str);
    let constants = list("oneOf").iter().filter_map(|o| o.get("const").and_then(Value::as_str));
    let more = list("oneOf").iter().flat_map(|o| o.get("enum").and_then(Value::as_array).into_iter().flatten());
    let enumerated = list("enum").iter().chain(more).filter_map(Value::as_str);
    constant.into_iter().chain(constants).chain(enumerated).collect()
}

/// What a text without quotes is in YAML 1.2, if it is no text.
fn looks_like(text: &str) -> Option<&'static str> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'))
        && digits.parse::<f64>().is_ok();
    match text {
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Some("true or false"),
        _ if number => Some("a number"),
        _ => None,
    }
}

fn kind_name(expected: &str) -> &'static str {
    match expected {
        "object" => "a map",
        "array" => "a list",
        "boolean" => "`true` or `false`",
        "integer" => "a whole number",
        _ => "a text",
    }
}

fn found(content: &Content) -> &'static str {
    match content {
        Content::Null => "nothing",
        Content::Scalar { .. } => "a text",
        Content::List(_) => "a list",
        Content::Map(_) => "a map",
    }
}
