//! `keys()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "keys",
        signatures: &["map.keys() -> list"],
        doc: "The names of the fields of a map, in alphabetical order; none for null.",
        examples: &[Example { expression: "{'b': 1, 'a': 2}.keys()", result: "['a', 'b']" }],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let map = arguments.map(0)?;
    Ok(Value::list(map.iter().map(|(key, _)| Value::Text(Arc::clone(key))).collect()))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn are_sorted() {
        assert_same(&[
            ("{}.keys()", "[]"),
            ("null.keys()", "[]"),
            ("keys([txt])", "failed"),
            ("keys(unsure)", "unsure"),
        ]);
    }
}
