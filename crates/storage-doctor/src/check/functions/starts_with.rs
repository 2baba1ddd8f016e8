//! `startsWith()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "startsWith",
        signatures: &["text.startsWith(part) -> true or false"],
        doc: "Whether a text begins with another one. False for null.",
        examples: &[Example { expression: "'pvc-1'.startsWith('pvc-')", result: "true" }],
    },
    arity: (2, 2),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let (text, part) = (arguments.text(0)?, arguments.text(1)?);
    Ok(Value::Bool(text.zip(part).is_some_and(|(text, part)| text.starts_with(&*part))))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn the_middle_is_no_beginning() {
        assert_same(&[
            ("'my-pvc-1'.startsWith('pvc-')", "false"),
            ("null.startsWith('')", "false"),
            ("num.startsWith('4')", "failed"),
        ]);
    }
}
