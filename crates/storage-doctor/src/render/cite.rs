//! Quotations on a page. Quoted text stands behind a bar, so that it cannot pass for ours.

use super::page::Page;
use super::style::Tone;
use super::{Language, phrase, safe};
use crate::report::v1::Evidence;

/// One quotation: where, then what. `at` is the time of the report.
pub(super) fn evidence(page: &mut Page, evidence: &Evidence, at: &str) {
    page.text("  - ", "    ", Tone::Plain, &place(evidence, at, page.language()));
    for line in safe::lines(&evidence.quote, safe::QUOTE_LIMIT) {
        page.text("    | ", "    | ", Tone::Strong, &line);
    }
}

/// The same in one line, for what matters less.
pub(super) fn short(evidence: &Evidence, at: &str, language: Language) -> String {
    format!("{}: {}", place(evidence, at, language), safe::one_line(&evidence.quote, 160))
}

/// `event on Pod shop/web-0, FailedMount, from kubelet, 12 times, last 35s ago`.
fn place(evidence: &Evidence, at: &str, language: Language) -> String {
    let source = safe::one_line(&evidence.source, safe::QUOTE_LIMIT);
    let on_event = source.strip_prefix("event on ").map(|object| language.fill("event on {}", &[object]));
    let mut parts = vec![on_event.unwrap_or(source)];
    parts.extend(evidence.field.as_deref().map(phrase::name));
    parts.extend(evidence.reason.as_deref().map(phrase::name));
    parts.extend(evidence.component.as_deref().map(|who| language.fill("from {}", &[&phrase::name(who)])));
    let when = evidence.time.as_deref().map(|time| phrase::relative(time, at, language));
    match (evidence.count.filter(|n| *n > 1), when) {
        (Some(n), Some(when)) => parts.push(language.fill("{} times, last {}", &[&n.to_string(), &when])),
        (Some(n), None) => parts.push(language.fill("{} times", &[&n.to_string()])),
        (None, Some(when)) => parts.push(when),
        (None, None) => {}
    }
    parts.join(", ")
}
