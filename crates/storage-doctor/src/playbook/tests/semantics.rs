//! Well-formed playbooks that mean nothing.

use super::*;

#[test]
fn names() {
    assert_bad("name is not the stem", &edited("name: good", "name: better"), &["name-mismatch 4:7"]);
    assert_bad("name is not kebab", &edited("name: good", "name: Good Book"), &["bad-name 4:7"]);
    assert_bad("bad name", &edited("  leaders: ", "  Leaders: "), &["unknown-name 17:24", "bad-name 19:3"]);
    assert_bad("reserved name", &edited("  misfits: >-", "  in: >-"), &["bad-name 20:3", "unknown-name 50:19"]);
    assert_bad(
        "name of the subject",
        &edited("  misfits: >-", "  claim: >-"),
        &["duplicate-name 20:3", "unknown-name 50:19"],
    );
    assert_bad(
        "name in two sections",
        &edited("  misfits: >-", "  class: >-"),
        &["duplicate-name 20:3", "unknown-name 50:19"],
    );
    assert_bad(
        "name of a library",
        &edited("  misfits: >-", "  class_name: >-"),
        &["duplicate-name 20:3", "unknown-name 50:19"],
    );
    assert_bad("unknown library", &edited("uses: [base]", "uses: [bese]"), &["unknown-library 7:8"]);
    assert_bad(
        "cause twice",
        &edited("  - id: provisioner-not-running", "  - id: pvc-storageclass-not-found"),
        &["unknown-cause 58:18", "duplicate-id 60:9"],
    );
    assert_bad(
        "cause not kebab",
        &edited("  - id: provisioner-not-running", "  - id: Provisioner"),
        &["unknown-cause 58:18", "bad-name 60:9"],
    );
}

#[test]
fn libraries_clash() {
    let other = BASE.replace("name: base", "name: other");
    let text = edited("uses: [base]", "uses: [base, other]");
    let problems = load(&files(&[("base.yaml", BASE), ("good.yaml", &text), ("other.yaml", &other)])).unwrap_err();
    assert_eq!(places(&problems), ["duplicate-name 7:14", "duplicate-name 7:14"]);
    insta::assert_snapshot!(problems.iter().next().unwrap().render(false));
}

#[test]
fn a_library_for_another_subject_cannot_be_used() {
    let base = BASE
        .replace("PersistentVolumeClaim", "StatefulSet")
        .replace("of: claim", "of: statefulset")
        .replace("claim.", "statefulset.");
    let problems = load(&files(&[("base.yaml", &base), ("good.yaml", GOOD)])).unwrap_err();
    assert_eq!(places(&problems), ["subject-mismatch 7:8"]);
}

#[test]
fn what_depends_on_a_broken_library_is_not_judged() {
    let base = BASE.replace("subject:", "subjet:");
    let problems = load(&files(&[("base.yaml", &base), ("good.yaml", GOOD)])).unwrap_err();
    assert!(problems.iter().all(|p| p.at.file.name() == "base.yaml"), "{problems}");
}

#[test]
fn the_same_name_twice_is_a_problem() {
    let problems = load(&files(&[("a/good.yaml", GOOD), ("b/good.yaml", GOOD), ("base.yaml", BASE)])).unwrap_err();
    assert_eq!(places(&problems), ["duplicate-name 4:7"]);
}

#[test]
fn messages() {
    assert_bad("bad regex", &edited("(?P<class>[^\"]+)", "(?P<class>[^\"]+"), &["bad-regex 30:50"]);
    assert_bad("bad component", &edited("'^persistentvolume-controller$'", "'*x'"), &["bad-regex 28:17"]);
    assert_bad(
        "example does not match",
        &edited("example: storageclass", "example: Storageclass"),
        &["example-mismatch 32:18"],
    );
    assert_bad(
        "no example",
        &edited("        example: storageclass.storage.k8s.io \"fast\" not found\n", ""),
        &["missing-field 30:9"],
    );
    assert_bad("group hides a field", &edited("(?P<class>", "(?P<reason>"), &["hidden-field 30:16"]);
}

#[test]
fn evidence() {
    assert_bad(
        "two kinds of evidence",
        &edited("{list: {resource: persistentvolumes}}", "{list: {resource: persistentvolumes}, events: {of: claim}}"),
        &["evidence-kind 11:3"],
    );
    assert_bad(
        "no kind of evidence",
        &edited("{list: {resource: persistentvolumes}}", "{when: class != null}"),
        &["evidence-kind 11:3"],
    );
    assert_bad(
        "unknown resource",
        &edited("storageclasses.storage.k8s.io, name", "storageclasses, name"),
        &["unknown-resource 10:32"],
    );
    assert_bad("secrets", &edited("storageclasses.storage.k8s.io, name", "secrets, name"), &["never-read 10:32"]);
    assert_bad(
        "secrets in full",
        &edited("{plural: widgets, group: example.com", "{plural: secrets"),
        &["never-read 14:17"],
    );
    assert_bad("path for a resource", &edited("plural: widgets", "plural: ../secrets"), &["bad-resource 14:26"]);
    assert_bad(
        "namespace of a cluster object",
        &edited("resource: persistentvolumes}", "resource: persistentvolumes, namespace: class_name}"),
        &["cluster-scoped 11:60"],
    );
}

#[test]
fn expressions() {
    let symptom = "claim.status.phase == 'Pending'";
    assert_bad("bad expression", &edited(symptom, "claim.status.phase == "), &["missing-expression 8:29"]);
    assert_bad("undeclared name", &edited(symptom, "clam.status.phase == 'Pending'"), &["unknown-name 8:10"]);
    assert_bad(
        "undeclared name in quotes",
        &edited(symptom, "'claim.status.phase == ''x'' && clas'"),
        &["unknown-name 8:42"],
    );
    assert_bad(
        "undeclared name in double quotes",
        &edited(symptom, r#""claim.status.phase == \"x\" && clas""#),
        &["unknown-name 8:42"],
    );
    assert_bad("undeclared name in folded lines", &edited("== class_name)", "== clas_name)"), &["unknown-name 22:34"]);
    assert_bad(
        "undeclared name in a block template",
        &edited("Without the class {{ class_name }}", "Without the class {{ clas_name }}"),
        &["unknown-name 55:28"],
    );
    assert_bad(
        "several faults in one",
        &edited(symptom, "clam.x == 1 && nosuch(claim) && evnts != null"),
        &["unknown-name 8:10", "unknown-function 8:25", "unknown-name 8:42"],
    );
    assert_bad(
        "open template",
        &edited("{{ claim.metadata.name }}", "{{ claim.metadata.name"),
        &["unclosed-hole 36:43"],
    );
    assert_bad(
        "field that is no path",
        &edited("- field: claim.spec.storageClassName", "- field: claim.spec.storageClassName + 'x'"),
        &["not-a-path 46:20"],
    );
    assert_bad(
        "item without each",
        &edited("summary: The class {{ class_name }}", "summary: The class {{ item.x }}"),
        &["no-item 52:27"],
    );
    let deep = format!("{}1{} == 1", "(".repeat(12), ")".repeat(12));
    assert_bad("12 levels", &edited(symptom, &deep), &["too-deep 8:20"]);
    let deeper = format!("{}1{} == 1", "(".repeat(400), ")".repeat(400));
    assert_bad("400 levels", &edited(symptom, &deeper), &["too-deep 8:20"]);
}

#[test]
fn cycles() {
    let text = edited("leaders: \"[]\"", "leaders: misfits").replacen("volumes.filter(v,", "leaders.filter(v,", 1);
    assert_bad("cycle", &text, &["cycle 19:3"]);
    assert_bad("cycle through evidence", &edited("leaders: \"[]\"", "leaders: log"), &["cycle 17:3"]);
    assert_bad(
        "cycle through a message",
        &edited("    in: events", "    in: \"class_missing == null ? events : []\""),
        &["cycle 24:3"],
    );
}

#[test]
fn cites() {
    assert_bad(
        "two kinds of cite",
        &edited("- absent: class", "- {absent: class, message: class_missing}"),
        &["cite-kind 48:13"],
    );
    assert_bad(
        "message of no message",
        &edited("message: class_missing", "message: class_mising"),
        &["wrong-name 47:22"],
    );
    assert_bad("absent list", &edited("absent: class", "absent: volumes"), &["wrong-name 48:21"]);
    assert_bad(
        "each without quote",
        &edited("- absent: class", "- {absent: class, each: misfits}"),
        &["stray-field 48:35"],
    );
    assert_bad("proof without cites", &edited("cites: [{field: class.provisioner}]", "cites: []"), &["too-few 64:60"]);
    assert_bad("bad duration", &edited("worry_after: 10m", "worry_after: 10 minutes"), &["bad-duration 38:18"]);
}

#[test]
fn warnings_keep_nothing_from_being_loaded() {
    let text = edited("instead_of: [provisioner-not-running]", "instead_of: [provisioner-not-runing]")
        .replacen("    sources: [https://kubernetes.io/docs/concepts/storage/]\n", "", 1)
        .replacen("    since: claim.metadata.creationTimestamp\n", "", 1);
    let loaded = load_good(&text).unwrap_or_else(|p| panic!("{p}"));
    let codes: Vec<&str> = loaded.warnings.iter().map(|w| w.code).collect();
    assert_eq!(codes, ["no-since", "unknown-cause", "no-source"]);
    assert!(loaded.warnings[1].message.contains("did you mean `provisioner-not-running`?"));
}
