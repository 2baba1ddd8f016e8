//! Secrets masked, before anything leaves for another person's eyes.
//!
//! A value is masked where its place says that it is secret (`password=…`, an environment variable named
//! `DB_TOKEN`, the user part of a URL, after `Bearer`), or where it looks like nothing else (a JWT, a private
//! key). Names and what refers to them stay, whatever words they are made of, so that a diagnosis stays the
//! same. The same value is always masked by the same text, which is a hash of it under a key that nobody
//! keeps.

mod object;
mod scan;
#[cfg(test)]
mod tests;
mod text;
mod words;

use crate::value::Value;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What stands before the hash of a masked value.
const MARK: &str = "REDACTED-";
/// Bytes of the hash that are kept: enough to tell values of one capture apart.
const KEPT: usize = 6;

/// Masks secrets, all under one key.
#[derive(Debug)]
pub struct Redactor {
    key: Hmac<Sha256>,
    names: BTreeSet<Arc<str>>,
    masked: AtomicUsize,
}

impl Redactor {
    /// One with that key, which has to be random and is to be forgotten.
    pub fn new(key: [u8; 32]) -> Self {
        // An HMAC takes a whole block, which a shorter key is filled up to.
        let mut block = [0; 64];
        block.iter_mut().zip(key).for_each(|(to, from)| *to = from);
        let key = Hmac::new(&block.into());
        Self { key, names: BTreeSet::new(), masked: AtomicUsize::new(0) }
    }

    /// Takes note of names of objects, which are no names of secret values even where they sound so: what
    /// is said of a claim named `db-password` is no password.
    pub fn knowing(&mut self, names: impl IntoIterator<Item = Arc<str>>) {
        self.names.extend(names.into_iter().filter(|name| words::is_secret(name)));
    }

    /// The object without what is secret in it.
    #[must_use]
    pub fn object(&self, object: &Value) -> Value {
        object::redacted(self, object)
    }

    /// The text without what is secret in it: a log, a message.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        text::redacted(self, text).unwrap_or_else(|| text.to_owned())
    }

    /// How many values were masked so far.
    pub fn masked(&self) -> usize {
        self.masked.load(Ordering::Relaxed)
    }

    /// What stands in for a value.
    fn mask(&self, value: &str) -> String {
        self.masked.fetch_add(1, Ordering::Relaxed);
        let hash = self.key.clone().chain_update(value.as_bytes()).finalize().into_bytes();
        let mut out = MARK.to_owned();
        for byte in hash.iter().take(KEPT) {
            // Writing into a text does not fail.
            let _ = write!(out, "{byte:02x}");
        }
        out
    }

    /// Whether a value is to be masked that stands after this word, or in a field of this name.
    fn hides(&self, key: &str, value: &str) -> bool {
        self.is_secret(key) && !is_plain(value) && !words::is_count(key, value)
    }

    /// Whether what stands after a word, or in a field of this name, is secret.
    fn is_secret(&self, key: &str) -> bool {
        words::is_secret(key) && !self.names.contains(key)
    }
}

/// Whether a value says nothing: it is masked already, by us or by others, or it is a word of a language.
fn is_plain(value: &str) -> bool {
    const WORDS: [&str; 8] = ["true", "false", "null", "none", "nil", "unset", "<nil>", "<none>"];
    value.is_empty()
        || WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
        || value.bytes().all(|b| matches!(b, b'*' | b'.' | b'-' | b'x' | b'X'))
        || (value.starts_with("***") && value.ends_with("***"))
        || is_mask(value)
}

fn is_mask(value: &str) -> bool {
    value.strip_prefix(MARK).is_some_and(|hash| {
        hash.len() == KEPT * 2 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}
