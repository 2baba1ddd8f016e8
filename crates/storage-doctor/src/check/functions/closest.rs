//! `closest()`.

use super::prelude::*;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "closest",
        signatures: &["closest(name, names) -> list"],
        doc: "Up to two of `names` that `name` may be a slip of, the nearest first: a few letters differ, or \
              one contains the other. The name itself is not among them.",
        examples: &[Example { expression: "closest('fsat', ['slow', 'fast'])", result: "['fast']" }],
    },
    arity: (2, 2),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let (name, list) = (arguments.text(0)?, arguments.list(1)?);
    let Some(name) = name else { return Ok(Value::list(Vec::new())) };
    let mut names = Vec::new();
    for item in list.items() {
        match item {
            Value::Text(text) => names.push(&**text),
            Value::Null | Value::Unknown(_) => {}
            other => return Err(arguments.misfit(other, "a list of texts")),
        }
    }
    // The distance of two names takes about as many steps as one has letters, four at a time.
    arguments.spend(names.len().saturating_mul(name.len().min(64) / 4 + 1))?;
    let near = super::super::nearest(&name, names.into_iter().filter(|other| *other != &*name));
    Ok(like(&list, near.into_iter().map(Value::text).collect()))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn prefers_the_nearest() {
        assert_same(&[
            ("closest('fast', ['fast', 'fas', 'Fast', 'fasst'])", "['Fast', 'fas']"),
            ("closest('rbd', ['rook-ceph-rbd', 'nfs'])", "['rook-ceph-rbd']"),
            ("closest('gold', ['silver', 'bronze'])", "[]"),
            ("closest(null, ['a'])", "[]"),
            ("closest('a', null)", "[]"),
            ("closest('abc', [num])", "failed"),
        ]);
    }
}
