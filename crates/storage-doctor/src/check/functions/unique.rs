//! `unique()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "unique",
        signatures: &["list.unique() -> list"],
        doc: "The items of a list without those that came before, in the same order.",
        examples: &[Example { expression: "['b', 'a', 'b'].unique()", result: "['b', 'a']" }],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    use super::super::compare::order;
    let list = arguments.list(0)?;
    whole(&List::new(list.items().to_vec()))?;
    arguments.spend(list.items().len().saturating_mul(16))?;
    let mut sorted: Vec<(usize, &Value)> = list.items().iter().enumerate().collect();
    sorted.sort_by(|(_, a), (_, b)| order(a, b));
    // The sort is stable, so the first of equals is the first in the list.
    sorted.dedup_by(|(_, b), (_, a)| order(a, b).is_eq());
    sorted.sort_by_key(|(at, _)| *at);
    Ok(like(&list, sorted.into_iter().map(|(_, item)| item.clone()).collect()))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn tells_kinds_apart() {
        assert_same(&[
            ("[1, '1', 1.0, null, null].unique()", "[1, '1', null]"),
            ("[{'a': 1}, {'a': 1}, {'a': 2}].unique().size()", "2"),
            ("null.unique()", "[]"),
            ("['a', unsure].unique()", "unsure"),
            ("some.unique().size()", "unsure"),
            ("txt.unique()", "failed"),
        ]);
    }
}
