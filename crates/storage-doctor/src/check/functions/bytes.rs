//! `bytes()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "bytes",
        signatures: &["bytes(quantity) -> number"],
        doc: "A quantity as a whole number, rounded up; the largest number there is if it is larger. A text is \
              read as a quantity; null stays null.",
        examples: &[
            Example { expression: "bytes(quantity('1Ki'))", result: "1024" },
            Example { expression: "bytes('500m')", result: "1" },
        ],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    use crate::quantity::Quantity;
    let value = arguments.value(0);
    match &value {
        Value::Null | Value::Int(_) => Ok(value),
        Value::Quantity(quantity) => Ok(Value::Int(quantity.bytes())),
        Value::Text(text) => {
            let quantity = Quantity::parse(text).ok_or_else(|| arguments.failed("this is not a quantity"))?;
            Ok(Value::Int(quantity.bytes()))
        }
        _ => Err(arguments.misfit(&value, "a quantity")),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn rounds_up_and_stops_at_the_largest() {
        assert_same(&[
            ("bytes('1e40')", "9223372036854775807"),
            ("bytes(null)", "null"),
            ("bytes(7)", "7"),
            ("bytes(txt)", "failed"),
            ("bytes(some)", "failed"),
        ]);
    }
}
