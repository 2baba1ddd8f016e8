//! The page of one cause: what it is, how it shows, how it is proven, how it is mended.

use super::page::Page;
use super::style::Tone;
use super::{Language, TextStyle, phrase, safe};
use crate::explain::{Explanation, MessageWords, ProofWords, RemedyWords};
use crate::playbook::{Confidence, Role};

/// How many names a page shows unless everything is wanted.
const NAMES: usize = 8;

/// The page of a cause; several when several playbooks know it.
pub fn render(explanations: &[Explanation], style: &TextStyle) -> String {
    let mut page = Page::new(*style);
    for explanation in explanations {
        page.blank();
        one(&mut page, explanation);
    }
    page.finish()
}

fn one(page: &mut Page, of: &Explanation) {
    let language = page.language();
    page.tagged("", "  ", (Tone::Strong, &format!("{}:", phrase::name(&of.cause))), Tone::Plain, &of.summary);
    let about = language.fill("cause of playbook {} ({}): {}", &[&of.playbook, &of.subject, &of.title]);
    page.text("  ", "  ", Tone::Faint, &about);
    let (severity, role) = (language.say(phrase::severity(of.severity).0), language.say(self::role(of.role)));
    page.text("  ", "  ", Tone::Faint, &format!("{role}, {severity}"));
    page.heading("Why");
    page.text("  ", "  ", Tone::Plain, &of.explanation);
    shows(page, &of.messages);
    page.heading("How it is proven");
    for (n, proof) in of.proofs.iter().enumerate() {
        proven(page, n + 1, proof);
    }
    names(page, of);
    confused(page, of);
    mended(page, &of.remedies);
    if !of.sources.is_empty() {
        page.heading("Sources");
        for source in &of.sources {
            page.text("  - ", "    ", Tone::Plain, source);
        }
    }
}

/// What kind of cause it is, in words.
pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::RootCause => "root cause",
        Role::Generic => "wrapper around a cause",
        Role::Symptom => "symptom",
    }
}

/// How directly something is proven, in words.
pub(super) fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Certain => "certain: state says so",
        Confidence::Likely => "likely: a component says so",
        Confidence::Possible => "possible: it follows from what else is there",
    }
}

fn shows(page: &mut Page, messages: &[MessageWords]) {
    page.heading("How it shows");
    if messages.is_empty() {
        let words = page.say("It shows in no message; state and what else is there tell it.");
        page.text("  ", "  ", Tone::Plain, words);
    }
    for message in messages {
        page.text("  - ", "    ", Tone::Plain, &place(message, page.language()));
        for wording in &message.wordings {
            for line in safe::lines(&wording.example, safe::QUOTE_LIMIT) {
                page.text("    | ", "    | ", Tone::Strong, &line);
            }
            if !wording.versions.is_empty() {
                let versions = page.language().fill("versions: {}", &[&wording.versions]);
                page.text("      ", "      ", Tone::Faint, &versions);
            }
            if page.verbose() {
                let label = format!("      {}", page.say("pattern: "));
                page.text(&label, "        ", Tone::Faint, &wording.regex);
            }
        }
    }
}

/// `class_not_found in events, reason ProvisioningFailed`.
pub(super) fn place(message: &MessageWords, language: Language) -> String {
    let place = format!("{} in {}", message.name, message.within);
    if message.reasons.is_empty() {
        return place;
    }
    language.fill("{}, reason {}", &[&place, &message.reasons.join(", ")])
}

fn proven(page: &mut Page, n: usize, proof: &ProofWords) {
    let number = format!("  {n}. ");
    let indent = " ".repeat(number.len());
    let words = page.say(confidence(proof.confidence));
    page.text(&number, &indent, Tone::Strong, words);
    let label = format!("{indent}{}", page.say("if: "));
    page.text(&label, &format!("{indent}  "), Tone::Plain, &proof.when);
    for cite in &proof.cites {
        let label = format!("{indent}{}", page.say("cites: "));
        page.text(&label, &format!("{indent}  "), Tone::Faint, cite);
    }
}

fn names(page: &mut Page, of: &Explanation) {
    if of.names.is_empty() {
        return;
    }
    page.heading("Names in these checks");
    let most = if page.verbose() { usize::MAX } else { NAMES };
    // What the proofs read themselves comes before what stands behind it.
    let read = |name: &str| of.proofs.iter().any(|proof| mentions(&proof.when, name));
    let (near, far): (Vec<_>, Vec<_>) = of.names.iter().partition(|name| read(&name.name));
    for name in near.iter().chain(&far).take(most) {
        page.tagged("  - ", "    ", (Tone::Strong, &format!("{}:", name.name)), Tone::Plain, &name.is);
    }
    let more = of.names.len().saturating_sub(most);
    if more > 0 {
        page.text("    ", "    ", Tone::Faint, &format!("… (+{more}, --verbose)"));
    }
}

/// Whether an expression has that word.
fn mentions(expression: &str, name: &str) -> bool {
    expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == name)
}

fn confused(page: &mut Page, of: &Explanation) {
    if of.instead_of.is_empty() && of.explained_by.is_empty() && of.neighbours.is_empty() {
        return;
    }
    page.heading("Not to be confused with");
    let language = page.language();
    if !of.instead_of.is_empty() {
        let words = language.fill("shown instead of {}", &[&of.instead_of.join(", ")]);
        page.text("  - ", "    ", Tone::Plain, &words);
    }
    if !of.explained_by.is_empty() {
        let words = language.fill("not shown beside {}, which explains it", &[&of.explained_by.join(", ")]);
        page.text("  - ", "    ", Tone::Plain, &words);
    }
    for near in &of.neighbours {
        page.tagged("  - ", "    ", (Tone::Strong, &format!("{}:", near.cause)), Tone::Plain, &near.summary);
    }
}

fn mended(page: &mut Page, remedies: &[RemedyWords]) {
    if remedies.is_empty() {
        return;
    }
    page.heading("How to mend it");
    for (n, remedy) in remedies.iter().enumerate() {
        let number = format!("  {}. ", n + 1);
        let (words, tone) = phrase::risk(remedy.risk);
        let tag = page.say(words);
        page.tagged(&number, &" ".repeat(number.len()), (tone, tag), Tone::Plain, &remedy.text);
        if let Some(when) = &remedy.when {
            let label = format!("     {}", page.say("only if: "));
            page.text(&label, "       ", Tone::Faint, when);
        }
        for line in remedy.command.iter().flat_map(|text| safe::lines(text, safe::TEXT_LIMIT)) {
            page.line("       ", Tone::Plain, &line);
        }
    }
}
