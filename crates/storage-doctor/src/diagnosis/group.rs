//! Many diagnoses: failing first, grouped by root cause.

use crate::report::v1::{self, Diagnosis, DiagnosisList, Group, ObjectRef, Unknown, Verdict};
use std::collections::BTreeMap;

/// The list of diagnoses, each with the object its first finding lies in.
pub(crate) fn list(mut diagnoses: Vec<(Diagnosis, Option<ObjectRef>)>, unknown: Vec<Unknown>) -> DiagnosisList {
    diagnoses.sort_by(|(a, _), (b, _)| (a.verdict, &a.subject).cmp(&(b.verdict, &b.subject)));
    let groups = groups(&diagnoses);
    DiagnosisList {
        api_version: v1::API_VERSION.to_owned(),
        kind: "DiagnosisList".to_owned(),
        items: diagnoses.into_iter().map(|(diagnosis, _)| diagnosis).collect(),
        groups,
        unknown,
    }
}

/// The failing ones by cause and the object it lies in; the most harmful group first.
fn groups(diagnoses: &[(Diagnosis, Option<ObjectRef>)]) -> Vec<Group> {
    let mut by_root: BTreeMap<(&str, &ObjectRef), Group> = BTreeMap::new();
    for (diagnosis, root) in diagnoses {
        let (Verdict::Failing, Some(root), Some(first)) = (diagnosis.verdict, root, diagnosis.findings.first()) else {
            continue;
        };
        by_root
            .entry((&first.cause, root))
            .or_insert_with(|| Group {
                cause: first.cause.clone(),
                root: root.clone(),
                summary: first.summary.clone(),
                subjects: Vec::new(),
            })
            .subjects
            .push(diagnosis.subject.clone());
    }
    let mut groups: Vec<Group> = by_root.into_values().collect();
    groups.sort_by(|a, b| {
        b.subjects.len().cmp(&a.subjects.len()).then_with(|| (&a.cause, &a.root).cmp(&(&b.cause, &b.root)))
    });
    groups
}
