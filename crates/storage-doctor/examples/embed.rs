//! Diagnoses a claim of a cluster that lives in memory: what another tool does that embeds the engine.
//!
//! A tool with a cluster at hand uses `storage-doctor-kube`, or implements `Source` over its own client
//! or cache: one method, from a question to an answer.

use std::error::Error;
use storage_doctor::doctor::Doctor;
use storage_doctor::playbook::builtin;
use storage_doctor::render::{TextStyle, text};
use storage_doctor::source::{Memory, decode_object};
use storage_doctor::subject::{Kind, Subject};
use storage_doctor::time::Time;

const CLAIM: &[u8] = br#"{
    "apiVersion": "v1", "kind": "PersistentVolumeClaim",
    "metadata": {"namespace": "shop", "name": "data", "uid": "1", "creationTimestamp": "2026-11-20T09:00:00Z"},
    "spec": {"storageClassName": "fast", "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    "status": {"phase": "Pending"}
}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let now = Time::parse("2026-11-20T10:00:00Z")?;
    let source = Memory::at(now).object(decode_object(CLAIM)?);
    let doctor = Doctor::new(builtin()?.playbooks, now);
    let subject = Subject::new(Kind::PersistentVolumeClaim, Some("shop"), "data");
    let diagnosis = futures::executor::block_on(doctor.diagnose(&subject, &source))?;
    let style = TextStyle { color: false, width: 100, ..TextStyle::default() };
    std::io::Write::write_all(&mut std::io::stdout(), text::render(&diagnosis, &style).as_bytes())?;
    Ok(())
}
