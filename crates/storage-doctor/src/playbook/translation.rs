//! A playbook's texts in another language. What is not translated stays in English; what cannot belong to
//! the playbook is an error, since a translation that went stale is worse than none.

use super::compile::{Compiler, Shared, Valid, all};
use super::entries::Entries;
use super::model::{CauseWords, Definition, LinkWords, Playbook, Words};
use super::raw::Text;
use super::raw_words::{RawCauseWords, RawTranslation};
use super::sink::did_you_mean;
use crate::check::{Names, Slot, Template, nearest};
use crate::problem::Problem;
use crate::span::{SourceFile, Sp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Adds the texts to the playbook that they belong to; nothing when something is wrong with them, and all of
/// that goes to `shared`.
pub(super) fn add(file: &Arc<SourceFile>, raw: &RawTranslation, playbooks: &mut [Playbook], shared: &mut Shared) {
    let known: Vec<String> = playbooks.iter().map(|p| p.name.clone()).collect();
    let Some(playbook) = playbooks.iter_mut().find(|p| p.name == *raw.name.value()) else {
        let hint = did_you_mean(nearest(&raw.name, known.iter().map(String::as_str)).first());
        let message = format!("no playbook `{}` is loaded{hint}", raw.name.value());
        shared.sink.push(Problem::error("unknown-playbook", file, raw.name.span(), &message));
        return;
    };
    let names = playbook.names.clone();
    let compiler = Compiler { file, names: &names, shared, in_each: false };
    if let Ok(words) = (Translator { c: compiler, playbook, names: &names }).words(raw) {
        playbook.translations.insert(raw.language.value().clone(), words);
    }
}

struct Translator<'a> {
    c: Compiler<'a>,
    playbook: &'a Playbook,
    names: &'a Names,
}

impl Translator<'_> {
    fn words(&mut self, raw: &RawTranslation) -> Valid<Words> {
        self.check_name(raw)?;
        let states: Vec<&str> = self.playbook.waiting.iter().map(|w| w.id.as_str()).collect();
        let known = self.check_ids(&raw.waiting, &states, "waiting state", raw);
        let waiting = self.waiting(&raw.waiting);
        let codes: Vec<&str> = self.playbook.causes.iter().map(|c| c.id.as_str()).collect();
        let known = known.and(self.check_ids(&raw.causes, &codes, "cause", raw));
        let causes = self.causes(&raw.causes);
        let chain = self.chain(raw);
        if !raw.related.is_empty() {
            self.same_number(raw, "related", (raw.related.len(), self.playbook.related.len()))?;
        }
        known?;
        Ok(Words {
            title: raw.title.value().clone(),
            waiting: waiting?,
            causes: causes?,
            chain: chain?,
            related: raw.related.iter().map(|text| text.value().clone()).collect(),
        })
    }

    fn check_name(&mut self, raw: &RawTranslation) -> Valid<()> {
        let language = raw.language.value();
        if !is_language(language) {
            let problem = Problem::error(
                "bad-language",
                self.c.file,
                raw.language.span(),
                &format!("`{language}` is no language"),
            );
            return Err(self
                .c
                .push(problem.help("write two or three letters, such as `zh`; `en` is the playbook's own")));
        }
        let expected = super::load::stem(self.c.file.name()).to_owned();
        let name = format!("{}.{language}", raw.name.value());
        if name != expected {
            let message =
                format!("this translates `{}` into `{language}`, but the file is `{expected}`", raw.name.value());
            let problem = Problem::error("name-mismatch", self.c.file, raw.name.span(), &message);
            return Err(self.c.push(problem.help(&format!("name the file `{name}.yaml`"))));
        }
        Ok(())
    }

    /// Whether every code is one of the playbook's, once; what the playbook has beyond them is worth a word.
    fn check_ids<T>(&mut self, given: &Entries<T>, known: &[&str], what: &str, raw: &RawTranslation) -> Valid<()> {
        let mut valid = Ok(());
        for (id, _) in &given.0 {
            if !known.contains(&id.as_str()) {
                let hint = did_you_mean(nearest(id, known.iter().copied()).first());
                let message = format!("playbook `{}` has no {what} `{}`{hint}", self.playbook.name, id.value());
                valid = Err(self.c.error("unknown-id", id.span(), &message));
            }
        }
        for missing in known.iter().filter(|known| !given.0.iter().any(|(id, _)| id.value() == **known)) {
            let message = format!("the {what} `{missing}` is not translated");
            self.c.push(Problem::warning("untranslated", self.c.file, raw.name.span(), &message));
        }
        valid
    }

    fn waiting(&mut self, given: &Entries<Text>) -> Valid<BTreeMap<String, Template>> {
        let mut words = BTreeMap::new();
        let mut valid = Ok(());
        for (id, text) in &given.0 {
            let original = self.playbook.waiting.iter().find(|w| w.id == *id.value()).map(|w| w.summary.clone());
            match self.template(text, original.as_ref()) {
                Ok(text) => drop(words.insert(id.value().clone(), text)),
                Err(invalid) => valid = Err(invalid),
            }
        }
        valid.map(|()| words)
    }

    fn causes(&mut self, given: &Entries<RawCauseWords>) -> Valid<BTreeMap<String, CauseWords>> {
        let mut words = BTreeMap::new();
        let mut valid = Ok(());
        for (id, raw) in &given.0 {
            match self.cause(id, raw) {
                Ok(cause) => drop(words.insert(id.value().clone(), cause)),
                Err(invalid) => valid = Err(invalid),
            }
        }
        valid.map(|()| words)
    }

    fn cause(&mut self, id: &Sp<String>, raw: &RawCauseWords) -> Valid<CauseWords> {
        let original = self.playbook.causes.iter().find(|c| c.id == *id.value());
        let summary = self.template(&raw.summary, original.map(|c| &c.summary));
        let explanation = self.template(&raw.explanation, original.map(|c| &c.explanation));
        let remedies = all(raw.remedies.iter().map(|text| self.template(text, None)));
        if let Some(original) = original.filter(|c| c.remedies.len() != raw.remedies.len()) {
            let (here, there) = (raw.remedies.len(), original.remedies.len());
            let message = format!("{here} remedies are translated here, and the cause `{}` has {there}", original.id);
            let problem = Problem::error("stale-translation", self.c.file, id.span(), &message);
            return Err(self.c.push(problem.help("translate the text of each remedy, in the playbook's order")));
        }
        Ok(CauseWords { summary: summary?, explanation: explanation?, remedies: remedies? })
    }

    fn chain(&mut self, raw: &RawTranslation) -> Valid<Vec<LinkWords>> {
        if raw.chain.is_empty() {
            return Ok(Vec::new());
        }
        self.same_number(raw, "chain", (raw.chain.len(), self.playbook.chain.len()))?;
        // As in the playbook, these texts are made for each name, which they see as `item`.
        self.c.in_each = true;
        let words = all(raw.chain.iter().map(|link| {
            let relation = self.c.template(&link.relation);
            let state = self.c.template(&link.state);
            Ok(LinkWords { relation: relation?, state: state? })
        }));
        self.c.in_each = false;
        words
    }

    fn same_number(&mut self, raw: &RawTranslation, what: &str, (here, there): (usize, usize)) -> Valid<()> {
        if here == there {
            return Ok(());
        }
        let message = format!("`{what}` has {here} entries here, and {there} in the playbook");
        Err(self.c.error("stale-translation", raw.name.span(), &message))
    }

    /// A text; one that leaves out a name which the original tells is worth a word. A name that stands for
    /// words of the original's language is told by what those words are made of.
    fn template(&mut self, text: &Text, original: Option<&Template>) -> Valid<Template> {
        let template = self.c.template(text)?;
        let read = |slot: &Slot| template.uses().contains(slot);
        let made_of = |slot: &Slot| match self.playbook.definitions.get(slot.0) {
            Some(Definition::Let(check)) => !check.uses().is_empty() && check.uses().iter().all(read),
            _ => false,
        };
        let left_out = original.and_then(|o| o.uses().iter().find(|slot| !read(slot) && !made_of(slot)));
        if let Some(slot) = left_out {
            let message =
                format!("the translation does not tell `{}`, which the original does", self.names.name(*slot));
            self.c.push(Problem::warning("hole-left-out", self.c.file, text.span(), &message));
        }
        Ok(template)
    }
}

/// Whether it is a language as ISO 639 writes it, and not the playbooks' own.
fn is_language(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.chars().all(|c| c.is_ascii_lowercase()) && text != "en"
}
