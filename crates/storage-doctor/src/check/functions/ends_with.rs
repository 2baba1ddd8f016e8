//! `endsWith()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "endsWith",
        signatures: &["text.endsWith(part) -> true or false"],
        doc: "Whether a text ends with another one. False for null.",
        examples: &[Example { expression: "'rbd.csi.ceph.com'.endsWith('.ceph.com')", result: "true" }],
    },
    arity: (2, 2),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let (text, part) = (arguments.text(0)?, arguments.text(1)?);
    Ok(Value::Bool(text.zip(part).is_some_and(|(text, part)| text.ends_with(&*part))))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn the_middle_is_no_end() {
        assert_same(&[
            ("'ceph.com.example'.endsWith('.ceph.com')", "false"),
            ("null.endsWith('')", "false"),
            ("num.endsWith('2')", "failed"),
        ]);
    }
}
