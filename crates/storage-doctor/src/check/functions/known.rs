//! `known()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "known",
        signatures: &["known(value) -> bool"],
        doc: "Whether a value could be seen: false where it was denied, unreachable, not recorded or seen only in part. Null is known. With it a weaker proof can say that it stands in for a stronger one: `(!known(class) || class == null)`.",
        examples: &[
            Example { expression: "known(null)", result: "true" },
            Example { expression: "known([1].size())", result: "true" },
        ],
    },
    arity: (1, 1),
    literal: None,
    clock: false,
    run,
};

/// Called only with values that are known; evaluation answers for the others.
#[expect(clippy::unnecessary_wraps, reason = "every function has this shape")]
fn run(_: &mut Arguments<'_>) -> Computed {
    Ok(Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn tells_the_seen_from_the_unseen() {
        assert_same(&[("known(unsure)", "false"), ("known(1)", "true"), ("known(size(some))", "false"), ("known(some)", "false")]);
    }
}
