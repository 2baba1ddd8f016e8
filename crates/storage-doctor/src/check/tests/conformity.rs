//! What is read from a text is what the `cel` crate reads from it.

use super::super::lexer::{Token, tokens};
use super::super::parse::parse;
use super::super::part::{Part, What};
use super::super::syntax;
use super::super::tree::{LoopKind, Operator};
use super::hostile::{expression, piece};
use crate::value::Value;
use cel::common::ast::{CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue, operators};
use proptest::prelude::*;

/// The tokens of a text, if they are in order. Some of what CEL allows is refused by them, in plainer words.
fn in_order(source: &str) -> Option<Vec<Token>> {
    let (tokens, end, faults) = tokens(source);
    let is_whole = end == source.len() && faults.is_empty() && syntax::check(source, &tokens).is_empty();
    is_whole.then_some(tokens)
}

/// What we make of a text; none where something is wrong with it.
fn ours(source: &str) -> Option<String> {
    parse(source, &in_order(source)?).ok().map(|part| of_part(&part))
}

/// What the `cel` crate makes of it. Its parser needs up to 100 KiB of stack for a bracket.
fn theirs(source: &str) -> Option<String> {
    let source = source.to_owned();
    let read = move || cel::parser::Parser::new().parse(&source).ok().map(|tree| of_expr(&tree));
    std::thread::Builder::new().stack_size(64 << 20).spawn(read).unwrap().join().unwrap()
}

fn joined(name: &str, parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    format!("({name} {})", parts.join(" "))
}

/// A chain is the same however it is folded.
fn chain(name: &str, parts: &[String; 2]) -> String {
    let inner = parts.iter().map(|part| {
        let rest = part.strip_prefix(&format!("({name} "));
        rest.and_then(|rest| rest.strip_suffix(')')).unwrap_or(part).to_owned()
    });
    joined(name, inner)
}

fn of_value(value: &Value) -> String {
    match value {
        Value::Int(i) => i.to_string(),
        Value::Float(f) => format!("{f:?}"),
        Value::Text(text) => format!("{text:?}"),
        Value::Bool(b) => b.to_string(),
        _ => "null".to_owned(),
    }
}

fn of_part(part: &Part) -> String {
    let two = |name: &str, a: &Part, b: &Part| joined(name, [of_part(a), of_part(b)]);
    match &part.what {
        What::Name(name) => name.clone(),
        What::Constant(value) => of_value(value),
        What::Field(of, field) => joined("field", [of_part(of), field.name.clone()]),
        What::Has(of, field) => joined("has", [of_part(of), field.name.clone()]),
        What::Index(of, index) => two(operators::INDEX, of, index),
        What::Not(of) => joined(operators::LOGICAL_NOT, [of_part(of)]),
        What::Minus(of) => joined(operators::NEGATE, [of_part(of)]),
        What::And(a, b) => chain(operators::LOGICAL_AND, &[of_part(a), of_part(b)]),
        What::Or(a, b) => chain(operators::LOGICAL_OR, &[of_part(a), of_part(b)]),
        What::If(a, b, c) => joined(operators::CONDITIONAL, [of_part(a), of_part(b), of_part(c)]),
        What::Binary(operator, a, b) => two(called(*operator), a, b),
        What::List(items) => joined("list", items.iter().map(of_part)),
        What::Map(entries) => joined("map", entries.iter().flat_map(|(key, value)| [of_part(key), of_part(value)])),
        What::Call(call) => {
            let name = if call.is_method { "method" } else { "call" };
            joined(name, std::iter::once(call.function.name.clone()).chain(call.arguments.iter().map(of_part)))
        }
        What::Loop(written) => {
            let parts = [&written.check, &written.make].map(|part| part.as_deref().map_or("-".to_owned(), of_part));
            let [check, make] = parts;
            let kind = format!("{:?}", written.kind);
            joined(&kind, [of_part(&written.range), written.variable.name.clone(), check, make])
        }
    }
}

fn called(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => operators::EQUALS,
        Operator::NotEqual => operators::NOT_EQUALS,
        Operator::Less => operators::LESS,
        Operator::LessOrEqual => operators::LESS_EQUALS,
        Operator::Greater => operators::GREATER,
        Operator::GreaterOrEqual => operators::GREATER_EQUALS,
        Operator::In => operators::IN,
        Operator::Add => operators::ADD,
        Operator::Subtract => operators::SUBSTRACT,
        Operator::Multiply => operators::MULTIPLY,
        Operator::Divide => operators::DIVIDE,
        Operator::Remainder => operators::MODULO,
    }
}

fn of_expr(tree: &IdedExpr) -> String {
    match &tree.expr {
        Expr::Ident(name) => name.clone(),
        Expr::Literal(literal) => of_literal(literal),
        Expr::Select(select) => {
            let name = if select.test { "has" } else { "field" };
            joined(name, [of_expr(&select.operand), select.field.clone()])
        }
        Expr::List(list) => joined("list", list.elements.iter().map(of_expr)),
        Expr::Map(map) => joined(
            "map",
            map.entries.iter().flat_map(|entry| match &entry.expr {
                EntryExpr::MapEntry(entry) => [of_expr(&entry.key), of_expr(&entry.value)],
                EntryExpr::StructField(_) => panic!("a map has no fields"),
            }),
        ),
        Expr::Call(call) => of_call(call),
        Expr::Comprehension(expanded) => of_loop(expanded),
        Expr::Struct(_) | Expr::Unspecified => "nothing of ours".to_owned(),
    }
}

fn of_literal(literal: &LiteralValue) -> String {
    match literal {
        LiteralValue::Boolean(b) => b.inner().to_string(),
        LiteralValue::Int(i) => i.inner().to_string(),
        LiteralValue::UInt(u) => u.inner().to_string(),
        LiteralValue::Double(f) => format!("{:?}", f.inner()),
        LiteralValue::String(text) => format!("{:?}", text.inner()),
        LiteralValue::Null => "null".to_owned(),
        LiteralValue::Bytes(_) => "bytes".to_owned(),
    }
}

fn of_call(call: &CallExpr) -> String {
    let arguments = || call.args.iter().map(of_expr);
    if let Some(target) = &call.target {
        return joined("method", [call.func_name.clone(), of_expr(target)].into_iter().chain(arguments()));
    }
    let is_operator = !call.func_name.starts_with(|c: char| c.is_ascii_alphabetic()) || call.func_name == operators::IN;
    match (&*call.func_name, call.args.as_slice()) {
        (name @ (operators::LOGICAL_AND | operators::LOGICAL_OR), [a, b]) => chain(name, &[of_expr(a), of_expr(b)]),
        (name, _) if is_operator => joined(name, arguments()),
        (name, _) => joined("call", std::iter::once(name.to_owned()).chain(arguments())),
    }
}

/// A loop as it was before it was expanded, told by the shape of its step.
fn of_loop(expanded: &ComprehensionExpr) -> String {
    let Expr::Call(step) = &expanded.loop_step.expr else { panic!("a step is a call") };
    let counts = matches!(expanded.accu_init.expr, Expr::Literal(LiteralValue::Int(_)));
    let (kind, check, make) = match (&*step.func_name, step.args.as_slice()) {
        (operators::LOGICAL_OR, [_, check]) => (LoopKind::Exists, Some(check), None),
        (operators::LOGICAL_AND, [_, check]) => (LoopKind::All, Some(check), None),
        (operators::CONDITIONAL, [check, ..]) if counts => (LoopKind::ExistsOne, Some(check), None),
        (operators::CONDITIONAL, [check, taken, _]) => (LoopKind::Map, Some(check), Some(taken_of(taken))),
        (operators::ADD, [..]) => (LoopKind::Map, None, Some(taken_of(&expanded.loop_step))),
        other => panic!("no loop has this step: {other:?}"),
    };
    let part = |part: Option<&IdedExpr>| part.map_or("-".to_owned(), of_expr);
    joined(&format!("{kind:?}"), [of_expr(&expanded.iter_range), expanded.iter_var.clone(), part(check), part(make)])
}

/// What is added to a list: `[item]`.
fn taken_of(added: &IdedExpr) -> &IdedExpr {
    let Expr::Call(call) = &added.expr else { panic!("it is added") };
    let Expr::List(list) = &call.args[1].expr else { panic!("a list is added") };
    &list.elements[0]
}

fn assert_conforms(source: &str) {
    assert_eq!(ours(source), theirs(source), "{source}");
}

#[test]
fn the_grammar_is_that_of_cel() {
    for source in [
        "a ? b : c ? d : e",
        "a || b && c || !d",
        "a && b && c && d && e && f && g",
        "a + b * c - d / e % f",
        "(a + b) * c",
        "a < b == c",
        "a in b && c.d[0].e('x', [1, 2,]).f",
        "-a.b + -1 - -1 - - 1",
        "--1 + ---1 + !!a + !!!a",
        "-1.5.f + 1 .f",
        "{'a': 1, 'b': {'c': []},}",
        "{a: b ? c : d}",
        "has(a.b.c) && has(a['x'].y)",
        "a.exists(x, x.all(y, y.exists_one(z, z == x)))",
        "a.map(x, x + 1).map(x, x > 1, x).filter(y, y)",
        "a.existsOne(x, x)",
        "a.exists(x) || a.map(x, y, z, q) || exists(a, b)",
        r#"'a\'\n\x41\u00e9\101' + r'\d' + "b" + '''c'd'''"#,
        "9223372036854775807 + -9223372036854775808 + 0x1F + -0x1f + 5u + 1e3 + .5 + 1.5e-3",
        "a.namespace.if.in",
        "true.x && null == false",
        "a // a comment\n + b",
    ] {
        if source == "a.namespace.if.in" {
            assert_eq!((ours(source), theirs(source)), (None, None), "`in` is an operator");
            continue;
        }
        assert!(ours(source).is_some(), "{source}");
        assert_conforms(source);
    }
}

#[test]
fn what_is_no_expression_for_cel_is_none_for_us() {
    for source in [
        "a ? b",
        "a : b",
        "a ? b ? c : d : e",
        "a, b",
        "(a, b)",
        "f(a,)",
        "{a}",
        "{a, b}",
        "[a: b]",
        "!-a",
        "-!a",
        "if",
        "namespace(a)",
        "true(a)",
        "a.1",
        "a.null",
        "a.true",
        "a.false(b)",
        "a.'b'",
        "1x",
        "9223372036854775808",
        r"'\ud800'",
        r"'\q'",
        "has(a)",
        "a.map(1, x)",
        "a.exists(x.y, x)",
        "a == == b",
    ] {
        assert_eq!((ours(source), theirs(source)), (None, None), "{source}");
    }
}

#[test]
#[cfg(feature = "builtin")]
fn every_check_of_the_built_in_playbooks_is_read_alike() {
    let files: Vec<(String, String)> =
        storage_doctor_playbooks::FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let playbooks = crate::playbook::load(&files).unwrap().playbooks;
    let mut sources = std::collections::BTreeSet::new();
    for playbook in &playbooks {
        sources.insert(playbook.symptom.source().to_owned());
        sources.extend(playbook.waiting.iter().map(|waiting| waiting.when.source().to_owned()));
        let proofs = playbook.causes.iter().flat_map(|cause| &cause.proofs);
        sources.extend(proofs.map(|proof| proof.when.source().to_owned()));
        sources.extend(playbook.definitions.iter().filter_map(|definition| match definition {
            crate::playbook::Definition::Let(check) => Some(check.source().to_owned()),
            _ => None,
        }));
    }
    assert!(sources.len() > 1000, "{}", sources.len());
    for source in &sources {
        assert!(ours(source).is_some(), "{source}");
        assert_conforms(source);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn expressions_are_read_alike(source in expression()) {
        if in_order(&source).is_some() {
            prop_assert_eq!(ours(&source), theirs(&source));
        }
    }

    #[test]
    fn pieces_of_expressions_are_read_alike(pieces in prop::collection::vec(piece(), 0..12)) {
        let source = pieces.concat();
        if in_order(&source).is_some() {
            prop_assert_eq!(ours(&source), theirs(&source), "{}", source);
        }
    }
}
