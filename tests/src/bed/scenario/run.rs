//! Runs scenarios: those that need a cluster to themselves one after the other, then those that are in a hurry, then
//! the others side by side.

use super::bench::Bench;
use super::drivers::Drivers;
use super::load::Loaded;
use super::spec::{Expect, Scenario, Step};
use super::tell::{self, Outcome, Told};
use super::{deny, expect, pool, same, steps, tool};
use crate::bed::access;
use crate::bed::apply;
use crate::bed::trouble::{Attempt, Result, Trouble};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long to wait at least, and at most, between two diagnoses that are asked until they say what they should.
const AGAIN: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(8));

/// How many scenarios are under way at once. Most of them wait for Kubernetes most of the time, but what it has to
/// do for all at once makes it late for each.
const AT_ONCE: usize = 18;

/// A scenario with its name and its folder.
type Chosen<'a> = (&'a String, &'a Path, &'a Scenario);

/// Runs the scenarios of those names, and tells of each as it ends.
pub fn run(bench: &Bench, loaded: &Loaded, names: &[String]) -> Vec<Told> {
    let chosen: Vec<Chosen> = names
        .iter()
        .filter_map(|name| loaded.scenarios.get_key_value(name))
        .map(|(name, (folder, scenario))| (name, folder.as_path(), scenario))
        .collect();
    let drivers = Drivers::new(loaded);
    let captures = same::can_capture(bench);
    let one = |(name, folder, scenario): Chosen| {
        let began = Instant::now();
        let outcome = match bench.lacks(scenario) {
            Some(why) => Outcome::NotRun(why.to_owned()),
            None => match drivers
                .ensure(bench, scenario)
                .and_then(|()| scenario_run(bench, name, folder, scenario, captures))
            {
                Ok(note) => Outcome::Holds(note),
                Err(error) => Outcome::Fails(error.to_string()),
            },
        };
        let told = Told { name: name.clone(), outcome, took: began.elapsed() };
        tell::one(&told);
        told
    };
    let (alone, others): (Vec<Chosen>, Vec<Chosen>) = chosen.into_iter().partition(|(_, _, scenario)| scenario.alone);
    let (fleeting, mut lasting): (Vec<Chosen>, Vec<Chosen>) =
        others.into_iter().partition(|(_, _, scenario)| scenario.fleeting);
    // Those that may take long first, or they would be waited for when all others are over.
    lasting.sort_by_key(|(_, _, scenario)| std::cmp::Reverse(scenario.may_take()));
    // Before there is anything that is broken on purpose.
    let mut told: Vec<Told> = alone.into_iter().map(one).collect();
    for together in [fleeting, lasting] {
        told.extend(pool::at_once(AT_ONCE, &together, &|chosen| one(*chosen), &|(name, ..)| panicked(name)));
    }
    if let Some(own) = &bench.own {
        told.push(proof(own));
    }
    told
}

fn panicked(name: &str) -> Told {
    let outcome = Outcome::Fails("the harness itself broke down".to_owned());
    Told { name: name.to_owned(), outcome, took: Duration::ZERO }
}

/// The audit log's own scenario.
fn proof(own: &super::bench::Own) -> Told {
    let outcome = match own.audit.proof() {
        Ok(0) => Outcome::Fails("the audit log knows nothing of the tool".to_owned()),
        Ok(requests) => Outcome::Holds(format!(", {requests} requests")),
        Err(error) => Outcome::Fails(error.to_string()),
    };
    let told = Told { name: "audit-log-shows-only-reads".to_owned(), outcome, took: Duration::ZERO };
    tell::one(&told);
    told
}

/// Runs one scenario; what is worth to know of it.
fn scenario_run(bench: &Bench, name: &str, folder: &Path, scenario: &Scenario, captures: bool) -> Result<String> {
    let namespace = fresh(bench, name)?;
    let made = make(bench, &namespace, folder, scenario);
    let said = made.and_then(|()| {
        let mut notes = Vec::new();
        for due in &scenario.expect {
            let note = judge(bench, &namespace, due, captures).attempt(format!("{} in {namespace}", due.subject))?;
            notes.push(note);
        }
        Ok(notes.concat())
    });
    let mut undone = Ok(());
    for step in &scenario.finally {
        undone = undone.and(steps::act(bench, &namespace, step));
    }
    if bench.own.is_none() {
        undone = undone.and(unmake(bench, &namespace, folder, scenario));
    }
    let note = said?;
    undone.map(|()| note)
}

/// Removes what was made in a cluster that is not ours to throw away.
fn unmake(bench: &Bench, namespace: &str, folder: &Path, scenario: &Scenario) -> Result<()> {
    let files = scenario.files.iter().map(|file| std::fs::read_to_string(folder.join(file)).attempt(file));
    let steps = scenario.steps.iter().filter_map(|step| match step {
        Step::Apply(text) => Some(Ok(text.clone())),
        _ => None,
    });
    let texts =
        std::iter::once(Ok(scenario.manifests.clone())).chain(files).chain(steps).collect::<Result<Vec<_>>>()?;
    let options = serde_json::json!({"propagationPolicy": "Background"});
    for object in apply::parse(&texts.join("\n---\n"), &bench.variables(namespace))? {
        bench.kinds.api().delete(&bench.kinds.path_of(&object, namespace)?, &options)?;
    }
    bench.kinds.api().delete(&format!("/api/v1/namespaces/{namespace}"), &options)
}

/// Makes the fault.
fn make(bench: &Bench, namespace: &str, folder: &Path, scenario: &Scenario) -> Result<()> {
    bench.kinds.namespace(namespace)?;
    steps::manifests(bench, namespace, &scenario.manifests)?;
    for file in &scenario.files {
        let text = std::fs::read_to_string(folder.join(file)).attempt(file)?;
        steps::manifests(bench, namespace, &text).attempt(file)?;
    }
    scenario.steps.iter().try_for_each(|step| steps::act(bench, namespace, step))
}

/// A namespace that is not there yet: in a cluster that is kept, a scenario may have run before.
fn fresh(bench: &Bench, name: &str) -> Result<String> {
    for number in 1_u32.. {
        let namespace = if number == 1 { name.to_owned() } else { format!("{name}-{number}") };
        if bench.kinds.api().find(&format!("/api/v1/namespaces/{namespace}"))?.is_none() {
            return Ok(namespace);
        }
    }
    Err(Trouble::new("no name is free"))
}

/// Diagnoses until the answer is right or the time is over; then the same from a capture, and with rights taken
/// away.
fn judge(bench: &Bench, namespace: &str, due: &Expect, captures: bool) -> Result<String> {
    let user = tool::user(namespace);
    let words = tool::subject(due, namespace);
    let began = Instant::now();
    loop {
        let answer = tool::live(bench, &words, &user, access::ROLE)?;
        match expect::judge(due, &answer) {
            Ok(()) => break,
            Err(error) if began.elapsed().as_secs() >= due.takes => {
                return Err(Trouble::new(format!("not within {} s: {error}", due.takes)));
            }
            // What takes long need not be asked often: asking keeps the processors from what is waited for.
            Err(_) => std::thread::sleep((began.elapsed() / 4).clamp(AGAIN.0, AGAIN.1)),
        }
    }
    let said_after = began.elapsed().as_secs();
    let mut wrong = Vec::new();
    // Before the capture, which looks at more.
    let rights = bench.own.as_ref().map(|own| own.audit.reads(&user)).transpose()?.unwrap_or_default();
    if captures && let Err(error) = same::same_answer(bench, namespace, due, &user) {
        wrong.push(error.to_string());
    }
    let mut denied = 0;
    // Whoever records tries denials on the recording.
    if let Some(own) = bench.own.as_ref().filter(|_| bench.keep.is_none()) {
        match deny::matrix(bench, own, namespace, due, &rights) {
            Ok(count) => denied = count,
            Err(error) => wrong.push(error.to_string()),
        }
    }
    if wrong.is_empty() {
        return Ok(format!(", said after {said_after} s, {denied} denials"));
    }
    Err(Trouble::new(wrong.join("\n    ")))
}
