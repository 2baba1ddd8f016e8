//! Hostile playbooks and hostile evidence through the built program: an error or an answer, soon, in little memory, and
//! never a crash.
//!
//! What is promised is a second of the released program; `BOUNDS=release` builds that one and measures it. By
//! itself the test takes the program that the other tests have, which is slower by a known factor.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::format_collect,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "these are tests"
)]

#[path = "bounds/evidence.rs"]
mod evidence;

use std::time::Duration;
use storage_doctor_tests::binary::{self, Program, Run};

/// What reading a hostile playbook may take of a processor. What the clock says depends on who else is at work; where
/// the system does not tell, it has to do.
const TIME: Duration = Duration::from_secs(1);
/// How many times as long it may take where not everything is optimised.
const SLOWER: u32 = 3;
const MEMORY: u64 = 200 << 20;

/// Whether the released program is measured.
fn is_released() -> bool {
    !cfg!(debug_assertions) || std::env::var("BOUNDS").is_ok_and(|value| value == "release")
}

fn program<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Program {
    let path = if is_released() { binary::release() } else { binary::path() };
    Program::new(path, arguments)
}

/// A playbook with these parts in the place of its own.
fn playbook(evidence: &str, lets: &str, when: &str, summary: &str) -> String {
    format!(
        "apiVersion: storage-doctor.io/v1alpha1\nkind: Playbook\nname: evil\ntitle: t\nsubject: PersistentVolumeClaim\n\
         symptom: 'true'\nevidence:\n  pods: {{list: {{resource: pods}}}}\n{evidence}let:\n  one: '1'\n{lets}\
         causes:\n  - id: evil-cause\n    proofs: [{{when: \"{when}\", confidence: likely, cites: [{{field: claim.metadata.name}}]}}]\n    \
         summary: \"{summary}\"\n    explanation: e\n    sources: [s]\n"
    )
}

fn check(when: &str) -> String {
    playbook("", "", when, "s")
}

/// A claim and many pods, as a recording.
fn with_recording(arguments: &str, text: &str) -> Program {
    let claims = r#"{"items":[{"kind":"PersistentVolumeClaim","metadata":{"name":"data","namespace":"shop","uid":"u"},"status":{"phase":"Pending"}}]}"#;
    let pod = |n: usize| format!(r#"{{"metadata":{{"name":"p{n}","namespace":"shop"}},"spec":{{"nodeName":"n{n}"}}}}"#);
    let pods: Vec<String> = (0..3000).map(pod).collect();
    let pods = format!(r#"{{"items":[{}]}}"#, pods.join(","));
    let program = program(arguments.split(' ')).file("evil.yaml", text);
    std::fs::create_dir_all(program.home().join("rec/resources")).unwrap();
    let program = program.file("rec/captured-at", "2026-11-20T10:00:00Z");
    let program = program.file("rec/resources/persistentvolumeclaims.json", claims);
    program.file("rec/resources/pods.json", &pods)
}

fn within_bounds(what: &str, run: &Run) {
    println!("{what}: {:?} of {:?}, {:?} MiB", run.cpu, run.took, run.peak.map(|bytes| bytes >> 20));
    let took = run.cpu.unwrap_or(run.took);
    let may = if is_released() { TIME } else { TIME * SLOWER };
    assert!(took < may, "{what}: took {took:?}");
    assert!(run.peak.is_none_or(|peak| peak < MEMORY), "{what}: took {:?} bytes", run.peak);
    assert!(run.code.is_some(), "{what}: ended by a signal");
    assert!(run.stderr.len() + run.stdout.len() < 1 << 20, "{what}: says {} bytes", run.stderr.len());
    assert!(!run.stderr.contains("panicked"), "{what}: {}", run.stderr);
}

/// Texts that have to be refused.
#[expect(clippy::too_many_lines, reason = "a table")]
fn hostile() -> Vec<(&'static str, String)> {
    let bomb = (1..9)
        .fold("a0: &a0 [x]\n".to_owned(), |t, n| format!("{t}a{n}: &a{n} [{}]\n", format!("*a{},", n - 1).repeat(9)));
    let pods = |n: usize| -> String { (0..n).map(|n| format!("  e{n}: {{list: {{resource: pods}}}}\n")).collect() };
    let lets = |n: usize, body: &dyn Fn(usize) -> String| -> String {
        (1..n).map(|n| format!("  l{n}: {}\n", body(n))).collect()
    };
    let message = |regex: &str| {
        playbook("", "", "true", "s").replace(
            "causes:",
            &format!("messages:\n  m: {{in: pods, patterns: [{{regex: '{regex}', example: a}}]}}\ncauses:"),
        )
    };
    let many: String = (0..400)
        .map(|n| format!("  m{n}: {{in: pods, patterns: [{{regex: '^(\\w{{40}}){{30}}{n}$', example: a}}]}}\n"))
        .collect();
    let causes = |n: usize| -> String {
        let causes = (0..n).map(|n| {
            format!(
                "  - id: cause-{n}\n    proofs: [{{when: claim.a{n} == nam{n}, confidence: likely, cites: [{{field: claim.a{n}}}]}}]\n    \
                 summary: '{{{{ claim.a{n} }}}}'\n    explanation: e\n    sources: [s]\n"
            )
        });
        playbook("", "", "tru", "s") + &causes.collect::<String>()
    };
    let proofs: String =
        (0..4000).map(|n| format!("{{when: x{n}, confidence: likely, cites: [{{field: x{n}}}]}}, ")).collect();
    let proofs = playbook("", "", "true", "s").replace("proofs: [", &format!("proofs: [{proofs}"));
    let wide: String = (0..150).map(|n| format!("  w{n}: '{}'\n", vec!["claim.a"; 160].join(" || "))).collect();
    // Fields that are stated of resources, as many as may be, and choices between what has them.
    let stated = |n: usize| -> String {
        let paths: Vec<String> = (0..4).map(|f| format!("f{f}.{}z", "b[].".repeat(45))).collect();
        format!(
            "  e{n}: {{object: {{resource: {{plural: things, group: evil.example, version: v1, kind: T{n}, namespaced: false, \
             fields: ['{}']}}, name: claim.metadata.name}}}}\n",
            paths.join("', '")
        )
    };
    let stated: String = (0..490).map(stated).collect();
    let chosen: String = (1..490).map(|n| format!("  l{n}: 'claim.spec == null ? l{} : e{n}'\n", n - 1)).collect();
    let maps = format!("{{{}}}", (0..400).map(|n| format!("'{n}': 1")).collect::<Vec<_>>().join(", "));
    let alike: String = (0..1500)
        .map(|n| {
            format!(
                "  m{n}: {{in: pods, patterns: [{{regex: '^.*(a|b)+ .*{n}$', example: {} {n}}}]}}\n",
                "ab".repeat(60)
            )
        })
        .collect();
    let alike = playbook("", "", "tru", "s").replace("causes:", &format!("messages:\n{alike}causes:"));
    vec![
        ("a thousand causes", causes(1000)),
        ("ten thousand causes", causes(10_000)),
        ("thousands of proofs", proofs),
        ("wide sums of checks", playbook("", &wide, "tru", "s")),
        (
            "many stated fields",
            playbook(
                &stated,
                &format!("  l0: e0\n{chosen}"),
                "l489.f1.b[0].nothing == null && e7.f1.q",
                "{{ l489.g }}",
            ),
        ),
        ("a wide map", playbook("", &format!("  w: \"{maps}\"\n").repeat(1), "tru", "s")),
        ("many messages that are alike", alike),
        ("lists in lists", "[".repeat(500_000)),
        ("maps in maps", "{a: ".repeat(200_000)),
        ("blocks in blocks", (0..700).map(|n| format!("{}a:\n", " ".repeat(n))).collect()),
        ("aliases of aliases", bomb),
        ("a regex of a million", message("(a{1000}){1000}")),
        ("a nested regex", message(&format!("{}a{}", "(".repeat(1500), ")".repeat(1500)))),
        ("many large regexes", playbook("", "", "true", "s").replace("causes:", &format!("messages:\n{many}causes:"))),
        ("a pattern of a million", check("claim.metadata.name.matches('((a{100}){100}){100}')")),
        ("brackets in brackets", check(&format!("{}1{} == 1", "(".repeat(1900), ")".repeat(1900)))),
        ("not not not", check(&"!".repeat(4000))),
        ("minus minus minus", check(&format!("{}1 == 1", "- ".repeat(1900)))),
        ("a long sum", check(&format!("{} == 1", vec!["1"; 1500].join("+")))),
        ("questions in questions", check(&format!("{}true", "true ? true : ".repeat(280)))),
        ("loops in loops", check(&format!("{}true{}", "pods.all(x, ".repeat(9), ")".repeat(9)))),
        ("much evidence", playbook(&pods(100_000), "", "true", "s")),
        ("evidence up to a megabyte", playbook(&pods(25_000), "", "true", "s")),
        ("many expressions", playbook("", &lets(6_000, &|_| "1 + 1".to_owned()), "true", "s")),
        (
            "names that need each other",
            playbook("", &lets(400, &|n| format!("l{}", if n == 399 { 1 } else { n + 1 })), "true", "s"),
        ),
        ("holes in holes", playbook("", "", "true", &"{{ '{{ ' + ".repeat(1000))),
        ("many holes", playbook("", "", "true", &"{{claim.metadata.nam}}".repeat(700))),
        ("ten megabytes of prose", playbook("", "", "true", &"prose ".repeat((10 << 20) / 6))),
        ("ten megabytes of nothing", " ".repeat(10 << 20)),
        ("a line of a megabyte", format!("title: {}", "\u{754c}".repeat(340_000))),
        ("a list of fifty thousand", format!("uses: [{}]\n", "a,".repeat(49_000))),
    ]
}

#[test]
fn a_hostile_playbook_is_refused_soon_and_in_little_memory() {
    for (what, text) in hostile() {
        let run = program(["playbook", "lint", "evil.yaml"]).file("evil.yaml", &text).run();
        within_bounds(what, &run);
        assert_eq!(run.code, Some(2), "{what}: {}", run.stderr.chars().take(500).collect::<String>());
        assert!(run.stderr.contains("error"), "{what}: says nothing");
    }
}

/// Texts that are well-formed and cost as much as they can.
#[expect(clippy::too_many_lines, reason = "a table")]
fn costly() -> Vec<(&'static str, String)> {
    let doubled: String =
        (1..300).map(|n| format!("  l{n}: \"{{'a': l{0}, 'b': l{0}, 'c': l{0}}}\"\n", n - 1)).collect();
    let lists: String = (1..40).map(|n| format!("  l{n}: 'l{0} + l{0}'\n", n - 1)).collect();
    let texts: String = (1..60).map(|n| format!("  l{n}: 'l{0} + l{0}'\n", n - 1)).collect();
    let ways: String = (1..200)
        .map(|n| {
            format!("  l{n}: '(l{0} || claim.a.x{n}) && (l{0} || claim.a.y{n}) && !(l{0} && claim.a.z{n})'\n", n - 1)
        })
        .collect();
    let busy: String = (1..190).map(|n| format!("  l{n}: 'pods.all(a, pods.all(b, a.x{n} == b.x{n}))'\n")).collect();
    let bulky: String = (1..190).map(|n| format!("  l{n}: \"pods.map(a, pods.map(b, {{'x{n}': b}}))\"\n")).collect();
    let all = |joined: &str| (1..150).map(|n| format!("l{n}")).collect::<Vec<_>>().join(joined);
    let patterns: Vec<String> =
        (0..8).map(|n| format!("{{regex: '^(\\w+\\s?){{60}}{n}$', example: '{}{n}'}}", "a ".repeat(60))).collect();
    let searched: String = (0..40)
        .map(|n| {
            format!(
                "  m{n}: {{in: \"pods.map(p, {{'message': (p.metadata.name + ' ') + l5}})\", patterns: [{}]}}\n",
                patterns.join(", ")
            )
        })
        .collect();
    let searched = playbook(
        "",
        &format!(
            "  l0: \"'word word word word '\"\n{}",
            texts.lines().take(5).fold(String::new(), |all, line| all + line + "\n")
        ),
        &(0..40).map(|n| format!("m{n} == null")).collect::<Vec<_>>().join(" && "),
        "s",
    )
    .replace("causes:", &format!("messages:\n{searched}causes:"));
    let related =
        "related:\n  - {subject: Pod, names: 'pods.map(p, p.metadata.name)', relation: r, always: true}\ncauses:";
    let pairs = "pods.exists(a, pods.exists(b, pods.exists(c, a.metadata.name == b.metadata.name + c.metadata.name)))";
    vec![
        (
            "maps of maps of names",
            playbook("", &format!("  l0: claim\n{doubled}"), "l299.a.b.c.metadata == null", "{{ l299 }}"),
        ),
        ("lists that double", playbook("", &format!("  l0: pods\n{lists}"), "size(l39) > 0", "s")),
        (
            "texts that double",
            playbook(
                "",
                &format!("  l0: claim.metadata.name + claim.metadata.name\n{texts}"),
                "l59.contains('x')",
                "{{ l59 }}",
            ),
        ),
        ("checks that branch", playbook("", &format!("  l0: claim.a.b == null\n{ways}"), "l199", "s")),
        ("many checks that each take long", playbook("", &busy, &all(" && "), "s")),
        ("many large lists", playbook("", &bulky, &format!("size(l1) > 0 && [{}] != null", all(", ")), "s")),
        ("patterns that are slow for each message", searched),
        ("everything belongs to it", check("size(pods) > 0").replace("causes:", related)),
        (
            "a citation of what is endless",
            playbook("", &format!("  l0: claim\n{doubled}"), "true", "s")
                .replace("field: claim.metadata.name", "field: l299"),
        ),
        ("a loop over a loop over a loop", check(pairs)),
        (
            "a regex over much",
            check("pods.exists(p, pods.exists(q, (p.metadata.name + q.metadata.name).matches('^(\\\\w+)+\\\\d+x$')))"),
        ),
    ]
}

#[test]
fn a_costly_playbook_is_linted_and_run_within_bounds() {
    for (what, text) in costly() {
        let run = program(["playbook", "lint", "evil.yaml", "--no-builtin"]).file("evil.yaml", &text).run();
        within_bounds(&format!("{what}, linted"), &run);
        let run = with_recording("pvc data -n shop --from rec --no-builtin --playbooks evil.yaml -o json", &text).run();
        within_bounds(&format!("{what}, run"), &run);
        assert!(matches!(run.code, Some(0..=3)), "{what}: {run:?}");
        let verdict = run.code;
        assert_ne!(verdict, Some(0), "{what}: a look that was broken off is not healthy");
    }
}
