//! `int()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "int",
        signatures: &["int(value) -> number"],
        doc: "A text, a number with a fraction (which is cut), a quantity (rounded up), a duration (its \
              seconds) or a time (seconds since 1970) as a whole number; null stays null.",
        examples: &[Example { expression: "int('42')", result: "42" }, Example { expression: "int(2.9)", result: "2" }],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let value = arguments.value(0);
    let int = match &value {
        Value::Null => return Ok(Value::Null),
        Value::Int(i) | Value::Seconds(i) => Some(*i),
        Value::Float(f) => super::super::compare::truncated(*f),
        Value::Text(text) => text.trim().parse().ok(),
        Value::Quantity(quantity) => Some(quantity.bytes()),
        Value::Time(time) => Some(time.unix_seconds()),
        _ => return Err(arguments.misfit(&value, "a number or a text")),
    };
    int.map(Value::Int).ok_or_else(|| arguments.failed("this is not a whole number"))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn reads_numbers_only() {
        assert_same(&[
            ("int(-2.9)", "-2"),
            ("int(null)", "null"),
            ("int(duration('2m'))", "120"),
            ("int(quantity('1500m'))", "2"),
            ("int(time('1970-01-01T00:01:00Z'))", "60"),
            ("int(txt)", "failed"),
            ("int(some)", "failed"),
        ]);
    }
}
