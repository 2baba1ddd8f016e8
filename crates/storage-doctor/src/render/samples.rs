//! Reports written by hand, and how they look.

use super::{TextStyle, json, list, text, yaml};
use crate::report::v1::{Diagnosis, DiagnosisList};
use serde_json::{Value, json as value};

const AT: &str = "2026-11-21T04:00:00Z";

fn claim(name: &str) -> Value {
    value!({"kind": "PersistentVolumeClaim", "namespace": "shop", "name": name, "uid": "5d2c"})
}

fn diagnosis(verdict: &str, more: &Value) -> Diagnosis {
    let mut report = value!({
        "apiVersion": "storage-doctor.io/v1alpha1", "kind": "Diagnosis", "subject": claim("data-web-0"), "at": AT,
        "verdict": verdict, "findings": [], "waiting": [], "chain": [], "ruledOut": [], "unknown": [],
    });
    for (key, value) in more.as_object().unwrap() {
        report[key] = value.clone();
    }
    serde_json::from_value(report).unwrap()
}

fn class_missing() -> Value {
    value!({
        "cause": "storage-class-missing", "playbook": "pvc-pending", "role": "root-cause", "severity": "error",
        "confidence": "certain", "subject": claim("data-web-0"),
        "summary": "The claim asks for the storage class \"fast\", and there is no such class.",
        "explanation": "A claim that names a class waits until the class exists: nothing else may provision \
            a volume for it.\nThe default class is only used by claims that name none.\n\nThe classes of this cluster are: \
            standard, standard-rwo.",
        "evidence": [
            {"source": "PersistentVolumeClaim shop/data-web-0", "field": "spec.storageClassName", "quote": "fast"},
            {"source": "StorageClass fast", "quote": "does not exist"},
            {"source": "event on PersistentVolumeClaim shop/data-web-0", "reason": "ProvisioningFailed",
             "component": "persistentvolume-controller", "count": 12, "time": "2026-11-21T03:59:25Z",
             "quote": "storageclass.storage.k8s.io \"fast\" not found"},
        ],
        "remedies": [
            {"text": "Or delete the claim and let the StatefulSet make it anew.", "risk": "data-loss",
             "command": "kubectl delete pvc -n shop data-web-0"},
            {"text": "See which classes there are.", "risk": "look", "command": "kubectl get storageclass"},
            {"text": "Make the class, if it has been forgotten: take the manifest of the driver that shall serve it.",
             "risk": "change", "command": "kubectl apply -f - <<'END'\nkind: StorageClass\nEND"},
        ],
    })
}

fn failing() -> Diagnosis {
    diagnosis(
        "Failing",
        &value!({
            "subject": {"kind": "Pod", "namespace": "shop", "name": "web-0"},
            "findings": [class_missing(), {
                "cause": "reclaim-policy-delete", "playbook": "pvc-pending", "role": "root-cause", "severity": "warning",
                "confidence": "possible", "subject": claim("data-web-0"), "summary": "The volume goes when the claim goes.",
                "explanation": "The class says so.",
                "evidence": [{"source": "StorageClass standard", "field": "reclaimPolicy", "quote": "Delete"},
                             {"source": "event on something", "quote": "x", "count": 2}],
                "remedies": [{"text": "Look at the class.", "risk": "look", "command": "kubectl get sc standard -o yaml"},
                             {"text": "Change it.", "risk": "change"}],
            }],
            "chain": [
                {"object": {"kind": "Pod", "namespace": "shop", "name": "web-0"}, "relation": "", "state": "Pending", "depth": 0},
                {"object": claim("data-web-0"), "relation": "mounts", "state": "Pending", "depth": 1},
                {"object": {"kind": "StorageClass", "name": "fast"}, "relation": "asks for class", "state": "does not exist", "depth": 2},
            ],
            "ruledOut": [{"cause": "quota-exceeded", "why": "no quota of the namespace limits storage"},
                         {"cause": "driver-not-installed", "why": "driver exists"}],
        }),
    )
}

fn waiting() -> Diagnosis {
    diagnosis(
        "Waiting",
        &value!({
            "waiting": [{"state": "waits-for-first-consumer", "since": "2026-11-21T03:52:00Z", "evidence": [
                            {"source": "StorageClass standard", "field": "volumeBindingMode", "quote": "WaitForFirstConsumer"}],
                         "summary": "The claim waits for a pod that uses it, as its class says."},
                        {"state": "young", "summary": "It is a few seconds old.", "since": "2026-11-21T03:59:56Z",
                         "worryAfter": "2026-11-21T04:00:56Z", "evidence": []},
                        {"state": "resizing", "summary": "The file system grows.", "worryAfter": "2026-11-21T03:00:00Z", "evidence": []}],
            "ruledOut": [{"cause": "quota-exceeded", "why": "no quota"}],
        }),
    )
}

fn unknown() -> Diagnosis {
    let denied = "the list of storageclasses.storage.k8s.io: denied";
    let right = "list storageclasses.storage.k8s.io";
    diagnosis(
        "Unknown",
        &value!({"unknown": [
            {"cause": "storage-class-missing", "why": denied, "needs": right},
            {"cause": "no-default-class", "why": denied, "needs": right},
            {"cause": "storage-class-missing", "why": denied, "needs": right},
            {"cause": "", "why": "the events in namespace shop: not recorded", "needs": "a recording of the events in namespace shop"},
        ]}),
    )
}

fn hostile() -> Diagnosis {
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}txt.exe\u{2066}\u{200b}\r\nFailing: nothing\u{9b}31m";
    let huge = "A".repeat(5000);
    let mut finding = class_missing();
    for field in ["cause", "summary", "explanation", "playbook"] {
        finding[field] = value!(format!("{evil} {field}"));
    }
    finding["evidence"] = value!([
        {"source": evil, "field": evil, "quote": evil, "component": evil, "reason": evil, "time": evil, "count": -1},
        {"source": "log of csi/provisioner", "quote": huge},
    ]);
    finding["remedies"] = value!([{"text": evil, "command": evil, "risk": "look"}]);
    finding["subject"]["name"] = value!(evil);
    diagnosis(
        "Failing",
        &value!({
            "subject": {"kind": evil, "namespace": evil, "name": evil}, "at": evil,
            "findings": [finding.clone(), finding],
            "waiting": [{"state": evil, "summary": evil, "since": evil, "worryAfter": evil, "evidence": []}],
            "chain": [{"object": claim(evil), "relation": evil, "state": evil, "depth": 0},
                      {"object": claim(evil), "relation": evil, "state": evil, "depth": usize::MAX}],
            "ruledOut": [{"cause": evil, "why": evil}],
            "unknown": [{"cause": evil, "why": evil, "needs": evil}],
        }),
    )
}

pub(crate) fn several() -> DiagnosisList {
    let named = |mut item: Diagnosis, name: &str| {
        item.subject.kind = "PersistentVolumeClaim".to_owned();
        item.subject.name = name.to_owned();
        item
    };
    let items = [
        named(failing(), "data-web-0"),
        named(failing(), "data-web-10"),
        named(unknown(), "logs"),
        named(waiting(), "new"),
        named(diagnosis("Healthy", &value!({})), "old"),
    ];
    let subjects: Vec<Value> = (0..12).map(|i| claim(&format!("data-web-{i}"))).collect();
    serde_json::from_value(value!({
        "apiVersion": "storage-doctor.io/v1alpha1", "kind": "DiagnosisList", "items": items,
        "groups": [
            {"cause": "storage-class-missing", "root": {"kind": "StorageClass", "name": "fast"},
             "summary": "The claim asks for the storage class \"fast\", and there is no such class.", "subjects": subjects},
            {"cause": "quota-exceeded", "root": {"kind": "ResourceQuota", "namespace": "shop", "name": "disk"},
             "summary": "The quota is used up.", "subjects": [claim("one")]},
        ],
        "unknown": [{"cause": "", "why": "the list of persistentvolumeclaims in namespace b: denied", "needs": "list persistentvolumeclaims in namespace b"}],
    })).unwrap()
}

fn style(width: usize) -> TextStyle {
    TextStyle { width, ..TextStyle::default() }
}

pub(crate) fn all() -> [(&'static str, Diagnosis); 5] {
    [
        ("failing", failing()),
        ("waiting", waiting()),
        ("unknown", unknown()),
        ("hostile", hostile()),
        ("healthy", diagnosis("Healthy", &value!({"ruledOut": [{"cause": "quota-exceeded", "why": "no quota"}]}))),
    ]
}

#[test]
fn pages() {
    for (name, report) in all() {
        insta::assert_snapshot!(format!("{name}-80"), text::render(&report, &style(80)));
    }
    for width in [40, 100] {
        insta::assert_snapshot!(format!("failing-{width}"), text::render(&failing(), &style(width)));
    }
    insta::assert_snapshot!("failing-verbose", text::render(&failing(), &TextStyle { verbose: true, ..style(80) }));
    let colour = text::render(&failing(), &TextStyle { color: true, ..style(80) });
    insta::assert_snapshot!("failing-colour", colour.replace('\u{1b}', "ESC"));
}

#[test]
fn lists() {
    for width in [40, 80, 100] {
        insta::assert_snapshot!(format!("list-{width}"), list::render(&several(), width == 100, &style(width)));
    }
    let colour = list::render(&several(), false, &TextStyle { color: true, ..style(80) });
    insta::assert_snapshot!("list-colour", colour.replace('\u{1b}', "ESC"));
    let empty = value!({"apiVersion": "", "kind": "", "items": [], "groups": [], "unknown": []});
    let empty: DiagnosisList = serde_json::from_value(empty).unwrap();
    assert_eq!(list::render(&empty, true, &style(80)), "0 looked at.\n");
}

#[test]
fn data() {
    insta::assert_snapshot!("failing-yaml", yaml::render(&failing()).unwrap());
    for (name, report) in all() {
        assert_eq!(serde_json::from_str::<Diagnosis>(&json::render(&report).unwrap()).unwrap(), report, "{name}");
        assert_eq!(serde_yaml::from_str::<Diagnosis>(&yaml::render(&report).unwrap()).unwrap(), report, "{name}");
    }
    let json = json::render(&several()).unwrap();
    assert_eq!(serde_json::from_str::<DiagnosisList>(&json).unwrap(), several());
}

#[test]
fn no_page_carries_what_a_terminal_obeys() {
    for (name, report) in all() {
        for verbose in [false, true] {
            for width in [0, 40, 77, 100, usize::MAX] {
                let page = text::render(&report, &TextStyle { width, verbose, ..TextStyle::default() });
                let bad = |c: char| c != '\n' && super::safe::is_unsafe(c);
                assert!(!page.contains(bad), "{name}: {page:?}");
                assert!(page.lines().all(|line| line.trim_end() == line), "{name}: a space ends a line in {page:?}");
                assert!(page.len() < 60_000 && page.ends_with('\n') && !page.contains("\n\n\n"), "{name}");
            }
        }
    }
}

#[test]
fn lines_fit_but_commands_stay_whole() {
    for (name, report) in all().into_iter().filter(|(name, _)| *name != "hostile") {
        let page = text::render(&report, &style(40));
        let fits = |line: &&str| super::wrap::width(line) <= 40 || line.trim_start().starts_with("kubectl ");
        assert_eq!(page.lines().find(|line| !fits(line)), None, "{name}");
    }
}

#[test]
fn colour_changes_nothing_else() {
    let codes = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    for (name, report) in all() {
        let plain = text::render(&report, &style(80));
        let colour = text::render(&report, &TextStyle { color: true, ..style(80) });
        assert_eq!(codes.replace_all(&colour, ""), plain, "{name}");
    }
}
