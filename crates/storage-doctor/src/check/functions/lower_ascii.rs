//! `lowerAscii()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "lowerAscii",
        signatures: &["text.lowerAscii() -> text"],
        doc: "The text with its letters A to Z made small; null stays null.",
        examples: &[Example { expression: "'Ab-1'.lowerAscii()", result: "'ab-1'" }],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    Ok(arguments.text(0)?.map_or(Value::Null, |text| Value::text(text.to_ascii_lowercase())))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn leaves_other_letters_alone() {
        assert_same(&[("'AbÉ'.lowerAscii()", "'abÉ'"), ("null.lowerAscii()", "null"), ("num.lowerAscii()", "failed")]);
    }
}
