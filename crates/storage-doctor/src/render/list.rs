//! The page for several subjects: the roots first, then who is concerned.

use super::page::Page;
use super::style::Tone;
use super::table::Cell;
use super::text::could_not_look;
use super::{TextStyle, phrase};
use crate::report::v1::{Diagnosis, DiagnosisList, Group, Verdict};

/// The page for several subjects. `namespaces` adds the column `NAMESPACE`.
pub fn render(list: &DiagnosisList, namespaces: bool, style: &TextStyle) -> String {
    let mut page = Page::new(*style);
    for (i, group) in list.groups.iter().enumerate() {
        if i > 0 {
            page.blank();
        }
        root(&mut page, group);
    }
    if !list.items.is_empty() {
        page.blank();
        subjects(&mut page, &list.items, namespaces);
    }
    could_not_look(&mut page, &list.unknown);
    page.blank();
    page.text("", "", Tone::Plain, &counts(&list.items));
    page.finish()
}

/// A root cause and who suffers from it.
fn root(page: &mut Page, group: &Group) {
    let cause = format!("{}:", phrase::name(&group.cause));
    page.tagged("", "  ", (Tone::Bad, &cause), Tone::Strong, &group.summary);
    let most = if page.verbose() { usize::MAX } else { phrase::NAMES };
    let names: Vec<String> = group.subjects.iter().map(phrase::path).collect();
    let n = phrase::count(names.len(), "subject", "subjects");
    let concerned = format!("{}; {n}: {}", phrase::object(&group.root), phrase::names(&names, most));
    page.text("  on ", "  ", Tone::Plain, &concerned);
}

fn subjects(page: &mut Page, items: &[Diagnosis], namespaces: bool) {
    let mut headers = vec!["NAME", "VERDICT", "CAUSE"];
    if namespaces {
        headers.insert(0, "NAMESPACE");
    }
    let mixed = items.windows(2).any(|pair| matches!(pair, [a, b] if a.subject.kind != b.subject.kind));
    let mut sorted: Vec<&Diagnosis> = items.iter().collect();
    sorted.sort_by_key(|item| item.verdict);
    let rows: Vec<Vec<Cell>> = sorted.iter().map(|item| row(item, namespaces, mixed)).collect();
    page.table(&headers, &rows);
}

fn row(item: &Diagnosis, namespaces: bool, mixed: bool) -> Vec<Cell> {
    let subject = &item.subject;
    let name = if mixed { format!("{}/{}", subject.kind.to_lowercase(), subject.name) } else { subject.name.clone() };
    let (verdict, tone) = phrase::verdict(item.verdict);
    let mut row = vec![(name, Tone::Plain), (verdict.to_owned(), tone), (reason(item), Tone::Plain)];
    if namespaces {
        row.insert(0, (subject.namespace.clone().unwrap_or_default(), Tone::Plain));
    }
    row
}

/// Why it has its verdict, in a word where there is one.
fn reason(item: &Diagnosis) -> String {
    let reason = match item.verdict {
        Verdict::Failing => item.findings.first().map(|finding| finding.cause.clone()),
        Verdict::Unknown => item.unknown.first().map(|open| open.why.clone()),
        Verdict::Waiting => item.waiting.first().map(|state| state.state.clone()),
        Verdict::Healthy => item.findings.first().map(|finding| finding.cause.clone()),
    };
    reason.unwrap_or_default()
}

/// `12 looked at: 3 failing, 1 unknown, 2 waiting, 6 healthy`.
fn counts(items: &[Diagnosis]) -> String {
    let kinds = [Verdict::Failing, Verdict::Unknown, Verdict::Waiting, Verdict::Healthy];
    let parts: Vec<String> = kinds
        .into_iter()
        .map(|kind| (kind, items.iter().filter(|item| item.verdict == kind).count()))
        .filter(|(_, n)| *n > 0)
        .map(|(kind, n)| format!("{n} {}", phrase::verdict(kind).0.to_lowercase()))
        .collect();
    if parts.is_empty() {
        "0 looked at.".to_owned()
    } else {
        format!("{} looked at: {}.", items.len(), parts.join(", "))
    }
}
