//! `string()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "string",
        signatures: &["string(value) -> text"],
        doc: "A number, quantity, time, duration, true or false as text; null stays null.",
        examples: &[
            Example { expression: "string(3)", result: "'3'" },
            Example { expression: "string(quantity('1.5Gi'))", result: "'1.5Gi'" },
        ],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    match arguments.value(0) {
        Value::Null => Ok(Value::Null),
        value => match super::super::show::scalar(&value) {
            Some(text) => Ok(Value::text(text)),
            None => Err(arguments.misfit(&value, "one thing")),
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn takes_one_thing() {
        assert_same(&[
            ("string(null)", "null"),
            ("string(true)", "'true'"),
            ("string(1.5)", "'1.5'"),
            ("string(duration('90m'))", "'90m'"),
            ("string(some)", "failed"),
        ]);
    }
}
