//! The playbooks as one page to read: for each symptom what to look at, in which order causes are decided,
//! and each cause with its remedies. In Markdown, or in HTML that needs no other file.

mod chapter;
mod html;
mod markdown;

use super::{Language, safe};
use crate::playbook::Playbook;
use std::collections::BTreeMap;
#[cfg(test)]
use std::collections::BTreeSet;

/// A part of the page.
#[derive(Debug)]
enum Block {
    /// A heading: how deep, the name that links lead to, and its text.
    Heading(usize, String, String),
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A list, numbered or not. An item is a run of text with the items below it.
    List(bool, Vec<Item>),
    /// A command, or another text that keeps its lines.
    Code(String),
}

/// An item of a list.
#[derive(Debug)]
struct Item {
    text: Vec<Span>,
    below: Vec<Item>,
    code: Option<String>,
}

/// A run of text. What it holds is never markup.
#[derive(Debug)]
enum Span {
    Text(String),
    Strong(String),
    Code(String),
    /// A link to a name on the page, and its text.
    Link(String, String),
}

/// The handbook as Markdown.
pub fn markdown(playbooks: &[Playbook], language: Language) -> String {
    markdown::write(&page(playbooks, language))
}

/// The handbook as an HTML page.
pub fn html(playbooks: &[Playbook], language: Language) -> String {
    html::write(language.say("Storage troubleshooting handbook"), &page(playbooks, language), language)
}

/// All parts of the page.
fn page(playbooks: &[Playbook], language: Language) -> Vec<Block> {
    let anchors = Anchors::new(playbooks);
    let title = language.say("Storage troubleshooting handbook").to_owned();
    let mut blocks = vec![
        Block::Heading(1, "handbook".to_owned(), title),
        Block::Paragraph(vec![Span::Text(language.say(ABOUT).to_owned())]),
        Block::Heading(2, "contents".to_owned(), language.say("Contents").to_owned()),
        Block::List(false, playbooks.iter().map(|playbook| contents(playbook, &anchors)).collect()),
    ];
    for playbook in playbooks {
        chapter::write(playbook, playbooks, &anchors, language, &mut blocks);
    }
    blocks
}

/// What the page says of itself, in the words of the table of languages.
const ABOUT: &str = "This handbook is generated from the playbooks of storage-doctor. `kubectl storage-doctor TYPE NAME` \
                     follows the same paths by itself. Words in angle brackets stand for what is found in the cluster; \
                     words in capitals in commands are to be filled in.";

fn contents(playbook: &Playbook, anchors: &Anchors) -> Item {
    let causes = playbook.causes.iter().map(|cause| {
        let link = Span::Link(anchors.cause(playbook, &cause.id), cause.id.clone());
        Item { text: vec![link], below: Vec::new(), code: None }
    });
    let link = Span::Link(Anchors::playbook(playbook), playbook.title.clone());
    Item { text: vec![link], below: causes.collect(), code: None }
}

/// The names that links lead to: the code of a cause, which never changes; where several playbooks have
/// it, that of the first, and the others' with the playbook.
#[derive(Debug)]
struct Anchors(BTreeMap<String, String>);

impl Anchors {
    fn new(playbooks: &[Playbook]) -> Self {
        let mut first = BTreeMap::new();
        for playbook in playbooks {
            for cause in &playbook.causes {
                first.entry(cause.id.clone()).or_insert_with(|| playbook.name.clone());
            }
        }
        Self(first)
    }

    fn playbook(playbook: &Playbook) -> String {
        format!("playbook-{}", playbook.name)
    }

    fn cause(&self, playbook: &Playbook, id: &str) -> String {
        match self.0.get(id) {
            Some(first) if *first != playbook.name => format!("{id}--{}", playbook.name),
            _ => id.to_owned(),
        }
    }

    /// Where a cause is told that another names by its code alone.
    fn elsewhere(&self, id: &str) -> Option<String> {
        self.0.contains_key(id).then(|| id.to_owned())
    }
}

/// A run of text made harmless, on one line, with the spaces that keep it from its neighbours.
fn run(text: &str) -> String {
    let end = if text.ends_with(' ') { " " } else { "" };
    safe::one_line(text, safe::TEXT_LIMIT) + end
}

/// Every name that a link of the page leads to, and every link.
#[cfg(test)]
fn links(blocks: &[Block]) -> (BTreeSet<String>, BTreeSet<String>) {
    fn of_item(item: &Item, links: &mut BTreeSet<String>) {
        of_spans(&item.text, links);
        item.below.iter().for_each(|item| of_item(item, links));
    }
    fn of_spans(spans: &[Span], links: &mut BTreeSet<String>) {
        links.extend(spans.iter().filter_map(|span| match span {
            Span::Link(to, _) => Some(to.clone()),
            _ => None,
        }));
    }
    let (mut names, mut links) = (BTreeSet::new(), BTreeSet::new());
    for block in blocks {
        match block {
            Block::Heading(_, name, _) => assert!(names.insert(name.clone()), "{name} stands twice"),
            Block::Paragraph(spans) => of_spans(spans, &mut links),
            Block::List(_, items) => items.iter().for_each(|item| of_item(item, &mut links)),
            Block::Code(_) => {}
        }
    }
    (names, links)
}

#[cfg(test)]
mod tests;
