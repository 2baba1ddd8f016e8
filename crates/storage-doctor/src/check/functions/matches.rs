//! `matches()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "matches",
        signatures: &["text.matches('pattern') -> true or false"],
        doc: "Whether a text has a match of a regular expression in it. Use `^` and `$` for the whole text. \
              The pattern is written out, so that it can be checked when a playbook is loaded. False for null.",
        examples: &[Example { expression: "'timeout after 30s'.matches('after [0-9]+s')", result: "true" }],
    },
    arity: (2, 2),
    literal: Some(Literal::Pattern(1)),
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    Ok(Value::Bool(arguments.searched(0)?.is_some_and(|(pattern, text)| pattern.is_match(&text))))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn looks_anywhere_but_only_in_texts() {
        assert_same(&[
            ("'timeout after s'.matches('after [0-9]+s')", "false"),
            ("null.matches('.*')", "false"),
            ("'abc'.matches('^b')", "false"),
            ("'aXc'.matches('(?i)x')", "true"),
            ("num.matches('4')", "failed"),
        ]);
    }
}
