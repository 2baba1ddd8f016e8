//! Files whose structure is not that of a playbook.

use super::*;

#[test]
fn keys() {
    assert_bad("unknown key", &edited("    summary: The class", "    sumary: The class"), &["unknown-field 52:5"]);
    assert_bad("duplicate key", &edited("symptom: ", "title: again\nsymptom: "), &["duplicate-key 8:1"]);
    assert_bad("missing field", &edited("        confidence: certain\n", ""), &["missing-field 43:9"]);
    assert_bad("key that is no text", &edited("title: A", "? [a, b]\n: x\ntitle: A"), &["wrong-type 5:3"]);
    assert_bad("name twice", &edited("  volumes: {list", "  class: {list"), &["duplicate-key 11:3"]);
}

#[test]
fn values() {
    assert_bad("wrong type", &edited("title: A claim stays Pending", "title: [a, b]"), &["wrong-type 5:8"]);
    assert_bad(
        "text for a list",
        &edited("reason: [ProvisioningFailed]", "reason: ProvisioningFailed"),
        &["wrong-type 26:13"],
    );
    assert_bad(
        "map for a check",
        &edited("      - when: class == null", "      - when: {{ class }}"),
        &["wrong-type 43:16"],
    );
    assert_bad("empty value", &edited("uses: [base]", "uses:"), &["empty-value 7:5"]);
    assert_bad("unknown value", &edited("confidence: certain", "confidence: certian"), &["unknown-value 44:21"]);
    assert_bad(
        "unknown subject",
        &edited("subject: PersistentVolumeClaim", "subject: PersistentVolumeClaims"),
        &["unknown-value 6:10"],
    );
    assert_bad("not a boolean", &edited("namespaced: true", "namespaced: yes"), &["wrong-type 14:94"]);
    assert_bad("no causes", &format!("{}causes: []\n", GOOD.split("causes:").next().unwrap()), &["too-few 40:9"]);
}

#[test]
fn all_at_once() {
    let text = edited("title: A", "titel: A").replacen("risk: look", "risk: loook", 1).replacen(
        "cites: [{field",
        "cites: [{feild",
        1,
    );
    let problems = load_good(&text).unwrap_err();
    let expected = ["unknown-field 5:1", "unknown-field 39:14", "unknown-value 57:87"];
    assert_eq!(places(&problems), expected, "{problems}");
}

#[test]
fn kinds() {
    assert_bad("unknown kind", &edited("kind: Playbook", "kind: Playbok"), &["unknown-value 3:7"]);
    assert_bad("no kind", &edited("kind: Playbook\n", ""), &["missing-field 2:1"]);
    assert_bad("other version", &edited("v1alpha1", "v2"), &["unknown-value 2:13"]);
    assert_bad(
        "library with causes",
        &edited("kind: Playbook", "kind: Library"),
        &[
            "unknown-field 5:1",
            "unknown-field 7:1",
            "unknown-field 8:1",
            "unknown-field 33:1",
            "unknown-field 40:1",
            "unknown-field 68:1",
            "unknown-field 70:1",
        ],
    );
}

#[test]
fn no_yaml() {
    assert_bad("empty file", "", &["empty-file 1:1"]);
    assert_bad("only comments", "# nothing\n", &["empty-file 1:1"]);
    assert_bad("not yaml", "a: [1, 2\nb: }\n", &["yaml-syntax 2:2"]);
    assert_bad("colon in a text", &edited("title: A claim", "title: A claim: it"), &["yaml-syntax 5:15"]);
    assert_bad("a text", "hello\n", &["wrong-type 1:1"]);
    assert_bad("a list", "- hello\n", &["wrong-type 1:3"]);
    assert_bad("two documents", &format!("{GOOD}---\n{GOOD}"), &["several-documents 72:1"]);
    assert_bad("tab", &edited("  class:   {object", "\tclass:   {object"), &["tab 10:1"]);
    assert_bad("nul", &edited("A claim", "A\0claim"), &["control-character 5:9"]);
    assert_bad("escape", &edited("A claim", "A \u{1b}[31mclaim"), &["control-character 5:10"]);
    assert_bad("direction", &edited("A claim", "A \u{202e}claim"), &["control-character 5:10"]);
    assert_bad("tag", &edited("title: A", "title: !!str A"), &["tag 5:14"]);
    assert_bad("anchor", &edited("uses: [base]", "uses: &u [base]"), &["anchor 7:10"]);
}
