//! What each code means: of what loading finds, and of the lints.

use super::lint::LINTS;
use crate::problem::Level;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The codes of what loading finds: what is wrong, and what to do.
const LOADING: &[(&str, &str, &str)] = &[
    ("anchor", "an anchor or alias of YAML", "write the value out, or give it a name under `let`"),
    ("argument-count", "a function with too many or too few arguments", "write it as its documentation says"),
    (
        "bad-amount",
        "an amount of a node's statistics that is none (cases)",
        "write a number, or a quantity such as 10Gi",
    ),
    ("bad-argument", "an argument, written out, that the function cannot take", "correct it"),
    ("bad-duration", "a length of time that cannot be read", "write `90s`, `10m`, `1h30m` or `2d`"),
    ("bad-escape", "an unknown escape in a text", "write `\\` for a backslash, or `r'…'`"),
    ("bad-has", "`has()` of something that is no field", "compare with null"),
    ("bad-language", "a language that is not named as one", "write it as ISO 639 does: `zh`"),
    (
        "bad-log",
        "a log of a container that the case does not have (cases)",
        "name it `NAMESPACE/POD/CONTAINER`, of a pod among the objects",
    ),
    ("bad-manifest", "an object that is no manifest (cases)", "give it `kind` and `metadata.name`"),
    ("bad-name", "a name, or a code, of characters that it may not have", "names are `a_b1`, codes and files `a-b1`"),
    ("bad-node", "a node that the case does not have (cases)", "put it among the objects"),
    ("bad-number", "a number that is too large, or none", "correct it"),
    ("bad-object", "an event about something that cannot be (cases)", "name the object `TYPE/NAMESPACE/NAME`"),
    ("bad-path", "a path to a field that is no path", "write it as `'spec.volumes[].name'`"),
    ("bad-pattern", "a regular expression in a check that is none, or is too large", "correct it"),
    (
        "bad-recording",
        "a recording that cannot be read (cases)",
        "give an archive or folder, relative to the file of cases",
    ),
    ("bad-regex", "a regular expression that is none, or is too large", "correct it"),
    ("bad-resource", "a resource given in full with a part that cannot be", "correct it"),
    ("bad-service", "a service of a node that cannot be one", "write its name: `kubelet`"),
    ("bad-subject", "a subject that is not named as one (cases)", "write `TYPE/NAMESPACE/NAME`"),
    ("bad-time", "a time that cannot be read (cases)", "write `2026-11-20T10:00:00Z`, or `20s` for an age"),
    ("bad-variable", "a loop without a name for the item", "write `list.exists(x, …)`"),
    (
        "bad-volume",
        "a volume of a pod that the case does not have (cases)",
        "name the pod `NAMESPACE/POD`, and put it among the objects",
    ),
    ("bad-window", "a window of time that cannot be", "write `90s`, `10m` or `1h30m`; a day at most"),
    ("broken-library", "a playbook that uses a library which is left out", "mend the library"),
    ("cases-file", "a file of cases where playbooks are wanted", "run it with `playbook test`"),
    (
        "cite-kind",
        "a citation of several kinds, or of none",
        "give exactly one of `field`, `message`, `absent`, `quote`",
    ),
    ("cluster-scoped", "a namespace for what lives in none", "leave it out"),
    ("control-character", "a control character in the file", "write it as an escape in double quotes"),
    ("cycle", "names that need each other", "take one of them apart"),
    ("duplicate-case", "two cases of the same name (cases)", "rename one"),
    ("duplicate-id", "a code that stands twice in one playbook", "choose another"),
    ("duplicate-key", "a key that stands twice in one map", "take one out"),
    (
        "duplicate-name",
        "a name that is defined twice, or a file that is loaded twice",
        "rename one; with built-in files of the same name, use `--no-builtin`",
    ),
    ("duplicate-object", "an object that is given twice (cases)", "take one out"),
    ("empty", "an empty expression", "write one, or leave the key out"),
    ("empty-file", "a file without a document", "write a playbook or a library"),
    ("empty-value", "a key without a value", "leave the key out"),
    (
        "evidence-kind",
        "evidence of several kinds, or of none",
        "give exactly one of `object`, `list`, `events`, `logs`",
    ),
    ("example-mismatch", "an example that its pattern does not match", "correct the one that is wrong"),
    ("example-too-long", "an example that is too long to try", "shorten it"),
    ("hidden-field", "a named group that hides a field which every message has", "rename the group"),
    ("hole-left-out", "a translation that leaves out what a text tells", "tell it in the translation, too"),
    ("missing-expression", "an operator or bracket without an expression", "write it"),
    ("missing-field", "a field that has to be there", "add it"),
    ("missing-operator", "two expressions side by side", "write an operator between them"),
    ("name-mismatch", "a playbook whose name is not its file's", "rename one of them"),
    ("never-read", "Secrets or ConfigMaps: their contents are never read", "do without"),
    ("no-bytes", "a text of bytes, which checks do not have", "write a plain text"),
    ("no-item", "`item` where there is none", "`item` is what a citation with `each` sees"),
    ("no-messages", "a typed object of CEL, which checks do not have", "write `{'key': value}`"),
    ("no-optionals", "`.?`, which checks do not have", "a missing field is null already"),
    ("no-since", "`worry_after` without `since` (a warning)", "add `since`"),
    ("no-source", "a cause without sources (a warning), or a quote without one", "say where the facts come from"),
    ("no-subject", "a subject that is not among the objects (cases)", "add it"),
    ("not-a-path", "a cited field that is computed", "cite it with `quote`"),
    ("not-alone", "a case with a recording and objects, events or logs of its own (cases)", "make two cases of it"),
    ("nothing-less", "a `without` that leaves nothing out (cases)", "add `deny` or `unrecorded`"),
    ("reserved-name", "a name that begins with `__`", "rename it"),
    ("reserved-word", "a word that the language keeps for itself", "rename it"),
    ("several-documents", "a second document in one file", "put it in a file of its own"),
    (
        "stale-translation",
        "a translation of another number of texts than its playbook has",
        "translate the text of each",
    ),
    ("stray-field", "`source` or `each` without `quote`", "take it out"),
    ("subject-mismatch", "a library for another kind of subject", "use another one"),
    ("syntax", "what is no expression", "correct it"),
    ("tab", "a tab in the indentation", "indent with spaces"),
    ("tag", "a tag of YAML", "take it out"),
    ("too-complex", "an expression of too many parts", "split it into several names"),
    ("too-deep", "what is nested too deep", "split it"),
    ("too-few", "fewer entries than are needed", "add some"),
    ("too-large", "a file that is too large", "split it"),
    ("too-long", "a text or expression that is too long", "split it"),
    ("too-many", "more entries than are allowed", "split the playbook"),
    ("too-many-expressions", "more expressions than one file may have", "split the playbook"),
    ("too-many-problems", "more problems than are shown", "mend the first ones"),
    ("too-many-values", "more values than one file may have", "split the file"),
    ("unclosed-bracket", "a bracket that is not closed", "close it"),
    ("unclosed-hole", "a `{{` that is not closed", "end it with `}}`"),
    ("unclosed-text", "a text that is not closed", "close it"),
    ("unexpected-character", "a character that has no meaning here", "take it out"),
    ("unfit-library", "a library that playbooks which use it cannot do with", "give it every name that they need"),
    (
        "unknown-cause",
        "a cause in `instead_of` that no playbook has (an error in `lint`, a warning in a run)",
        "correct the code, or give the playbook that has it along",
    ),
    ("unknown-field", "a key that the format does not have", "correct it"),
    ("unknown-function", "a function that there is not", "see the reference of the language"),
    ("unknown-id", "a translation of a code that its playbook does not have", "correct the code"),
    ("unknown-library", "a library that is not loaded", "correct the name, or give the file along"),
    ("unknown-name", "a name that is not defined", "correct it, or define it"),
    ("unknown-playbook", "a translation of a playbook, or a case for one, that is not there", "correct the name"),
    ("unknown-resource", "a resource that is not well known", "correct it, or give it in full"),
    ("unknown-value", "a word that is none of those allowed", "use one of them"),
    ("unopened-bracket", "a bracket that closes nothing", "take it out"),
    ("untranslated", "a text that a translation leaves out", "translate it; until then it is shown in English"),
    ("wrong-bracket", "a bracket that closes another kind", "correct it"),
    ("wrong-name", "a name that is not of the kind wanted", "use one that is"),
    (
        "wrong-type",
        "a value of another type than is wanted",
        "correct it; a text that looks like something else stands in quotes",
    ),
    ("yaml-structure", "a document that cannot be read", "correct it"),
    ("yaml-syntax", "what is no YAML", "correct it"),
];

/// Each code with what is wrong and what to do.
fn all() -> BTreeMap<&'static str, (&'static str, &'static str)> {
    let loading = LOADING.iter().map(|(code, finds, mend)| (*code, (*finds, *mend)));
    loading.chain(LINTS.iter().map(|lint| (lint.code, (lint.finds, lint.mend)))).collect()
}

/// What a code of a problem means, in a few words.
pub fn describe(code: &str) -> Option<String> {
    all().get(code).map(|(finds, _)| (*finds).to_owned())
}

/// The head of the reference.
const HEAD: &str = "\
# What lint says

`kubectl storage-doctor playbook lint PATH…` reads playbooks and libraries and says everything that is wrong with
them at once: the code, the place, the lines themselves underlined, and what would be right. The built-in playbooks
are looked at along with the files given, since a code may be taken; `--no-builtin` leaves them out. `-o json` and
`-o sarif` are for programs. It ends with 2 when there is an error and with 0 when there is none; with `--strict` a
warning makes it 1. This page is made from the program.

## Lints

These are not looked for when a playbook is only used. Fields of objects are known from the API of Kubernetes and from
the definitions of volume snapshots; of other resources only what a playbook states under `fields`; without that everything is let pass.

| Code | Level | Finds | What to do |
|---|---|---|---|
";

/// The reference of all codes as Markdown.
pub fn codes() -> String {
    let mut text = HEAD.to_owned();
    let cell = |text: &str| text.replace('|', "\\|");
    // Writing into a text does not fail.
    for lint in LINTS {
        let level = if lint.level == Level::Error { "error" } else { "warning" };
        let _ = writeln!(text, "| `{}` | {level} | {} | {} |", lint.code, cell(lint.finds), cell(lint.mend));
    }
    text.push_str(
        "\n## Errors\n\nWith these a playbook is not loaded at all, but for those that say that they are warnings.\n\n",
    );
    text.push_str("| Code | Finds | What to do |\n|---|---|---|\n");
    for (code, finds, mend) in LOADING {
        let _ = writeln!(text, "| `{code}` | {} | {} |", cell(finds), cell(mend));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;
    use std::path::Path;

    /// Set `UPDATE_LINT=1` to write the file anew.
    #[test]
    fn the_published_reference_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/lint.md");
        #[expect(clippy::disallowed_methods, reason = "a test reads the published file")]
        let published = {
            if std::env::var_os("UPDATE_LINT").is_some() {
                std::fs::write(path, codes()).unwrap();
            }
            std::fs::read_to_string(path).unwrap_or_default()
        };
        assert_eq!(published, codes(), "run this test with UPDATE_LINT=1");
    }

    /// The Rust files of a folder of the engine, without their tests.
    fn sources(folder: &str, found: &mut Vec<String>) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
        #[expect(clippy::disallowed_methods, reason = "a test reads the sources")]
        for entry in std::fs::read_dir(path).unwrap() {
            let name = format!("{folder}/{}", entry.unwrap().file_name().to_str().unwrap());
            if name.contains("test") || name.ends_with("codes.rs") {
                continue;
            }
            let end = Path::new(&name).extension();
            if end.is_none() {
                sources(&name, found);
            } else if end.is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(&name));
                found.push(text.unwrap().split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned());
            }
        }
    }

    #[test]
    fn every_code_is_described_and_every_description_is_of_a_code() {
        let mut texts = Vec::new();
        for folder in ["check", "playbook", "cases"] {
            sources(folder, &mut texts);
        }
        let made = r#"(?:\berror|\bwarning|\brefuse|\bfault_at|\bfault|Fault::new|\btold)\(\s*(?:[^"();]|\([^()]*(?:\([^()]*\)[^()]*)*\))*?"([a-z]+(?:-[a-z]+)*)""#;
        let made = Regex::new(made).unwrap();
        let mut used: Vec<String> = texts
            .iter()
            .flat_map(|text| made.captures_iter(text).map(|code| code[1].to_owned()).collect::<Vec<_>>())
            .chain(LINTS.iter().map(|lint| lint.code.to_owned()))
            .collect();
        used.sort();
        used.dedup();
        assert!(used.len() > 80, "{used:?}");
        let described: Vec<String> = all().keys().map(|code| (*code).to_owned()).collect();
        assert_eq!(used, described);
        let mut loading: Vec<&str> = LOADING.iter().map(|row| row.0).collect();
        loading.dedup();
        assert!(loading.is_sorted() && loading.len() == LOADING.len());
    }
}
