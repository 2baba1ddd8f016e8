//! The `cel` parser, called within bounds, and its messages in plain words.

use super::Fault;
use super::lexer::{Kind, Token};
use super::syntax::brief;
use cel::common::ast::{IdedExpr, SourceInfo};
use cel::parser::{ParseError, Parser};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// What the parser and the lowering may use. The generated parser needs up to 100 KiB for one bracket
/// where dependencies are not optimised, and a caller's thread may have as little as 2 MiB.
const STACK: usize = 16 << 20;

thread_local! {
    /// Whether this thread was made with stack enough.
    static ROOMY: Cell<bool> = const { Cell::new(false) };
}

/// Runs something on a thread with stack enough for every expression that is compiled meanwhile. One
/// thread for all is much faster than one for each: the parser keeps what it has learnt by thread.
/// Gives nothing when no thread could be started, or `run` panicked.
pub(crate) fn with_room<T: Send>(run: impl FnOnce() -> T + Send) -> Option<T> {
    if ROOMY.get() {
        return Some(run());
    }
    std::thread::scope(|scope| {
        let roomy = || {
            ROOMY.set(true);
            run()
        };
        let thread = std::thread::Builder::new().name("load".to_owned()).stack_size(STACK).spawn_scoped(scope, roomy);
        thread.ok()?.join().ok()
    })
}

/// Runs something that recurses as deep as an expression does, with stack enough for it.
pub(super) fn with_stack<T: Send>(
    source: &str,
    run: impl FnOnce() -> Result<T, Vec<Fault>> + Send,
) -> Result<T, Vec<Fault>> {
    let failed =
        |why: &str| Err(vec![Fault::new(0..source.len(), "not-parsed", format!("could not be parsed: {why}"))]);
    if ROOMY.get() {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
        return result.unwrap_or_else(|_| failed("the parser gave up"));
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("check".to_owned()).stack_size(STACK).spawn_scoped(scope, run);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => failed("the parser gave up"),
            Err(_) => failed("no thread could be started"),
        }
    })
}

/// What the parser makes of a text, whatever its names mean.
type Tree = Rc<(IdedExpr, SourceInfo)>;

/// How many bytes of text trees are kept of.
const KEPT: usize = 1 << 20;

/// The trees of what was parsed on this thread, by text. Parsing is most of the work of compiling, and the same
/// text is compiled for each playbook that uses its library.
#[derive(Default)]
struct Kept {
    trees: BTreeMap<String, Tree>,
    bytes: usize,
}

thread_local! {
    static TREES: RefCell<Kept> = RefCell::default();
}

/// An expression as parsed, and where its parts are.
pub(super) struct Parsed<'a> {
    pub(super) tree: Tree,
    pub(super) places: Places<'a>,
}

/// Finds the bytes of a part of an expression.
pub(super) struct Places<'a> {
    tree: Tree,
    source: &'a str,
    tokens: &'a [Token],
}

impl Places<'_> {
    /// The bytes of the token that a part was built at.
    pub(super) fn of(&self, id: u64) -> Range<usize> {
        let Some((first, last)) = self.tree.1.offset_for(id) else { return 0..self.source.len() };
        // The parser counts bytes, and gives the last one.
        let byte = |at: u32| usize::try_from(at).unwrap_or(usize::MAX).min(self.source.len());
        byte(first)..byte(last.saturating_add(1))
    }

    /// The name of a field after the dot that a part was built at.
    pub(super) fn of_field(&self, id: u64, name: &str) -> Range<usize> {
        let near = self.of(id);
        let named = |token: &&Token| self.source.get(token.range.clone()) == Some(name);
        let after = self.tokens.iter().filter(|token| token.range.start >= near.start).find(named);
        after.map_or(near, |token| token.range.clone())
    }

    /// The name before the bracket that a call was built at.
    pub(super) fn of_called(&self, id: u64) -> Range<usize> {
        let bracket = self.of(id);
        let before = self.tokens.iter().rev().find(|token| token.range.end <= bracket.start);
        before.map_or(bracket, |token| token.range.clone())
    }
}

/// Parses a text whose tokens are in order.
pub(super) fn parse<'a>(source: &'a str, tokens: &'a [Token]) -> Result<Parsed<'a>, Vec<Fault>> {
    let parsed = |tree: Tree| Parsed { places: Places { tree: Rc::clone(&tree), source, tokens }, tree };
    if let Some(tree) = TREES.with_borrow(|kept| kept.trees.get(source).cloned()) {
        return Ok(parsed(tree));
    }
    let tree = match Parser::new().error_recovery_limit(10).parse_with_source_info(source) {
        Ok(tree) => Rc::new(tree),
        Err(errors) => return Err(faults(source, tokens, &errors.errors)),
    };
    TREES.with_borrow_mut(|kept| {
        if ROOMY.get() && kept.bytes + source.len() <= KEPT {
            kept.bytes += source.len();
            kept.trees.insert(source.to_owned(), Rc::clone(&tree));
        }
    });
    Ok(parsed(tree))
}

fn faults(source: &str, tokens: &[Token], errors: &[ParseError]) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    let mut syntax = false;
    for error in errors {
        // One error of syntax draws others after it.
        let of_syntax = error.msg.starts_with("Syntax error: ");
        if of_syntax && std::mem::replace(&mut syntax, true) {
            continue;
        }
        if let Some(fault) = fault(source, tokens, error)
            && !faults.contains(&fault)
        {
            faults.push(fault);
        }
    }
    if faults.is_empty() {
        faults.push(Fault::new(0..source.len(), "syntax", "this is not an expression"));
    }
    faults
}

fn fault(source: &str, tokens: &[Token], error: &ParseError) -> Option<Fault> {
    let at = offset(source, error.pos);
    let token = tokens.iter().find(|token| token.range.end > at);
    let range = token.map_or(source.len()..source.len(), |token| token.range.clone());
    let word = source.get(range.clone()).unwrap_or_default();
    let message = error.msg.as_str();
    let told = |code, text: String| Some(Fault::new(range.clone(), code, text));
    if message.starts_with("reserved identifier") {
        return told("reserved-word", format!("`{}` is a reserved word", brief(word)));
    }
    if message.starts_with("invalid") && message.ends_with("literal") {
        return told("bad-number", format!("`{}` is too large a number, or none", brief(word)));
    }
    if message.contains("has() macro") {
        return told("bad-has", "has() wants a field".to_owned())
            .map(|f| f.help("such as `has(claim.spec.volumeName)`; else compare with null"));
    }
    if message.contains("must be a simple name") {
        return told("bad-variable", "expected a name for the item".to_owned())
            .map(|f| f.help("such as `x` in `list.exists(x, x > 1)`"));
    }
    if token.is_some_and(|token| token.kind == Kind::Text)
        && (message.contains("string literal") || message.contains("token recognition"))
    {
        return told("bad-escape", "there is an unknown escape in this text".to_owned())
            .map(|f| f.help("write `\\\\` for a backslash, or r'…' for a text without escapes"));
    }
    if let Some(text) = message.strip_prefix("Syntax error: ") {
        return Some(of_syntax(source, tokens, range.clone(), word, text));
    }
    // "Incomplete …", "No …": echoes of a syntax error that is told already.
    if error.msg == "UNKNOWN" { told("too-deep", "the expression is nested too deep".to_owned()) } else { None }
}

fn of_syntax(source: &str, tokens: &[Token], range: Range<usize>, word: &str, message: &str) -> Fault {
    if message.contains("recovery attempt limit") {
        return Fault::new(0..source.len(), "syntax", "this is not an expression");
    }
    let asks = tokens.iter().rev().find(|t| t.range.end <= range.start && source.get(t.range.clone()) == Some("?"));
    let wants_colon = message.split_once("expecting").is_some_and(|(_, wanted)| wanted.contains("':'"));
    if let (true, Some(asks)) = (wants_colon, asks) {
        return Fault::new(asks.range.clone(), "syntax", "this `?` has no `:`")
            .help("write `condition ? then : otherwise`");
    }
    if word.is_empty() {
        return Fault::new(range, "syntax", "the expression ends too early");
    }
    let fault = Fault::new(range, "syntax", format!("unexpected `{}`", brief(word)));
    if wants_colon { fault.help("a map is written `{'key': value}`") } else { fault }
}

/// The byte of a line and column, both counted from 1, the column in characters.
fn offset(source: &str, (line, column): (isize, isize)) -> usize {
    let line = usize::try_from(line).unwrap_or(1).saturating_sub(1);
    let column = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    let start: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = source.get(start..).unwrap_or_default();
    start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
}
