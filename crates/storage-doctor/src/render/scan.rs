//! The page of a scan: the roots first, each with what it breaks, and what could not be told.

use super::page::Page;
use super::style::Tone;
use super::text::could_not_look;
use super::{TextStyle, phrase, safe};
use crate::report::v1::{Counts, Diagnosis, DiagnosisList, Group, ObjectRef, Verdict};
use crate::subject::Kind;
use std::collections::BTreeMap;

/// How many of the things that one root breaks are named.
const NAMES: usize = 3;

/// The page of a scan.
pub fn render(list: &DiagnosisList, style: &TextStyle) -> String {
    let mut page = Page::new(*style);
    for group in &list.groups {
        page.blank();
        root(&mut page, group);
    }
    others(&mut page, list);
    could_not_look(&mut page, &list.unknown);
    page.blank();
    page.text("", "", Tone::Plain, &counts(&list.counts));
    page.finish()
}

/// A root cause, where it lies, what it breaks, and what tells more.
fn root(page: &mut Page, group: &Group) {
    let cause = format!("{}:", phrase::name(&group.cause));
    page.tagged("", "  ", (Tone::Bad, &cause), Tone::Strong, &group.summary);
    let (broken, names) = broken(&group.subjects, page.verbose());
    let concerned = format!("{}; breaks {broken}: {names}", phrase::object(&group.root));
    page.text("  on ", "  ", Tone::Plain, &concerned);
    if let Some(command) = group.subjects.first().and_then(command) {
        page.line("  more: ", Tone::Plain, &command);
    }
}

/// `2 PersistentVolumeClaims, 1 Pod`, and some of their names.
fn broken(subjects: &[ObjectRef], verbose: bool) -> (String, String) {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for subject in subjects {
        *kinds.entry(&subject.kind).or_default() += 1;
    }
    let counted: Vec<String> = kinds
        .iter()
        .map(|(kind, n)| {
            let kind = phrase::name(kind);
            let many = if kind.ends_with('s') { format!("{kind}es") } else { format!("{kind}s") };
            phrase::count(*n, &kind, &many)
        })
        .collect();
    let one = |subject: &ObjectRef| {
        if kinds.len() > 1 { phrase::object(subject) } else { phrase::path(subject) }
    };
    let names: Vec<String> = subjects.iter().map(one).collect();
    (counted.join(", "), phrase::names(&names, if verbose { usize::MAX } else { NAMES }))
}

/// What tells more of a subject; none when its names would have to be quoted, which no API server lets be.
fn command(subject: &ObjectRef) -> Option<String> {
    let kind = Kind::from_name(&subject.kind)?.facts().names.first()?;
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b':' | b'_'));
    let all = [subject.name.as_str(), subject.namespace.as_deref().unwrap_or_default()];
    if subject.name.is_empty() || subject.name.starts_with('-') || !all.into_iter().all(plain) {
        return None;
    }
    let place = subject.namespace.as_ref().map_or(String::new(), |namespace| format!(" -n {namespace}"));
    Some(format!("kubectl storage-doctor {kind} {}{place}", subject.name))
}

/// What is in no group: of which it could not be told, by the first reason.
fn others(page: &mut Page, list: &DiagnosisList) {
    let mut reasons: BTreeMap<String, Vec<&Diagnosis>> = BTreeMap::new();
    for item in list.items.iter().filter(|item| item.verdict == Verdict::Unknown) {
        let why = item.unknown.first().map_or_else(String::new, |open| safe::one_line(&open.why, safe::QUOTE_LIMIT));
        reasons.entry(why).or_default().push(item);
    }
    if reasons.is_empty() {
        return;
    }
    page.heading("Could not tell");
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, items)| std::cmp::Reverse(items.len()));
    let most = if page.verbose() { usize::MAX } else { phrase::NAMES };
    for (why, items) in reasons.iter().take(most) {
        let subjects: Vec<ObjectRef> = items.iter().map(|item| item.subject.clone()).collect();
        let (broken, names) = broken(&subjects, page.verbose());
        page.tagged("  - ", "    ", (Tone::Plain, ""), Tone::Doubt, &format!("{broken}: {names}"));
        if !why.is_empty() {
            page.text("    ", "    ", Tone::Faint, why);
        }
    }
    if let Some(more) = reasons.len().checked_sub(most).filter(|more| *more > 0) {
        page.text("  ", "  ", Tone::Faint, &format!("and for {more} other reasons (--verbose lists them)"));
    }
}

/// `40 looked at: 3 failing, 1 unknown, 2 waiting, 34 healthy.`
fn counts(counts: &Counts) -> String {
    let Counts { failing, unknown, waiting, healthy } = *counts;
    let all = failing + unknown + waiting + healthy;
    let named = [(failing, "failing"), (unknown, "unknown"), (waiting, "waiting"), (healthy, "healthy")];
    let parts: Vec<String> = named.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    if parts.is_empty() { "0 looked at.".to_owned() } else { format!("{all} looked at: {}.", parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    fn plain(verbose: bool) -> TextStyle {
        TextStyle { verbose, ..TextStyle::default() }
    }

    #[test]
    fn the_roots_come_first_and_the_healthy_are_counted() {
        let mut list = samples::several();
        list.counts = Counts { failing: 14, unknown: 1, waiting: 1, healthy: 9_984 };
        insta::assert_snapshot!(render(&list, &plain(false)));
        assert!(render(&list, &plain(true)).contains("data-web-11"));
        (list.items, list.groups, list.unknown, list.counts) = Default::default();
        assert_eq!(render(&list, &plain(false)), "0 looked at.\n");
    }

    #[test]
    fn only_plain_names_make_a_command() {
        let named = |name: &str| ObjectRef {
            kind: "PersistentVolumeClaim".to_owned(),
            namespace: Some("shop".to_owned()),
            name: name.to_owned(),
            uid: None,
        };
        assert_eq!(command(&named("data")).as_deref(), Some("kubectl storage-doctor pvc data -n shop"));
        for name in ["", "-A", "a b", "$(x)", "a;b", "\u{1b}[2J"] {
            assert_eq!(command(&named(name)), None, "{name}");
        }
    }
}
