//! One playbook as a chapter.

use super::super::explain::{confidence, place, role};
use super::super::{Language, phrase};
use super::{Anchors, Block, Item, Span};
use crate::explain::{Explanation, explain, one_line};
use crate::playbook::{Cause, Confidence, Playbook, Risk, Role, Severity};
use crate::time::human_duration;

/// How many commands to look by hand are listed: those of the most causes.
const COMMANDS: usize = 12;

pub(super) fn write(
    playbook: &Playbook,
    playbooks: &[Playbook],
    anchors: &Anchors,
    language: Language,
    blocks: &mut Vec<Block>,
) {
    let chapter = Chapter { playbook, anchors, language };
    let anchor = Anchors::playbook(playbook);
    let sub = |what: &str| format!("{anchor}--{what}");
    let heading = |deep, what: &str, words: &str| Block::Heading(deep, sub(what), language.say(words).to_owned());
    blocks.push(Block::Heading(2, anchor.clone(), playbook.title.clone()));
    blocks.push(text(language.fill("This playbook is about {}.", &[&playbook.subject.to_string()])));
    blocks.push(heading(3, "symptom", "Symptom"));
    blocks.push(Block::Code(one_line(playbook.symptom.source())));
    blocks.push(heading(3, "look", "Look by hand"));
    blocks.extend(commands(playbook).into_iter().map(Block::Code));
    if !playbook.waiting.is_empty() {
        blocks.push(heading(3, "waiting", "Is it only waiting?"));
        blocks.push(Block::List(false, chapter.waiting()));
    }
    blocks.push(heading(3, "path", "Decision path"));
    blocks.push(text(language.say(ORDER).to_owned()));
    blocks.push(Block::List(true, chapter.path()));
    blocks.push(heading(3, "causes", "Causes"));
    for cause in &playbook.causes {
        chapter.cause(&explain(playbooks, playbook, cause), blocks);
    }
}

const ORDER: &str = "Causes are decided in this order; the first that holds is named first.";

fn text(words: String) -> Block {
    Block::Paragraph(vec![Span::Text(words)])
}

/// Commands that only look: the subject first, then what the remedies of most causes look at.
fn commands(playbook: &Playbook) -> Vec<String> {
    let facts = playbook.subject.facts();
    let kind = facts.names.first().copied().unwrap_or_default();
    let namespace = if facts.resource.namespaced { " -n NAMESPACE" } else { "" };
    let mut commands = vec![format!("kubectl describe {kind} NAME{namespace}")];
    let mut counted: Vec<(usize, String)> = Vec::new();
    let looks = playbook.causes.iter().flat_map(|cause| &cause.remedies).filter(|remedy| remedy.risk == Risk::Look);
    for command in looks.filter_map(|remedy| remedy.command.as_ref()) {
        let command = command.gist_command(&playbook.names);
        match counted.iter_mut().find(|(_, known)| *known == command) {
            Some((n, _)) => *n += 1,
            None => counted.push((1, command)),
        }
    }
    // Stable: commands of as many causes keep the author's order.
    counted.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    let said = format!("kubectl describe {kind} NAME -n NS");
    commands.extend(counted.into_iter().map(|(_, command)| command).filter(|command| *command != said).take(COMMANDS));
    commands
}

struct Chapter<'a> {
    playbook: &'a Playbook,
    anchors: &'a Anchors,
    language: Language,
}

impl Chapter<'_> {
    fn say(&self, english: &str) -> String {
        self.language.say(english).to_owned()
    }

    fn waiting(&self) -> Vec<Item> {
        let item = |state: &crate::playbook::Waiting| {
            let patience = match state.worry_after {
                Some(seconds) => self.language.fill("Normal; worry after {}.", &[&human_duration(seconds)]),
                None => self.say("Normal; this may last."),
            };
            Item {
                text: vec![
                    Span::Strong(state.id.clone()),
                    Span::Text(format!(": {} {patience}", state.summary.gist(&self.playbook.names))),
                ],
                below: vec![self.condition("if: ", &one_line(state.when.source()))],
                code: None,
            }
        };
        self.playbook.waiting.iter().map(item).collect()
    }

    fn condition(&self, label: &str, check: &str) -> Item {
        Item { text: vec![Span::Text(self.say(label)), Span::Code(check.to_owned())], below: Vec::new(), code: None }
    }

    /// The causes in the order in which findings are ranked.
    fn path(&self) -> Vec<Item> {
        let mut causes: Vec<&Cause> = self.playbook.causes.iter().collect();
        causes.sort_by_key(|cause| rank(cause));
        let step = |cause: &Cause| {
            let checks = cause.proofs.iter().map(|proof| one_line(proof.when.source()));
            Item {
                text: vec![
                    Span::Text(format!("{} → ", cause.summary.gist(&self.playbook.names))),
                    Span::Link(self.anchors.cause(self.playbook, &cause.id), cause.id.clone()),
                ],
                below: checks.map(|check| self.condition("if: ", &check)).collect(),
                code: None,
            }
        };
        let mut steps: Vec<Item> = causes.into_iter().map(step).collect();
        let none = self.say("None of these: the playbook does not know the cause.");
        steps.push(Item { text: vec![Span::Text(none)], below: Vec::new(), code: None });
        steps
    }

    fn cause(&self, of: &Explanation, blocks: &mut Vec<Block>) {
        blocks.push(Block::Heading(4, self.anchors.cause(self.playbook, &of.cause), of.cause.clone()));
        blocks.push(Block::Paragraph(vec![Span::Strong(of.summary.clone())]));
        blocks.push(text(of.explanation.clone()));
        let severity = self.say(phrase::severity(of.severity).0);
        let mut facts = vec![plain(format!("{}, {severity}", self.say(role(of.role))))];
        facts.extend(self.proofs(of));
        facts.extend(self.messages(of));
        facts.extend(self.neighbours(of));
        blocks.push(Block::List(false, facts));
        if !of.remedies.is_empty() {
            blocks.push(Block::Paragraph(vec![Span::Strong(self.say("How to mend it"))]));
            blocks.push(Block::List(true, of.remedies.iter().map(|remedy| self.remedy(remedy)).collect()));
        }
        if !of.sources.is_empty() {
            blocks.push(text(format!("{}: {}", self.say("Sources"), of.sources.join("; "))));
        }
    }

    fn proofs(&self, of: &Explanation) -> Option<Item> {
        let below = of.proofs.iter().map(|proof| Item {
            text: vec![
                Span::Text(format!("{}: ", self.say(confidence(proof.confidence)))),
                Span::Code(proof.when.clone()),
            ],
            below: Vec::new(),
            code: None,
        });
        let below: Vec<Item> = below.collect();
        (!below.is_empty()).then(|| Item { text: vec![Span::Text(self.say("How it is proven"))], below, code: None })
    }

    fn messages(&self, of: &Explanation) -> Option<Item> {
        let below = of.messages.iter().flat_map(|message| {
            message.wordings.iter().map(|wording| {
                let versions = match wording.versions.as_str() {
                    "" => String::new(),
                    versions => format!(" ({})", self.language.fill("versions: {}", &[versions])),
                };
                Item {
                    text: vec![
                        Span::Text(format!("{}: ", place(message, self.language))),
                        Span::Code(one_line(&wording.example)),
                        Span::Text(versions),
                    ],
                    below: Vec::new(),
                    code: None,
                }
            })
        });
        let below: Vec<Item> = below.collect();
        (!below.is_empty()).then(|| Item { text: vec![Span::Text(self.say("How it shows"))], below, code: None })
    }

    fn neighbours(&self, of: &Explanation) -> Option<Item> {
        let mut below = Vec::new();
        let near = of.neighbours.iter().map(|near| (self.anchors.cause(self.playbook, &near.cause), &near.cause));
        let links =
            of.instead_of.iter().chain(&of.explained_by).filter_map(|id| Some((self.anchors.elsewhere(id)?, id)));
        for (anchor, id) in links.chain(near) {
            let known = |item: &Item| matches!(item.text.first(), Some(Span::Link(_, known)) if known == id);
            if !below.iter().any(known) {
                below.push(Item { text: vec![Span::Link(anchor, id.clone())], below: Vec::new(), code: None });
            }
        }
        (!below.is_empty()).then(|| Item {
            text: vec![Span::Text(self.say("Not to be confused with"))],
            below,
            code: None,
        })
    }

    fn remedy(&self, remedy: &crate::explain::RemedyWords) -> Item {
        let mut spans = Vec::new();
        let (tag, _) = phrase::risk(remedy.risk);
        if !tag.is_empty() {
            spans.push(Span::Strong(self.say(tag)));
            spans.push(Span::Text(" ".to_owned()));
        }
        spans.push(Span::Text(remedy.text.clone()));
        let below = remedy.when.iter().map(|when| self.condition("only if: ", when)).collect();
        Item { text: spans, below, code: remedy.command.clone() }
    }
}

fn plain(words: String) -> Item {
    Item { text: vec![Span::Text(words)], below: Vec::new(), code: None }
}

/// The order of findings as far as it can be told before anything is examined.
fn rank(cause: &Cause) -> (Severity, bool, Confidence, Role) {
    let best = cause.proofs.iter().map(|proof| (proof.severity.unwrap_or(cause.severity), proof.confidence)).min();
    let (severity, confidence) = best.unwrap_or((cause.severity, Confidence::Possible));
    (severity, cause.role == Role::Symptom, confidence, cause.role)
}
