//! `substring()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "substring",
        signatures: &["text.substring(start) -> text", "text.substring(start, end) -> text"],
        doc: "The letters of a text from `start`, counted from 0, up to and without `end`; what is outside the \
              text is left out. Null stays null.",
        examples: &[
            Example { expression: "'pvc-data'.substring(4)", result: "'data'" },
            Example { expression: "'pvc-data'.substring(0, 3)", result: "'pvc'" },
        ],
    },
    arity: (2, 3),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let (text, start, end) = (arguments.text(0)?, arguments.int(1)?, arguments.int(2)?);
    let (Some(text), Some(start)) = (text, start) else { return Ok(Value::Null) };
    let position = |i: i64| usize::try_from(i.max(0)).unwrap_or(usize::MAX);
    let (start, end) = (position(start), end.map_or(usize::MAX, position));
    Ok(Value::text(text.chars().skip(start).take(end.saturating_sub(start)).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn stays_inside_the_text() {
        assert_same(&[
            ("'abc'.substring(5)", "''"),
            ("'abc'.substring(-1, 2)", "'ab'"),
            ("'abc'.substring(2, 1)", "''"),
            ("'héé'.substring(1, 2)", "'é'"),
            ("null.substring(1)", "null"),
            ("txt.substring('1')", "failed"),
        ]);
    }
}
