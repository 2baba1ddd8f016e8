//! What a new playbook begins with: all that most need, and a comment beside each part.

use storage_doctor::subject::{Kind, KindFacts};

/// The playbook and its cases.
pub(super) fn fill(name: &str, subject: Kind) -> (String, String) {
    let facts = subject.facts();
    let resource = &facts.resource;
    let namespaced = |text: &str| if resource.namespaced { text.to_owned() } else { String::new() };
    let version = if resource.group.is_empty() {
        resource.version.to_string()
    } else {
        format!("{}/{}", resource.group, resource.version)
    };
    let fill = |text: &str| {
        text.replace("@NAME@", name)
            .replace("@KIND@", subject.as_str())
            .replace("@SUBJECT@", facts.variable)
            .replace("@TYPE@", type_of(facts))
            .replace("@VERSION@", &version)
            .replace("@OF_NAMESPACE@", &namespaced(&format!(" -n {{{{ {}.metadata.namespace }}}}", facts.variable)))
            .replace("@IN_NAMESPACE@", &namespaced("namespace: shop, "))
            .replace("@STATE@", state_of(subject))
            .replace("@PATH@", &format!("{}{}", namespaced("shop/"), "data"))
    };
    (fill(PLAYBOOK), fill(CASES))
}

fn type_of(facts: &KindFacts) -> &'static str {
    facts.names.first().copied().unwrap_or_default()
}

/// What a sound object of the kind has beside its metadata, so that no other playbook complains.
fn state_of(subject: Kind) -> &'static str {
    match subject {
        Kind::PersistentVolumeClaim => {
            "\n        spec: {volumeName: data, resources: {requests: {storage: 1Gi}}}\n        \
             status: {phase: Bound, capacity: {storage: 1Gi}}"
        }
        Kind::Pod => "\n        spec: {nodeName: node-1}\n        status: {phase: Running}",
        Kind::PersistentVolume => "\n        spec: {capacity: {storage: 1Gi}}\n        status: {phase: Available}",
        Kind::VolumeSnapshot => "\n        status: {readyToUse: true}",
        Kind::StatefulSet => "\n        spec: {replicas: 0}",
        Kind::StorageClass => "\n        provisioner: kubernetes.io/no-provisioner",
        Kind::Node => "\n        status: {conditions: [{type: Ready, status: 'True'}]}",
        Kind::CSIDriver => "",
    }
}

const PLAYBOOK: &str = r"# yaml-language-server: $schema=playbook.schema.json
# (`kubectl storage-doctor playbook schema > playbook.schema.json` writes the schema for your editor)
apiVersion: storage-doctor.io/v1alpha1
kind: Playbook
name: @NAME@  # the file's name without .yaml
title: In a few words, what is wrong with the @SUBJECT@
subject: @KIND@  # a check sees it as `@SUBJECT@`

# Does the @SUBJECT@ show the trouble? A check: an expression over the names below. When it holds, a cause or a
# waiting state has to explain it, or the answer is Unknown. State decides, not an old event.
symptom: @SUBJECT@.metadata.annotations['example.com/broken'] == 'true'

# What to look at. Only what a check needs is asked for.
evidence:
  events: {events: {of: @SUBJECT@}}

# Events or log lines to recognise: by reason and component first, then by wording. A message is null, or
# the newest that matches, with the groups of its pattern as fields.
messages:
  refused:
    in: events
    reason: [Refused]
    patterns:
      - {regex: '^the backend refuses: (?P<why>.*)$', versions: all, example: 'the backend refuses: no license'}

# States that look like trouble and are none. Past `worry_after` they no longer excuse the symptom.
waiting:
  - id: @NAME@-just-begun
    when: age(@SUBJECT@.metadata.creationTimestamp) < duration('30s')
    summary: 'The @SUBJECT@ {{ @SUBJECT@.metadata.name }} is new; give it a moment.'
    since: @SUBJECT@.metadata.creationTimestamp
    worry_after: 30s
    cites: [{field: @SUBJECT@.metadata.creationTimestamp}]

# What may be wrong. The first proof that holds decides; each cites what it rests on.
causes:
  - id: @NAME@-refused  # stable for ever: reports and alerts name it
    proofs:
      - when: refused != null
        confidence: likely      # certain: state says so; likely: a component says so; possible: it follows
        cites: [{message: refused}]
    summary: 'The backend refuses {{ @SUBJECT@.metadata.name }}: {{ refused.why }}'
    explanation: Say here why that is so, to somebody who has not met it before.
    remedies:                   # look, change, disruptive, data-loss: shown in this order
      - {text: 'Look at it.', command: 'kubectl describe @TYPE@ {{ @SUBJECT@.metadata.name }}@OF_NAMESPACE@', risk: look}
      - {text: 'Say what mends it.', risk: change}
    sources: [where you know it from]
";

const CASES: &str = r"# Made-up clusters, and what has to be found in them.
apiVersion: storage-doctor.io/v1alpha1
kind: Cases
playbook: @NAME@
cases:
  - name: the backend refuses
    subject: @TYPE@/@PATH@
    objects:
      - apiVersion: @VERSION@
        kind: @KIND@
        metadata: {@IN_NAMESPACE@name: data, annotations: {example.com/broken: 'true'}}@STATE@
    events:
      - {on: @TYPE@/@PATH@, reason: Refused, type: Warning, from: backend, message: 'the backend refuses: no license', age: 20s}
    verdict: Failing
    finds: [@NAME@-refused]
    says: [no license]
    without:
      - {deny: [events], verdict: Unknown}
  # A near miss: what looks like it and is something else.
  - name: the backend says something else
    subject: @TYPE@/@PATH@
    objects:
      - apiVersion: @VERSION@
        kind: @KIND@
        metadata: {@IN_NAMESPACE@name: data, annotations: {example.com/broken: 'true'}}@STATE@
    events:
      - {on: @TYPE@/@PATH@, reason: Refused, type: Warning, from: backend, message: 'the backend is busy', age: 20s}
    verdict: Unknown
    not: [@NAME@-refused]
  - name: it is new
    subject: @TYPE@/@PATH@
    objects:
      - apiVersion: @VERSION@
        kind: @KIND@
        metadata: {@IN_NAMESPACE@name: data, age: 10s, annotations: {example.com/broken: 'true'}}@STATE@
    verdict: Waiting
    waiting: [@NAME@-just-begun]
";
