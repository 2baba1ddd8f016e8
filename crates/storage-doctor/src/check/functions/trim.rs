//! `trim()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "trim",
        signatures: &["text.trim() -> text"],
        doc: "The text without the white space around it; null stays null.",
        examples: &[Example { expression: "' a b\\n'.trim()", result: "'a b'" }],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    Ok(arguments.text(0)?.map_or(Value::Null, |text| Value::text(text.trim())))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn leaves_the_middle_alone() {
        assert_same(&[
            ("'a b'.trim()", "'a b'"),
            ("' '.trim()", "''"),
            ("null.trim()", "null"),
            ("num.trim()", "failed"),
        ]);
    }
}
