//! `topology_matches()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "topology_matches",
        signatures: &["topology_matches(allowed_topologies, labels) -> true or false"],
        doc: "Whether labels (of a node) lie within the `allowedTopologies` of a class. Null or an empty list \
              allows everything; an empty term allows nothing.",
        examples: &[Example {
            expression: "topology_matches([{'matchLabelExpressions': [{'key': 'zone', 'values': ['a', 'b']}]}], {'zone': 'b'})",
            result: "true",
        }],
    },
    arity: (2, 2),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let (terms, labels) = (arguments.list(0)?, Value::Map(arguments.map(1)?));
    super::super::selector::topology_terms(&terms, &labels)
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn needs_every_expression_of_one_term() {
        assert_same(&[
            ("topology_matches(null, {})", "true"),
            ("topology_matches([], null)", "true"),
            ("topology_matches([{}], {'zone': 'a'})", "false"),
            (
                "topology_matches([{'matchLabelExpressions': [{'key': 'zone', 'values': ['a']}]}], {'zone': 'ab'})",
                "false",
            ),
            ("topology_matches([{'matchLabelExpressions': [{'key': 'zone', 'values': ['a']}]}], {})", "false"),
            (
                "topology_matches([{'matchLabelExpressions': [{'key': 'zone', 'values': ['a']}, {'key': 'rack', 'values': ['1']}]}], {'zone': 'a'})",
                "false",
            ),
            (
                "topology_matches([{'matchLabelExpressions': [{'key': 'zone', 'values': ['a']}]}, {'matchLabelExpressions': [{'key': 'rack', 'values': ['1']}]}], {'rack': '1'})",
                "true",
            ),
            (
                "topology_matches([{'matchLabelExpressions': [{'key': 'zone', 'values': ['a']}]}], {'zone': unsure})",
                "unsure",
            ),
            ("topology_matches(txt, {})", "failed"),
        ]);
    }
}
