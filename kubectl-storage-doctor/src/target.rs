//! `pvc data`, `pvc/data`, `pvc`: which objects are meant.

use crate::error::{Failure, did_you_mean};
use storage_doctor::subject::Kind;

/// The words beside which a kind may be mistyped.
const SUBCOMMANDS: &[&str] =
    &["scan", "capture", "version", "schema", "playbook", "language", "explain", "handbook", "help"];

/// Objects of one kind.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Their kind.
    pub(crate) kind: Kind,
    /// Their names, each once, in the order given; every one when empty.
    pub(crate) names: Vec<String>,
}

impl Target {
    /// Reads `TYPE`, `TYPE NAME…` or `TYPE/NAME…`, with kubectl's rules and words.
    pub(crate) fn parse(words: &[String]) -> Result<Self, Failure> {
        let Some((first, rest)) = words.split_first() else {
            return Err(Failure::new("no TYPE is given").hint(&kinds()));
        };
        if first.contains('/') {
            return Self::pairs(words);
        }
        if rest.iter().any(|word| word.contains('/')) {
            let message = "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form";
            return Err(Failure::new(message).hint("write either TYPE NAME or TYPE/NAME"));
        }
        Ok(Self { kind: kind(first)?, names: each_once(rest.iter().cloned()) })
    }

    fn pairs(words: &[String]) -> Result<Self, Failure> {
        let mut kinds = Vec::new();
        let mut names = Vec::new();
        for word in words {
            match word.split('/').collect::<Vec<_>>().as_slice() {
                [of, name] if !name.is_empty() => {
                    kinds.push(kind(of)?);
                    names.push((*name).to_owned());
                }
                _ => return Err(Failure::new(&format!("{word:?} is not TYPE/NAME"))),
            }
        }
        match kinds.split_first() {
            Some((first, rest)) if rest.iter().all(|kind| kind == first) => {
                Ok(Self { kind: *first, names: each_once(names) })
            }
            _ => Err(Failure::new("objects of different types are named").hint("ask for one type at a time")),
        }
    }
}

fn each_once(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut once = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

fn kind(word: &str) -> Result<Kind, Failure> {
    Kind::from_name(word).ok_or_else(|| {
        let known = Kind::all().iter().flat_map(|facts| facts.names).chain(SUBCOMMANDS).copied();
        let failure = Failure::new(&format!("unknown type {word:?}"));
        if SUBCOMMANDS.contains(&word) {
            return failure.hint(&format!("{word} goes before all flags")).hint(&kinds());
        }
        match did_you_mean(word, known) {
            Some(hint) => failure.hint(&hint).hint(&kinds()),
            None => failure.hint(&kinds()),
        }
    })
}

/// The types there are, for a hint.
fn kinds() -> String {
    let names: Vec<&str> = Kind::all().iter().filter_map(|facts| facts.names.first().copied()).collect();
    format!("known types are {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Result<Target, Failure> {
        Target::parse(&words.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn names_as_kubectl_takes_them() {
        use Kind::{PersistentVolumeClaim as Claim, StatefulSet};
        let cases: [(&str, Kind, &[&str]); 8] = [
            ("pvc", Claim, &[]),
            ("PVC data", Claim, &["data"]),
            ("persistentvolumeclaims data logs data", Claim, &["data", "logs"]),
            ("pvc/data", Claim, &["data"]),
            ("pvc/data persistentvolumeclaim/logs", Claim, &["data", "logs"]),
            ("sts db", StatefulSet, &["db"]),
            ("statefulsets.apps/db", StatefulSet, &["db"]),
            ("pvc version", Claim, &["version"]),
        ];
        for (words, kind, names) in cases {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(parse(words).unwrap(), Target { kind, names }, "{words}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let words = [
            "pcv",
            "versoin",
            "version",
            "deployment",
            "pvc,sts",
            "pvc/",
            "/data",
            "pvc/a/b",
            "pvc a/b",
            "pvc a pvc/b",
            "pvc/a b",
            "pvc/a sts/b",
            "\u{1b}[2J",
            "",
        ];
        let said: Vec<String> =
            words.iter().map(|words| format!("{words:?}\n{}", parse(words).unwrap_err().render(false))).collect();
        insta::assert_snapshot!(said.join("\n"));
    }
}
