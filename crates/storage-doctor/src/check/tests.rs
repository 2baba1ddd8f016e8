//! Tests of the language as a whole.

mod conformity;
mod faults;
mod hostile;
mod laws;

use super::testing::{Given, assert_same, gap};
use super::{Budget, Names, Truth, compile, compile_template, truth};
use crate::evidence::Gaps;
use crate::value::{List, Value};
use std::sync::Arc;

#[test]
fn what_is_missing_is_null() {
    assert_same(&[
        ("node.none", "null"),
        ("node.none.deeper['still']", "null"),
        ("[1][5]", "null"),
        ("[1][-1]", "null"),
        ("node['metadata'].name", "'n1'"),
        ("node.metadata.labels['zone']", "'a'"),
        ("has(node.metadata)", "true"),
        ("has(node.none)", "false"),
        ("has(node.none.deeper)", "false"),
        ("has(unsure.x)", "unsure"),
        ("unsure.x[0].y", "unsure"),
        ("node[null]", "null"),
        ("txt.x", "failed"),
        ("some.x", "failed"),
        ("some['x']", "failed"),
    ]);
}

#[test]
fn equality_never_fails() {
    assert_same(&[
        ("null == null", "true"),
        ("null == 0", "false"),
        ("node.none == null", "true"),
        ("1 == 1.0", "true"),
        ("1 == '1'", "false"),
        ("9223372036854775807 == 9223372036854775807.0", "false"),
        ("[1, 'a'] == [1, 'a']", "true"),
        ("[1, 2] == [1]", "false"),
        ("{'a': 1, 'b': null} == {'a': 1}", "true"),
        ("{'a': 1} == {'a': 2}", "false"),
        ("[1, unsure] == [2, 1]", "false"),
        ("[1, unsure] == [1, 1]", "unsure"),
        ("unsure == null", "unsure"),
        ("unsure != also", "unsure && also"),
        ("some == []", "false"),
        ("some == [1, 2]", "unsure"),
    ]);
}

#[test]
fn comparisons_with_null_are_false() {
    assert_same(&[
        ("null < 1", "false"),
        ("null >= null", "false"),
        ("node.none > unsure", "false"),
        ("1 < 2.5", "true"),
        ("2.5 <= 2", "false"),
        ("-1 > -1.5", "true"),
        ("'a' < 'b'", "true"),
        ("unsure < 1", "unsure"),
        ("'a' < 1", "failed"),
        ("true < false", "failed"),
    ]);
}

#[test]
fn arithmetic_is_exact_or_fails() {
    assert_same(&[
        ("1 + 2 * 3 - 4 / 2 % 5", "5"),
        ("7 / 2", "3"),
        ("7 / 2.0", "3.5"),
        ("'a' + 'b'", "'ab'"),
        ("[1] + [2]", "[1, 2]"),
        ("[1] + node.none", "[1]"),
        ("node.none + 1", "null"),
        ("-node.none", "null"),
        ("-(1 + 1)", "-2"),
        ("1 + unsure + also", "unsure && also"),
        ("(some + [1]).size()", "unsure"),
        ("1 / 0", "failed"),
        ("1 % 0", "failed"),
        ("1.0 / 0", "failed"),
        ("9223372036854775807 + 1", "failed"),
        ("-9223372036854775808 / -1", "failed"),
        ("1 + 'a'", "failed"),
        ("-txt", "failed"),
    ]);
}

#[test]
fn the_side_that_decides_wins() {
    assert_same(&[
        ("unsure && false", "false"),
        ("false && unsure", "false"),
        ("unsure || true", "true"),
        ("unsure && true", "unsure"),
        ("null && unsure", "false"),
        ("null || unsure", "unsure"),
        ("!unsure", "unsure"),
        ("!null", "true"),
        ("txt && false", "false"),
        ("txt && true", "failed"),
        ("unsure ? 1 : 1", "1"),
        ("unsure ? 1 : 2", "unsure"),
        ("null ? 1 : 2", "2"),
        ("txt ? 1 : 2", "failed"),
        ("true ? 1 : also", "1"),
    ]);
}

#[test]
fn a_gap_is_told_once_and_only_if_it_counts() {
    let given = Given::usual();
    let gaps = |source: &str| match truth(&given.eval(source)) {
        Truth::Unknown(gaps) => gaps,
        other => panic!("{source} is {other:?}"),
    };
    assert_eq!(*gaps("unsure && also"), Gaps::from([gap("unsure"), gap("also")]));
    assert_eq!(*gaps("unsure && true && unsure"), Gaps::from([gap("unsure")]));
    assert_eq!(*gaps("(also || true) && unsure"), Gaps::from([gap("unsure")]));
    assert_eq!(*gaps("captures(unsure + also, '(?P<x>a)').x == 'a'"), Gaps::from([gap("unsure"), gap("also")]));
    assert_eq!(*gaps("[unsure, 1].exists(x, x == also)"), Gaps::from([gap("unsure"), gap("also")]));
}

#[test]
fn loops_over_what_was_seen_in_part() {
    assert_same(&[
        ("some.exists(x, x.metadata.name == 'one')", "true"),
        ("some.exists(x, x.metadata.name == 'two')", "unsure"),
        ("some.all(x, x.metadata.name == 'one')", "unsure"),
        ("some.all(x, x.metadata.name == 'two')", "false"),
        ("some.exists_one(x, true)", "unsure"),
        ("(some + some).exists_one(x, true)", "false"),
        ("some.map(x, x.metadata.name)[0]", "'one'"),
        ("some.map(x, x.metadata.name)[1]", "unsure"),
        ("some.filter(x, false) == []", "unsure"),
        ("'one' in some.map(x, x.metadata.name)", "true"),
        ("'two' in some.map(x, x.metadata.name)", "unsure"),
        ("[1, 2].filter(x, x == 1 || unsure).size()", "unsure"),
        ("[1, 2].filter(x, x == 1 || unsure)[0]", "1"),
        ("unsure.exists(x, true)", "unsure"),
    ]);
}

#[test]
fn loops_are_those_of_cel() {
    assert_same(&[
        ("[1, 2, 3].exists(x, x > 2)", "true"),
        ("[].exists(x, true)", "false"),
        ("[].all(x, false)", "true"),
        ("null.all(x, false)", "true"),
        ("node.none.map(x, x)", "[]"),
        ("[1, 2, 3].exists_one(x, x > 2)", "true"),
        ("[1, 2, 3].exists_one(x, x > 1)", "false"),
        ("[1, 2, 3].filter(x, x != 2)", "[1, 3]"),
        ("[1, 2, 3].map(x, x * 2)", "[2, 4, 6]"),
        ("[1, 2, 3].map(x, x > 1, x * 2)", "[4, 6]"),
        ("{'b': 1, 'a': 2}.map(k, k)", "['a', 'b']"),
        ("[[1, 2], [3]].map(x, x.map(y, y + x[0]))", "[[2, 3], [6]]"),
        ("[1, 2].all(x, [2, 3].exists(y, y == x + 1))", "true"),
        ("[1].map(num, num + 1)", "[2]"),
        ("[1, null, txt].filter(x, x)[0]", "failed"),
        ("txt.exists(x, true)", "failed"),
    ]);
}

#[test]
fn lists_and_maps_hold_what_is_unknown() {
    assert_same(&[
        ("[unsure, 1][1]", "1"),
        ("{'a': unsure, 'b': 2}.b", "2"),
        ("{'a': unsure}.a", "unsure"),
        ("{unsure: 1}", "unsure"),
        ("{txt: 1}['some text']", "1"),
        ("{num: 1}", "failed"),
        ("'a' in {'a': 1}", "true"),
        ("'a' in {'a': null}", "false"),
        ("'b' in {'a': 1}", "false"),
        ("1 in [1.0]", "true"),
        ("null in [null]", "true"),
        ("1 in null", "false"),
        ("1 in txt", "failed"),
    ]);
}

#[test]
fn a_check_tells_what_it_reads() {
    let mut names = Names::new();
    let (claim, pods, _) = (names.declare("claim"), names.declare("pods"), names.declare("node"));
    let check = compile("pods.exists(node, node.x == claim.y) && claim.z", &names).unwrap();
    assert_eq!(check.uses(), [claim, pods], "the variable of a loop is no name");
    let path = |source| compile(source, &names).unwrap().as_path();
    assert_eq!(path("claim.spec.volumeName"), Some((claim, vec!["spec".into(), "volumeName".into()])));
    assert_eq!(path("claim.metadata.labels['a/b']").unwrap().1, ["metadata", "labels", "a/b"]);
    assert_eq!(path("claim"), Some((claim, vec![])));
    for source in ["claim.a == 1", "pods[0].a", "has(claim.a)", "'a'", "claim[pods.x]"] {
        assert_eq!(path(source), None, "{source}");
    }
    assert_eq!((names.slot("pods"), names.name(pods), names.len()), (Some(pods), "pods", 3));
}

#[test]
fn only_checks_are_true_or_false() {
    for value in [Value::Int(1), Value::text("true"), Value::list(vec![]), Value::Seconds(0)] {
        assert!(matches!(truth(&value), Truth::Unknown(_)), "{value:?}");
    }
    assert_eq!(truth(&Value::Null), Truth::Fails);
}

#[test]
fn templates_fill_their_holes() {
    let given = Given::usual();
    for (source, text) in [
        ("plain", "plain"),
        ("", ""),
        ("{{ txt }}", "some text"),
        ("a {{num}}{{ num + 1 }} b", "a 4243 b"),
        ("{{ unsure }}, {{ node.none }}, {{ ['a', 'b'] }}", "(not known), (none), a, b"),
        ("{{ quantity('1.5Gi') }} {{ duration('90m') }}", "1.5Gi 90m"),
        ("-p '{\"spec\":{\"a\":{}}}' {{ num }}", "-p '{\"spec\":{\"a\":{}}}' 42"),
        ("{{ {'a': {'b': num}}.a.b }}", "42"),
        ("{{ '{{' }} {{ '}}' }}", "{{ }}"),
        ("é {{ 'é' }} }}", "é é }}"),
    ] {
        let template = compile_template(source, &given.names).unwrap_or_else(|f| panic!("{source}: {f:?}"));
        assert_eq!(template.render(&given, &mut Budget::default()), text);
        assert_eq!(template.source(), source);
    }
    let uses = compile_template("{{ num }} {{ txt }} {{ num }}", &given.names).unwrap();
    assert_eq!(uses.uses(), [given.names.slot("txt").unwrap(), given.names.slot("num").unwrap()]);
}

#[test]
fn the_items_of_a_large_list_are_joined_fast() {
    let pod = |i: usize| {
        let volume = Value::map([("claimName", Value::text(format!("data-{i}")))]);
        Value::map([("metadata", Value::map([("name", Value::text(format!("pod-{i}")))])), ("v", volume)])
    };
    let pods = Value::List(Arc::new(List::new((0..10_000).map(pod).collect())));
    let given = Given::new(&[("pods", pods), ("name", Value::text("data-9999"))]);
    let check = compile("pods.where('v.claimName', name)[0].metadata.name", &given.names).unwrap();
    for _ in 0..10_000 {
        let mut budget = Budget::new(100);
        assert_eq!(check.eval(&given, &mut budget).as_str(), Some("pod-9999"));
    }
}
