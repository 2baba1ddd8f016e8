//! `playbook new`, `list`, `show` and `schema`.

use super::*;
use serde_json::Value;
use storage_doctor::subject::Kind;
use tempfile::TempDir;

#[test]
fn a_new_playbook_is_sound_and_passes_its_case_at_once() {
    for facts in Kind::all() {
        let folder = TempDir::new().unwrap();
        let kind = facts.names[0];
        let at = |name: &str| folder.path().join(name);
        let new = ["playbook", "new", "my-own", "--subject", kind, "--dir"];
        let run = binary::program(new).arg(folder.path()).run();
        assert_eq!(run.code, Some(0), "{kind}: {run:?}");
        let lint = binary::program(["playbook", "lint"]).arg(at("my-own.yaml")).run();
        assert_eq!((lint.code, lint.text()), (Some(0), "1 file: no problems\n"), "{kind}: {lint:?}");
        let test = binary::program(["playbook", "test", "--coverage", "--playbooks"]);
        let test = test.arg(at("my-own.yaml")).arg(at("cases")).run();
        assert_eq!(test.code, Some(0), "{kind}: {test:?}");
        assert!(test.text().ends_with("3 passed, 0 failed\n"), "{kind}: {test:?}");
        // What is there is not written over.
        std::fs::remove_file(at("my-own.yaml")).unwrap();
        let again = refused(kind, binary::program(new).arg(folder.path()), "exists already");
        assert!(!at("my-own.yaml").exists(), "a refusal leaves nothing behind: {again:?}");
    }
}

#[test]
fn a_new_playbook_has_a_name_and_a_subject_that_are_right() {
    let at = TempDir::new().unwrap();
    for name in ["Mine", "a/b", "../mine", "", "mine.yaml", "\u{1b}[2J"] {
        let program = binary::program(["playbook", "new", name, "--subject", "pvc", "--dir"]).arg(at.path());
        let _ = refused(name, program, "is no name|cannot write");
    }
    assert_eq!(std::fs::read_dir(at.path()).unwrap().count(), 0);
    let _ =
        refused("subject", binary::program(["playbook", "new", "mine", "--subject", "secret"]), "known types are pvc");
    let nowhere = at.path().join("file");
    std::fs::write(&nowhere, "").unwrap();
    let program = binary::program(["playbook", "new", "mine", "--subject", "pvc", "--dir"]).arg(nowhere);
    let _ = refused("folder", program, "cannot write");
}

#[test]
fn the_list_says_what_each_knows_and_where_it_is_from() {
    let list = binary::run("playbook list -o json").json();
    let items = list["items"].as_array().unwrap();
    let pending = items.iter().find(|item| item["name"] == "pvc-pending").unwrap();
    assert_eq!(pending["file"], "builtin/pvc-pending.yaml");
    assert_eq!(pending["languages"], serde_json::json!(["zh"]));
    assert!(pending["causes"].as_array().unwrap().contains(&"pvc-storageclass-not-found".into()));
    assert_eq!(list["leftOut"], serde_json::json!([]));
    let page = binary::run("playbook list");
    assert!(page.text().starts_with("NAME "), "{page:?}");
    for item in items {
        assert!(page.text().contains(item["name"].as_str().unwrap()), "{item}");
    }
    assert!(binary::run("playbook list --lang zh").text().contains("PVC 一直处于 Pending 状态"));
}

#[test]
fn a_playbook_is_shown_as_it_was_written() {
    for (name, text) in storage_doctor_playbooks::FILES {
        let name = name.trim_end_matches(".yaml");
        let run = binary::run(&format!("playbook show {name}"));
        assert_eq!(run.code, Some(0), "{run:?}");
        assert_eq!(run.text(), format!("# From builtin/{name}.yaml\n{text}"), "{name}");
    }
    // A cause or a waiting state finds its playbook, and a translation has a name of its own.
    assert!(binary::run("playbook show resize-stuck").text().contains("\nname: pvc-resize\n"));
    assert!(binary::run("playbook show just-created").text().contains("\nname: pvc-pending\n"));
    assert!(binary::run("playbook show pvc-pending.zh").text().contains("\nkind: Translation\n"));
    let data = binary::run("playbook show claim -o json").json();
    assert!(data["items"][0]["text"].as_str().unwrap().contains("kind: Library"), "{data}");
    let _ = refused("slip", binary::program(["playbook", "show", "pvc-pendin"]), "did you mean \"pvc-pending\"");
    let _ = refused("stranger", binary::program(["playbook", "show", "zzz"]), "playbook list");
}

#[test]
fn a_hostile_playbook_is_shown_harmless() {
    let text = "# \u{202e}turned\napiVersion: storage-doctor.io/v1alpha1\nkind: Library\nname: mine\nsubject: Pod\n";
    let run = binary::program(["playbook", "show", "mine", "--playbooks", "mine.yaml"]).file("mine.yaml", text).run();
    // Such a character may be no part of a playbook at all; shown or refused, it does not reach a terminal.
    assert!(!run.text().contains('\u{202e}') && !run.stderr.contains('\u{202e}'), "{run:?}");
}

#[test]
fn the_schema_is_draft_07_and_knows_good_from_bad() {
    let schema = binary::run("playbook schema").json();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert_eq!(schema, binary::run("schema playbook").json());
    jsonschema::draft7::meta::validate(&schema).unwrap_or_else(|error| panic!("{error}"));
    let validator = jsonschema::draft7::new(&schema).unwrap();
    let mut seen = 0;
    for (name, text) in storage_doctor_playbooks::FILES.iter().chain(storage_doctor_playbooks::TRANSLATIONS) {
        let document: Value = serde_yaml::from_str(text).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        for broken in breakages(&document) {
            assert!(!validator.is_valid(&broken), "{name}: {broken}");
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
}

/// The document with one thing wrong.
fn breakages(document: &Value) -> Vec<Value> {
    let change = |change: &dyn Fn(&mut Value)| {
        let mut document = document.clone();
        change(&mut document);
        document
    };
    let mut broken = vec![
        change(&|d| drop(d.as_object_mut().unwrap().remove("name"))),
        change(&|d| d["titel"] = "misspelt".into()),
        change(&|d| d["apiVersion"] = "storage-doctor.io/v2".into()),
        change(&|d| d["kind"] = "Playbok".into()),
        change(&|d| d["name"] = serde_json::json!(["a"])),
    ];
    if document["causes"][0]["proofs"].is_array() {
        broken.push(change(&|d| d["causes"] = serde_json::json!([])));
        broken.push(change(&|d| d["causes"][0]["proofs"][0]["confidence"] = "sure".into()));
        broken.push(change(&|d| drop(d["causes"][0].as_object_mut().unwrap().remove("summary"))));
        broken.push(change(&|d| d["causes"][0]["proofs"][0]["cites"][0]["quote"] = 7.into()));
    }
    broken
}
