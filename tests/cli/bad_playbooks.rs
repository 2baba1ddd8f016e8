//! Playbooks that are wrong, or that mean harm.

use super::*;

/// A playbook whose only check is this.
fn playbook(check: &str) -> String {
    format!(
        "apiVersion: storage-doctor.io/v1alpha1\nkind: Playbook\nname: mine\ntitle: A claim of ours\n\
         subject: PersistentVolumeClaim\nsymptom: claim.status.phase == 'Pending'\ncauses:\n  - id: mine\n    proofs:\n      \
         - when: {check}\n        confidence: certain\n        cites: [{{field: claim.status.phase}}]\n    \
         summary: Something is wrong.\n    explanation: Because.\n    remedies:\n      \
         - {{text: Look., command: kubectl get pvc, risk: look}}\n    sources: [ours]\n"
    )
}

fn bombs() -> String {
    let line = |(one, next): (char, char)| {
        let nine = vec![format!("*{one}"); 9].join(", ");
        format!("{next}: &{next} [{nine}]\n")
    };
    let lines: Vec<String> = "abcdefgh".chars().zip("bcdefghi".chars()).map(line).collect();
    format!("a: &a [x, x, x, x, x, x, x, x, x]\n{}", lines.concat())
}

#[test]
fn a_bad_playbook_is_refused_with_its_place() {
    let good = playbook("claim.status.phase == 'Pending'");
    let deep = format!("{}true{}", "(".repeat(12), ")".repeat(12));
    let very_deep = format!("\"{}true{}\"", "(".repeat(5000), ")".repeat(5000));
    let demo = binary::run("pvc --from demo -A");
    let at = r"mine\.yaml:\d+:\d+";
    let cases = [
        ("unknown key", good.replace("title:", "titel:"), "titel(?s:.*)title"),
        ("duplicate key", good.replace("kind: Playbook\n", "kind: Playbook\nkind: Playbook\n"), "(?i)duplicate|twice"),
        ("bad expression", playbook("claim.status.phase =="), at),
        ("undeclared name", playbook("claims.status.phase == 'Pending'"), "claims(?s:.*)claim"),
        ("unknown function", playbook("nosuch(claim.status.phase)"), "nosuch"),
        ("bad regex", playbook("claim.metadata.name.matches('(')"), at),
        ("12 levels", playbook(&format!("\"{deep}\"")), at),
        ("5000 levels", playbook(&very_deep), at),
        ("billion laughs", bombs(), "(?i)anchor|alias"),
        ("deep YAML", "[".repeat(100_000), "error"),
        ("empty", String::new(), "(?i)empty"),
        ("not YAML", "\u{0}\u{1}".to_owned(), "error"),
        ("huge", format!("a: {}\n", "x".repeat(30_000_000)), "larger than"),
    ];
    for (what, text, said) in cases {
        let program = binary::program("pvc --from demo -A --playbooks mine.yaml".split(' ')).file("mine.yaml", &text);
        let run = program.within(SOON * 2).run();
        // What is broken is said, and hides no answer of the others.
        assert_eq!(run.stdout, demo.stdout, "{what}: {run:?}");
        assert_eq!(run.code, demo.code, "{what}: {run:?}");
        assert!(Regex::new(said).unwrap().is_match(&run.stderr), "{what}: no {said:?} in {}", run.stderr);
        assert!(run.stderr.contains("warning: ") && !run.stderr.contains("panicked"), "{what}: {run:?}");
        assert!(run.took < SOON, "{what}: took {:?}", run.took);
        assert!(run.stderr.len() < 20_000, "{what}: {} bytes", run.stderr.len());
        let alone = binary::program("pvc --from demo -A --no-builtin --playbooks mine.yaml".split(' '));
        let _ = refused(what, alone.file("mine.yaml", &text), "no playbook is left");
        let lint = binary::program("playbook lint mine.yaml".split(' ')).file("mine.yaml", &text);
        let _ = refused(what, lint, said);
    }
}

#[test]
fn a_good_playbook_is_used() {
    let text = playbook("claim.metadata.name == 'search'");
    let lint = binary::program("playbook lint mine.yaml".split(' ')).file("mine.yaml", &text).run();
    assert_eq!(lint.code, Some(0), "{lint:?}");
    let run = binary::program("pvc search -n shop --from demo --playbooks mine.yaml --no-builtin -o json".split(' '))
        .file("mine.yaml", &text)
        .run();
    assert_eq!((run.code, &run.json()["findings"][0]["cause"]), (Some(1), &"mine".into()), "{run:?}");
}

#[test]
fn playbooks_that_cannot_be_read_are_refused() {
    for (what, path, said) in [
        ("missing", "nowhere.yaml", "nowhere\\.yaml"),
        ("folder without", ".", "no \\*\\.yaml"),
        ("device", "/dev/null", "neither a file nor a folder"),
    ] {
        let _ = refused(what, binary::program(["pvc", "--from", "demo", "-A", "--playbooks", path]), said);
    }
}
