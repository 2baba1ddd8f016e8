mod answers;
mod hostile;

use super::*;
use futures::FutureExt;
use std::error::Error as _;
use std::fs;
use tempfile::TempDir;

const PODS: &str = r#"{"apiVersion":"v1","kind":"List","items":[
    {"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"b","name":"x","creationTimestamp":"2026-11-21T03:00:00Z"}},
    {"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"a","name":"x"}}]}"#;
const EVENTS: &str = r#"[{"metadata":{"namespace":"a","name":"e"},"involvedObject":{"uid":"u"},"lastTimestamp":"2026-11-21T03:30:00Z"}]"#;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

/// The same as `tar`, whole.
fn tar(files: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn list(resource: &str, namespace: Option<&str>) -> Query {
    Query::List { resource: Resource::by_name(resource).unwrap(), namespace: namespace.map(str::to_owned) }
}

fn object(resource: &str, namespace: Option<&str>, name: &str) -> Query {
    let resource = Resource::by_name(resource).unwrap();
    Query::Object { resource, namespace: namespace.map(str::to_owned), name: name.to_owned() }
}

fn log(pod: &str, container: &str, previous: bool) -> Query {
    Query::Log { namespace: "a".to_owned(), pod: pod.to_owned(), container: container.to_owned(), previous }
}

fn ask(recording: &Recording, query: &Query) -> String {
    match recording.answer(query).now_or_never().unwrap() {
        Answer::Found(value) => format!("found {}", serde_json::to_string(&value).unwrap()),
        Answer::Truncated(_, why) => format!("truncated: {why}"),
        Answer::Absent => "absent".to_owned(),
        Answer::Denied { .. } => "denied".to_owned(),
        Answer::Unreachable { why } => format!("unreachable: {why}"),
        Answer::NotRecorded => "not recorded".to_owned(),
    }
}

/// The error in full, as a person sees it.
fn why(result: Result<Recording, RecordingError>) -> String {
    let error = result.map(|_| "it was read").unwrap_err();
    format!("{error}: {}", error.source().unwrap())
}
