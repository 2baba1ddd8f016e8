//! `sort_by()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "sort_by",
        signatures: &["list.sort_by('path') -> list"],
        doc: "The items of a list in the order of what they hold at a path: null first, then numbers, then \
              texts; equal ones keep their order. The path is written out.",
        examples: &[Example { expression: "[{'n': 2}, {'n': 1}].sort_by('n')", result: "[{'n': 1}, {'n': 2}]" }],
    },
    arity: (2, 2),
    literal: Some(Literal::Path(1)),
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let (list, path) = (arguments.list(0)?, arguments.text(1)?.unwrap_or_default());
    let mut keyed: Vec<(Value, &Value)> = list.items().iter().map(|item| (item.at(&path), item)).collect();
    whole(&List::new(keyed.iter().map(|(key, _)| key.clone()).collect()))?;
    arguments.spend(keyed.len().saturating_mul(16))?;
    keyed.sort_by(|(a, _), (b, _)| super::super::compare::order(a, b));
    Ok(like(&list, keyed.into_iter().map(|(_, item)| item.clone()).collect()))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn keeps_the_order_of_equals() {
        assert_same(&[
            ("[{'n': 'b'}, {'n': 1}, {}, {'n': 'a'}].sort_by('n').map(x, x.n)", "[null, 1, 'a', 'b']"),
            ("[{'n': 1, 'i': 1}, {'n': 1, 'i': 2}].sort_by('n').map(x, x.i)", "[1, 2]"),
            ("null.sort_by('n')", "[]"),
            ("[{'n': unsure}].sort_by('n')", "unsure"),
            ("some.sort_by('n').size()", "unsure"),
            ("txt.sort_by('n')", "failed"),
        ]);
    }
}
