//! `size()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "size",
        signatures: &["size(text) -> number", "size(list) -> number", "size(map) -> number"],
        doc: "How many letters, items or fields there are; 0 for null. Unknown for a list seen in part.",
        examples: &[
            Example { expression: "size('pvc')", result: "3" },
            Example { expression: "['a', 'b'].size()", result: "2" },
        ],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let size = match arguments.value(0) {
        Value::Null => 0,
        Value::Text(text) => {
            arguments.spend_bytes(text.len())?;
            text.chars().count()
        }
        Value::List(list) => match list.unseen() {
            Some(unseen) => return Ok(Value::Unknown(Arc::clone(unseen))),
            None => list.items().len(),
        },
        Value::Map(map) => map.len(),
        other => return Err(arguments.misfit(&other, "a text, a list or a map")),
    };
    Ok(Value::Int(i64::try_from(size).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn counts_letters_not_bytes() {
        assert_same(&[
            ("size('é')", "1"),
            ("size(null)", "0"),
            ("size({'a': 1})", "1"),
            ("size([unsure])", "1"),
            ("size(some)", "unsure"),
            ("size(num)", "failed"),
        ]);
    }
}
