//! `selects()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "selects",
        signatures: &["selects(selector, labels) -> true or false"],
        doc: "Whether a label selector (`matchLabels` and `matchExpressions`) selects labels. A null or empty \
              selector selects everything.",
        examples: &[Example {
            expression: "selects({'matchLabels': {'app': 'db'}}, {'app': 'db', 'tier': 'x'})",
            result: "true",
        }],
    },
    arity: (2, 2),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let selector = Value::Map(arguments.map(0)?);
    let labels = Value::Map(arguments.map(1)?);
    super::super::selector::label_selector(&selector, &labels)
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn joins_labels_and_expressions() {
        assert_same(&[
            ("selects({'matchLabels': {'app': 'db'}}, {'app': 'dbx'})", "false"),
            ("selects({'matchLabels': {'app': 'db'}}, null)", "false"),
            ("selects(null, {'a': 'b'})", "true"),
            ("selects({}, null)", "true"),
            (
                "selects({'matchExpressions': [{'key': 'a', 'operator': 'In', 'values': ['x', 'y']}]}, {'a': 'y'})",
                "true",
            ),
            ("selects({'matchExpressions': [{'key': 'a', 'operator': 'In', 'values': ['x']}]}, {})", "false"),
            ("selects({'matchExpressions': [{'key': 'a', 'operator': 'NotIn', 'values': ['x']}]}, {})", "true"),
            (
                "selects({'matchExpressions': [{'key': 'a', 'operator': 'NotIn', 'values': ['x']}]}, {'a': 'x'})",
                "false",
            ),
            ("selects({'matchExpressions': [{'key': 'a', 'operator': 'Exists'}]}, {'a': ''})", "true"),
            ("selects({'matchExpressions': [{'key': 'a', 'operator': 'DoesNotExist'}]}, {'a': ''})", "false"),
            (
                "selects({'matchLabels': {'a': '1'}, 'matchExpressions': [{'key': 'b', 'operator': 'Exists'}]}, {'a': '1'})",
                "false",
            ),
            ("selects({'matchExpressions': [{'key': 'a', 'operator': 'Near'}]}, {'a': txt})", "failed"),
            ("selects({'matchLabels': {'a': '1'}}, {'a': unsure})", "unsure"),
            ("selects({'matchLabels': {'a': '1', 'b': '1'}}, {'a': unsure, 'b': '2'})", "false"),
            ("selects(txt, {})", "failed"),
        ]);
    }
}
