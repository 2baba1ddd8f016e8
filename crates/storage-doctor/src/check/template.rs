//! Text with holes: `claim {{ claim.metadata.name }} asks for {{ request }}`.

use super::compile::compile_tokens;
use super::gist::{Style, gist};
use super::lexer::tokens;
use super::show::show;
use super::{Budget, Check, Fault, Names, Scope, Slot, syntax};
use crate::value::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A compiled text with holes. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Template {
    source: Arc<str>,
    parts: Arc<[Part]>,
    uses: Arc<[Slot]>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    /// What stands in a hole, and where in the text it begins.
    Hole(Check, usize),
}

/// What a template may be long, in bytes.
const LONGEST: usize = 16 << 10;

/// Compiles a text with holes, or says everything that is wrong with them. A hole begins with `{{` and
/// ends with the first `}}` outside texts and brackets; `}}` elsewhere is plain text, and `{{ '{{' }}`
/// gives two plain braces.
pub fn compile_template(source: &str, names: &Names) -> Result<Template, Vec<Fault>> {
    if source.len() > LONGEST {
        let message = format!("a text has at most {LONGEST} bytes");
        return Err(vec![Fault::new(0..source.len(), "too-long", message)]);
    }
    let (mut parts, mut faults, mut at) = (Vec::new(), Vec::new(), 0);
    while let Some(found) = source.get(at..).and_then(|rest| rest.find("{{")) {
        let open = at + found;
        if found > 0 {
            parts.push(Part::Text(source.get(at..open).unwrap_or_default().to_owned()));
        }
        let (hole, end) = hole(source, open, names);
        match hole {
            Ok(check) => parts.push(Part::Hole(check, open + 2)),
            Err(found) => faults.extend(found),
        }
        at = end;
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    if at < source.len() {
        parts.push(Part::Text(source.get(at..).unwrap_or_default().to_owned()));
    }
    let uses: BTreeSet<Slot> = parts.iter().flat_map(Part::uses).copied().collect();
    Ok(Template { source: Arc::from(source), parts: Arc::from(parts), uses: uses.into_iter().collect() })
}

/// Compiles the hole that opens at a byte; also gives where it ends.
fn hole(source: &str, open: usize, names: &Names) -> (Result<Check, Vec<Fault>>, usize) {
    let start = open + 2;
    let rest = source.get(start..).unwrap_or_default();
    let (tokens, length, faults) = tokens(rest);
    let end = start + length;
    let moved = |faults: Vec<Fault>| faults.into_iter().map(|fault| fault.moved(start)).collect();
    if !source.get(end..).is_some_and(|rest| rest.starts_with("}}")) {
        let fault = Fault::new(open..start, "unclosed-hole", "this `{{` is not closed");
        let fault = if faults.is_empty() { vec![fault.help("end it with `}}`")] } else { moved(faults) };
        return (Err(fault), source.len());
    }
    let text = rest.get(..length).unwrap_or_default();
    let compiled = match syntax::too_long(text) {
        Some(fault) => Err(vec![fault]),
        None => compile_tokens(text, &tokens, faults, names),
    };
    (compiled.map_err(moved), end + 2)
}

impl Part {
    fn uses(&self) -> &[Slot] {
        match self {
            Self::Text(_) => &[],
            Self::Hole(check, _) => check.uses(),
        }
    }
}

impl Template {
    /// The text it was compiled from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What stands in its holes, each with the byte at which it begins.
    pub(crate) fn holes(&self) -> impl Iterator<Item = (usize, &Check)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Hole(check, at) => Some((*at, check)),
        })
    }

    /// Every declared name it reads, sorted.
    pub fn uses(&self) -> &[Slot] {
        &self.uses
    }

    /// The text for a reader who has no cluster before him: a hole is named (`<class_name>`), a choice shows
    /// its ways (`[one | other]`).
    pub fn gist(&self, names: &Names) -> String {
        self.gist_in(names, Style::Prose)
    }

    /// The same for a command, which has to be safe to paste: `kubectl get pvc NAME -n NS`.
    pub fn gist_command(&self, names: &Names) -> String {
        self.gist_in(names, Style::Command)
    }

    fn gist_in(&self, names: &Names, style: Style) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Hole(check, _) => gist(check, names, style),
        };
        self.parts.iter().map(part).collect()
    }

    /// The text with its holes filled: `(not known)` for what is unknown, `(none)` for null and for an
    /// empty list. What fills a hole comes from the cluster and is not cleaned of control characters.
    pub fn render(&self, scope: &dyn Scope, budget: &mut Budget) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Hole(check, _) => show(&check.eval(scope, budget)),
            })
            .collect()
    }

    /// The text as a command for a shell: what fills a hole is one word, whatever stands in it, since it
    /// comes from the cluster. None when a hole is unknown or null: half a command is worse than none.
    pub fn render_command(&self, scope: &dyn Scope, budget: &mut Budget) -> Option<String> {
        let fill = |part: &Part| match part {
            Part::Text(text) => Some(text.clone()),
            Part::Hole(check, _) => match check.eval(scope, budget) {
                Value::Null | Value::Unknown(_) => None,
                value => Some(word(&show(&value))),
            },
        };
        self.parts.iter().map(fill).collect()
    }
}

/// A text that a POSIX shell reads as one word, or as nothing when it is empty.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | ':' | '@' | '=' | ',' | '+');
    if text.chars().all(plain) {
        return text.to_owned();
    }
    let visible: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("'{}'", visible.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn what_fills_a_command_is_one_word() {
        assert_eq!(word("data-0"), "data-0");
        assert_eq!(word("system:serviceaccount:a:b"), "system:serviceaccount:a:b");
        assert_eq!(word(""), "");
        assert_eq!(word("$(reboot)"), "'$(reboot)'");
        assert_eq!(word("a'b; c"), "'a'\\''b; c'");
        assert_eq!(word("a\nrm -rf /"), "'arm -rf /'");
    }
}
