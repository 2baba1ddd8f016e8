//! Regular expressions of authors, compiled within bounds: linear in time by nature of the crate, small
//! by the limits here.

use regex::{Regex, RegexBuilder};
use std::collections::BTreeMap;
use std::ops::Range;

/// The largest compiled expression, in bytes.
const MAX_SIZE: usize = 1 << 20;
/// The longest expression and example, in bytes.
pub(super) const MAX_TEXT: usize = 4096;
/// Sizes to try, so that small expressions cost a small share of the budget.
const SIZES: [usize; 4] = [1 << 14, 1 << 16, 1 << 18, MAX_SIZE];
/// What all expressions together may take, in bytes.
const MAX_MEMORY: usize = 64 << 20;
/// What compiling all expressions may take, also those that turn out too large: the sum of the sizes tried.
const MAX_EFFORT: usize = 128 << 20;
/// What trying all examples may take, as the sum of size times length.
const MAX_WORK: usize = 1 << 31;

/// What is wrong with an expression.
#[derive(Debug)]
pub(super) struct Bad {
    /// Where in the expression; all of it when unknown.
    pub(super) range: Option<Range<usize>>,
    /// What is wrong.
    pub(super) message: String,
}

/// Compiled expressions, each once, and what they have cost.
#[derive(Debug, Default)]
pub(super) struct Regexes {
    compiled: BTreeMap<String, (Regex, usize)>,
    memory: usize,
    effort: usize,
    work: usize,
}

impl Regexes {
    /// Compiles an expression, or gives it again.
    pub(super) fn compile(&mut self, pattern: &str) -> Result<Regex, Bad> {
        if let Some((regex, _)) = self.compiled.get(pattern) {
            return Ok(regex.clone());
        }
        if pattern.len() > MAX_TEXT {
            return Err(whole(format!("a regular expression of {} bytes; {MAX_TEXT} are allowed", pattern.len())));
        }
        for size in SIZES {
            self.effort += size;
            if self.memory + size > MAX_MEMORY || self.effort > MAX_EFFORT {
                return Err(whole("the regular expressions of these files are too large together".to_owned()));
            }
            let built = RegexBuilder::new(pattern).size_limit(size).dfa_size_limit(1 << 18).nest_limit(50).build();
            match built {
                Ok(regex) => {
                    self.memory += size;
                    self.compiled.insert(pattern.to_owned(), (regex.clone(), size));
                    return Ok(regex);
                }
                Err(regex::Error::CompiledTooBig(_)) => {}
                Err(error) => return Err(condense(pattern, &error.to_string())),
            }
        }
        Err(whole(format!("a regular expression that takes more than {MAX_SIZE} bytes when compiled")))
    }

    /// The bytes within which an expression was compiled.
    pub(super) fn size(&self, regex: &Regex) -> usize {
        self.compiled.get(regex.as_str()).map_or(MAX_SIZE, |(_, size)| *size)
    }

    /// Whether `text` matches, within the budget for trying; an error when that is spent.
    pub(super) fn matches(&mut self, regex: &Regex, text: &str) -> Result<bool, Bad> {
        let size = self.size(regex);
        self.work = self.work.saturating_add(size.saturating_mul(text.len()));
        if text.len() > MAX_TEXT || self.work > MAX_WORK {
            return Err(whole("the examples of these files are too long to try".to_owned()));
        }
        // Matching leaves scratch space of some fifty kilobytes behind in the expression that was tried; a clone has
        // its own, which goes with it.
        Ok(regex.clone().is_match(text))
    }
}

fn whole(message: String) -> Bad {
    Bad { range: None, message }
}

/// Takes the place and the reason out of the crate's message of several lines, which reads: the
/// expression indented by four, a line of `^` under it, and `error: reason`.
fn condense(pattern: &str, message: &str) -> Bad {
    let reason = message.rsplit("error: ").next().unwrap_or(message).trim().to_owned();
    let carets = message.lines().find(|line| line.contains('^') && line.trim_matches([' ', '^']).is_empty());
    let range = carets.filter(|_| !pattern.contains('\n')).and_then(|line| {
        let from = line.chars().position(|c| c == '^')?.checked_sub(4)?;
        let to = from + line.chars().filter(|c| *c == '^').count();
        let byte = |n: usize| pattern.char_indices().nth(n).map_or(pattern.len(), |(at, _)| at);
        Some(byte(from)..byte(to))
    });
    Bad { range, message: reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad(pattern: &str) -> Bad {
        Regexes::default().compile(pattern).unwrap_err()
    }

    #[test]
    fn a_bad_expression_says_where_and_why() {
        let unclosed = bad("^ab(cd");
        assert_eq!((unclosed.range, unclosed.message.as_str()), (Some(3..4), "unclosed group"));
        let look = bad("\u{754c}(?=x)");
        assert_eq!(look.range, Some(3..6));
        assert!(look.message.contains("look-around"), "{}", look.message);
        assert!(bad("a{1000}{1000}{100}").message.contains("bytes"));
        assert!(bad(&"x".repeat(5000)).message.contains("5000"));
        let deep = bad(&format!("{}{}", "(".repeat(1000), ")".repeat(1000)));
        assert!(deep.message.contains("nest"), "{deep:?}");
    }

    #[test]
    fn all_together_are_bounded() {
        let mut regexes = Regexes::default();
        let spent = (0..5000).find_map(|n| regexes.compile(&format!("{n}\\w{{9}}")).err());
        let spent = spent.unwrap();
        assert!(spent.message.contains("together"), "{spent:?}");
    }
}
