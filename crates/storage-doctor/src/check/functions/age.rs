//! `age()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "age",
        signatures: &["age(time) -> duration"],
        doc: "How long ago a time was; a text is read as a time. Negative for a time to come; null stays null.",
        examples: &[Example { expression: "age('2026-01-01T00:00:00Z') > duration('5m')", result: "true" }],
    },
    arity: (1, 1),
    literal: None,
    clock: true,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    use crate::time::Time;
    let value = arguments.value(0);
    let time = match &value {
        Value::Null => return Ok(Value::Null),
        Value::Time(time) => *time,
        Value::Text(text) => Time::parse(text).map_err(|_| arguments.failed("this is not a time"))?,
        _ => return Err(arguments.misfit(&value, "a time")),
    };
    Ok(Value::Seconds(arguments.scope.now().seconds_since(time)))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn is_measured_from_the_time_that_counts_as_now() {
        assert_same(&[
            ("string(age('2026-11-21T00:00:00Z'))", "'5m30s'"),
            ("age(time('2026-11-21T00:00:00Z')) == 330", "true"),
            ("age('2026-11-22T00:00:00Z') < 0", "true"),
            ("age(null)", "null"),
            ("age(null) > duration('5m')", "false"),
            ("age(unsure) > duration('5m')", "unsure"),
            ("age(txt)", "failed"),
        ]);
    }
}
