//! `quantity()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "quantity",
        signatures: &["quantity(text) -> quantity"],
        doc: "A Kubernetes quantity such as `10Gi`, `500m` or `1e3`, exact. Quantities compare with one \
              another, with numbers, and with texts that are quantities; `+` and `-` go with them. A number is \
              taken as it is; null stays null.",
        examples: &[
            Example { expression: "quantity('1Gi') > quantity('1G')", result: "true" },
            Example { expression: "quantity('1Gi') + quantity('512Mi')", result: "quantity('1.5Gi')" },
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
    let quantity = match &value {
        Value::Null => return Ok(Value::Null),
        Value::Quantity(quantity) => Some(*quantity),
        Value::Int(i) => Some(Quantity::from_bytes(*i)),
        Value::Text(text) => Quantity::parse(text),
        _ => return Err(arguments.misfit(&value, "a text")),
    };
    quantity.map(Value::Quantity).ok_or_else(|| arguments.failed("this is not a quantity"))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn compares_amounts_and_refuses_what_is_none() {
        assert_same(&[
            ("quantity('1Gi') == '1024Mi'", "true"),
            ("quantity('1Gi') == 1073741824", "true"),
            ("quantity('1k') == '1Ki'", "false"),
            ("quantity(null)", "null"),
            ("quantity(null) < quantity('1Gi')", "false"),
            ("quantity(txt)", "failed"),
            ("quantity('1Gi') < txt", "failed"),
            ("quantity('1Gi') == txt", "false"),
            ("quantity('1Gi') - quantity('2Gi') < 0", "true"),
            ("string(quantity('1Gi'))", "'1Gi'"),
            ("quantity(some)", "failed"),
        ]);
    }
}
