//! Files that want to do harm: an error each, soon, and never a crash.

#![expect(clippy::format_push_string, clippy::format_collect, reason = "brief, and the texts are small")]

use super::*;
use proptest::prelude::*;

/// The lines of the good playbook that begin with a field of the format (and not with a name).
fn field_lines() -> Vec<(usize, String)> {
    let names = ["class", "volumes", "backend", "log", "leaders", "misfits", "class_missing"];
    let lines = GOOD.lines().enumerate().filter_map(|(n, line)| {
        let key = line.trim_start_matches([' ', '-']).split(':').next()?;
        let is_key = line.contains(&format!("{key}:")) && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        (is_key && !names.contains(&key)).then(|| (n, key.to_owned()))
    });
    lines.collect()
}

#[test]
fn excess_is_refused() {
    let code = |text: &str| load_good(text).unwrap_err().iter().next().unwrap().code;
    assert_eq!(code(&"a".repeat((1 << 20) + 1)), "too-large");
    assert_eq!(code(&"[".repeat(200_000)), "too-deep");
    assert_eq!(code(&"- ".repeat(200)), "too-deep");
    assert_eq!(code(&format!("{}x{}", "{a: ".repeat(100), "}".repeat(100))), "too-deep");
    assert_eq!(code(&"- a\n".repeat(100_000)), "too-many-values");
    assert_eq!(code(&"? ".repeat(100)), "wrong-type");
    let laughs = (1..9)
        .fold("a0: &a0 [x]\n".to_owned(), |t, n| format!("{t}a{n}: &a{n} [{}]\n", format!("*a{},", n - 1).repeat(9)));
    assert_eq!(code(&laughs), "anchor");
}

#[test]
fn problems_are_bounded_in_number_and_length() {
    let keys: String = (0..20_000).map(|n| format!("k{n}: 1\n")).collect();
    let problems = load_good(&keys).unwrap_err();
    assert_eq!(problems.iter().count(), 101);
    assert!(problems.render(false).len() < 200_000);
    let long = format!("{}: 1\n", "k".repeat(1000));
    assert!(load_good(&long).unwrap_err().render(false).len() < 20_000);
    let wide: String = (0..20_000).map(|n| format!("k{n}: 1, ")).collect();
    assert!(load_good(&format!("{{{wide}}}")).unwrap_err().render(false).len() < 300_000);
}

/// A playbook of many causes, each with that proof and summary.
fn many_causes(n: usize, when: &str, summary: &str) -> String {
    let mut text = format!("{}causes:\n", GOOD.split("causes:").next().unwrap());
    for i in 0..n {
        text += &format!(
            "  - {{id: c{i}, proofs: [{{when: '{when}', confidence: certain, cites: [{{field: claim.a}}]}}], "
        );
        text += &format!("summary: '{summary}', explanation: e, sources: [x]}}\n");
    }
    text
}

/// Each took seconds or minutes before there was a budget.
#[test]
fn the_work_of_a_file_is_bounded() {
    let last = |text: &str| load_good(text).unwrap_err().into_vec().pop().unwrap().code;
    assert_eq!(last(&many_causes(250, "true", &"{{class}}".repeat(440))), "too-many-expressions");
    assert_eq!(last(&many_causes(250, "true", &"{{clas}}".repeat(450))), "too-many-problems");
    assert_eq!(last(&many_causes(280, &"- ! ( [ 1 , ".repeat(290), "s")), "too-many-problems");
    assert!(load_good(&many_causes(400, "class == null", &"A sentence. ".repeat(100))).is_ok(), "prose is free");
    let pattern = |i: usize| {
        let example = "ab".repeat(500);
        format!("  m{i}:\n    in: events\n    patterns: [{{regex: '\\w{{19}}{i}\\pL*', example: {example}}}]\n")
    };
    let messages: String = (0..490).map(pattern).collect();
    assert_eq!(last(&edited("messages:\n", &format!("messages:\n{messages}"))), "too-many-problems");
}

#[test]
fn a_deep_expression_is_an_error_or_fine_but_no_crash() {
    let deep = format!("{}1{} == 1", "(".repeat(12), ")".repeat(12));
    let _ = load_good(&edited("claim.status.phase == 'Pending'", &deep));
    let deeper = format!("{}1{} == 1", "(".repeat(2000), ")".repeat(2000));
    let _ = load_good(&edited("claim.status.phase == 'Pending'", &deeper));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_text_is_loaded_or_refused(text in "\\PC{0,200}|[-a-z:{}\\[\\]'\"|>&*!#%@` \n\t\r]{0,300}") {
        let _ = load_good(&text);
    }

    #[test]
    fn any_change_of_a_playbook_is_loaded_or_refused(
        at in 0..GOOD.len(), cut in 0usize..40, put in "[-a-z:{}\\[\\]'\"|>&*!(). \n\u{0}\u{754c}]{0,8}",
    ) {
        let end = (at + cut).min(GOOD.len());
        let text = format!("{}{put}{}", &GOOD[..at], &GOOD[end..]);
        if let Err(problems) = load_good(&text) {
            for problem in &problems {
                let length = problem.at.file.text().len();
                prop_assert!(problem.at.span.start <= problem.at.span.end && problem.at.span.end <= length);
            }
            let shown = problems.render(false);
            prop_assert!(!shown.contains(char::from(0)), "{}", shown);
        }
    }

    #[test]
    fn a_misspelt_key_is_pointed_at(which in 0usize..1000, at in 0usize..20, letter in "[a-z]") {
        let fields = field_lines();
        let (line, key) = &fields[which % fields.len()];
        let at = at % key.len();
        let misspelt = format!("{}{letter}{}", &key[..at], &key[at + 1..]);
        prop_assume!(misspelt != *key);
        let text: Vec<String> = GOOD.lines().enumerate()
            .map(|(n, l)| if n == *line { l.replacen(&format!("{key}:"), &format!("{misspelt}:"), 1) } else { l.to_owned() })
            .collect();
        let problems = load_good(&text.join("\n")).unwrap_err();
        let found = problems.to_records().iter().any(|r| r.at.line == line + 1 && ["unknown-field", "duplicate-key"].contains(&r.code));
        prop_assert!(found, "{} {misspelt}: {problems}", line + 1);
    }
}
