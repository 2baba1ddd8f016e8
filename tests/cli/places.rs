//! Where playbooks come from: built in, the cluster, the user's folder, the command line; what replaces
//! what, and what becomes of a broken one.

use super::*;
use serde_json::{Value, json};
use storage_doctor_tests::fake_api::{FakeApi, Fault, Objects};

const HOME: &str = ".config/storage-doctor/playbooks";

/// A playbook that finds `mine` in every claim that is called `search`.
fn mine(name: &str, cause: &str) -> String {
    format!(
        "apiVersion: storage-doctor.io/v1alpha1\nkind: Playbook\nname: {name}\ntitle: Ours\n\
         subject: PersistentVolumeClaim\nsymptom: claim.metadata.name == 'search'\ncauses:\n  - id: {cause}\n    \
         proofs:\n      - {{when: \"true\", confidence: certain, cites: [{{field: claim.metadata.name}}]}}\n    \
         summary: Ours holds.\n    explanation: Because.\n    sources: [ours]\n"
    )
}

const DEMO: &str = "pvc search -n shop --from demo -o json";

/// The causes that were found, and what was said on standard error.
fn causes(program: Program) -> (Vec<String>, String) {
    let run = program.run();
    assert!(matches!(run.code, Some(0 | 1 | 3)), "{run:?}");
    let report = run.json();
    let findings = report["findings"].as_array().unwrap();
    (findings.iter().map(|finding| finding["cause"].as_str().unwrap().to_owned()).collect(), run.stderr)
}

fn demo() -> Program {
    binary::program(DEMO.split(' '))
}

#[test]
fn playbooks_of_the_users_folder_are_used() {
    let (found, said) = causes(demo().file(&format!("{HOME}/ours.yaml"), &mine("ours", "our-cause")));
    assert!(found.contains(&"our-cause".to_owned()) && said.is_empty(), "{found:?} {said}");
    // XDG_CONFIG_HOME takes the place of ~/.config, unless it is no full path.
    let elsewhere = tempfile::TempDir::new().unwrap();
    binary::written(elsewhere.path(), "storage-doctor/playbooks/xdg.yaml", mine("xdg", "xdg-cause").as_bytes());
    let both = demo().file(&format!("{HOME}/ours.yaml"), &mine("ours", "our-cause"));
    let (found, _) = causes(both.env("XDG_CONFIG_HOME", elsewhere.path().to_str().unwrap()));
    assert!(found.contains(&"xdg-cause".to_owned()) && !found.contains(&"our-cause".to_owned()), "{found:?}");
    let relative = demo().file(&format!("{HOME}/ours.yaml"), &mine("ours", "our-cause")).env("XDG_CONFIG_HOME", "a/b");
    assert!(causes(relative).0.contains(&"our-cause".to_owned()));
    // No folder, or an empty one, is no mistake.
    let (found, said) = causes(demo().file(&format!("{HOME}/readme.txt"), "nothing here"));
    assert!(!found.is_empty() && said.is_empty(), "{found:?} {said}");
}

#[test]
fn a_later_playbook_replaces_an_earlier_one_and_that_is_said() {
    let program = demo()
        .file(&format!("{HOME}/pvc-provisioning.yaml"), &mine("pvc-provisioning", "from-the-folder"))
        .file("pvc-provisioning.yaml", &mine("pvc-provisioning", "from-the-line"))
        .arg("--playbooks")
        .arg("pvc-provisioning.yaml");
    let (found, said) = causes(program);
    assert_eq!(found, ["from-the-line"], "{said}");
    assert!(said.starts_with("note: pvc-provisioning of pvc-provisioning.yaml replaces that of "), "{said}");
    let list = binary::program("playbook list --playbooks pvc-provisioning.yaml".split(' '))
        .file("pvc-provisioning.yaml", &mine("pvc-provisioning", "from-the-line"));
    let run = list.run();
    assert!(run.text().contains("REPLACES") && run.text().contains("builtin/pvc-provisioning.yaml"), "{run:?}");
    let data = binary::program("playbook list -o json --playbooks pvc-provisioning.yaml".split(' '))
        .file("pvc-provisioning.yaml", &mine("pvc-provisioning", "from-the-line"))
        .run()
        .json();
    let item = data["items"].as_array().unwrap().iter().find(|item| item["name"] == "pvc-provisioning").unwrap();
    assert_eq!(item["replaces"], json!(["builtin/pvc-provisioning.yaml"]));
    let shown = binary::program("playbook show pvc-provisioning --playbooks pvc-provisioning.yaml".split(' '))
        .file("pvc-provisioning.yaml", &mine("pvc-provisioning", "from-the-line"))
        .run();
    let first = shown.text().lines().next().unwrap();
    assert_eq!(first, "# From pvc-provisioning.yaml, instead of builtin/pvc-provisioning.yaml");
}

#[test]
fn a_broken_replacement_leaves_the_built_in_in_place() {
    let broken = mine("pvc-provisioning", "broken").replace("when: \"true\"", "when: \"tru\"");
    let (built_in, _) = causes(demo());
    let program = demo().file("pvc-provisioning.yaml", &broken).arg("--playbooks").arg("pvc-provisioning.yaml");
    let (found, said) = causes(program);
    assert_eq!(found, built_in, "{said}");
    assert!(said.contains("unknown name `tru`") && said.contains("pvc-provisioning.yaml:10:"), "{said}");
    assert!(said.contains("warning: pvc-provisioning.yaml is left out: 1 problem"), "{said}");
    assert!(!said.contains("replaces"), "{said}");
    // The other files of a folder are used.
    let folder = demo()
        .file(&format!("{HOME}/broken.yaml"), &broken.replace("name: pvc-provisioning", "name: broken"))
        .file(&format!("{HOME}/ours.yaml"), &mine("ours", "our-cause"));
    let (found, said) = causes(folder);
    assert!(found.contains(&"our-cause".to_owned()) && said.contains("broken.yaml is left out"), "{found:?} {said}");
}

#[test]
fn a_library_that_does_not_suit_the_built_in_playbooks_is_left_out() {
    let library = "apiVersion: storage-doctor.io/v1alpha1\nkind: Library\nname: claim\nsubject: PersistentVolumeClaim\n\
                   let: {pending: claim.status.phase == 'Pending'}\n";
    let (built_in, _) = causes(demo());
    let (found, said) = causes(demo().file("claim.yaml", library).arg("--playbooks").arg("claim.yaml"));
    assert_eq!(found, built_in, "{said}");
    assert!(said.contains("`claim` does not suit playbook") && said.contains("claim.yaml is left out"), "{said}");
    // One that is broken takes along only what uses it.
    let broken = library.replace("name: claim", "name: base").replace("claim.status", "nosuch.status");
    let user = mine("ours", "our-cause").replace("symptom:", "uses: [base]\nsymptom:");
    let program = demo()
        .file(&format!("{HOME}/base.yaml"), &broken)
        .file(&format!("{HOME}/ours.yaml"), &user)
        .file(&format!("{HOME}/other.yaml"), &mine("other", "other-cause"));
    let (found, said) = causes(program);
    assert!(found.contains(&"other-cause".to_owned()) && !found.contains(&"our-cause".to_owned()), "{found:?}");
    assert!(said.contains("the library `base` that this playbook uses is broken"), "{said}");
}

#[test]
fn translations_come_in_the_same_way() {
    let words = "apiVersion: storage-doctor.io/v1alpha1\nkind: Translation\nname: ours\nlanguage: de\ntitle: Unseres\n\
                 causes: {our-cause: {summary: Unseres gilt., explanation: Darum.}}\n";
    let run = |words: &str| {
        binary::program("pvc search -n shop --from demo --lang de_DE.UTF-8".split(' '))
            .file(&format!("{HOME}/ours.yaml"), &mine("ours", "our-cause"))
            .file(&format!("{HOME}/ours.de.yaml"), words)
            .run()
    };
    let good = run(words);
    assert!(good.text().contains("Unseres gilt.") && good.stderr.is_empty(), "{good:?}");
    for (what, broken, said) in [
        ("unknown cause", words.replace("our-cause", "our-case"), "no cause `our-case`, did you mean `our-cause`"),
        (
            "remedies",
            words.replace("Darum.", "Darum., remedies: [Tu was.]"),
            "1 remedies are translated here(?s:.*)has 0",
        ),
        ("hole", words.replace("Unseres gilt.", "'{{ clam.x }}'"), "unknown name `clam`"),
        ("stranger", words.replace("name: ours", "name: others"), "no playbook `others` is loaded"),
        ("file", words.replace("language: de", "language: fr"), "the file is `ours.de`"),
        ("english", words.replace("language: de", "language: en"), "no language"),
    ] {
        let run = run(&broken);
        assert!(Regex::new(said).unwrap().is_match(&run.stderr), "{what}: {run:?}");
        assert!(run.text().contains("Ours holds."), "{what}: English stays: {run:?}");
    }
}

fn config_map(namespace: &str, name: &str, label: Option<&str>, data: Value) -> Value {
    let mut map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"namespace": namespace, "name": name}});
    if let Some(value) = label {
        map["metadata"]["labels"] = json!({"storage-doctor.io/playbook": value});
    }
    map["data"] = data;
    map
}

fn cluster(maps: Vec<Value>) -> FakeApi {
    let objects = Objects::folder(&recorded::named("faults-a").folder).unwrap();
    FakeApi::start(objects.with("configmaps", maps)).unwrap()
}

const LIVE: &str = "pvc data -n h01-healthy -o json";

fn in_cluster(api: &FakeApi) -> Program {
    binary::program(LIVE.split(' ')).arg("--server").arg(api.url())
}

fn for_data(name: &str, cause: &str) -> String {
    mine(name, cause).replace("'search'", "'data'")
}

#[test]
fn playbooks_of_the_cluster_are_used_when_asked_for() {
    let api = cluster(vec![
        config_map(
            "tools",
            "ours",
            Some("true"),
            json!({"ours.yaml": for_data("ours", "our-cause"), "notes.txt": "x: ["}),
        ),
        config_map("tools", "not-labelled", None, json!({"other.yaml": for_data("other", "other-cause")})),
        config_map("tools", "labelled-false", Some("false"), json!({"more.yaml": for_data("more", "more-cause")})),
    ]);
    let (found, said) = causes(in_cluster(&api));
    assert!(found.is_empty() && said.is_empty(), "{found:?} {said}");
    assert_eq!(api.count("/configmaps"), 0, "not without being asked");
    let (found, said) = causes(in_cluster(&api).arg("--playbooks-from-cluster"));
    assert_eq!((found, said.as_str()), (vec!["our-cause".to_owned()], ""));
    assert_eq!(api.count("/api/v1/configmaps?labelSelector=storage-doctor.io%2Fplaybook%3Dtrue&limit="), 1);
    let (found, _) = causes(in_cluster(&api).arg("--playbooks-from-cluster=tools"));
    assert_eq!(found, ["our-cause"]);
    assert_eq!(api.count("/api/v1/namespaces/tools/configmaps?labelSelector="), 1);
    let (found, _) = causes(in_cluster(&api).env("STORAGE_DOCTOR_PLAYBOOKS_FROM_CLUSTER", "true"));
    assert_eq!(found, ["our-cause"]);
    let (found, _) = causes(in_cluster(&api).env("STORAGE_DOCTOR_PLAYBOOKS_FROM_CLUSTER", "elsewhere"));
    assert!(found.is_empty());
    let list = binary::program("playbook list --playbooks-from-cluster --server".split(' ')).arg(api.url()).run();
    assert!(list.text().contains("configmap/tools/ours/ours.yaml"), "{list:?}");
    let explain =
        binary::program("explain our-cause --playbooks-from-cluster --server".split(' ')).arg(api.url()).run();
    assert!(explain.text().starts_with("our-cause: Ours holds."), "{explain:?}");
    assert!(api.seen().iter().all(|seen| seen.method == "GET" && !seen.path.contains("secrets")));
}

#[test]
fn a_cluster_that_does_not_give_its_playbooks_is_no_failure() {
    let labelled =
        || vec![config_map("tools", "ours", Some("true"), json!({"ours.yaml": for_data("ours", "our-cause")}))];
    for (fault, words) in [
        (Fault::Deny, "denied: list configmaps in the cluster"),
        (Fault::Code(500), "could not be read"),
        (Fault::Garbage, "could not be read"),
    ] {
        let api = cluster(labelled());
        let (plain, _) = causes(in_cluster(&api));
        api.fail("configmaps", fault);
        let (found, said) = causes(in_cluster(&api).arg("--playbooks-from-cluster"));
        assert_eq!(found, plain, "{said}");
        assert!(said.starts_with("warning: playbooks of the cluster could not be read: "), "{said}");
        assert!(said.contains(words), "{said}");
    }
    let api = cluster(vec![config_map("tools", "ours", Some("true"), json!({"ours.yaml": "kind: [\u{1b}[2J"}))]);
    let (found, said) = causes(in_cluster(&api).arg("--playbooks-from-cluster"));
    assert!(found.is_empty() && said.contains("configmap/tools/ours/ours.yaml is left out"), "{found:?} {said}");
    assert!(!said.contains('\u{1b}'), "{said:?}");
    let _ = refused("recording", demo().arg("--playbooks-from-cluster"), "cannot be used with");
}

#[test]
fn the_nearer_to_the_person_the_later() {
    let api = cluster(vec![config_map(
        "tools",
        "ours",
        Some("true"),
        json!({"ours.yaml": for_data("ours", "of-the-cluster")}),
    )]);
    let program = in_cluster(&api)
        .arg("--playbooks-from-cluster")
        .file(&format!("{HOME}/ours.yaml"), &for_data("ours", "of-the-folder"));
    let (found, said) = causes(program);
    assert_eq!(found, ["of-the-folder"]);
    assert!(said.contains("replaces that of configmap/tools/ours/ours.yaml"), "{said}");
}
