//! `join()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "join",
        signatures: &["list.join() -> text", "list.join(separator) -> text"],
        doc: "The items of a list as one text. Null is an empty list; a null item is left out.",
        examples: &[Example { expression: "['a', 'b'].join(', ')", result: "'a, b'" }],
    },
    arity: (1, 2),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let (list, separator) = (arguments.list(0)?, arguments.text(1)?.unwrap_or_default());
    let mut text = String::new();
    for (i, item) in whole(&list)?.iter().filter(|item| !item.is_null()).enumerate() {
        let Some(part) = super::super::show::scalar(item) else {
            return Err(arguments.misfit(item, "a list of texts"));
        };
        arguments.spend_bytes(part.len() + separator.len())?;
        if i > 0 {
            text.push_str(&separator);
        }
        text.push_str(&part);
    }
    Ok(Value::text(text))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn needs_every_item() {
        assert_same(&[
            ("[].join(',')", "''"),
            ("null.join(',')", "''"),
            ("['a', null, 1].join('-')", "'a-1'"),
            ("['a', unsure].join()", "unsure"),
            ("some.join()", "unsure"),
            ("[txt, [1]].join()", "failed"),
        ]);
    }
}
