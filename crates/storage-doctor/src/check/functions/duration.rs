//! `duration()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "duration",
        signatures: &["duration(text) -> duration"],
        doc: "A length of time: whole numbers with `s`, `m`, `h` or `d`, such as `90s` or `1h30m`. Durations \
              compare with one another, with numbers of seconds, and with such texts. Null stays null.",
        examples: &[Example { expression: "duration('1h30m')", result: "duration('90m')" }],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    match arguments.value(0) {
        value @ (Value::Null | Value::Seconds(_)) => Ok(value),
        Value::Text(text) => {
            let seconds = super::super::show::seconds(&text);
            seconds.map(Value::Seconds).ok_or_else(|| arguments.failed("this is not a duration such as 90s or 1h30m"))
        }
        other => Err(arguments.misfit(&other, "a text")),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn has_to_have_a_unit() {
        assert_same(&[
            ("duration('2m') == 120", "true"),
            ("duration('2m') > '90s'", "true"),
            ("duration('1m') * 2", "duration('2m')"),
            ("duration(null)", "null"),
            ("duration(txt)", "failed"),
            ("duration(num)", "failed"),
        ]);
    }
}
