//! `upperAscii()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "upperAscii",
        signatures: &["text.upperAscii() -> text"],
        doc: "The text with its letters A to Z made capital; null stays null.",
        examples: &[Example { expression: "'Ab-1'.upperAscii()", result: "'AB-1'" }],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    Ok(arguments.text(0)?.map_or(Value::Null, |text| Value::text(text.to_ascii_uppercase())))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn leaves_other_letters_alone() {
        assert_same(&[("'aBé'.upperAscii()", "'ABé'"), ("null.upperAscii()", "null"), ("num.upperAscii()", "failed")]);
    }
}
