//! `sidecars()`.

use super::prelude::*;
use crate::serving::{Role, serving};

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "sidecars",
        signatures: &[
            "sidecars('provisioner' | 'attacher' | 'resizer' | 'snapshotter' | 'controller' | 'node' | 'any', driver, pods, leases) -> list",
        ],
        doc: "The containers that do this for a driver, the leader first: found by what pods are started with, by who holds the driver's leases, and by what runs beside its node plugin. `'controller'` gives every container of the pods in which one of these sidecars runs, `'node'` those of the driver's node plugins, `'any'` everything that names the driver. Each is a map with `namespace`, `pod`, `node`, `container`, `part` (`provisioner`, `attacher`, `resizer`, `snapshotter`, `registrar`, `liveness`, `other`, or else `driver`), `leads`, `ready`, `restarts`, `state` (a few words), `previous` (whether the log of the instance before is the one that says why), `ended` (when that instance ended) and `troubles` (the containers of its pod that are not ready, in the same shape). The lists have to be whole: what was not seen could be the one.",
        examples: &[Example {
            expression: "sidecars('provisioner', 'd.io', [{'metadata': {'namespace': 'csi', 'name': 'c-0'}, 'spec': {'containers': [{'name': 'csi-provisioner', 'args': ['--drivername=d.io']}]}}], [])[0].pod",
            result: "'c-0'",
        }],
    },
    arity: (4, 4),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let (role, driver) = (arguments.text(0)?, arguments.text(1)?);
    let (pods, leases) = (arguments.list(2)?, arguments.list(3)?);
    let Some(role) = role.as_deref().and_then(Role::parse) else {
        return Err(arguments.failed("no such role"));
    };
    let Some(driver) = driver else { return Ok(Value::list(Vec::new())) };
    // A few dozen words of each pod are compared.
    arguments.spend(pods.items().len().saturating_mul(if role == Role::Controller { 32 } else { 8 }))?;
    Ok(Value::list(serving(role, &driver, whole(&pods)?, whole(&leases)?)))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::assert_same;

    #[test]
    fn wants_a_role_it_knows_and_whole_lists() {
        assert_same(&[
            ("sidecars(txt, 'd.io', [], [])", "failed"),
            ("sidecars('any', null, [], [])", "[]"),
            ("sidecars('any', 'd.io', some, [])", "unsure"),
            ("sidecars('any', 'd.io', [], null)", "[]"),
        ]);
    }
}
