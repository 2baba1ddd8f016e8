use super::*;

#[test]
fn hostile_text_is_bounded_and_spelled_out() {
    assert_eq!(tidy("a\x1b[31m\n\u{202e}b"), "a\\u{1b}[31m\\n\\u{202e}b");
    assert_eq!(tidy(&"x".repeat(5000)).chars().count(), MAX_TEXT + 1);
}

#[test]
fn problems_come_in_order_and_once() {
    let a = SourceFile::new("a.yaml", "one\ntwo\n");
    let b = SourceFile::new("b.yaml", "x");
    let late = Problem::error("late", &a, Span::new(4, 7), "late");
    let early = Problem::warning("early", &a, Span::new(0, 3), "early");
    let other = Problem::error("other", &b, Span::new(0, 1), "other");
    let problems = Problems::new(vec![other, late.clone(), early, late]).unwrap();
    let codes: Vec<_> = problems.iter().map(|p| p.code).collect();
    assert_eq!(codes, ["early", "late", "other"]);
    assert!(Problems::new(Vec::new()).is_none());
}

#[test]
fn a_problem_is_rendered_with_its_lines() {
    let file = SourceFile::new("a.yaml", "id: x\nsumary: \u{754c}\u{9762} text\n");
    let problem = Problem::error("unknown-field", &file, Span::new(6, 12), "unknown field `sumary`")
        .label("did you mean `summary`?")
        .also(&file, Span::new(0, 2), "in this cause")
        .help("the fields are id, summary");
    insta::assert_snapshot!(problem.render(false));
    assert!(problem.render(true).contains('\u{1b}'));
}

#[test]
fn a_long_line_is_shown_in_part_and_keeps_its_column() {
    let text = format!("{}bad{}", "a".repeat(9000), "b".repeat(9000));
    let file = SourceFile::new("a.yaml", text);
    let shown = Problem::error("x", &file, Span::new(9000, 9003), "here").render(false);
    assert!(shown.len() < 1500, "{shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn an_empty_file_can_be_pointed_at() {
    let file = SourceFile::new("a.yaml", "");
    insta::assert_snapshot!(Problem::error("empty", &file, Span::new(0, 0), "nothing here").render(false));
}

#[test]
fn a_record_counts_from_one() {
    let file = SourceFile::new("a.yaml", "a\n  bc\n");
    let record = Problem::error("x", &file, Span::new(4, 6), "here").to_record();
    assert_eq!((record.at.line, record.at.column, record.at.end_line, record.at.end_column), (2, 3, 2, 5));
    let json = serde_json::to_value(&record).unwrap();
    assert_eq!(json["line"], 2);
    assert_eq!(json["severity"], "error");
}

#[test]
fn no_terminal_obeys_the_lines_that_are_shown() {
    let file = SourceFile::new("f", "a: b\u{9b}2J\u{8a}\u{202e}c\u{7f}\u{1b}[2J\n");
    let shown = Problem::error("c", &file, Span::new(3, 4), "m").render(false);
    assert!(shown.contains("b\u{fffd}2J"), "{shown:?}");
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
}
