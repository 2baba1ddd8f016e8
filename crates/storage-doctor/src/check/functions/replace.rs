//! `replace()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "replace",
        signatures: &["text.replace(from, to) -> text"],
        doc: "The text with every `from` in it replaced; null stays null.",
        examples: &[Example { expression: "'a.b.c'.replace('.', '-')", result: "'a-b-c'" }],
    },
    arity: (3, 3),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let (text, from, to) = (arguments.text(0)?, arguments.text(1)?, arguments.text(2)?);
    let (Some(text), Some(from), Some(to)) = (text, from, to) else { return Ok(Value::Null) };
    if from.is_empty() {
        return Err(arguments.failed("the text to replace is empty"));
    }
    arguments.spend_bytes(text.matches(&*from).count().saturating_mul(to.len()))?;
    Ok(Value::text(text.replace(&*from, &to)))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn replaces_once_over() {
        assert_same(&[
            ("'abc'.replace('x', 'y')", "'abc'"),
            ("'a'.replace('a', 'aa')", "'aa'"),
            ("null.replace('a', 'b')", "null"),
            ("txt.replace('', 'b')", "failed"),
            ("txt.replace('a', num)", "failed"),
        ]);
    }
}
