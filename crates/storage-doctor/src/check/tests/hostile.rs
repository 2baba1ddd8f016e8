//! Texts and values made to do harm cost an error, never the process.

use super::super::testing::Given;
use super::super::{Budget, Names, compile, compile_template};
use crate::value::Value;
use proptest::prelude::*;

fn code(source: &str) -> &'static str {
    compile(source, &Given::usual().names).unwrap_err()[0].code
}

#[test]
fn size_and_depth_are_bounded() {
    assert_eq!(code(&"a".repeat(4097)), "too-long");
    assert_eq!(code(&format!("{}1{}", "(".repeat(50), ")".repeat(50))), "too-deep");
    assert_eq!(code(&vec!["1"; 2000].join("+")), "too-complex");
    assert_eq!(code(&vec!["1"; 400].join("+")), "too-deep", "a sum is a deep tree");
    assert_eq!(code(&format!("num{}", ".a".repeat(400))), "too-deep");
    assert_eq!(code(&format!("{}1", "num > 1 ? 1 : ".repeat(70))), "too-deep");
    assert_eq!(code("num.map(a, a.map(b, b.map(c, c.map(d, d))))"), "too-deep");
    assert_eq!(code(&format!("[{}]", vec!["1"; 501].join(","))), "too-complex");
    let wide = vec!["num == 1"; 120].join(" || ");
    assert!(compile(&wide, &Given::usual().names).is_ok(), "a wide check is a flat tree");
    assert!(compile_template(&"{{".repeat(9000), &Names::new()).is_err());
}

#[test]
fn a_small_stack_suffices_for_the_deepest_check() {
    let deepest = [
        format!("{}num{} == 1", "(".repeat(10), ")".repeat(10)),
        format!("num{}", ".a".repeat(60)),
        vec!["num"; 60].join(" + "),
        format!("{}1", "num > 1 ? 1 : ".repeat(60)),
        format!("{}1{}", "[1].map(x, [".repeat(3), "])".repeat(3)),
        format!("num{}", ".string()".repeat(60)),
    ];
    let run = move || {
        let given = Given::usual();
        for source in &deepest {
            given.eval(source);
        }
        compile(&vec!["1"; 501].join("+"), &given.names).unwrap_err();
    };
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap();
    thread.join().unwrap();
}

#[test]
fn steps_are_bounded_and_the_same_each_time() {
    let given = Given::usual();
    let list = format!("[{}]", vec!["1"; 100].join(","));
    for source in [
        format!("{list}.all(a, [1,2,3,4,5,6,7,8,9,10].map(b, {{'x': b}}).all(c, {}))", vec!["num == 42"; 60].join(" && ")),
        "[[1,2,3,4,5,6,7,8].map(x, [x, x, x, x, x, x, x, x])].map(x, x + x + x + x)".to_owned(),
        "('x' + 'y').replace('x', 'xxxxxxxxxxxxxxxx').replace('x', 'xxxxxxxxxxxxxxxx').replace('x', 'xxxxxxxxxxxxxxxx')\
         .replace('x', 'xxxxxxxxxxxxxxxx').replace('x', 'xxxxxxxxxxxxxxxx').replace('x', 'xxxxxxxxxxxxxxxx')"
            .to_owned(),
    ] {
        let check = compile(&source, &given.names).unwrap_or_else(|f| panic!("{f:?}"));
        let (mut first, mut second) = (Budget::new(2000), Budget::new(2000));
        let (a, b) = (check.eval(&given, &mut first), check.eval(&given, &mut second));
        assert_eq!(format!("{a:?}"), format!("{b:?}"));
        assert_eq!(first.left(), second.left());
    }
    let check = compile("[1, 2, 3].all(x, x > 0)", &given.names).unwrap();
    let mut budget = Budget::new(5);
    assert!(check.eval(&given, &mut budget).gaps().is_some() && budget.is_spent());
    assert!(check.eval(&given, &mut budget).gaps().is_some(), "a spent budget stays spent");
    let decided = compile("true || [1, 2, 3].all(x, x > 0)", &given.names).unwrap();
    assert!(matches!(decided.eval(&given, &mut Budget::new(5)), Value::Bool(true)));
}

/// Pieces of expressions, right and wrong.
const PIECES: &str = r#"num txt node some unsure x 1 2.5 'a' "b" r'\d' null true ( ) [ ] { } . , : ? ! - + * / % == != < >=
    && || in .exists(x, .map(x, .filter(x, has( size( quantity( age( .where('a.b', matches( é ' \ // = & ` {{ }} b' '''
    0x 1e __ @ if"#;

/// One of them, or any text.
pub(super) fn piece() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES.split_whitespace().collect::<Vec<_>>());
    prop_oneof![8 => piece.prop_map(|piece| format!(" {piece}")), 1 => ".{0,4}", 1 => "[\u{0}\r\n\t]"]
}

/// Expressions that compile, for the most part.
pub(super) fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "num",
        "txt",
        "node",
        "some",
        "unsure",
        "also",
        "1",
        "-7",
        "2.5",
        "'a'",
        "''",
        "null",
        "true",
        "false",
        "[]",
        "{}",
        "'2026-01-01T00:00:00Z'",
        "'10Gi'",
        "9223372036854775807",
        "node.metadata.labels",
        "failed",
        "1e308",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 40, 3, |inner| {
        let calls = prop::sample::select(super::super::functions().map(|f| f.name).collect::<Vec<_>>());
        let operators =
            prop::sample::select(vec!["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "in"]);
        let loops = prop::sample::select(vec!["exists", "all", "exists_one", "map", "filter"]);
        prop_oneof![
            (inner.clone(), operators, inner.clone()).prop_map(|(a, o, b)| format!("({a} {o} {b})")),
            (calls, prop::collection::vec(inner.clone(), 1..4)).prop_map(|(f, a)| format!("{f}({})", a.join(", "))),
            (inner.clone(), loops, inner.clone()).prop_map(|(a, l, b)| format!("[{a}, 1].{l}(x, [x, {b}] == [x, x])")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}[{b}]")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("{{'a': {a}, 'b': {b}}}.a.b")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn compiling_never_panics(pieces in prop::collection::vec(piece(), 0..60)) {
        let source = pieces.concat();
        let names = Given::usual().names;
        for faults in [compile(&source, &names).err(), compile_template(&source, &names).err()].into_iter().flatten() {
            prop_assert!(!faults.is_empty());
            for fault in faults {
                prop_assert!(source.get(fault.range.clone()).is_some(), "{:?} in {:?}", fault, source);
                prop_assert!(!fault.message.chars().any(|c| c.is_control() && c != '\n'), "{:?}", fault);
            }
        }
    }

    #[test]
    fn compiling_arbitrary_text_never_panics(source in ".{0,5000}") {
        let _ = compile(&source, &Names::new());
        let _ = compile_template(&source, &Names::new());
    }

    #[test]
    fn evaluating_never_panics_and_ends(source in expression()) {
        let given = Given::usual();
        if let Ok(check) = compile(&source, &given.names) {
            let (mut a, mut b) = (Budget::new(10_000), Budget::new(10_000));
            let (first, second) = (check.eval(&given, &mut a), check.eval(&given, &mut b));
            prop_assert_eq!(format!("{:?}", first), format!("{:?}", second));
        }
    }
}

#[test]
fn a_large_pattern_costs_more_steps() {
    let given = Given::new(&[("log", Value::text("ab".repeat(50_000)))]);
    let steps = |pattern: &str| {
        let check = compile(&format!("log.matches('{pattern}')"), &given.names).unwrap();
        let mut budget = Budget::default();
        let value = check.eval(&given, &mut budget);
        (matches!(value, Value::Bool(false)), 1_000_000 - budget.left())
    };
    let (small, large) = (steps("timeout [0-9]+s"), steps("(?:[a-z]?){400}[0-9]"));
    assert!(small.0 && small.1 < 20_000, "{small:?}");
    assert!(large.1 > 4 * small.1, "{large:?}");
    assert!(!steps("(?:[a-z]?){3000}[0-9]").0, "it would take seconds, so it is not tried");
}
