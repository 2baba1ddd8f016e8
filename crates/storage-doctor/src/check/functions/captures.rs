//! `captures()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "captures",
        signatures: &["captures(text, 'pattern') -> map"],
        doc: "What the named groups of a regular expression match in a text, by name; null when nothing \
              matches. A group that took no part is null.",
        examples: &[Example {
            expression: "captures('volume pvc-7 not found', 'volume (?P<name>\\\\S+) not')",
            result: "{'name': 'pvc-7'}",
        }],
    },
    arity: (2, 2),
    literal: Some(Literal::Pattern(1)),
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let Some((pattern, text)) = arguments.searched(0)? else { return Ok(Value::Null) };
    let Some(found) = pattern.captures(&text) else { return Ok(Value::Null) };
    let groups = pattern.capture_names().flatten();
    Ok(Value::map(groups.map(|name| (name, found.name(name).map_or(Value::Null, |part| Value::text(part.as_str()))))))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn gives_null_without_a_match() {
        assert_same(&[
            ("captures('x', '(?P<a>y)')", "null"),
            ("captures(null, '(?P<a>y)')", "null"),
            ("captures('b', '(?P<a>a)?(?P<b>b)').a", "null"),
            ("captures('b', '(?P<a>a)?(?P<b>b)').b", "'b'"),
            ("captures(unsure, '(?P<a>y)').a", "unsure"),
            ("captures(num, '(?P<a>y)')", "failed"),
        ]);
    }
}
