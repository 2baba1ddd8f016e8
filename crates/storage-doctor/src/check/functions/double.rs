//! `double()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "double",
        signatures: &["double(value) -> number"],
        doc: "A text or a whole number as a number with a fraction; null stays null.",
        examples: &[Example { expression: "double('1.5')", result: "1.5" }],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let value = arguments.value(0);
    let float = match &value {
        Value::Null => return Ok(Value::Null),
        Value::Float(f) => Some(*f),
        Value::Int(i) | Value::Seconds(i) => Some(super::super::compare::float(*i)),
        Value::Text(text) => text.trim().parse().ok().filter(|f: &f64| f.is_finite()),
        _ => return Err(arguments.misfit(&value, "a number or a text")),
    };
    float.map(Value::Float).ok_or_else(|| arguments.failed("this is not a number"))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn reads_finite_numbers_only() {
        assert_same(&[
            ("double(2)", "2.0"),
            ("double(null)", "null"),
            ("double(txt)", "failed"),
            ("double('1' + 'e999')", "failed"),
            ("double(some)", "failed"),
        ]);
    }
}
