use super::*;
use crate::playbook::load;

/// A playbook whose words try to be markup.
fn hostile() -> Vec<Playbook> {
    let text = r#"
apiVersion: storage-doctor.io/v1alpha1
kind: Playbook
name: mine
title: '<script>alert(1)</script> ](http://evil) *bold*'
subject: PersistentVolumeClaim
symptom: claim.status.phase == 'Pending' && '</code><b>' != ''
waiting:
  - id: soon
    when: claim.metadata.name == 'a'
    summary: 'Claim {{ claim.metadata.name }} is <i>soon</i> there.'
    since: claim.metadata.creationTimestamp
    worry_after: 10m
causes:
  - id: first-one
    proofs: [{when: "claim.metadata.name == '`x`'", confidence: likely, cites: [{field: claim.status.phase}]}]
    summary: 'Claim {{ claim.metadata.name }} is broken & <img src=x onerror=alert(1)> `kubectl`.'
    explanation: "It is.\u001b[2J"
    instead_of: [second-one]
    remedies: [{text: Look., command: 'kubectl get pvc {{ claim.metadata.name }} && echo "</code>"', risk: look}, {text: Drop it., risk: data-loss}]
    sources: [ours]
  - id: second-one
    severity: warning
    proofs: [{when: "claim.metadata.name == 'b'", confidence: certain, cites: [{field: claim.status.phase}]}]
    summary: A second.
    explanation: It is.
    sources: [ours]
"#;
    load(&[("mine.yaml".to_owned(), text.to_owned())]).unwrap_or_else(|problems| panic!("{problems}")).playbooks
}

#[test]
fn every_link_leads_to_a_name_that_stands_once() {
    let (names, links) = links(&page(&hostile(), Language::English));
    assert!(links.is_subset(&names), "{links:?} {names:?}");
    assert!(names.contains("first-one") && names.contains("playbook-mine"));
}

#[test]
fn words_of_authors_are_no_markup() {
    let playbooks = hostile();
    let html = html(&playbooks, Language::English);
    for raw in ["<script", "<img", "<i>", "<b>", "</code><b>", "\u{1b}"] {
        assert!(!html.contains(raw), "{raw}: {html}");
    }
    assert!(html.contains("&lt;script&gt;") && html.contains("Claim &lt;name&gt; is broken &amp;"), "{html}");
    assert!(html.contains("<code>kubectl</code>"), "{html}");
    let markdown = markdown(&playbooks, Language::English);
    for raw in ["<script", "<img", "\u{1b}"] {
        assert!(!markdown.contains(raw), "{raw}: {markdown}");
    }
    assert!(markdown.contains("&lt;script\\>") && markdown.contains("\\](http"), "{markdown}");
}

#[test]
fn a_cause_that_breaks_comes_before_one_that_may() {
    let text = markdown(&hostile(), Language::English);
    let path = text.split("### Decision path").nth(1).unwrap();
    assert!(path.find("1. Claim").unwrap() < path.find("2. A second").unwrap(), "{path}");
    assert!(text.contains("**\\[can lose data\\]** Drop it."), "{text}");
    assert!(text.contains("kubectl get pvc NAME && echo"), "{text}");
    assert!(text.contains("worry after 10m"), "{text}");
}

#[test]
fn the_same_anchors_in_every_language() {
    let playbooks = hostile();
    assert_eq!(links(&page(&playbooks, Language::English)), links(&page(&playbooks, Language::Chinese)));
    assert!(html(&playbooks, Language::Chinese).contains("<html lang=\"zh\">"));
}

#[test]
fn a_cause_of_two_playbooks_has_two_names() {
    let mut playbooks = hostile();
    let mut other = playbooks.clone();
    other[0].name = "other".to_owned();
    playbooks.append(&mut other);
    let (names, links) = links(&page(&playbooks, Language::English));
    assert!(names.contains("first-one") && names.contains("first-one--other"));
    assert!(links.is_subset(&names));
}
