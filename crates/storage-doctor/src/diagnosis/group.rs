//! Many diagnoses: failing first, grouped by root cause.

use crate::report::v1::{self, Counts, Diagnosis, DiagnosisList, Group, ObjectRef, Unknown, Verdict};
use std::collections::BTreeMap;

/// Diagnoses of many subjects, each with the object its first finding lies in.
#[derive(Debug, Default)]
pub(crate) struct Diagnosed {
    /// Those that are kept.
    pub(crate) diagnoses: Vec<(Diagnosis, Option<ObjectRef>)>,
    /// All of them, counted.
    pub(crate) counts: Counts,
}

impl Diagnosed {
    /// Takes one in; one that says nothing is wrong is only counted when only troubles are wanted.
    pub(crate) fn push(&mut self, diagnosis: (Diagnosis, Option<ObjectRef>), only_troubles: bool) {
        let verdict = diagnosis.0.verdict;
        self.counts.add(verdict);
        if !only_troubles || matches!(verdict, Verdict::Failing | Verdict::Unknown) {
            self.diagnoses.push(diagnosis);
        }
    }

    /// Counts one that says nothing is wrong and is not kept.
    pub(crate) fn push_well(&mut self) {
        self.counts.add(Verdict::Healthy);
    }

    /// Takes in those of others after its own.
    pub(crate) fn append(&mut self, others: Self) {
        self.counts.join(others.counts);
        self.diagnoses.extend(others.diagnoses);
    }
}

/// The list of diagnoses: failing first.
pub(crate) fn list(diagnosed: Diagnosed, unknown: Vec<Unknown>) -> DiagnosisList {
    let Diagnosed { mut diagnoses, counts } = diagnosed;
    diagnoses.sort_by(|(a, _), (b, _)| (a.verdict, &a.subject).cmp(&(b.verdict, &b.subject)));
    let groups = groups(&diagnoses);
    DiagnosisList {
        api_version: v1::API_VERSION.to_owned(),
        kind: "DiagnosisList".to_owned(),
        counts,
        items: diagnoses.into_iter().map(|(diagnosis, _)| diagnosis).collect(),
        groups,
        unknown,
    }
}

/// The failing ones by cause and the object it lies in; the most harmful group first. The UID is no part of the
/// object's name here: who only refers to an object does not know it.
fn groups(diagnoses: &[(Diagnosis, Option<ObjectRef>)]) -> Vec<Group> {
    let mut by_root: BTreeMap<(&str, [&str; 3]), Group> = BTreeMap::new();
    for (diagnosis, root) in diagnoses {
        let (Verdict::Failing, Some(root), Some(first)) = (diagnosis.verdict, root, diagnosis.findings.first()) else {
            continue;
        };
        by_root
            .entry((&first.cause, [&root.kind, root.namespace.as_deref().unwrap_or_default(), &root.name]))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::{Confidence, Role, Severity};
    use crate::report::v1::Finding;

    fn object(kind: &str, name: &str, uid: Option<&str>) -> ObjectRef {
        ObjectRef { kind: kind.into(), namespace: None, name: name.into(), uid: uid.map(str::to_owned) }
    }

    fn failing(subject: ObjectRef, root: ObjectRef, cause: &str) -> (Diagnosis, Option<ObjectRef>) {
        let finding = Finding {
            cause: cause.into(),
            playbook: "p".into(),
            role: Role::RootCause,
            severity: Severity::Error,
            confidence: Confidence::Certain,
            subject: subject.clone(),
            summary: format!("{} fails", subject.name),
            explanation: String::new(),
            evidence: Vec::new(),
            remedies: Vec::new(),
        };
        let diagnosis = Diagnosis {
            api_version: v1::API_VERSION.into(),
            kind: "Diagnosis".into(),
            subject,
            at: String::new(),
            verdict: Verdict::Failing,
            findings: vec![finding],
            waiting: Vec::new(),
            chain: Vec::new(),
            ruled_out: Vec::new(),
            unknown: Vec::new(),
        };
        (diagnosis, Some(root))
    }

    #[test]
    fn what_lies_in_one_object_is_one_group_whoever_knows_its_uid() {
        let mut diagnosed = Diagnosed::default();
        let volume = || object("PersistentVolume", "pv-1", Some("u1"));
        diagnosed.push(failing(volume(), volume(), "pv-released-retain"), false);
        let claim = object("PersistentVolumeClaim", "data", Some("u2"));
        diagnosed.push(failing(claim, object("PersistentVolume", "pv-1", None), "pv-released-retain"), false);
        diagnosed.push(failing(volume(), object("PersistentVolume", "pv-2", None), "pv-released-retain"), false);
        diagnosed.push(failing(volume(), object("StorageClass", "pv-1", None), "pv-released-retain"), false);
        let groups = list(diagnosed, Vec::new()).groups;
        let sizes: Vec<_> = groups.iter().map(|group| (group.root.name.as_str(), group.subjects.len())).collect();
        assert_eq!(sizes, [("pv-1", 2), ("pv-2", 1), ("pv-1", 1)]);
    }
}
