//! `last()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "last",
        signatures: &["list.last() -> item"],
        doc: "The last item of a list, or of what was seen of it; null if there is none. Unknown when none was \
              seen but there may be some.",
        examples: &[Example { expression: "['a', 'b'].last()", result: "'b'" }],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let list = arguments.still_list(0)?;
    Ok(match (list.items().last(), list.unseen()) {
        (Some(item), _) => item.clone(),
        (None, Some(unseen)) => Value::Unknown(Arc::clone(unseen)),
        (None, None) => Value::Null,
    })
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn may_not_have_been_seen() {
        assert_same(&[
            ("[].last()", "null"),
            ("null.last()", "null"),
            ("some.last().metadata.name", "'one'"),
            ("some.filter(x, false).last()", "unsure"),
            ("txt.last()", "failed"),
        ]);
    }
}
