//! `first()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "first",
        signatures: &["list.first() -> item"],
        doc: "The first item of a list; null if there is none. Unknown when none was seen but there may be some.",
        examples: &[Example { expression: "['a', 'b'].first()", result: "'a'" }],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let list = arguments.still_list(0)?;
    Ok(match (list.items().first(), list.unseen()) {
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
            ("[].first()", "null"),
            ("null.first()", "null"),
            ("some.first().metadata.name", "'one'"),
            ("some.filter(x, false).first()", "unsure"),
            ("txt.first()", "failed"),
        ]);
    }
}
