//! Whether a diagnosis says what is true.

use super::spec::{Expect, Verdict};
use super::tool::Answer;
use crate::bed::trouble::{Result, Trouble};
use serde_json::Value;

/// Judges a diagnosis by somebody who may see all.
pub fn judge(expect: &Expect, answer: &Answer) -> Result<()> {
    let report = answer.diagnosis()?;
    let mut wrong = Vec::new();
    let mut say = |is_wrong: bool, what: String| wrong.extend(is_wrong.then_some(what));
    let due = expect.exit.unwrap_or_else(|| expect.verdict.exit());
    say(answer.code != Some(due), format!("the exit code is not {due}"));
    say(answer.verdict() != expect.verdict.name(), format!("the verdict is not {}", expect.verdict.name()));
    let causes = answer.causes();
    if let Some(cause) = &expect.cause {
        say(causes.first() != Some(&cause.as_str()), format!("the first cause is not {cause}"));
    }
    for cause in &expect.not {
        say(causes.contains(&cause.as_str()), format!("{cause} is found"));
    }
    if let Some(state) = &expect.waiting {
        let is = report["waiting"].as_array().and_then(|all| all.first()).is_some_and(|one| one["state"] == **state);
        say(!is, format!("the state that is waited in is not {state}"));
    }
    let told = report["findings"].get(0).or_else(|| report["waiting"].get(0)).unwrap_or(report);
    let told = text(told);
    for fact in &expect.facts {
        say(!told.contains(fact.as_str()), format!("nothing says {fact:?}"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Trouble::new(format!("{}: {}", wrong.join(", "), answer.brief()))) }
}

/// All texts of a finding, but its remedies: they tell what to do, not what is.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text}\n"),
        Value::Number(number) => format!("{number}\n"),
        Value::Array(items) => items.iter().map(text).collect(),
        Value::Object(fields) => {
            fields.iter().filter(|(name, _)| *name != "remedies").map(|(_, value)| text(value)).collect()
        }
        _ => String::new(),
    }
}

/// Judges a diagnosis by somebody who lacks one right. It may know less, but then it has to say so and what is
/// missing; it must not know anything else.
pub fn judge_denied(expect: &Expect, answer: &Answer, right: &str) -> Result<()> {
    judge_less(expect, answer, right, &|text| names(text, right))
}

/// The same for a recording in which a resource is missing: no right would bring it, but what is not recorded has to
/// be said.
pub fn judge_unrecorded(expect: &Expect, answer: &Answer, resource: &str) -> Result<()> {
    judge_less(expect, answer, resource, &|text| text.ends_with(": not recorded"))
}

/// The same where events are over or logs rotated away: the server says that there are none, and nothing is missing
/// that could be named. Without them it may know less, or wait until a time that it names, but say nothing else.
pub fn judge_forgotten(expect: &Expect, answer: &Answer, what: &str) -> Result<()> {
    let waits =
        |one: &Value| one["worryAfter"].is_string() && one["worryAfter"].as_str() > answer.report["at"].as_str();
    let waiting = answer.report["waiting"].as_array().is_some_and(|all| all.first().is_some_and(waits));
    if expect.verdict == Verdict::Failing && answer.verdict() == "Waiting" && waiting {
        return Ok(());
    }
    judge_less(expect, answer, what, &|_| true)
}

fn judge_less(expect: &Expect, answer: &Answer, right: &str, is_named: &dyn Fn(&str) -> bool) -> Result<()> {
    let wrong = |what: String| Err(Trouble::new(format!("without {right}: {what}: {}", answer.brief())));
    let report = answer.diagnosis()?;
    let causes = answer.causes();
    let is_true =
        |cause: &&str| expect.cause.as_deref() == Some(*cause) || expect.also_true.iter().any(|one| one == cause);
    if let Some(cause) = causes.iter().find(|cause| expect.not.iter().any(|not| not == *cause)) {
        return wrong(format!("{cause} is found, which is not so"));
    }
    match answer.verdict() {
        "Unknown" => {
            if let Some(cause) = causes.first().filter(|cause| !is_true(cause)) {
                return wrong(format!("{cause} is found, which is not so"));
            }
            let needs = report["unknown"].as_array().into_iter().flatten();
            let mut needs = needs.flat_map(|one| [&one["needs"], &one["why"]]).filter_map(Value::as_str);
            if !needs.any(is_named) {
                return wrong("the missing right is not named".to_owned());
            }
        }
        "Failing" if expect.verdict == Verdict::Failing => {
            if !causes.first().is_some_and(is_true) {
                return wrong("the first cause is not true".to_owned());
            }
        }
        "Failing" => return wrong("nothing fails".to_owned()),
        verdict if verdict == expect.verdict.name() => {}
        verdict => return wrong(format!("{verdict} is not so")),
    }
    let due = [Verdict::Healthy, Verdict::Waiting, Verdict::Failing, Verdict::Unknown];
    let due = due.into_iter().find(|one| one.name() == answer.verdict()).map(Verdict::exit);
    if answer.code != due {
        return wrong("the exit code is not the verdict's".to_owned());
    }
    Ok(())
}

/// Whether a text names a resource, and not only one whose name begins or ends so.
fn names(text: &str, right: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '/' || c == '-';
    text.split(|c: char| !is_part(c)).any(|word| word.trim_end_matches('.') == right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn expect(text: &str) -> Expect {
        serde_yaml::from_str(&format!("subject: pvc/data\n{text}")).unwrap()
    }

    fn answer(code: i32, verdict: &str, causes: &[&str], needs: &str) -> Answer {
        let findings: Vec<Value> = causes
            .iter()
            .map(|cause| json!({"cause": cause, "summary": "the pool of class fast is full", "remedies": ["buy more"]}))
            .collect();
        let report = json!({"kind": "Diagnosis", "verdict": verdict, "findings": findings, "waiting": [],
            "unknown": [{"cause": "", "why": "refused", "needs": needs}]});
        Answer { code: Some(code), report, errors: String::new() }
    }

    #[test]
    fn the_right_cause_with_its_facts_is_right() {
        let due = expect("verdict: Failing\ncause: full\nfacts: [class fast]\nnot: [crash]");
        assert_eq!(judge(&due, &answer(1, "Failing", &["full", "other"], "")), Ok(()));
        for (wrong, said) in [
            (answer(1, "Failing", &["other", "full"], ""), "the first cause is not full"),
            (answer(1, "Failing", &["full", "crash"], ""), "crash is found"),
            (answer(3, "Unknown", &["full"], ""), "the exit code is not 1, the verdict is not Failing"),
            (answer(1, "Failing", &[], ""), "the first cause"),
            (Answer { code: Some(2), report: Value::Null, errors: "no such claim".into() }, "no such claim"),
        ] {
            let error = judge(&due, &wrong).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        let remedy = expect("verdict: Failing\ncause: full\nfacts: [buy more]");
        assert!(judge(&remedy, &answer(1, "Failing", &["full"], "")).is_err(), "a remedy is no fact");
    }

    #[test]
    fn who_sees_less_may_know_less_but_nothing_else() {
        let due = expect("verdict: Failing\ncause: full\nalso_true: [silent]\nnot: [crash]");
        let judged = |answer: Answer| judge_denied(&due, &answer, "pods");
        assert_eq!(judged(answer(1, "Failing", &["full"], "")), Ok(()));
        assert_eq!(judged(answer(1, "Failing", &["silent"], "")), Ok(()));
        assert_eq!(judged(answer(3, "Unknown", &[], "list pods in namespace a")), Ok(()));
        for (wrong, said) in [
            (answer(3, "Unknown", &[], "list pods.metrics.k8s.io"), "the missing right is not named"),
            (answer(1, "Failing", &["other"], ""), "the first cause is not true"),
            (answer(3, "Unknown", &["other"], "list pods"), "other is found"),
            (answer(1, "Failing", &["full", "crash"], ""), "crash is found"),
            (answer(0, "Healthy", &[], ""), "Healthy is not so"),
            (answer(0, "Waiting", &[], ""), "Waiting is not so"),
            (answer(0, "Failing", &["full"], ""), "the exit code"),
        ] {
            let error = judged(wrong).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        let less = |why: &str| {
            let mut answer = answer(3, "Unknown", &[], "");
            answer.report["unknown"][0]["why"] = why.into();
            judge_unrecorded(&due, &answer, "pods")
        };
        assert_eq!(less("Pod a/db-0: not recorded"), Ok(()));
        assert!(less("Pod a/db-0: denied").unwrap_err().to_string().contains("is not named"));
        let waits = |until: &str| {
            let mut answer = answer(0, "Waiting", &[], "");
            answer.report["at"] = "2026-11-20T10:00:00Z".into();
            answer.report["waiting"] = json!([{"state": "making", "worryAfter": until}]);
            answer
        };
        assert_eq!(judge_forgotten(&due, &waits("2026-11-20T10:01:00Z"), "events"), Ok(()));
        assert!(judge_forgotten(&due, &waits("2026-11-20T09:59:00Z"), "events").is_err(), "it is over");
        assert!(judge_forgotten(&due, &answer(0, "Healthy", &[], ""), "events").is_err());
        assert_eq!(judge_forgotten(&due, &answer(3, "Unknown", &[], ""), "events"), Ok(()));
        let healthy = expect("verdict: Healthy");
        assert!(judge_denied(&healthy, &answer(1, "Failing", &["full"], ""), "pods").is_err());
        assert_eq!(judge_denied(&healthy, &answer(0, "Healthy", &[], ""), "pods"), Ok(()));
    }
}
