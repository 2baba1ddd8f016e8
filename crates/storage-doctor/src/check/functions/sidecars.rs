//! `sidecars()`.

use super::prelude::*;
use crate::serving::{Role, concerned, serving};

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "sidecars",
        signatures: &[
            "sidecars('provisioner' | 'attacher' | 'resizer' | 'snapshotter' | 'controller' | 'node' | 'any', driver, pods, leases) -> list",
        ],
        doc: "The containers that do this for a driver, the leader first: found by what pods are started with, by who holds the driver's leases, and by what runs beside its node plugin. `'controller'` gives every container of the pods in which one of these sidecars runs, `'node'` those of the driver's node plugins, `'any'` everything that names the driver. Each is a map with `namespace`, `pod`, `node`, `container`, `part` (`provisioner`, `attacher`, `resizer`, `snapshotter`, `registrar`, `liveness`, `other`, or else `driver`), `leads`, `ready` (and not, when it crashed soon after its last start, for up to a minute after this one), `restarts`, `state` (a few words), `previous` (whether the log of the instance before is the one that says why), `ended` (when that instance ended) and `troubles` (the containers of its pod that are not ready, in the same shape). The lists have to be whole: what was not seen could be the one.",
        examples: &[Example {
            expression: "sidecars('provisioner', 'd.io', [{'metadata': {'namespace': 'csi', 'name': 'c-0'}, 'spec': {'containers': [{'name': 'csi-provisioner', 'args': ['--drivername=d.io']}]}}], [])[0].pod",
            result: "'c-0'",
        }],
    },
    arity: (4, 4),
    literal: None,
    clock: true,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    let (name, driver) = (arguments.text(0)?, arguments.text(1)?);
    let (pods, leases) = (arguments.list(2)?, arguments.list(3)?);
    let Some((name, role)) = name.as_deref().and_then(|name| Some((name, Role::parse(name)?))) else {
        return Err(arguments.failed("no such role"));
    };
    let Some(driver) = driver else { return Ok(Value::list(Vec::new())) };
    // A few dozen words of each pod are compared.
    arguments.spend(pods.items().len().saturating_mul(if role == Role::Controller { 32 } else { 8 }))?;
    let (seen, leases_seen) = (whole(&pods)?, whole(&leases)?);
    // A hundred broken claims ask the same of ten thousand pods, and a driver has many roles.
    let with = if leases_seen.is_empty() { &pods } else { &leases };
    let now = arguments.scope.now();
    let few = || Value::list(concerned(&driver, seen, leases_seen));
    let few = || pods.made_with(format!("pods of {driver}"), (with, now), few);
    let make = || Value::list(serving(role, &driver, few().items(), leases_seen, now));
    Ok(pods.made_with(format!("sidecars {name} {driver}"), (with, now), make))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{Given, assert_same};
    use crate::value::Value;

    #[test]
    fn what_was_made_of_many_pods_is_made_anew_for_other_leases_and_drivers() {
        let pod = |n: usize| {
            let args = Value::list(vec![Value::text("--drivername=d.io")]);
            let container = Value::map([("name", Value::text("csi-provisioner")), ("args", args)]);
            let metadata = [("namespace", Value::text("csi")), ("name", Value::text(format!("c-{n}")))];
            Value::map([
                ("metadata", Value::map(metadata)),
                ("spec", Value::map([("containers", Value::list(vec![container]))])),
            ])
        };
        let lease = |holder: &str| {
            let metadata = [("namespace", Value::text("csi")), ("name", Value::text("d-io"))];
            let spec = [("holderIdentity", Value::text(holder))];
            Value::list(vec![Value::map([("metadata", Value::map(metadata)), ("spec", Value::map(spec))])])
        };
        let given = Given::new(&[
            ("pods", Value::list((0..100).map(pod).collect())),
            ("seven", lease("c-7")),
            ("nine", lease("c-9")),
        ]);
        let leader = |driver: &str, leases: &str| {
            let leader = given.eval(&format!("sidecars('provisioner', '{driver}', pods, {leases})[0].pod"));
            leader.as_str().map(str::to_owned)
        };
        for _ in 0..2 {
            assert_eq!(leader("d.io", "seven").as_deref(), Some("c-7"));
            assert_eq!(leader("d.io", "nine").as_deref(), Some("c-9"));
            assert_eq!(leader("d.io", "[]").as_deref(), Some("c-0"));
            assert_eq!(leader("e.io", "seven"), None);
        }
    }

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
