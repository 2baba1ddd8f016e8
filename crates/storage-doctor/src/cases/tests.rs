//! The runner itself: what must fail does fail, and what is wrong in a file is pointed at.

mod node;

use super::{Outcome, run};
use crate::playbook::Playbook;
use crate::problem::Problems;
use std::sync::Arc;

/// A playbook that is right about classes, and two causes that its authors should not have written:
/// one is found where something may not be seen, one is not an error.
const PLAYBOOK: &str = r#"
apiVersion: storage-doctor.io/v1alpha1
kind: Playbook
name: p
title: A claim is pending
subject: PersistentVolumeClaim
symptom: claim.status.phase == 'Pending'
evidence:
  class: {object: {resource: storageclasses.storage.k8s.io, name: claim.spec.storageClassName}}
  events: {events: {of: claim}}
  pod_logs: {logs: {of: '[{''namespace'': ''csi'', ''pod'': ''csi-0'', ''container'': ''c''}]'}, when: claim.metadata.labels.logs != null}
messages:
  said:
    in: events
    reason: [ProvisioningFailed]
    patterns: [{regex: 'not found$', example: x not found}]
waiting:
  - {id: w, when: class.volumeBindingMode == 'WaitForFirstConsumer', summary: Waits., cites: [{field: class.volumeBindingMode}]}
causes:
  - id: no-class
    proofs:
      - {when: class == null, confidence: certain, cites: [{absent: class}]}
      - {when: said != null, confidence: likely, cites: [{message: said}]}
    summary: 'The class {{ claim.spec.storageClassName }} is missing.'
    explanation: x
    remedies: [{text: Make it., risk: change}]
    sources: [x]
  - id: complaint
    proofs: [{when: 'size(pod_logs.filter(l, l.message.contains("boom"))) > 0', confidence: likely, cites: [{quote: '{{ first(pod_logs).message }}', source: log}]}]
    summary: It says boom.
    explanation: x
    remedies: [{text: Look., risk: look}]
    sources: [x]
"#;

const UNSOUND: &str = r"
  - id: blind
    proofs: [{when: '!known(class)', confidence: certain, cites: [{field: claim.status.phase}]}]
    summary: It cannot be seen.
    explanation: x
    remedies: [{text: Look., risk: look}]
    sources: [x]
";

fn playbooks(text: &str) -> Arc<[Playbook]> {
    let loaded = crate::playbook::load(&[("p.yaml".to_owned(), text.to_owned())]);
    loaded.unwrap_or_else(|problems| panic!("{problems}")).playbooks.into()
}

fn file(cases: &str) -> Vec<(String, String)> {
    let head = "apiVersion: storage-doctor.io/v1alpha1\nkind: Cases\nplaybook: p\nobjects:\n  \
        - {kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {storageClassName: fast}}\ncases:\n";
    vec![("cases/p.yaml".to_owned(), format!("{head}{cases}"))]
}

fn try_with(playbook: &str, cases: &str) -> Result<Outcome, Problems> {
    run(&file(cases), &playbooks(playbook), None)
}

/// The mismatches of these cases, as text.
fn mismatches(playbook: &str, cases: &str) -> String {
    let outcome = try_with(playbook, cases).unwrap_or_else(|problems| panic!("{problems}"));
    let all: Vec<String> = outcome.cases.iter().flat_map(|c| &c.mismatches).map(ToString::to_string).collect();
    all.join("\n")
}

/// The messages of what is wrong with the file.
fn problems(cases: &str) -> Vec<String> {
    let problems = try_with(PLAYBOOK, cases).map(|_| ()).unwrap_err();
    problems.iter().map(|p| format!("{}: {}", p.at.file.line_column(p.at.span.start).line, p.message)).collect()
}

const FAILED: &str = "{on: pvc/shop/data, reason: ProvisioningFailed, type: Warning, message: 'fast not found'}";

#[test]
fn a_case_that_holds_passes() {
    let case = format!(
        "  - name: no class\n    subject: pvc/shop/data\n    events: [{FAILED}]\n    verdict: Failing\n    finds: [no-class]\n    \
         confidence: certain\n    not: [complaint]\n    says: ['The class \"?fast', 'root-cause']\n    without:\n      \
         - {{deny: [storageclasses.storage.k8s.io], verdict: Failing, finds: [no-class], confidence: likely}}\n      \
         - {{unrecorded: [storageclasses.storage.k8s.io], deny: [events], verdict: Unknown, needs: ['list events', 'recording that holds StorageClass fast']}}\n",
    );
    assert_eq!(mismatches(PLAYBOOK, &case), "");
    let outcome = try_with(PLAYBOOK, &case).unwrap();
    assert_eq!((outcome.passed(), outcome.failed()), (1, 0));
    assert_eq!(outcome.cases[0].summary(), "Failing no-class: The class fast is missing.");
    assert_eq!(
        outcome.coverage.to_string(),
        "no case finds p/complaint\nno case shows p/w\nno case excludes p/no-class\nno case makes unknown p/complaint\n"
    );
    assert!(!outcome.coverage.is_complete());
}

#[test]
fn wrong_expectations_are_told_with_what_was_found() {
    let case = "  - name: wrong\n    subject: pvc/shop/data\n    verdict: Waiting\n    finds: [complaint]\n    confidence: likely\n    \
        not: [no-class]\n    waiting: [w]\n    says: [boom]\n    needs: [pods]\n    without:\n      \
        - {deny: [storageclasses.storage.k8s.io], verdict: Healthy}\n";
    insta::assert_snapshot!(mismatches(PLAYBOOK, case));
}

#[test]
fn another_cause_where_less_is_seen_breaks_the_law() {
    let there = "  - name: healthy class\n    subject: pvc/shop/data\n    objects: [{kind: StorageClass, metadata: {name: fast}, \
        volumeBindingMode: WaitForFirstConsumer}]\n    verdict: Waiting\n    waiting: [w]\n";
    assert_eq!(mismatches(PLAYBOOK, there), "", "the same case is fine without the unsound cause");
    insta::assert_snapshot!(mismatches(&format!("{PLAYBOOK}{UNSOUND}"), there));
}

#[test]
fn a_clean_bill_where_less_is_seen_breaks_the_law() {
    let blind = PLAYBOOK.replace("symptom: claim.status.phase == 'Pending'", "symptom: known(class)");
    let case = "  - {name: no class, subject: pvc/shop/data, verdict: Failing, finds: [no-class]}\n";
    let found = mismatches(&blind, case);
    for how in ["denied", "not recorded"] {
        let line = format!("cases/p.yaml:7: no class, by law with storageclasses.storage.k8s.io {how}\n");
        assert!(found.contains(&line), "{found}");
    }
    assert!(
        found.contains("expected verdict Unknown, or Failing with no-class\n  found    verdict Healthy"),
        "{found}"
    );
}

#[test]
fn the_cluster_is_as_an_api_server_would_show_it() {
    let pods = "    objects:\n      - {kind: Pod, metadata: {name: csi-0, namespace: csi}, spec: {containers: [{name: c}]}}\n      \
        - {kind: StorageClass, metadata: {name: fast}}\n      \
        - {kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop, age: 20s, labels: {logs: 'yes'}}, spec: {storageClassName: fast}}\n";
    let case = |logs: &str, expect: &str| {
        format!(
            "  - name: c\n    subject: pvc/shop/data\n{pods}    logs: [{{of: csi/csi-0/c, lines: [{logs}]}}]\n    {expect}\n"
        )
    };
    let found =
        case("'2026-11-20T09:59:00Z E1120 09:59:00.000000 1 a.go:1] boom'", "verdict: Failing\n    finds: [complaint]");
    assert_eq!(mismatches(PLAYBOOK, &found), "");
    let denied = format!(
        "{}    without: [{{deny: [pods/log], verdict: Unknown, needs: ['get pods/log in namespace csi']}}]\n",
        case("boom", "verdict: Failing\n    finds: [complaint]")
    );
    assert_eq!(mismatches(PLAYBOOK, &denied), "");
    assert_eq!(mismatches(PLAYBOOK, &case("'all is well'", "verdict: Unknown\n    not: [complaint]")), "");
}

#[test]
fn a_log_beyond_those_that_are_read_may_have_said_it() {
    let names: Vec<String> = (1..=9).map(|n| format!("c{n}")).collect();
    let listed = |one: &dyn Fn(&str) -> String| names.iter().map(|name| one(name)).collect::<Vec<_>>().join(", ");
    let of_many = listed(&|n| format!("{{''namespace'': ''csi'', ''pod'': ''csi-0'', ''container'': ''{n}''}}"));
    let playbook = PLAYBOOK
        .replace("{''namespace'': ''csi'', ''pod'': ''csi-0'', ''container'': ''c''}", &of_many)
        .replace(
            r#"size(pod_logs.filter(l, l.message.contains("boom"))) > 0"#,
            r#"pod_logs.exists(l, l.message.contains("boom"))"#,
        )
        .replace("{quote: '{{ first(pod_logs).message }}', source: log}", "{field: claim.spec.storageClassName}");
    let containers = listed(&|n| format!("{{name: {n}}}"));
    let case = |says: &str, expect: &str| {
        let line = |n: &str| if n == says { "boom" } else { "'all is well'" };
        let logs = listed(&|n| format!("{{of: csi/csi-0/{n}, lines: [{}]}}", line(n)));
        format!(
            "  - name: c\n    subject: pvc/shop/data\n    objects:\n      \
            - {{kind: Pod, metadata: {{name: csi-0, namespace: csi}}, spec: {{containers: [{containers}]}}}}\n      \
            - {{kind: StorageClass, metadata: {{name: fast}}}}\n      \
            - {{kind: PersistentVolumeClaim, metadata: {{name: data, namespace: shop, age: 20s, labels: {{logs: 'yes'}}}}, spec: {{storageClassName: fast}}}}\n    \
            logs: [{logs}]\n    {expect}\n"
        )
    };
    assert_eq!(mismatches(&playbook, &case("c8", "verdict: Failing\n    finds: [complaint]")), "");
    let open = case(
        "c9",
        "verdict: Unknown\n    not: [complaint]\n    needs: ['whole of the log of csi/csi-0, container c9']",
    );
    assert_eq!(mismatches(&playbook, &open), "");
}

#[test]
fn what_is_wrong_in_a_file_comes_at_once_with_its_line() {
    let case = "  - name: c\n    subject: pvc/shop/dta\n    verdict: Failing\n    finds: [no-clas]\n    unrecorded: [pod]\n    \
        says: ['(']\n    waiting: [v]\n    logs: [{of: shop/x/y, lines: []}]\n    \
        events: [{on: pvc/data, reason: r, message: m}, {on: pvc/shop/data, reason: r, message: m, age: 1w}]\n    \
        without: [{deny: [storageclass, nonsense], verdict: Unknown}, {verdict: Unknown}]\n    \
        objects: [{kind: Widget, metadata: {name: a}}, {kind: Pod, metadata: {name: a}}, 7]\n  \
        - {name: c, subject: pod/x, verdict: Healthy}\n";
    insta::assert_snapshot!(problems(case).join("\n"));
}

#[test]
fn unknown_keys_are_pointed_at() {
    let case = "  - name: c\n    subject: pvc/shop/data\n    verdict: Healthy\n    find: [no-class]\n    events: [{on: a, count: many, reason: r, message: m}]\n";
    let found = problems(case);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("10: unknown field `find`, did you mean `finds`?"), "{found:?}");
    assert!(found[1].starts_with("11: `count` has to be a whole number"), "{found:?}");
}

#[test]
fn a_manifest_may_hold_anything() {
    let case = "  - name: c\n    subject: pvc/shop/data\n    objects:\n      - {kind: Widget, apiVersion: acme.io/v1, metadata: {name: a}, spec: {a: null, b: [], c: {}, d: 1.5, e: [{f: true}]}}\n      \
        - {kind: StorageClass, metadata: {name: fast}}\n    verdict: Unknown\n";
    assert_eq!(mismatches(PLAYBOOK, case), "");
}

#[test]
fn only_cases_that_the_filter_names_are_run() {
    let cases = "  - {name: one, subject: pvc/shop/data, verdict: Healthy}\n  - {name: other, subject: pvc/shop/data, verdict: Failing}\n";
    let outcome = run(&file(cases), &playbooks(PLAYBOOK), Some("the")).unwrap();
    assert_eq!(outcome.cases.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["other"]);
}

#[test]
fn names_of_cases_reach_no_terminal_as_they_are() {
    let found = mismatches(PLAYBOOK, "  - {name: \"\\e[2Jx\", subject: pvc/shop/data, verdict: Healthy}\n");
    assert!(!found.contains('\u{1b}') && found.contains("[2Jx"), "{found:?}");
}

proptest::proptest! {
    #[test]
    fn no_text_brings_the_runner_down(text in "(?s).{0,200}") {
        let _ = run(&[("c.yaml".to_owned(), text.clone())], &playbooks(PLAYBOOK), None);
        let case = format!("  - {{name: c, subject: pvc/shop/data, verdict: Healthy, says: [{text:?}], objects: [{text:?}]}}\n");
        let _ = run(&file(&case), &playbooks(PLAYBOOK), None);
    }
}

/// Set `UPDATE_SCHEMA=1` to write the file anew.
#[test]
fn the_published_schema_is_this_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/case.schema.json");
    let made = serde_json::to_string_pretty(&crate::cases::schema()).unwrap() + "\n";
    #[expect(clippy::disallowed_methods, reason = "a test reads the published file")]
    let published = {
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(path, &made).unwrap();
        }
        std::fs::read_to_string(path).unwrap_or_default()
    };
    assert_eq!(published, made, "run this test with UPDATE_SCHEMA=1");
}
