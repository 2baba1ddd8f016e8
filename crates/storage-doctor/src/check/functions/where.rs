//! `where()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "where",
        signatures: &["list.where('path', value) -> list"],
        doc: "The items of a list that hold a text at a path, in which `[]` stands for each item: \
              `pods.where('spec.volumes[].persistentVolumeClaim.claimName', claim.metadata.name)`. Much faster \
              than `filter` over a large list. The path is written out; null finds nothing. Of a list seen in \
              part, the result is a part too.",
        examples: &[Example {
            expression: "[{'a': {'b': 'x'}}, {'a': {'b': 'y'}}].where('a.b', 'y')",
            result: "[{'a': {'b': 'y'}}]",
        }],
    },
    arity: (3, 3),
    literal: Some(Literal::Path(1)),
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    // The list keeps an index, so no step is taken for each item.
    let list = arguments.still_list(0)?;
    let Some(path) = arguments.text(1)? else { return Err(arguments.misfit(&Value::Null, "a path")) };
    let found = match arguments.value(2) {
        Value::Null => return Ok(Value::list(Vec::new())),
        Value::Text(text) => list.having(&path, &text),
        Value::Int(i) => list.having(&path, &i.to_string()),
        Value::Bool(b) => list.having(&path, &b.to_string()),
        other => return Err(arguments.misfit(&other, "a text to find")),
    };
    arguments.spend(found.len())?;
    let mut gaps = super::super::truth::Gathered::default();
    for more in [list.unseen(), list.unknown_items()].into_iter().flatten() {
        gaps.add(more);
    }
    Ok(Value::List(Arc::new(match gaps.into_inner() {
        Some(gaps) => List::partial(found, gaps),
        None => List::new(found),
    })))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn finds_whole_texts_only() {
        assert_same(&[
            ("[{'a': [{'n': 'x'}, {'n': 'y'}]}, {'a': []}].where('a[].n', 'y').size()", "1"),
            ("[{'a': 'xy'}].where('a', 'x')", "[]"),
            ("[{'a': 1}].where('a', 1).size()", "1"),
            ("null.where('a', 'x')", "[]"),
            ("[{'a': 'x'}].where('a', null)", "[]"),
            ("[{'a': null}].where('a', null)", "[]"),
            ("some.where('metadata.name', 'one')[0].metadata.name", "'one'"),
            ("some.where('metadata.name', 'two').size()", "unsure"),
            ("[unsure].where('a', 'x').size()", "unsure"),
            ("num.where('a', 'x')", "failed"),
            ("some.where('metadata.name', 1.5)", "failed"),
        ]);
    }
}
