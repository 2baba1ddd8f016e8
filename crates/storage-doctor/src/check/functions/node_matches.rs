//! `node_matches()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "node_matches",
        signatures: &["node_matches(selector, node) -> true or false"],
        doc: "Whether a node selector fits a node: the node affinity of a volume (`volume.spec.nodeAffinity`), \
              what it requires, or the list of its terms. Null fits every node; an empty list of terms, or an \
              empty term, fits none.",
        examples: &[Example {
            expression: "node_matches({'required': {'nodeSelectorTerms': [{'matchExpressions': [{'key': 'zone', 'operator': 'In', 'values': ['a']}]}]}}, {'metadata': {'name': 'n1', 'labels': {'zone': 'a'}}})",
            result: "true",
        }],
    },
    arity: (2, 2),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let selector = arguments.value(0);
    let required = if matches!(&selector, Value::Map(map) if map.get("required").is_some()) {
        selector.field("required")
    } else {
        selector
    };
    let terms = match &required {
        Value::Map(map) => map.get("nodeSelectorTerms").cloned().unwrap_or_else(|| Value::list(Vec::new())),
        _ => required,
    };
    match (&terms, arguments.value(1)) {
        (Value::Null, _) => Ok(Value::Bool(true)),
        (Value::Unknown(_), _) => Ok(terms),
        (_, Value::Null) => Ok(Value::Bool(false)),
        (Value::List(list), node @ Value::Map(_)) => {
            arguments.spend(list.items().len())?;
            super::super::selector::node_terms(list, &node)
        }
        (Value::List(_), node) => Err(arguments.misfit(&node, "a node")),
        (other, _) => Err(arguments.misfit(other, "a node selector")),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn follows_the_scheduler() {
        assert_same(&[
            ("node_matches(null, node)", "true"),
            ("node_matches({'required': null}, node)", "true"),
            ("node_matches({'nodeSelectorTerms': []}, node)", "false"),
            ("node_matches([{}], node)", "false"),
            ("node_matches([], node)", "false"),
            (
                "node_matches([{'matchExpressions': [{'key': 'zone', 'operator': 'In', 'values': ['b']}]}, {'matchFields': [{'key': 'metadata.name', 'operator': 'In', 'values': ['n1']}]}], node)",
                "true",
            ),
            (
                "node_matches([{'matchExpressions': [{'key': 'zone', 'operator': 'In', 'values': ['a']}], 'matchFields': [{'key': 'metadata.name', 'operator': 'In', 'values': ['n2']}]}], node)",
                "false",
            ),
            (
                "node_matches([{'matchExpressions': [{'key': 'cpus', 'operator': 'Gt', 'values': ['7']}]}], node)",
                "true",
            ),
            (
                "node_matches([{'matchExpressions': [{'key': 'cpus', 'operator': 'Lt', 'values': ['8']}]}], node)",
                "false",
            ),
            (
                "node_matches([{'matchExpressions': [{'key': 'zone', 'operator': 'Gt', 'values': ['7']}]}], node)",
                "false",
            ),
            (
                "node_matches([{'matchExpressions': [{'key': 'none', 'operator': 'Lt', 'values': ['7']}]}], node)",
                "false",
            ),
            (
                "node_matches([{'matchExpressions': [{'key': 'none', 'operator': 'NotIn', 'values': ['7']}]}], node)",
                "true",
            ),
            ("node_matches([{'matchExpressions': [{'key': 'zone', 'operator': 'Exists'}]}], node)", "true"),
            ("node_matches([{'matchExpressions': [{'key': 'zone', 'operator': 'DoesNotExist'}]}], node)", "false"),
            (
                "node_matches([{'matchFields': [{'key': 'metadata.uid', 'operator': 'In', 'values': ['n1']}]}], node)",
                "failed",
            ),
            ("node_matches([{'matchExpressions': [{'key': 'zone', 'operator': 'Exists'}]}], null)", "false"),
            ("node_matches([{}], txt)", "failed"),
            ("node_matches(num, node)", "failed"),
            ("node_matches(unsure, node)", "unsure"),
        ]);
    }
}
