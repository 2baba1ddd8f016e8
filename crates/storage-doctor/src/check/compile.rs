//! From text to a check.

use super::eval::eval;
use super::lexer::{Token, tokens};
use super::lower::lower;
use super::tree::Node;
use super::{Budget, Fault, Names, Scope, Slot, syntax};
use crate::value::Value;
use std::sync::Arc;

/// A compiled expression. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Check {
    source: Arc<str>,
    root: Arc<Node>,
    uses: Arc<[Slot]>,
}

/// Compiles an expression, or says everything that is wrong with it.
///
/// ```
/// use storage_doctor::check::{Names, compile};
/// let mut names = Names::new();
/// names.declare("claim");
/// assert!(compile("claim.status.phase == 'Bound'", &names).is_ok());
/// let faults = compile("clam.status.phase == 'Bound'", &names).unwrap_err();
/// assert_eq!(faults[0].help.as_deref(), Some("did you mean `claim`?"));
/// ```
pub fn compile(source: &str, names: &Names) -> Result<Check, Vec<Fault>> {
    if let Some(fault) = syntax::too_long(source) {
        return Err(vec![fault]);
    }
    let (tokens, end, mut faults) = tokens(source);
    if end < source.len() {
        faults.push(Fault::new(end..end + 1, "unopened-bracket", "this `}` closes nothing"));
    }
    compile_tokens(source, &tokens, faults, names)
}

/// Compiles a text that was split already, with the faults found so far.
pub(super) fn compile_tokens(
    source: &str,
    tokens: &[Token],
    mut faults: Vec<Fault>,
    names: &Names,
) -> Result<Check, Vec<Fault>> {
    // A token that could not be read would make its neighbours look wrong.
    if faults.is_empty() {
        faults = syntax::check(source, tokens);
    }
    if !faults.is_empty() {
        faults.sort_by_key(|fault| (fault.range.start, fault.range.end));
        return Err(faults);
    }
    let lowered = lower(source, tokens, names)?;
    Ok(Check { source: Arc::from(source), root: Arc::new(lowered.root), uses: Arc::from(lowered.uses) })
}

impl Check {
    /// The text it was compiled from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The tree that is evaluated.
    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    /// Every declared name it reads, sorted.
    pub fn uses(&self) -> &[Slot] {
        &self.uses
    }

    /// Its value. Unknown, with a gap of the check itself, when the budget does not suffice.
    pub fn eval(&self, scope: &dyn Scope, budget: &mut Budget) -> Value {
        eval(&self.root, scope, budget)
    }

    /// The name and the fields, if the whole expression is a plain path such as
    /// `claim.spec.storageClassName` or `claim.metadata.labels['app']`.
    pub fn as_path(&self) -> Option<(Slot, Vec<String>)> {
        let mut fields = Vec::new();
        let mut node = &*self.root;
        loop {
            node = match node {
                Node::Name(slot) => {
                    fields.reverse();
                    return Some((*slot, fields));
                }
                Node::Field(of, name) => {
                    fields.push(name.text.to_string());
                    of
                }
                Node::Index(of, at) => {
                    let Node::Constant(Value::Text(name)) = &**at else { return None };
                    fields.push(name.to_string());
                    of
                }
                _ => return None,
            };
        }
    }
}
