//! The page that a person acts on: one diagnosis.

use super::page::Page;
use super::style::Tone;
use super::{Language, TextStyle, cite, phrase, safe};
use crate::report::v1::{Diagnosis, Finding, Remedy, Unknown, Verdict, Waiting};
use std::collections::BTreeMap;

/// The page for one diagnosis.
pub fn render(diagnosis: &Diagnosis, style: &TextStyle) -> String {
    let mut page = Page::new(*style);
    let lead = diagnosis.findings.first().filter(|_| diagnosis.verdict == Verdict::Failing);
    headline(&mut page, diagnosis, lead);
    if let Some(lead) = lead {
        why(&mut page, lead);
        evidence(&mut page, lead, &diagnosis.at);
    }
    chain(&mut page, diagnosis);
    if let Some(lead) = lead {
        what_to_do(&mut page, lead);
    }
    further(&mut page, diagnosis, lead.is_some());
    waiting(&mut page, diagnosis);
    could_not_look(&mut page, &diagnosis.unknown);
    ruled_out(&mut page, diagnosis);
    page.finish()
}

/// The verdict, the subject, and the answer in one sentence.
fn headline(page: &mut Page, diagnosis: &Diagnosis, lead: Option<&Finding>) {
    let (word, tone) = phrase::verdict(diagnosis.verdict);
    let word = format!("{}:", page.say(word));
    page.tagged("", "  ", (tone, &word), Tone::Strong, &phrase::object(&diagnosis.subject));
    match (lead, diagnosis.verdict) {
        (Some(lead), _) => {
            page.text("  ", "  ", Tone::Strong, &lead.summary);
            page.text("  ", "  ", Tone::Faint, &identity(lead, diagnosis, page.language()));
        }
        (None, Verdict::Failing) => {
            let words = page.say("Something is wrong, but no cause is named.");
            page.text("  ", "  ", Tone::Plain, words);
        }
        (None, Verdict::Waiting) => {
            let summary = diagnosis.waiting.first().map_or(page.say("It is not done yet."), |first| &first.summary);
            page.text("  ", "  ", Tone::Strong, summary);
        }
        (None, Verdict::Healthy) => {
            // Of what only uses storage, nothing else was looked at.
            let uses = ["Pod", "StatefulSet", "Node"].contains(&diagnosis.subject.kind.as_str());
            let words = page.say(if uses { "Nothing is wrong with its storage." } else { "Nothing is wrong with it." });
            page.text("  ", "  ", Tone::Plain, words);
        }
        (None, Verdict::Unknown) => {
            let n = reasons(&diagnosis.unknown).len();
            let things = page.say(if n == 1 { "thing" } else { "things" });
            let sentence = "It could not be told: {} {} could not be looked at.";
            let words = page.language().fill(sentence, &[&n.to_string(), things]);
            page.text("  ", "  ", Tone::Strong, &words);
        }
    }
}

/// `storage-class-missing (certain), on Pod shop/web-0, by playbook pvc-pending`.
fn identity(finding: &Finding, diagnosis: &Diagnosis, language: Language) -> String {
    let (cause, playbook) = (phrase::name(&finding.cause), phrase::name(&finding.playbook));
    let sure = language.say(phrase::confidence(finding.confidence));
    let on = if finding.subject == diagnosis.subject {
        String::new()
    } else {
        language.fill(", on {}", &[&phrase::object(&finding.subject)])
    };
    language.fill("{} ({}){}, by playbook {}", &[&cause, sure, &on, &playbook])
}

fn why(page: &mut Page, finding: &Finding) {
    if finding.explanation.trim().is_empty() {
        return;
    }
    page.heading("Why");
    for paragraph in paragraphs(&finding.explanation) {
        page.text("  ", "  ", Tone::Plain, &paragraph);
    }
}

/// An author breaks lines where the file is narrow; only a blank line ends a paragraph.
fn paragraphs(text: &str) -> Vec<String> {
    let lines = safe::lines(text, safe::TEXT_LIMIT);
    lines.split(String::is_empty).map(|part| part.join(" ")).filter(|part| !part.is_empty()).collect()
}

fn evidence(page: &mut Page, finding: &Finding, at: &str) {
    if finding.evidence.is_empty() {
        return;
    }
    page.heading("Evidence");
    for evidence in &finding.evidence {
        cite::evidence(page, evidence, at);
    }
}

/// The way from the subject to the root; nothing when it is the subject alone.
fn chain(page: &mut Page, diagnosis: &Diagnosis) {
    if diagnosis.chain.len() < 2 {
        return;
    }
    page.heading("Chain");
    for link in &diagnosis.chain {
        // Deeper than this, a narrow page would hold nothing but indentation.
        let indent = "  ".repeat(1 + link.depth.min(8));
        let arrow = if link.depth == 0 { "" } else { "-> " };
        let relation = phrase::name(&link.relation);
        let space = if relation.is_empty() { "" } else { " " };
        let state = if link.state.is_empty() { String::new() } else { format!(": {}", link.state) };
        let text = format!("{relation}{space}{}{state}", phrase::object(&link.object));
        page.text(&format!("{indent}{arrow}"), &format!("{indent}   "), Tone::Plain, &text);
    }
}

fn what_to_do(page: &mut Page, finding: &Finding) {
    if finding.remedies.is_empty() {
        return;
    }
    page.heading("What to do");
    let mut remedies: Vec<&Remedy> = finding.remedies.iter().collect();
    remedies.sort_by_key(|remedy| remedy.risk);
    for (i, remedy) in remedies.into_iter().enumerate() {
        let number = format!("  {}. ", i + 1);
        page.tagged(&number, &" ".repeat(number.len()), tag(remedy, page.language()), Tone::Plain, &remedy.text);
        command(page, remedy);
    }
}

fn tag(remedy: &Remedy, language: Language) -> (Tone, &'static str) {
    let (words, tone) = phrase::risk(remedy.risk);
    (tone, language.say(words))
}

/// A command on lines of its own, never broken, so that it can be copied.
fn command(page: &mut Page, remedy: &Remedy) {
    for line in remedy.command.iter().flat_map(|text| safe::lines(text, safe::TEXT_LIMIT)) {
        page.line("       ", Tone::Plain, &line);
    }
}

/// What else was found: in full when verbose, else the sentence, the first quotation and the safest step.
fn further(page: &mut Page, diagnosis: &Diagnosis, lead_shown: bool) {
    let rest: Vec<&Finding> = diagnosis.findings.iter().skip(usize::from(lead_shown)).collect();
    if rest.is_empty() {
        return;
    }
    page.heading("Also found");
    for finding in rest {
        let (word, tone) = phrase::severity(finding.severity);
        page.tagged("  - ", "    ", (tone, &format!("{}:", page.say(word))), Tone::Plain, &finding.summary);
        page.text("    ", "    ", Tone::Faint, &identity(finding, diagnosis, page.language()));
        let shown = if page.verbose() { usize::MAX } else { 1 };
        if page.verbose() {
            for paragraph in paragraphs(&finding.explanation) {
                page.text("    ", "    ", Tone::Plain, &paragraph);
            }
        }
        for evidence in finding.evidence.iter().take(shown) {
            page.text("    | ", "    | ", Tone::Plain, &cite::short(evidence, &diagnosis.at, page.language()));
        }
        let mut remedies: Vec<&Remedy> = finding.remedies.iter().collect();
        remedies.sort_by_key(|remedy| remedy.risk);
        for remedy in remedies.into_iter().take(shown) {
            page.tagged("    > ", "      ", tag(remedy, page.language()), Tone::Plain, &remedy.text);
            command(page, remedy);
        }
    }
}

fn waiting(page: &mut Page, diagnosis: &Diagnosis) {
    if diagnosis.waiting.is_empty() {
        return;
    }
    page.heading("Waiting");
    for state in &diagnosis.waiting {
        page.text("  - ", "    ", Tone::Plain, &state.summary);
        page.text("    ", "    ", Tone::Faint, &patience(state, &diagnosis.at, page.language()));
        for evidence in &state.evidence {
            page.text("    | ", "    | ", Tone::Plain, &cite::short(evidence, &diagnosis.at, page.language()));
        }
    }
}

/// `no-consumer-yet, since 35s ago; worry in 10m`.
fn patience(state: &Waiting, at: &str, language: Language) -> String {
    let relative = |time: &str| phrase::relative(time, at, language);
    let since = state.since.as_deref().map_or(String::new(), |time| language.fill(", began {}", &[&relative(time)]));
    let worry = match state.worry_after.as_deref() {
        None => language.say("; this may last").to_owned(),
        Some(time) if phrase::is_past(time, at) => language.say("; longer than is normal").to_owned(),
        Some(time) => language.fill("; worry if it still lasts {}", &[&relative(time)]),
    };
    format!("{}{since}{worry}", phrase::name(&state.state))
}

/// What could not be seen and what would settle it, with the causes it leaves open.
fn reasons(unknown: &[Unknown]) -> BTreeMap<(&str, &str), Vec<String>> {
    let mut reasons: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for open in unknown {
        let causes = reasons.entry((&open.why, &open.needs)).or_default();
        let cause = phrase::name(&open.cause);
        if !cause.is_empty() && !causes.contains(&cause) {
            causes.push(cause);
        }
    }
    reasons
}

/// The section of what could not be looked at.
pub(super) fn could_not_look(page: &mut Page, unknown: &[Unknown]) {
    if unknown.is_empty() {
        return;
    }
    page.heading("Could not look at");
    for ((why, needs), causes) in reasons(unknown) {
        page.tagged("  - ", "    ", (Tone::Plain, ""), Tone::Doubt, why);
        if !needs.is_empty() {
            let label = format!("    {}", page.say("needs: "));
            page.text(&label, "      ", Tone::Plain, needs);
        }
        let most = if page.verbose() { usize::MAX } else { phrase::NAMES };
        let open =
            if causes.is_empty() { page.say("the whole answer").to_owned() } else { phrase::names(&causes, most) };
        let label = format!("    {}", page.say("leaves open: "));
        page.text(&label, "      ", Tone::Faint, &open);
    }
}

fn ruled_out(page: &mut Page, diagnosis: &Diagnosis) {
    let n = diagnosis.ruled_out.len();
    if n == 0 {
        return;
    }
    if page.verbose() {
        page.heading("Ruled out");
        for out in &diagnosis.ruled_out {
            page.text("  - ", "    ", Tone::Plain, &format!("{}: {}", phrase::name(&out.cause), out.why));
        }
    } else {
        page.blank();
        let causes = page.say(if n == 1 { "other cause" } else { "other causes" });
        let words = page.language().fill("{} {} ruled out (--verbose lists them).", &[&n.to_string(), causes]);
        page.text("", "", Tone::Faint, &words);
    }
}
