//! What is told at load, where, and with which help.

use super::super::{Fault, Names, compile, compile_template};

fn names() -> Names {
    let mut names = Names::new();
    for name in ["claim", "pods", "volume"] {
        names.declare(name);
    }
    names
}

fn faults(source: &str) -> Vec<Fault> {
    compile(source, &names()).err().unwrap_or_else(|| panic!("{source} compiles"))
}

#[test]
fn each_fault_points_at_what_is_wrong() {
    for (source, code, part, help) in [
        ("clam.x == 1", "unknown-name", "clam", "did you mean `claim`?"),
        ("pods.exists(x, y == 1)", "unknown-name", "y", "declared here"),
        ("pods.exists(pod, pdo == 1)", "unknown-name", "pdo", "did you mean `pod`?"),
        ("'é' == clam", "unknown-name", "clam", "claim"),
        ("claim.x.contain('a')", "unknown-function", "contain", "did you mean `contains`?"),
        ("exist(claim)", "unknown-function", "exist", "did you mean `exists`?"),
        ("pods.exists(true)", "argument-count", "exists", "list.exists(x, x > 1)"),
        ("claim.x.contains()", "argument-count", "contains", "text.contains(part)"),
        ("size(claim, 1)", "argument-count", "size", "size(text)"),
        ("has(claim)", "bad-has", "claim", "compare with null"),
        ("pods.exists(1, true)", "bad-variable", "1", "such as `x`"),
        ("claim.x.matches('(')", "bad-pattern", "'('", ""),
        ("claim.x.matches(claim.y)", "bad-pattern", ".", ""),
        ("captures(claim.x, 'a')", "bad-pattern", "'a'", "(?P<name>…)"),
        ("claim.x.matches('((a{100}){100}){100}')", "bad-pattern", "'((a{100}){100}){100}'", ""),
        ("pods.where(claim.x, 'a')", "bad-path", ".", ""),
        ("pods.where('a..b', 'a')", "bad-path", "'a..b'", "metadata.name"),
        ("claim.x > quantity('10GB')", "bad-argument", "quantity", ""),
        ("age(claim.x) > duration('5 minutes')", "bad-argument", "duration", ""),
        ("claim.?x", "no-optionals", "?", "a missing field is null already"),
        ("claim[?'x']", "no-optionals", "?", "a missing field is null already"),
        ("Claim{x: 1}", "no-messages", "Claim{", "write `{'key': value}`"),
        ("claim.x == b'a'", "no-bytes", "b'a'", ""),
        ("__result__", "reserved-name", "__result__", ""),
        ("pods.exists(__x, true)", "reserved-name", "__x", ""),
        ("if == 1", "reserved-word", "if", ""),
        ("claim.x = 1", "unexpected-character", "=", "write `==`"),
        ("claim.x & true", "unexpected-character", "&", "write `&&`"),
        ("claim.x and true", "missing-operator", "and", "write `&&` for and"),
        ("not claim", "missing-operator", "claim", "write `!` for not"),
        ("claim.x ? 1", "syntax", "?", "condition ? then : otherwise"),
        ("{'a', 1}", "syntax", ",", "a map is written"),
        (r"claim.x == '\d'", "bad-escape", r"\d", "r'…'"),
        (r"claim.x == 'é\\\é'", "bad-escape", r"\é", "r'…'"),
        (r"claim.x == '\x4'", "bad-escape", r"\x", "r'…'"),
        (r"claim.x == '\ud800'", "bad-escape", r"'\ud800'", ""),
        ("99999999999999999999", "bad-number", "99999999999999999999", ""),
        ("claim && 'text'", "not-a-check", "'text'", ""),
        ("claim }} x", "unopened-bracket", "}", ""),
        ("(claim", "unclosed-bracket", "(", ""),
        ("claim ||", "missing-expression", "||", ""),
    ] {
        let faults = faults(source);
        let first = &faults[0];
        assert_eq!((first.code, &source[first.range.clone()]), (code, part), "{source}: {faults:?}");
        assert!(first.help.as_deref().unwrap_or_default().contains(help), "{source}: {:?}", first.help);
        assert!(!first.message.ends_with('.') && !first.message.contains("expecting"), "{}", first.message);
        assert!(first.message.starts_with(|c: char| !c.is_uppercase()), "{}", first.message);
    }
}

#[test]
fn all_faults_come_at_once() {
    let faults = faults("clam.x && pods.exist(x, true) && claim.y.matches('[') && quantity('x') > 1");
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["unknown-name", "unknown-function", "unknown-name", "bad-pattern", "bad-argument"]);
    assert_eq!(self::faults("volume_mismatch(clam, volme)").len(), 2, "no fault draws another");
    let starts: Vec<usize> = faults.iter().map(|fault| fault.range.start).collect();
    assert!(starts.is_sorted());
}

#[test]
fn a_template_counts_from_its_own_beginning() {
    let source = "é {{ clam }} and {{ pdos.x }}";
    let faults = compile_template(source, &names()).unwrap_err();
    let parts: Vec<&str> = faults.iter().map(|fault| &source[fault.range.clone()]).collect();
    assert_eq!(parts, ["clam", "pdos"]);
    for (source, code, part) in [
        ("a {{ claim", "unclosed-hole", "{{"),
        ("a {{ 'x }}", "unclosed-text", "'"),
        ("a {{ }}", "empty", " "),
        ("a {{ claim. }}", "missing-expression", "."),
    ] {
        let faults = compile_template(source, &names()).unwrap_err();
        assert_eq!((faults[0].code, &source[faults[0].range.clone()]), (code, part), "{source}");
    }
}
