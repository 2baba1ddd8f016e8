//! `contains()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "contains",
        signatures: &["text.contains(part) -> true or false"],
        doc: "Whether a text has another one in it. For a list, write `item in list`. False for null.",
        examples: &[Example { expression: "'disk is full'.contains('full')", result: "true" }],
    },
    arity: (2, 2),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let (text, part) = (arguments.text(0)?, arguments.text(1)?);
    Ok(Value::Bool(text.zip(part).is_some_and(|(text, part)| text.contains(&*part))))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn case_counts_and_null_has_nothing_in_it() {
        assert_same(&[
            ("'Full'.contains('full')", "false"),
            ("null.contains('a')", "false"),
            ("'a'.contains(null)", "false"),
            ("'a'.contains('')", "true"),
            ("num.contains('4')", "failed"),
        ]);
    }
}
