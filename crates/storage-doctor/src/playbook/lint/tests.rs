//! Each lint on something it is right about, and on a near miss.

mod objects;

use super::{LINTS, lint};
use crate::playbook::load;
use crate::problem::Problem;
use std::collections::BTreeSet;

const SAMPLE: &str = include_str!("sample.yaml");
const SHARED: &str = "apiVersion: storage-doctor.io/v1alpha1\nkind: Library\nname: shared\nsubject: PersistentVolumeClaim\n\
                      let:\n  young: age(claim.metadata.creationTimestamp) < duration('30s')\n";
/// A second playbook, which uses codes of the first.
const OTHER: &str = "apiVersion: storage-doctor.io/v1alpha1\nkind: Playbook\nname: other\ntitle: t\nsubject: PersistentVolumeClaim\n\
                     symptom: claim.status.phase == 'Lost'\ncauses:\n  - {id: acme-busy, proofs: [{when: claim.spec.volumeName == null, \
                     confidence: likely, cites: [{field: claim.status.phase}]}], summary: s, explanation: e, sources: [SOURCE]}\n";

type Edit = (&'static str, &'static str);

/// Of each lint: a change that it finds, what it underlines, and changes near that one that it lets pass.
const CASES: &[(&str, Edit, &str, &[Edit])] = &[
    (
        "ambiguous-pattern",
        // Nothing says any more that the one stands instead of the other.
        (
            "instead_of: [acme-busy]\n    sources: [ACME manual]\n  - id: acme-busy",
            "sources: [ACME manual]\n  - id: acme-busy",
        ),
        "'^server .*$'",
        &[("'^server busy$'", "'^server (?:very )?busy$'"), ("reason: [ProvisioningFailed]", "reason: [Provisioning]")],
    ),
    ("duplicate-code", ("SOURCE", "another manual"), "acme-busy", &[("SOURCE", "ACME manual")]),
    (
        "loose-pattern",
        ("'^server busy$'", "'server busy$'"),
        "'server busy$'",
        &[
            ("'^server busy$'", "'(?s)^.*server busy.*$'"),
            ("'^server busy$'", "'^(?:server|volume) busy$|^server busy$'"),
        ],
    ),
    (
        "never-holds",
        ("busy != null && class != null", "busy != null && busy == null"),
        "busy != null && busy == null",
        &[("busy != null && class != null", "busy != null && class == null"), ("!young", "(young || !young)")],
    ),
    (
        "not-a-check",
        ("size(free) == 0 && class == null", "size(free)"),
        "size(free)",
        &[
            ("size(free) == 0 && class == null", "size(free) == 0"),
            ("when: busy != null && class != null", "when: class.allowVolumeExpansion && busy != null"),
        ],
    ),
    (
        "placeholder",
        ("pvc {{ claim.metadata.name }}'", "pvc NAME'"),
        "NAME",
        &[("pvc {{ claim.metadata.name }}'", "pvc -o custom-columns=NAME:.metadata.name'")],
    ),
    (
        "shadowed-cause",
        ("when: busy != null && class != null", "when: busy != null && expired != null"),
        "acme-busy",
        &[("when: busy != null && class != null", "when: busy != null || expired != null")],
    ),
    (
        "shadowed-proof",
        ("      - when: expired != null\n", "      - when: expired != null && size(free) > 0 && class != null\n"),
        "expired != null && size(free) > 0 && class != null",
        &[
            ("      - when: expired != null\n", "      - when: expired != null && !known(free) && class != null\n"),
            // Beside a healthy wait the first is not looked at, and the second is.
            (
                "      - when: expired != null\n",
                "      - when: expired != null && size(free) > 0 && class != null\n        severity: warning\n",
            ),
        ],
    ),
    (
        "unknown-object-field",
        ("name: claim.spec.storageClassName", "name: claim.spec.storageClasName"),
        "storageClasName",
        &[
            ("name: claim.spec.storageClassName", "name: claim.metadata.annotations['storageClasName']"),
            // The way to read what is newer than the table.
            ("name: claim.spec.storageClassName", "name: claim.spec['storageClassOfTomorrow']"),
        ],
    ),
    (
        "unread-group",
        ("'^server busy$'", "'^server (?P<how>busy)$'"),
        "how",
        &[
            ("summary: It is busy.", "summary: 'It is busy {{ busy.message }}.'"),
            ("'^server busy$'", "'^server (?:busy)$'"),
        ],
    ),
    (
        "unused-name",
        ("  free: volumes", "  spare: class\n  free: volumes"),
        "spare",
        &[("  free: volumes", "  spare: class\n  spares: spare\n  free: spares == null ? null : volumes")],
    ),
];

fn files(edits: &[Edit]) -> Vec<(String, String)> {
    let mut texts = [SAMPLE.to_owned(), SHARED.to_owned(), OTHER.replace("SOURCE", "ACME manual")];
    for (from, to) in edits {
        if *from == "SOURCE" {
            texts[2] = OTHER.replace(from, to);
        } else {
            assert!(texts[0].contains(from), "the sample has no {from}");
            texts[0] = texts[0].replacen(from, to, 1);
        }
    }
    ["sample.yaml", "shared.yaml", "other.yaml"].iter().map(|name| (*name).to_owned()).zip(texts).collect()
}

fn problems(edits: &[Edit]) -> Vec<Problem> {
    lint(&files(edits)).map(crate::problem::Problems::into_vec).unwrap_or_default()
}

#[test]
fn the_sample_is_clean() {
    assert_eq!(problems(&[]).iter().map(ToString::to_string).collect::<String>(), "");
}

#[test]
fn every_lint_has_what_it_finds_and_what_it_lets_pass() {
    let tried: BTreeSet<&str> = CASES.iter().map(|case| case.0).collect();
    let all: BTreeSet<&str> = LINTS.iter().map(|lint| lint.code).collect();
    assert_eq!(tried, all);
    assert!(CASES.iter().all(|(.., near)| !near.is_empty()));
}

#[test]
fn lints_find_what_they_should_and_no_more() {
    for (code, bad, underlined, near) in CASES {
        // Two messages are ambiguous only where one pattern fits both.
        let wide: &[Edit] = &[
            ("'^server busy$'", "'^server .*$'"),
            ("license gold has expired", "server gold has expired"),
            ("'^license (?P", "'^(?:license|server) (?P"),
        ];
        let also = if *code == "ambiguous-pattern" { wide } else { &[] };
        let edits: Vec<Edit> = also.iter().copied().chain([*bad]).collect();
        let found = problems(&edits);
        let of_it: Vec<&Problem> = found.iter().filter(|problem| problem.code == *code).collect();
        let shown: Vec<&str> = of_it.iter().map(|problem| problem.at.file.slice(problem.at.span)).collect();
        assert_eq!(shown, [*underlined], "{code}: {found:#?}");
        let level = LINTS.iter().find(|lint| lint.code == *code).map(|lint| lint.level);
        assert!(of_it.iter().all(|problem| Some(problem.level) == level));
        for edit in *near {
            let found = problems(&[*edit]);
            assert!(found.iter().all(|problem| problem.code != *code), "{code}, {edit:?}: {found:#?}");
        }
        // In a run they are not looked for.
        assert!(
            load(&files(&edits)).is_ok_and(|loaded| loaded.warnings.is_empty()) || *code == "unused-name",
            "{code}"
        );
    }
}

#[test]
fn what_is_broken_elsewhere_hides_nothing_and_invents_nothing() {
    // `free` is misspelt where it is used: it is not unused for that.
    let found = problems(&[
        ("size(free) > 0", "size(fre) > 0 &&"),
        ("claim.spec.storageClassName", "claim.spec.storageClasName"),
    ]);
    let codes: Vec<&str> = found.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["unknown-object-field", "missing-expression"]);
}

#[test]
fn a_cause_that_there_is_not_is_an_error_here() {
    let found = problems(&[("instead_of: [acme-busy]", "instead_of: [acme-bussy]")]);
    let found: Vec<_> = found.iter().map(|problem| (problem.code, problem.level)).collect();
    assert_eq!(found, [("unknown-cause", crate::problem::Level::Error)]);
}

#[test]
fn a_file_of_cases_is_told_from_a_playbook() {
    let found = lint(&[("c.yaml".to_owned(), "kind: Cases\ncases: []\n".to_owned())]).unwrap().into_vec();
    assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["cases-file"]);
}

#[test]
fn fields_are_known_through_names_lists_and_loops() {
    for (right, wrong) in [
        ("volumes.exists(v, v.spec.claimRef.name == 'x')", "volumes.exists(v, v.spec.claimRef.nme == 'x')"),
        ("first(volumes).spec.csi.driver == 'x'", "first(volumes).spec.csi.drver == 'x'"),
        (
            "volumes.filter(v, v.spec != null).map(v, v.metadata)[0].name == 'x'",
            "volumes.filter(v, v.spec != null).map(v, v.metadata)[0].nam == 'x'",
        ),
        ("size(volumes.where('spec.csi.driver', 'x')) > 0", "size(volumes.where('spec.csi.drver', 'x')) > 0"),
        ("(class != null ? class : null).provisioner == 'x'", "(class != null ? class : null).provisoner == 'x'"),
        ("last(events).component == 'x'", "last(events).source == 'x'"),
        ("volumes.sort_by('metadata.name')[0].kind == 'x'", "volumes.sort_by('metadata.nme')[0].kind == 'x'"),
        ("has(claim.spec.volumeName)", "has(claim.spec.volumName)"),
        ("claim.spec.accessModes[0] == 'x'", "claim.spec.accessModes.first == 'x'"),
        ("class.parameters.anything == 'x'", "class.provisioner.anything == 'x'"),
        (
            "captures(claim.spec.volumeName, '^(?P<a>.)$').a == 'x'",
            "captures(claim.spec.volumeName, '^(?P<a>.)$').b == 'x'",
        ),
        ("[{'a': 1}].exists(m, m.a == 1)", "[{'a': 1}].exists(m, m.b == 1)"),
        ("(['x'] + [{'a': 1}]).exists(m, m.a == 1)", "(['x'] + [{'a': 1}]).exists(m, m.b == 1)"),
    ] {
        let found = |expression: &str| {
            let text =
                SAMPLE.replacen("busy != null && class != null", &format!("\"busy != null && {expression}\""), 1);
            let mut files = files(&[]);
            files[0].1 = text;
            lint(&files).map(|found| found.into_vec().iter().map(|p| p.code).collect::<Vec<_>>()).unwrap_or_default()
        };
        assert_eq!(found(right), Vec::<&str>::new(), "{right}");
        assert_eq!(found(wrong), ["unknown-object-field"], "{wrong}");
    }
}
