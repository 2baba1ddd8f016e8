use super::*;

const FILES: &[(&str, &str)] = &[
    ("captured-at", "2026-11-21T03:45:34Z\n"),
    ("resources/pods.json", PODS),
    ("resources/events.json", EVENTS),
    ("resources/storageclasses.storage.k8s.io.yml", "kind: List\nitems:\n- metadata: {name: fast}\n"),
    ("resources/persistentvolumes.json", r#"{"items":[],"kind":"List"}"#),
    ("resources/README.md", "not a list"),
    ("resources/._pods.json", "\0\0"),
    ("logs/a/x/c.log", "now\n"),
    ("logs/a/x/c.previous.log", "then\n"),
    ("nodes/n/kubelet.log", "other\n"),
    ("nodes/n/stats-summary.json", r#"{"node":{"nodeName":"n","cpu":{}},"pods":[]}"#),
    ("nodes/m/stats-summary.json", "\n"),
    ("nodes/o/stats-summary.json", "[1]"),
];

fn answers(recording: &Recording) {
    assert_eq!(recording.taken_at().unwrap().to_string(), "2026-11-21T03:45:34Z");
    let is = |query: &Query, says: &str| assert_eq!(ask(recording, query), says, "{query}");
    let pod = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x","namespace":"a"}}"#;
    is(&object("pods", Some("a"), "x"), &format!("found {pod}"));
    is(&object("pods", Some("c"), "x"), "absent");
    is(&object("pods", None, "x"), "unreachable: asked for without a namespace");
    is(&list("pods", Some("a")), &format!("found [{pod}]"));
    is(&list("pods", Some("c")), "found []");
    is(&list("persistentvolumes", None), "found []");
    is(&object("persistentvolumes", None, "v"), "absent");
    is(&list("nodes", None), "not recorded");
    is(&object("nodes", None, "n"), "not recorded");
    // What a bare array and a nameless list leave out is known from the file.
    let class = r#"{"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"fast"}}"#;
    is(&object("storageclasses.storage.k8s.io", None, "fast"), &format!("found {class}"));
    let about = |uid: &str| Query::Events { uid: uid.to_owned(), namespace: "zz".to_owned() };
    assert!(ask(recording, &about("u")).contains(r#""kind":"Event""#));
    is(&about("v"), "found []");
    is(&log("x", "c", false), r#"found "now\n""#);
    is(&log("x", "c", true), r#"found "then\n""#);
    is(&log("x", "d", false), "not recorded");
    is(&log("../x/../x", "c", false), "not recorded");
    let stats = |node: &str| Query::Stats { node: node.to_owned() };
    let node_log = |node: &str| Query::NodeLog { node: node.to_owned(), service: "kubelet".to_owned() };
    is(&stats("n"), r#"found {"node":{"fs":{},"nodeName":"n"},"pods":[]}"#);
    is(&node_log("n"), r#"found "other\n""#);
    is(&node_log("../n"), "not recorded");
    for missing in [stats("x"), node_log("x"), stats("m")] {
        is(&missing, "not recorded");
    }
    let bad = ask(recording, &stats("o"));
    assert!(bad.starts_with("unreachable: cannot read nodes/o/stats-summary.json: not an object"), "{bad}");
}

#[test]
fn a_folder_and_an_archive_answer_alike() {
    let dir = folder(FILES);
    answers(&Recording::open(dir.path()).unwrap());
    answers(&Recording::from_archive_bytes(&tar(FILES)).unwrap());
    answers(&Recording::from_archive_bytes(&gzip(&tar(FILES))).unwrap());
    let file = dir.path().join("any.name");
    fs::write(&file, gzip(&tar(FILES))).unwrap();
    answers(&Recording::open(&file).unwrap());
}

#[test]
fn folders_around_a_recording_do_not_matter() {
    let inside: Vec<(String, &str)> = FILES.iter().map(|(name, text)| (format!("one/two/{name}"), *text)).collect();
    let inside: Vec<(&str, &str)> = inside.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    answers(&Recording::open(folder(&inside).path()).unwrap());
    answers(&Recording::from_archive_bytes(&tar(&inside)).unwrap());
    // A recording inside a recording is only a folder.
    let mut nested = FILES.to_vec();
    nested.push(("nodes/resources/pods.json", "[]"));
    answers(&Recording::from_archive_bytes(&tar(&nested)).unwrap());
    answers(&Recording::open(folder(&nested).path()).unwrap());
}

#[test]
fn without_a_time_the_newest_one_stands() {
    let recording = Recording::open(folder(&[("resources/pods.json", PODS), ("resources/events.json", EVENTS)]).path());
    assert_eq!(recording.unwrap().taken_at().unwrap().to_string(), "2026-11-21T03:30:00Z");
    let error = why(Recording::open(folder(&[("resources/pods.json", "[]")]).path()));
    assert!(error.contains("no file `captured-at`"), "{error}");
}

#[test]
fn events_without_a_file_were_not_recorded() {
    let recording = Recording::open(folder(&[("resources/pods.json", PODS)]).path()).unwrap();
    let about = Query::Events { uid: "u".to_owned(), namespace: "a".to_owned() };
    assert_eq!(ask(&recording, &about), "not recorded");
}

#[test]
fn an_item_that_is_no_object_leaves_the_rest_true_and_nothing_absent() {
    let pods = PODS.replace("\"items\":[", "\"items\":[7,");
    let recording = Recording::open(folder(&[("resources/pods.json", &pods)]).path()).unwrap();
    assert!(ask(&recording, &object("pods", Some("a"), "x")).starts_with("found"));
    let unseen = "1 item of resources/pods.json is no object";
    assert_eq!(ask(&recording, &object("pods", Some("a"), "y")), format!("unreachable: {unseen}"));
    assert_eq!(ask(&recording, &list("pods", Some("a"))), format!("truncated: {unseen}"));
}

#[test]
fn secrets_are_names_only() {
    let secrets = r#"[{"metadata":{"namespace":"a","name":"s","creationTimestamp":"2026-11-21T03:00:00Z"},"data":{"p":"aHVudGVyMg=="}}]"#;
    let recording = Recording::open(folder(&[("resources/secrets.json", secrets)]).path()).unwrap();
    let resource = Resource::known("secrets", "", "v1", "Secret", true);
    let all = ask(&recording, &Query::List { resource, namespace: None });
    assert!(all.contains(r#""name":"s""#) && !all.contains("aHVudGVyMg"), "{all}");
}

#[test]
fn a_log_is_its_end_in_whole_lines() {
    let line = format!("{}\n", "x".repeat(1023));
    let text = line.repeat(5000) + "the end\n";
    let files = [("resources/pods.json", PODS), ("logs/a/x/c.log", text.as_str())];
    let dir = folder(&files);
    let unpacked = Recording::open(dir.path()).unwrap();
    check_log(&unpacked, &line);
    check_log(&Recording::from_archive_bytes(&tar(&files)).unwrap(), &line);
    // A log that has vanished since is no answer.
    drop(dir);
    assert!(ask(&unpacked, &log("x", "c", false)).starts_with("unreachable: cannot read logs/a/x/c.log"));
}

fn check_log(recording: &Recording, line: &str) {
    let Some(Answer::Found(Value::Text(text))) = recording.answer(&log("x", "c", false)).now_or_never() else {
        panic!()
    };
    assert!(text.len() as u64 <= files::MAX_LOG && text.len() > 4_000_000);
    assert!(text.starts_with(line) && text.ends_with("the end\n"));
}

#[test]
fn a_log_that_is_no_text_is_read_as_far_as_it_is() {
    let dir = folder(&[("resources/pods.json", PODS), ("logs/a/x/c.log", "")]);
    fs::write(dir.path().join("logs/a/x/c.log"), b"caf\xe9 \x1b[2J\n").unwrap();
    let recording = Recording::open(dir.path()).unwrap();
    let Some(Answer::Found(Value::Text(text))) = recording.answer(&log("x", "c", false)).now_or_never() else {
        panic!()
    };
    assert_eq!(&*text, "caf\u{fffd} \u{1b}[2J\n");
}

#[test]
fn events_are_found_under_either_name() {
    let event = r#"{"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"namespace":"a","name":"e"},
        "regarding":{"uid":"u","kind":"Pod"},"note":"why","reason":"R","type":"Warning","reportingController":"kubelet",
        "deprecatedCount":3,"deprecatedLastTimestamp":"2026-11-21T03:45:00Z","eventTime":null}"#;
    let grouped = format!(r#"{{"kind":"List","items":[{event}]}}"#);
    for name in ["resources/events.events.k8s.io.json", "resources/events.json"] {
        let files = [("captured-at", "2026-11-21T03:45:34Z"), (name, grouped.as_str())];
        let recording = Recording::open(folder(&files).path()).unwrap();
        let about = Query::Events { uid: "u".to_owned(), namespace: "a".to_owned() };
        let Some(Answer::Found(found)) = recording.answer(&about).now_or_never() else { panic!("{name}") };
        let event = &found.items()[0];
        let text = |path: &str| event.at(path).as_str().unwrap_or_default().to_owned();
        assert_eq!(text("message"), "why", "{name}");
        assert_eq!(text("reportingComponent"), "kubelet");
        assert_eq!(text("lastTimestamp"), "2026-11-21T03:45:00Z");
        assert!(matches!(event.field("count"), Value::Int(3)));
    }
}
