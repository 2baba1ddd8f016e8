//! The same answer live and from a capture.

use std::fs;
use std::future::Future;
use std::time::Duration;
use storage_doctor::doctor::{Doctor, Scope};
use storage_doctor::report::v1::Diagnosis;
use storage_doctor::source::recording::{About, Recording, write};
use storage_doctor::source::{Capturing, Redactor, Source, Without};
use storage_doctor::subject::{Kind, Subject};
use storage_doctor::time::Time;
use storage_doctor_kube::{Cluster, ConnectOptions, Environment};
use storage_doctor_tests::fake_api::{FakeApi, Fault, Objects};
use storage_doctor_tests::library::{playbooks, ready};
use storage_doctor_tests::recorded::{self, Expected};

/// The answers of a source as it is surveyed, written and read back.
async fn captured(doctor: &Doctor, scope: &Scope, source: &dyn Source, at: Time) -> Recording {
    let capturing = Capturing::new(source);
    doctor.survey(scope, &capturing).await.unwrap();
    let about = About {
        folder: "capture".to_owned(),
        tool: "tests".to_owned(),
        taken_at: at,
        server_version: None,
        scope: scope.to_string(),
    };
    let mut archive = Vec::new();
    write(&mut archive, &capturing.into_answers(), &about, Redactor::new([1; 32])).unwrap();
    let recording = Recording::from_archive_bytes(&archive).unwrap();
    assert_eq!(recording.taken_at(), Some(at));
    recording
}

/// Both diagnoses, as JSON: nothing in them may differ, as both stand at the same time.
fn same(what: &str, live: &Diagnosis, captured: &Diagnosis) {
    let [live, captured] = [live, captured].map(|report| serde_json::to_string_pretty(report).unwrap());
    assert!(live == captured, "{what}\n--- live\n{live}\n--- captured\n{captured}");
}

fn captured_at() -> Time {
    let folder = &recorded::named("faults-a").folder;
    Time::parse(&fs::read_to_string(folder.join("captured-at")).unwrap()).unwrap()
}

fn subjects() -> Vec<Subject> {
    let subjects: Vec<Subject> = recorded::named("faults-a").expected.iter().filter_map(Expected::subject).collect();
    assert!(subjects.len() > 30, "{}", subjects.len());
    subjects
}

fn with_runtime(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

async fn connected(api: &FakeApi) -> Cluster {
    let options = ConnectOptions {
        server: Some(api.url()),
        request_timeout: Some(Duration::from_secs(2)),
        ..ConnectOptions::default()
    };
    Cluster::connect(&options, &Environment::default()).await.unwrap()
}

/// What a user may not do, or what the server does not do.
fn troubles() -> Vec<(&'static str, Vec<(&'static str, Fault)>)> {
    vec![
        ("all is well", vec![]),
        ("classes are denied", vec![("storageclasses.storage.k8s.io", Fault::Deny)]),
        ("events and logs are denied", vec![("events", Fault::Deny), ("pods/log", Fault::Deny)]),
        (
            "the cluster may not be listed",
            vec![
                ("events", Fault::DenyClusterWide),
                ("pods", Fault::DenyClusterWide),
                ("persistentvolumeclaims", Fault::DenyClusterWide),
                ("leases.coordination.k8s.io", Fault::DenyClusterWide),
            ],
        ),
        (
            "drivers do not answer",
            vec![
                ("csidrivers.storage.k8s.io", Fault::Code(500)),
                ("csinodes.storage.k8s.io", Fault::Garbage),
                ("leases.coordination.k8s.io", Fault::Html404),
            ],
        ),
    ]
}

#[test]
fn a_capture_of_the_cluster_says_of_everything_what_the_cluster_said() {
    with_runtime(async {
        let api = FakeApi::start(Objects::folder(&recorded::named("faults-a").folder).unwrap()).unwrap();
        let cluster = connected(&api).await;
        let doctor = Doctor::new(playbooks(), captured_at());
        for (what, faults) in troubles() {
            api.heal();
            for (resource, fault) in &faults {
                api.fail(resource, *fault);
            }
            // Where claims cannot be listed, none is found to look at.
            let scopes: Vec<Scope> = if what == "the cluster may not be listed" {
                let namespaces: std::collections::BTreeSet<String> =
                    subjects().into_iter().filter_map(|subject| subject.namespace).collect();
                namespaces.into_iter().map(Scope::Namespace).collect()
            } else {
                vec![Scope::Cluster]
            };
            for scope in scopes {
                let recording = captured(&doctor, &scope, &cluster, captured_at()).await;
                let inside = |subject: &Subject| match &scope {
                    Scope::Namespace(namespace) => subject.namespace.as_ref() == Some(namespace),
                    _ => true,
                };
                for subject in subjects().into_iter().filter(inside) {
                    let live = doctor.diagnose(&subject, &cluster).await.unwrap();
                    let offline = ready(doctor.diagnose(&subject, &recording)).unwrap();
                    same(&format!("{subject}, when {what}"), &live, &offline);
                }
            }
        }
    });
}

#[test]
fn a_capture_of_one_subject_is_enough_for_it() {
    let folder = &recorded::named("faults-a").folder;
    let source = Recording::open(folder).unwrap();
    let doctor = Doctor::new(playbooks(), captured_at());
    for subject in subjects() {
        let recording = ready(captured(&doctor, &Scope::Subjects(vec![subject.clone()]), &source, captured_at()));
        let before = ready(doctor.diagnose(&subject, &source)).unwrap();
        same(&subject.to_string(), &before, &ready(doctor.diagnose(&subject, &recording)).unwrap());
        let again = ready(captured(&doctor, &Scope::Subjects(vec![subject.clone()]), &recording, captured_at()));
        same(&subject.to_string(), &before, &ready(doctor.diagnose(&subject, &again)).unwrap());
    }
}

#[test]
fn four_ways_of_not_answering_stay_four() {
    let source = Recording::open(&recorded::named("faults-a").folder).unwrap();
    let source = Without::new(source)
        .deny("pods")
        .unreachable("events")
        .not_recorded("nodes")
        .deny_across_namespaces("leases.coordination.k8s.io");
    let doctor = Doctor::new(playbooks(), captured_at());
    let recording = ready(captured(&doctor, &Scope::Cluster, &source, captured_at()));
    for subject in subjects() {
        let before = ready(doctor.diagnose(&subject, &source)).unwrap();
        same(&subject.to_string(), &before, &ready(doctor.diagnose(&subject, &recording)).unwrap());
    }
}

#[test]
fn what_was_not_asked_was_not_recorded() {
    let source = Recording::open(&recorded::named("faults-a").folder).unwrap();
    let doctor = Doctor::new(playbooks(), captured_at());
    let claim = |namespace: &str, name: &str| Subject::new(Kind::PersistentVolumeClaim, Some(namespace), name);
    let one = Scope::Subjects(vec![claim("h01-healthy", "data")]);
    let recording = ready(captured(&doctor, &one, &source, captured_at()));
    let other = ready(doctor.diagnose(&claim("p12-quota", "nothing-of-it"), &recording)).unwrap();
    let said = serde_json::to_string(&other.unknown).unwrap();
    assert!(said.contains("not recorded"), "{said}");
}
