//! `playbook lint`: what it prints for whom, and how it ends.

use super::*;
use serde_json::Value;

const PLAYBOOK: &str = "apiVersion: storage-doctor.io/v1alpha1\nkind: Playbook\nname: own\ntitle: t\nsubject: PersistentVolumeClaim\n\
    symptom: claim.status.phase == 'Pending'\ncauses:\n  - id: own-cause\n    proofs: [{when: claim.spec.volumeName == null, \
    confidence: likely, cites: [{field: claim.status.phase}]}]\n    summary: s\n    explanation: e\n    sources: [s]\n";

fn lint(words: &str, text: &str) -> Run {
    let arguments = ["playbook", "lint", "own.yaml"].into_iter().chain(words.split_whitespace());
    binary::program(arguments).file("own.yaml", text).run()
}

/// With a name that nothing uses: a warning.
fn warned() -> String {
    PLAYBOOK.replace("causes:\n", "let:\n  spare: '1'\ncauses:\n")
}

/// With a field that claims do not have: an error.
fn wrong() -> String {
    warned().replace("claim.spec.volumeName", "claim.spec.volumName")
}

#[test]
fn its_end_says_how_bad_it_is() {
    for (text, words, code, said) in [
        (PLAYBOOK.to_owned(), "", 0, "1 file: no problems\n"),
        (PLAYBOOK.to_owned(), "--strict", 0, "1 file: no problems\n"),
        (warned(), "", 0, "1 file: 1 warning\n"),
        (warned(), "--strict", 1, "1 file: 1 warning\n"),
        (wrong(), "", 2, "1 file: 1 error, 1 warning\n"),
        (wrong(), "--strict", 2, "1 file: 1 error, 1 warning\n"),
    ] {
        let run = lint(words, &text);
        assert_eq!(run.code, Some(code), "{words}: {run:?}");
        if code == 2 {
            assert!(run.stdout.is_empty() && run.stderr.ends_with(&format!("error: {said}")), "{run:?}");
        } else {
            assert_eq!(run.text(), said);
        }
        assert_eq!(run.stderr.is_empty(), said.contains("no problems"));
    }
}

#[test]
fn a_person_sees_the_line_and_what_was_meant() {
    let run = lint("", &wrong());
    assert!(run.stderr.contains("error[unknown-object-field]"), "{run:?}");
    assert!(run.stderr.contains("own.yaml:11:32"), "{run:?}");
    assert!(run.stderr.contains("did you mean `volumeName`?"), "{run:?}");
}

#[test]
fn a_program_gets_a_list() {
    let found = lint("-o json", &wrong()).json();
    let codes: Vec<&str> = found.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["unused-name", "unknown-object-field"]);
    assert_eq!(found[1]["severity"], "error");
    assert_eq!((&found[1]["line"], &found[1]["file"]), (&Value::from(11), &Value::from("own.yaml")));
    assert_eq!(lint("-o json", PLAYBOOK).json(), Value::Array(Vec::new()));
}

/// What the schema of SARIF 2.1.0 asks of the parts that are used here.
fn sarif_schema() -> Value {
    let text = serde_json::json!({"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}});
    let number = serde_json::json!({"type": "integer", "minimum": 1});
    let region = serde_json::json!({"type": "object", "required": ["startLine", "startColumn", "endLine", "endColumn"], "additionalProperties": false,
        "properties": {"startLine": number, "startColumn": number, "endLine": number, "endColumn": number}});
    let location = serde_json::json!({"type": "object", "required": ["physicalLocation"], "additionalProperties": false, "properties": {
        "id": {"type": "integer", "minimum": -1}, "message": text,
        "physicalLocation": {"type": "object", "required": ["artifactLocation"], "additionalProperties": false, "properties": {
            "artifactLocation": {"type": "object", "required": ["uri"], "properties": {"uri": {"type": "string", "pattern": "^[^ ]+$"}}}, "region": region}}}});
    let result = serde_json::json!({"type": "object", "required": ["message", "ruleId", "ruleIndex", "level", "locations"], "additionalProperties": false, "properties": {
        "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0}, "level": {"enum": ["none", "note", "warning", "error"]},
        "message": text, "locations": {"type": "array", "minItems": 1, "items": location}, "relatedLocations": {"type": "array", "items": location, "uniqueItems": true}}});
    let rule = serde_json::json!({"type": "object", "required": ["id", "shortDescription"], "additionalProperties": false,
        "properties": {"id": {"type": "string"}, "shortDescription": text}});
    serde_json::json!({"type": "object", "required": ["version", "runs"], "additionalProperties": false, "properties": {
        "$schema": {"type": "string"}, "version": {"enum": ["2.1.0"]},
        "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": {"type": "object", "required": ["tool", "results"], "additionalProperties": false, "properties": {
            "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]}, "results": {"type": "array", "items": result},
            "tool": {"type": "object", "required": ["driver"], "properties": {"driver": {"type": "object", "required": ["name", "version", "rules"],
                "properties": {"name": {"const": "storage-doctor"}, "rules": {"type": "array", "items": rule, "uniqueItems": true}}}}}}}}}})
}

#[test]
fn a_code_host_gets_sarif() {
    let schema = jsonschema::validator_for(&sarif_schema()).unwrap();
    let twice = PLAYBOOK.replace("title: t\n", "title: t\ntitle: u\n");
    for (text, results) in [(PLAYBOOK.to_owned(), 0), (wrong(), 2), (twice, 1)] {
        let log = lint("-o sarif", &text).json();
        let errors: Vec<String> =
            schema.iter_errors(&log).map(|error| format!("{error} at {}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{log:#}");
        let run = &log["runs"][0];
        assert_eq!(run["results"].as_array().unwrap().len(), results);
        for result in run["results"].as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        }
    }
}

#[test]
fn a_file_of_cases_is_told_from_a_playbook() {
    let run = lint("", "apiVersion: storage-doctor.io/v1alpha1\nkind: Cases\nplaybook: own\ncases: []\n");
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("this file holds cases, not a playbook") && run.stderr.contains("playbook test"),
        "{run:?}"
    );
}

#[test]
fn the_built_in_playbooks_are_clean() {
    let folder = binary::root().join("playbooks");
    for more in [&["--strict"][..], &["--strict", "--no-builtin"]] {
        let run = binary::program(["playbook", "lint"]).arg(&folder).arg(more[0]);
        let run = more.iter().skip(1).fold(run, |run, word| run.arg(*word)).run();
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    }
}
