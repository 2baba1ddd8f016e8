//! What is written about the code is true.

use super::*;
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn the_embedded_playbooks_are_those_of_the_folder() {
    let embedded: Vec<String> = storage_doctor_playbooks::FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut there: Vec<String> = fs::read_dir(root().join("playbooks"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|end| end == "yaml" || end == "yml"))
        .collect();
    there.sort();
    assert_eq!(embedded, there);
    let translated: Vec<String> =
        storage_doctor_playbooks::TRANSLATIONS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let there = under("playbooks/translations/", ".yaml");
    let there: Vec<&str> = there.iter().map(|file| file.rsplit('/').next().unwrap()).collect();
    assert_eq!(translated, there);
    for (name, text) in storage_doctor_playbooks::FILES {
        let stem = name.strip_suffix(".yaml").unwrap();
        assert!(text.lines().any(|line| line == format!("name: {stem}")), "{name} has another name inside");
        assert_eq!(*text, read(&format!("playbooks/{name}")), "{name}");
    }
}

#[test]
fn every_playbook_has_cases() {
    let cases: BTreeSet<String> = under("playbooks/cases/", ".yaml").iter().map(|file| stem(file)).collect();
    for (name, text) in storage_doctor_playbooks::FILES {
        let is_playbook = text.contains("\nkind: Playbook\n");
        assert!(!is_playbook || cases.iter().any(|case| stem(name) == *case), "{name} has no cases");
    }
}

fn stem(file: &str) -> String {
    Path::new(file).file_stem().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn what_is_generated_is_fresh() {
    let hint = |what: &str| format!("kubectl-storage_doctor {what} > the file");
    assert!(read("docs/language.md") == storage_doctor::check::reference(), "{}", hint("language"));
    let json = |file: &str| -> Value { serde_json::from_str(&read(file)).unwrap() };
    let report = storage_doctor::report::schema::schema_diagnosis();
    assert!(json("docs/report.schema.json") == report, "{}", hint("schema report"));
    assert!(json("docs/case.schema.json") == storage_doctor::cases::schema(), "{}", hint("schema case"));
    assert!(read("docs/lint.md") == storage_doctor::playbook::codes(), "run the engine's tests with UPDATE_LINT=1");
    assert!(json("docs/playbook.schema.json") == storage_doctor::playbook::schema(), "{}", hint("playbook schema"));
}

/// The built-in playbooks with their translations, free of problems.
fn built_in() -> Vec<storage_doctor::playbook::Playbook> {
    let files = storage_doctor_playbooks::FILES.iter().chain(storage_doctor_playbooks::TRANSLATIONS);
    let files: Vec<(String, String)> =
        files.map(|(name, text)| (format!("builtin/{name}"), (*text).to_owned())).collect();
    let loaded = storage_doctor::playbook::load(&files).unwrap_or_else(|problems| panic!("{problems}"));
    let warnings: String = loaded.warnings.iter().map(|warning| warning.render(false)).collect();
    assert!(warnings.is_empty(), "{warnings}");
    loaded.playbooks
}

/// Set `UPDATE_HANDBOOK=1` to write the files anew.
#[test]
fn the_handbook_is_fresh_in_every_language() {
    use storage_doctor::render::{Language, handbook};
    let playbooks = built_in();
    let chinese: Vec<_> = playbooks.iter().map(|playbook| playbook.in_language("zh")).collect();
    let pages = [
        ("docs/handbook.md", handbook::markdown(&playbooks, Language::English)),
        ("docs/handbook.zh.md", handbook::markdown(&chinese, Language::Chinese)),
    ];
    for (file, page) in pages {
        if std::env::var_os("UPDATE_HANDBOOK").is_some() {
            fs::write(root().join(file), &page).unwrap();
        }
        assert!(read(file) == page, "run this test with UPDATE_HANDBOOK=1 to write {file} anew");
    }
}

/// The playbooks that the project promises in Chinese, each there and whole.
#[test]
fn the_main_playbooks_are_translated_whole() {
    let main = ["pvc-pending", "pod-mount", "pvc-resize", "snapshot-creation"];
    let playbooks = built_in();
    let translated = main.map(|name| playbooks.iter().any(|p| p.name == name && p.translations.contains_key("zh")));
    assert_eq!(translated, main.map(|_| true), "of {main:?}");
    for playbook in playbooks.iter().filter(|playbook| main.contains(&playbook.name.as_str())) {
        let words = &playbook.translations["zh"];
        assert_eq!(words.causes.len(), playbook.causes.len(), "{}", playbook.name);
        assert_eq!(words.waiting.len(), playbook.waiting.len(), "{}", playbook.name);
        assert_eq!(words.chain.len(), playbook.chain.len(), "{}", playbook.name);
        assert_eq!(words.related.len(), playbook.related.len(), "{}", playbook.name);
        for (id, cause) in &words.causes {
            for text in [&cause.summary, &cause.explanation].into_iter().chain(&cause.remedies) {
                assert!(text.source().chars().any(is_chinese), "{id}: {}", text.source());
            }
        }
    }
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// The documents that people read.
fn documents() -> Vec<String> {
    tracked().into_iter().filter(|file| file.ends_with(".md")).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let link = Regex::new(r"\]\(([^)#\s]+)").unwrap();
    let mut seen = 0;
    for document in documents() {
        let text = read(&document);
        let folder = root().join(&document).parent().unwrap().to_owned();
        for target in link.captures_iter(&text).map(|found| found[1].to_owned()).filter(|to| !to.contains("://")) {
            assert!(folder.join(&target).exists(), "{document} links to {target}");
            seen += 1;
        }
    }
    assert!(seen > 3, "{seen} links");
}

#[test]
fn every_path_that_is_named_exists() {
    let word = Regex::new(r"`(\.?[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)*/?)`").unwrap();
    let engine = "crates/storage-doctor/src";
    let mut seen = 0;
    for document in documents().into_iter().filter(|document| document != "CHANGELOG.md") {
        for path in word.captures_iter(&read(&document)).map(|found| found[1].to_owned()) {
            let Some((first, _)) = path.split_once('/') else { continue };
            let here =
                |base: &str| root().join(base).join(first).is_dir().then(|| root().join(base).join(&path).exists());
            // What begins with no folder of ours is no path of ours.
            if let Some(exists) = here("").or_else(|| here(engine)) {
                assert!(exists, "{document} names {path}");
                seen += 1;
            }
        }
    }
    assert!(seen > 5, "{seen} paths");
}

#[test]
fn every_recording_is_described_and_has_expectations() {
    let about = read("tests/recordings/README.md");
    // Those of the scenarios say what they are in a file of their own, and the scenarios say what is expected.
    let own = |archive: &String| !archive.starts_with("tests/recordings/scenarios/");
    for archive in under("tests/recordings/", ".tar.gz").into_iter().filter(own) {
        let name = archive.trim_start_matches("tests/recordings/").trim_end_matches(".tar.gz").to_owned();
        assert!(about.contains(&format!("`{name}`")), "{name} is not described");
        assert!(root().join(format!("tests/recordings/{name}.expected.tsv")).exists(), "{name} has no expectations");
    }
}
