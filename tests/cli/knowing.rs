//! `explain` and `handbook`: what the playbooks know, without a cluster.

use super::*;
use std::collections::BTreeSet;

#[test]
fn every_cause_is_explained() {
    let list = binary::run("playbook list -o json").json();
    let causes = list["items"].as_array().unwrap().iter().flat_map(|item| item["causes"].as_array().unwrap());
    let causes: BTreeSet<&str> = causes.map(|cause| cause.as_str().unwrap()).collect();
    assert!(causes.len() > 80, "{}", causes.len());
    // The program is started for a few; the rest go by the same way.
    for cause in causes.iter().step_by(20) {
        let run = binary::run(&format!("explain {cause}"));
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{cause}: {run:?}");
        assert!(run.text().starts_with(&format!("{cause}: ")), "{cause}: {run:?}");
        let data = binary::run(&format!("explain {cause} -o json")).json();
        assert!(data["items"].as_array().unwrap().iter().all(|item| item["cause"] == *cause), "{data}");
        assert!(!data["items"][0]["proofs"].as_array().unwrap().is_empty(), "{data}");
    }
}

#[test]
fn an_explanation_says_how_it_shows_is_proven_confused_and_mended() {
    let run = binary::run("explain pvc-storageclass-not-found");
    for part in [
        "How it shows",
        "storageclass.storage.k8s.io \"fast-ssd\" not found",
        "versions: all",
        "certain: state says so",
        "if: stuck && claim.spec.volumeName == null && class_missing",
        "cites: that class does not exist",
        "class_missing: wants_class && class == null",
        "not shown beside static-pv-mismatch, which explains it",
        "[interrupts a workload]",
        "kubectl delete pvc NAME -n NS",
        "Sources",
    ] {
        assert!(run.text().contains(part), "no {part:?} in {}", run.text());
    }
    // What must be missing is no message by which it shows.
    let stuck = binary::run("explain resize-stuck");
    assert!(!stuck.text().contains("OutOfRange"), "{}", stuck.text());
    let other = binary::run("explain static-pv-mismatch");
    assert!(other.text().contains("shown instead of pvc-no-provisioner-class-immediate, pvc-storageclass-not-found"));
    let chinese = binary::run("explain pvc-storageclass-not-found --lang zh");
    assert!(chinese.text().contains("如何证实") && chinese.text().contains("的 StorageClass <class_name> 不存在"));
    let json = binary::run("explain pvc-storageclass-not-found --lang zh -o json");
    assert!(json.text().contains("which does not exist"), "JSON stays in English: {json:?}");
}

#[test]
fn an_unknown_cause_is_met_with_what_is_near() {
    let slip = refused("slip", binary::program(["explain", "resize-stuk"]), "did you mean \"resize-stuck\"");
    assert!(slip.stderr.starts_with("error: no playbook knows a cause \"resize-stuk\""), "{slip:?}");
    let _ = refused("stranger", binary::program(["explain", "zzz"]), "lists the causes");
    let _ =
        refused("state", binary::program(["explain", "just-created"]), "waited for(?s:.*)playbook show just-created");
    let _ = refused("hostile", binary::program(["explain", "\u{1b}[2J"]), "no playbook knows");
}

#[test]
fn an_explanation_fits_its_page_and_is_coloured_only_when_asked() {
    for width in [40, 60, 100] {
        for words in
            ["explain resize-stuck", "explain pvc-storageclass-not-found --verbose", "explain resize-stuck --lang zh"]
        {
            let run = binary::program(words.split(' ')).env("COLUMNS", &width.to_string()).run();
            for line in run.text().lines() {
                let may = line.trim_start().starts_with("kubectl ") || !line.trim().contains(' ');
                assert!(may || line.chars().count() <= width, "{width}: {words}: {line:?}");
            }
        }
    }
    let escapes = |program: Program| program.run().text().contains('\u{1b}');
    let explain = || binary::program(["explain", "resize-stuck"]);
    assert!(!escapes(explain()) && !escapes(explain().env("NO_COLOR", "1")));
    assert!(escapes(explain().arg("--color").arg("always")));
    assert!(!escapes(explain().arg("--color").arg("always").arg("-o").arg("json")));
}

#[test]
fn the_handbook_has_every_cause_once_and_no_dead_link() {
    let list = binary::run("playbook list -o json").json();
    let causes = list["items"].as_array().unwrap().iter().flat_map(|item| item["causes"].as_array().unwrap());
    let causes: BTreeSet<String> = causes.map(|cause| cause.as_str().unwrap().to_owned()).collect();
    for language in ["en", "zh"] {
        let html = binary::run(&format!("handbook -o html --lang {language}"));
        assert_eq!((html.code, html.stderr.as_str()), (Some(0), ""), "{html:?}");
        let found = |words: &str| -> Vec<String> {
            Regex::new(words).unwrap().captures_iter(html.text()).map(|found| found[1].to_owned()).collect()
        };
        let names = found(" id=\"([^\"]+)\"");
        let unique: BTreeSet<String> = names.iter().cloned().collect();
        assert_eq!(names.len(), unique.len(), "names stand once");
        assert!(causes.is_subset(&unique), "{:?}", causes.difference(&unique));
        let links: BTreeSet<String> = found("href=\"([^\"]+)\"").into_iter().collect();
        for link in &links {
            assert!(unique.contains(link.strip_prefix('#').expect("no other file")), "{language}: {link}");
        }
        for other in ["<script", "<img", "src=", "@import", "url("] {
            assert!(!html.text().contains(other), "{language}: {other}");
        }
        assert!(html.text().starts_with(&format!("<!doctype html>\n<html lang=\"{language}\">")));
    }
}

#[test]
fn the_handbook_speaks_the_language_of_the_locale() {
    let page = |program: Program| program.run().text().to_owned();
    let handbook = || binary::program(["handbook", "pvc-resize"]);
    let chinese = page(handbook().arg("--lang").arg("zh"));
    assert!(chinese.contains("# Kubernetes 存储故障排查手册") && chinese.contains("### 排查路径"));
    assert_eq!(page(handbook().env("LC_ALL", "zh_CN.UTF-8").env("LANG", "en_GB")), chinese);
    assert_eq!(page(handbook().env("LC_MESSAGES", "zh_TW").env("LANG", "en_GB")), chinese);
    assert_eq!(page(handbook().env("LANG", "zh_CN.UTF-8")), chinese);
    let english = page(handbook());
    assert_eq!(page(handbook().env("LANG", "zh_CN").arg("--lang").arg("en")), english);
    // A language that nobody has brought is no mistake: English stands in.
    assert_eq!(page(handbook().arg("--lang").arg("xx")), english);
    assert_eq!(page(handbook().env("LANG", "C.UTF-8")), english);
    assert!(english.starts_with("<a id=\"handbook\"></a>\n\n# Storage troubleshooting handbook\n"));
    let _ = refused("slip", binary::program(["handbook", "pvc-resise"]), "did you mean \"pvc-resize\"");
}

#[test]
fn a_diagnosis_is_told_in_the_language_and_its_data_is_not() {
    let words = "pvc orders-db -n shop --from demo --lang zh";
    let text = binary::run(words);
    assert_eq!(text.code, Some(1), "{text:?}");
    assert!(text.text().contains("PVC orders-db 请求的 StorageClass fast-sdd 不存在。"), "{}", text.text());
    assert!(text.text().contains("处理办法"), "{}", text.text());
    for format in ["json", "yaml"] {
        let data = binary::run(&format!("{words} -o {format}"));
        let english = binary::run(&format!("pvc orders-db -n shop --from demo -o {format}"));
        assert_eq!(data.stdout, english.stdout, "{format}");
    }
}
