//! What nodes tell of themselves, from the author's words to a finding, and what is said when they do not tell.

use super::{mismatches, problems};

const PLAYBOOK: &str = r#"
apiVersion: storage-doctor.io/v1alpha1
kind: Playbook
name: p
title: A node's volumes
subject: Node
symptom: 'node.spec.unschedulable == true'
evidence:
  stats: {stats: {node: node.metadata.name}}
  lines: {node_logs: {node: node.metadata.name, service: kubelet, about: ['"data"'], within: 1h}}
messages:
  refused:
    in: lines
    component: kubelet
    patterns: [{regex: '^.*driver (?P<driver>\S+) not found$', example: driver d not found}]
causes:
  - id: full
    proofs:
      - when: stats.volumes.exists(v, v.available == 0 && v.claim == 'data')
        confidence: certain
        cites: [{quote: '{{ first(stats.volumes).used }} of {{ first(stats.volumes).capacity }} bytes', source: 'volume statistics of {{ stats.node }}'}]
    summary: 'A volume of {{ stats.node }} is full, and its root has {{ stats.fs.inodes_free }} inodes.'
    explanation: x
    remedies: [{text: Look., risk: look}]
    sources: [x]
  - id: no-driver
    proofs: [{when: refused != null, confidence: likely, cites: [{message: refused}]}]
    summary: 'There is no {{ refused.driver }}.'
    explanation: x
    remedies: [{text: Look., risk: look}]
    sources: [x]
"#;

const NODE: &str = "    objects:\n      - {kind: Node, metadata: {name: a}, spec: {unschedulable: true}}\n      \
    - {kind: Pod, metadata: {namespace: shop, name: web}}\n";

/// A case about the node; `more` and `expect` are lines of it.
fn case(more: &str, expect: &str) -> String {
    format!("  - name: c\n    subject: node/a\n{NODE}{more}    {expect}\n")
}

#[test]
fn statistics_are_seen_and_the_right_to_see_them_is_named() {
    let full = "    stats: [{of: a, fs: {inodes_free: 7}, volumes: [{pod: shop/web, volume: v, claim: data, fs: {capacity: 1Ki, used: 1024, available: 0}}]}]\n";
    let without = "without: [{deny: [nodes/proxy], verdict: Unknown, needs: ['^get nodes/proxy$']}, \
        {unrecorded: [nodes/proxy], verdict: Unknown, needs: ['a recording that holds the volume statistics of node a', 'the log of kubelet on node a']}]";
    let says = "says: ['1024 of 1024 bytes', 'root has 7 inodes']";
    let found = case(full, &format!("verdict: Failing\n    finds: [full]\n    {says}\n    {without}"));
    assert_eq!(mismatches(PLAYBOOK, &found), "");
    let some = full.replace("available: 0", "available: 1");
    assert_eq!(mismatches(PLAYBOOK, &case(&some, "verdict: Unknown\n    not: [full]")), "");
    assert_eq!(mismatches(PLAYBOOK, &case("", "verdict: Unknown\n    not: [full, no-driver]")), "");
}

#[test]
fn only_young_lines_about_the_subject_count() {
    let log = |time: &str, about: &str| {
        let line = format!(r#"E{time}.000000       1 a.go:1] "Failed" err="driver d not found" pvc="{about}""#);
        format!("    node_logs: [{{of: a, lines: ['{line}']}}]\n")
    };
    let finds = "verdict: Failing\n    finds: [no-driver]\n    says: ['There is no d\\.', 'log of kubelet on node a']";
    assert_eq!(mismatches(PLAYBOOK, &case(&log("1120 09:30:00", "data"), finds)), "");
    for other in [log("1120 08:30:00", "data"), log("1120 09:30:00", "date")] {
        assert_eq!(mismatches(PLAYBOOK, &case(&other, "verdict: Unknown\n    not: [no-driver]")), "", "{other}");
    }
}

#[test]
fn what_is_said_of_no_node_is_pointed_at() {
    let bad = "    node_logs: [{of: b, lines: []}]\n    stats: [{of: c}, {of: a, volumes: [{pod: shop/x, volume: v, fs: {used: many, age: soon}}]}]\n    \
        verdict: Healthy\n";
    let found = problems(&format!("  - name: c\n    subject: node/a\n{NODE}{bad}"));
    assert_eq!(found.len(), 3, "{found:?}");
    let bad = bad.replace("shop/x", "shop/web");
    let found = problems(&format!("  - name: c\n    subject: node/a\n{NODE}{bad}"));
    assert_eq!(found.len(), 4, "{found:?}");
    for subject in ["node/shop/a", "pvc/data", "node", "node/a/b/c"] {
        let found = problems(&format!("  - name: c\n    subject: {subject}\n{NODE}    verdict: Healthy\n"));
        assert!(found[0].contains("or TYPE/NAME with one of pv"), "{found:?}");
    }
}
