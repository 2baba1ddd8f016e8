//! The same diagnosis by users who lack one right each, of those that it used.

use super::bench::{Bench, Own};
use super::expect;
use super::spec::Expect;
use super::tool;
use crate::bed::access::{self, Right};
use crate::bed::trouble::{Result, Trouble};
use crate::bed::wait;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::PoisonError;
use std::time::Duration;

/// How long a new role may take to be in force.
const IN_FORCE: Duration = Duration::from_secs(15);

/// Takes away each right that was used, one at a time; what came of it is judged. All that is wrong, one a line.
pub fn matrix(bench: &Bench, own: &Own, namespace: &str, due: &Expect, used: &BTreeSet<Right>) -> Result<usize> {
    let mut wrong = Vec::new();
    for right in used {
        if let Err(error) = one(bench, own, namespace, due, right) {
            wrong.push(error.to_string());
        }
    }
    if wrong.is_empty() { Ok(used.len()) } else { Err(Trouble::new(wrong.join("\n    "))) }
}

fn one(bench: &Bench, own: &Own, namespace: &str, due: &Expect, right: &Right) -> Result<()> {
    let group = lacking(bench, own, right)?;
    let user = format!("{}:{}", tool::user(namespace), group);
    let answer = tool::live(bench, &tool::subject(due, namespace), &user, &group)?;
    expect::judge_denied(due, &answer, &right.name())
}

/// The group of users who lack a right; made when it is first asked for.
fn lacking(bench: &Bench, own: &Own, right: &Right) -> Result<String> {
    let mut known = own.lacking.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(group) = known.get(&right.name()) {
        return Ok(group.clone());
    }
    let group = access::without(&bench.kinds, right)?;
    // Some other right tells that the role is in force.
    let other = if right.resource == "pods" { "nodes" } else { "pods" };
    wait::until(&format!("the role {group} is in force"), IN_FORCE, || {
        let may = may(bench, &group, "", other)? && !may(bench, &group, &right.group, &right.resource)?;
        if may { Ok(()) } else { Err(Trouble::new("not yet")) }
    })?;
    known.insert(right.name(), group.clone());
    Ok(group)
}

/// Whether users of a group may get a resource.
fn may(bench: &Bench, group: &str, of: &str, resource: &str) -> Result<bool> {
    let (resource, below) = resource.split_once('/').unwrap_or((resource, ""));
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"user": "anybody", "groups": [group], "resourceAttributes":
            {"verb": "get", "group": of, "resource": resource, "subresource": below}},
    });
    let answer = bench.kinds.api().create("/apis/authorization.k8s.io/v1/subjectaccessreviews", &review)?;
    Ok(answer.pointer("/status/allowed").and_then(Value::as_bool) == Some(true))
}
