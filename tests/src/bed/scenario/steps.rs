//! Does the steps of a scenario.

use super::bench::{Bench, Own};
use super::path;
use super::spec::{Patch, Step, Wait};
use crate::bed::state::NODES;
use crate::bed::trouble::{Attempt, Result, Trouble};
use crate::bed::{apply, control_plane, deploy, node, process};
use regex::Regex;
use rustix::process::Signal;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How long to wait between two looks: many scenarios look at once.
const LOOK: Duration = Duration::from_millis(500);

/// Applies objects, in order.
pub fn manifests(bench: &Bench, namespace: &str, text: &str) -> Result<()> {
    for object in apply::parse(text, &bench.variables(namespace))? {
        bench.kinds.apply(&object, namespace)?;
    }
    Ok(())
}

/// Does one step.
pub fn act(bench: &Bench, namespace: &str, step: &Step) -> Result<()> {
    let own = || bench.own.as_ref().attempt("this needs the machine that the nodes run on");
    let done = match step {
        Step::Apply(text) => manifests(bench, namespace, text),
        Step::Delete(object) => {
            let path = bench.kinds.path_named(&filled(bench, namespace, object)?, namespace)?;
            bench.kinds.api().delete(&path, &json!({"propagationPolicy": "Background"}))
        }
        Step::Patch(change) => patch(bench, namespace, change),
        Step::Wait(due) => wait(bench, namespace, due),
        Step::Control(control) => deploy::control(&own()?.cluster.state, &control.driver, &control.faults),
        Step::Stop(name) => end(own()?, name, Signal::TERM),
        Step::Kill(name) => end(own()?, name, Signal::KILL),
        Step::Start(name) => start(own()?, name),
        Step::Freeze(name) => each(name, |name| process::signal(&own()?.cluster.state, name, Signal::STOP)),
        Step::Thaw(name) => each(name, |name| process::signal(&own()?.cluster.state, name, Signal::CONT)),
        Step::Script(script) => {
            let script = filled(bench, namespace, script)?;
            own()?.cluster.sandbox.run(["sh", "-euc", &script]).map(drop)
        }
        Step::Sleep(seconds) => {
            std::thread::sleep(Duration::from_secs(*seconds));
            Ok(())
        }
    };
    done.attempt(format!("step `{}`", step.name()))
}

fn filled(bench: &Bench, namespace: &str, text: &str) -> Result<String> {
    apply::fill(text, &bench.variables(namespace))
}

/// A node is its daemons: whoever stops it stops both.
fn each(name: &str, act: impl Fn(&str) -> Result<()>) -> Result<()> {
    if NODES.iter().any(|(node, _)| *node == name) {
        act(&format!("kubelet-{name}"))?;
        return act(&format!("containerd-{name}"));
    }
    act(name)
}

fn end(own: &Own, name: &str, signal: Signal) -> Result<()> {
    each(name, |name| process::stop(&own.cluster.state, name, signal))
}

fn start(own: &Own, name: &str) -> Result<()> {
    let cluster = &own.cluster;
    let (state, sandbox, built) = (&cluster.state, &cluster.sandbox, &cluster.built);
    for (node, address) in NODES {
        let whole = name == node;
        if whole || name == format!("containerd-{node}") {
            node::start_containerd(state, sandbox, built, node)?;
        }
        if whole || name == format!("kubelet-{node}") {
            return node::start_kubelet(state, sandbox, built, node, address);
        }
        if name == format!("containerd-{node}") {
            return Ok(());
        }
    }
    control_plane::start(state, sandbox, built, name)
}

fn patch(bench: &Bench, namespace: &str, change: &Patch) -> Result<()> {
    let at = change.namespace.as_deref().unwrap_or(namespace);
    let mut path = bench.kinds.path_named(&filled(bench, namespace, &change.object)?, at)?;
    if let Some(below) = &change.subresource {
        path = format!("{path}/{below}");
    }
    bench.kinds.api().merge(&path, &change.merge).map(drop)
}

/// Waits until an object looks as it should.
fn wait(bench: &Bench, namespace: &str, due: &Wait) -> Result<()> {
    let object = filled(bench, namespace, &due.object)?;
    let at = filled(bench, namespace, due.namespace.as_deref().unwrap_or(namespace))?;
    let pattern = due.matches.as_deref().map(Regex::new).transpose().attempt("not a pattern")?;
    let began = Instant::now();
    loop {
        // A kind may come with a definition that was applied just now.
        let looked = bench.kinds.path_named(&object, &at).and_then(|path| look(bench, &path, due, pattern.as_ref()));
        match looked {
            Ok(()) => return Ok(()),
            Err(error) if began.elapsed().as_secs() >= due.within => {
                return Err(Trouble::new(format!("not within {} s: {error}", due.within)));
            }
            Err(_) => std::thread::sleep(LOOK),
        }
    }
}

fn look(bench: &Bench, path: &str, due: &Wait, pattern: Option<&Regex>) -> Result<()> {
    let found = bench.kinds.api().find(path)?;
    if due.gone {
        return if found.is_none() { Ok(()) } else { Err(Trouble::new("it is still there")) };
    }
    let object = found.attempt("it is not there")?;
    if let Some(reason) = &due.event {
        let uid = object.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or_default();
        return event(bench, uid, reason, due.times.unwrap_or(1), pattern);
    }
    let Some(field) = &due.path else { return Ok(()) };
    let is = path::get(&object, field).map(path::words);
    let fits = match (&due.is, pattern) {
        (Some(Value::Null), _) => is.is_none(),
        (Some(value), _) => is.as_deref() == Some(&path::words(value)),
        (None, Some(pattern)) => is.as_deref().is_some_and(|is| pattern.is_match(is)),
        (None, None) => is.is_some(),
    };
    if fits { Ok(()) } else { Err(Trouble::new(format!("{field} is {}", is.as_deref().unwrap_or("not there")))) }
}

/// Whether there is such an event about an object, in whatever namespace.
fn event(bench: &Bench, uid: &str, reason: &str, times: u64, pattern: Option<&Regex>) -> Result<()> {
    let list = bench.kinds.api().get(&format!("/api/v1/events?fieldSelector=involvedObject.uid={uid}"))?;
    let events = list["items"].as_array().cloned().unwrap_or_default();
    let fits = |event: &&Value| {
        let message = event["message"].as_str().unwrap_or_default();
        event["reason"] == *reason && pattern.is_none_or(|pattern| pattern.is_match(message))
    };
    let count = |event: &Value| event["series"]["count"].as_u64().or(event["count"].as_u64()).unwrap_or(1).max(1);
    let seen: u64 = events.iter().filter(fits).map(count).sum();
    if seen >= times {
        return Ok(());
    }
    let others: Vec<String> = events.iter().map(|event| format!("{}: {}", event["reason"], event["message"])).collect();
    Err(Trouble::new(format!("{seen} such events; there are {}", others.join(", "))))
}
