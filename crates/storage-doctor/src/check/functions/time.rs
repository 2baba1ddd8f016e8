//! `time()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "time",
        signatures: &["time(text) -> time"],
        doc: "A time such as `2026-01-31T12:00:00Z`. Times compare with one another and with texts that are \
              times; a time minus a time is a duration. Null stays null.",
        examples: &[Example {
            expression: "time('2026-01-01T00:00:10Z') - time('2026-01-01T00:00:00Z')",
            result: "duration('10s')",
        }],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    use crate::time::Time;
    match arguments.value(0) {
        value @ (Value::Null | Value::Time(_)) => Ok(value),
        Value::Text(text) => Time::parse(&text).map(Value::Time).map_err(|_| arguments.failed("this is not a time")),
        other => Err(arguments.misfit(&other, "a text")),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn reads_rfc_3339_only() {
        assert_same(&[
            ("time('2026-01-01T01:00:00+01:00') == time('2026-01-01T00:00:00Z')", "true"),
            ("time('2026-01-01T00:00:00Z') < '2026-01-02T00:00:00Z'", "true"),
            ("time('2026-01-01T00:00:00Z') + duration('1d') == '2026-01-02T00:00:00Z'", "true"),
            ("time(null)", "null"),
            ("time(txt)", "failed"),
            ("time(num)", "failed"),
        ]);
    }
}
