//! `down_beside()`.

use super::prelude::*;
use crate::serving::down_beside;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "down_beside",
        signatures: &["down_beside(sidecar, controllers, plugins, pods) -> list"],
        doc: "The containers of a driver that are down and that a sidecar which runs needs: the driver in its own pod or, \
              where none is there, the node plugin on its node, whose socket it shares. `sidecar` is one of what \
              `sidecars()` gives, `controllers` and `plugins` are what it gives for `'controller'` and `'node'`. Empty \
              when the sidecar is null.",
        examples: &[Example {
            expression: "down_beside({'namespace': 'csi', 'pod': 'c-0', 'container': 'csi-attacher'}, [{'namespace': 'csi', 'pod': 'c-0', 'container': 'driver', 'part': 'driver', 'ready': false, 'state': 'CrashLoopBackOff, 3 restarts'}], [], [])[0].container",
            result: "'driver'",
        }],
    },
    arity: (4, 4),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let sidecar = arguments.value(0);
    if sidecar.is_null() {
        return Ok(Value::list(Vec::new()));
    }
    if !matches!(sidecar, Value::Map(_)) {
        return Err(arguments.misfit(&sidecar, "a container as `sidecars()` gives it"));
    }
    let (crew, plugins, pods) = (arguments.list(1)?, arguments.list(2)?, arguments.list(3)?);
    let (crew, plugins, seen) = (whole(&crew)?, whole(&plugins)?, whole(&pods)?);
    // Each pod is held against each container of the controllers.
    arguments.spend(seen.len().saturating_add(plugins.len()).saturating_mul(crew.len().saturating_add(1)) / 8)?;
    Ok(Value::list(down_beside(&sidecar, crew, plugins, seen)))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn wants_a_container_and_whole_lists() {
        assert_same(&[
            ("down_beside(null, [], [], [])", "[]"),
            ("down_beside({}, [], [], [])", "[]"),
            ("down_beside(num, [], [], [])", "failed"),
            ("down_beside(unsure, [], [], [])", "unsure"),
            ("down_beside({}, [], [], some)", "unsure"),
            ("down_beside({}, some, [], [])", "unsure"),
        ]);
    }
}
