//! `split()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "split",
        signatures: &["text.split(separator) -> list"],
        doc: "The parts of a text between separators; null stays null.",
        examples: &[Example { expression: "'a/b/c'.split('/')", result: "['a', 'b', 'c']" }],
    },
    arity: (2, 2),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let (Some(text), Some(separator)) = (arguments.text(0)?, arguments.text(1)?) else { return Ok(Value::Null) };
    if separator.is_empty() {
        return Err(arguments.failed("the separator is empty"));
    }
    arguments.spend(text.matches(&*separator).count() + 1)?;
    Ok(Value::list(text.split(&*separator).map(Value::text).collect()))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn keeps_empty_parts() {
        assert_same(&[
            ("'abc'.split('/')", "['abc']"),
            ("''.split('/')", "['']"),
            ("'a//b'.split('/')", "['a', '', 'b']"),
            ("null.split('/')", "null"),
            ("txt.split('')", "failed"),
            ("num.split('/')", "failed"),
        ]);
    }
}
