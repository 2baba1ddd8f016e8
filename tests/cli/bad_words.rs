//! Words that mean nothing.

use super::*;

#[test]
fn words_that_mean_nothing_are_refused_with_a_hint() {
    let cases = [
        ("pcv", r#"unknown type "pcv"(?s:.*)did you mean "pvc"\?"#),
        ("deployment", r#"unknown type "deployment"(?s:.*)known types are pvc"#),
        ("pvc a/b", "either TYPE NAME or TYPE/NAME"),
        ("pvc/", "is not TYPE/NAME"),
        ("pvc data -A", "across all namespaces"),
        ("pvc -l a=(", "selector"),
        ("pvc data -l a=b", "selector"),
        ("pvc -o xml", "xml(?s:.*)json"),
        ("pvc --nonsense", "--nonsense"),
        ("pvc --timeout tomorrow", "tomorrow"),
        ("pvc --context a --from demo", "--from"),
        ("schema nonsense", "nonsense"),
        ("playbook", "(?i)usage"),
    ];
    for (words, said) in cases {
        let run = binary::program(words.split(' ')).run();
        assert_eq!(run.code, Some(2), "{words}: {run:?}");
        assert!(run.stdout.is_empty(), "{words}: {run:?}");
        assert!(Regex::new(said).unwrap().is_match(&run.stderr), "{words}: no {said:?} in {}", run.stderr);
    }
}

#[test]
fn an_object_that_is_not_there_is_refused_with_names_like_it() {
    let cases = [
        ("pvc pvc-pending-dem -n p01-missing-class", r#"pvc-pending-dem not found(?s:.*)"pvc-pending-demo""#),
        ("pvc nothing-like-it-at-all -n p01-missing-class", "nothing-like-it-at-all not found"),
        ("pvc data -n p05-driver-absen", r#"namespace p05-driver-absen not found(?s:.*)"p05-driver-absent""#),
        ("pvc -n p05-driver-absen", "namespace p05-driver-absen not found"),
        ("pvc data nothing -n p05-driver-absent", "nothing not found"),
        ("sts nothing -n p12-quota", "nothing not found"),
    ];
    for (words, said) in cases {
        let run = refused(words, on_faults_a(words), said);
        assert!(run.stderr.contains("hint: "), "{words}: {}", run.stderr);
    }
}

#[test]
fn hostile_words_do_no_harm() {
    let long = "x".repeat(100_000);
    for word in ["\u{1b}]0;owned\u{7}", "\u{1b}[2J", "../../etc/passwd", "%s%n", "\u{202e}", long.as_str()] {
        for arguments in [vec![word, "data"], vec!["pvc", word], vec!["pvc", "data", "-n", word]] {
            let run = binary::program(&arguments).arg("--from").arg("demo").within(SOON * 2).run();
            assert_eq!(run.code, Some(2), "{arguments:.60?}: {run:.400?}");
            assert!(!run.stderr.contains('\u{1b}') && !run.stderr.contains('\u{7}'), "{arguments:.60?}");
            assert!(run.stderr.len() < 20_000, "{arguments:.60?}: {} bytes", run.stderr.len());
        }
    }
}
