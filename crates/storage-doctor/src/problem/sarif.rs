//! Problems as SARIF 2.1.0, which code hosts and editors read (OASIS sarif-v2.1.0).

use super::{Level, Place, Problem, tidy};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A run of one tool with these results; `describe` says what a code means.
pub(super) fn sarif(problems: &[Problem], version: &str, describe: &dyn Fn(&str) -> Option<String>) -> Value {
    let codes: BTreeSet<&str> = problems.iter().map(|problem| problem.code).collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(code, describe(code))).collect();
    let results: Vec<Value> = problems.iter().map(|problem| result(problem, &codes)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "storage-doctor", "version": version, "rules": rules } },
            // Columns count characters, not the code units of UTF-16.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(code: &str, text: Option<String>) -> Value {
    let mut rule = json!({ "id": code });
    if let (Some(text), Some(fields)) = (text, rule.as_object_mut()) {
        fields.insert("shortDescription".to_owned(), json!({ "text": text }));
    }
    rule
}

fn result(problem: &Problem, codes: &BTreeSet<&str>) -> Value {
    let level = match problem.level {
        Level::Error => "error",
        Level::Warning => "warning",
    };
    let mut text = problem.message.clone();
    for help in &problem.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    let mut result = json!({
        "ruleId": problem.code,
        "ruleIndex": codes.iter().position(|code| *code == problem.code),
        "level": level,
        "message": { "text": text },
        "locations": [location(&problem.at, None)],
    });
    let related: Vec<Value> = problem.also.iter().enumerate().map(|(n, place)| location(place, Some(n + 1))).collect();
    if let (false, Some(fields)) = (related.is_empty(), result.as_object_mut()) {
        fields.insert("relatedLocations".to_owned(), Value::Array(related));
    }
    result
}

fn location(place: &Place, id: Option<usize>) -> Value {
    let (start, end) = (place.file.line_column(place.span.start), place.file.line_column(place.span.end));
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(place.file.name()) },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        },
    });
    if let Some(fields) = location.as_object_mut() {
        if let Some(id) = id {
            fields.insert("id".to_owned(), json!(id));
        }
        if !place.label.is_empty() {
            fields.insert("message".to_owned(), json!({ "text": place.label }));
        }
    }
    location
}

/// A file's name as a reference to it: what has a meaning in a URI is written as its bytes.
fn uri(name: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&b);
    let name = tidy(name).replace('\\', "/");
    let encoded = name.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") });
    encoded.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::{SourceFile, Span};

    #[test]
    fn names_of_files_become_references() {
        assert_eq!(uri("a b/c%d.yaml"), "a%20b/c%25d.yaml");
        assert_eq!(uri("C:\\x.yaml"), "C%3A/x.yaml");
        assert_eq!(uri("\u{e9}.yaml"), "%C3%A9.yaml");
    }

    #[test]
    fn places_and_rules_are_told() {
        let file = SourceFile::new("a.yaml", "x: \u{754c}y\nz: 1\n");
        let problem = Problem::error("bad-name", &file, Span::new(6, 7), "no").help("write it").also(
            &file,
            Span::new(8, 9),
            "the first",
        );
        let log = sarif(&[problem], "1.0", &|code| Some(format!("about {code}")));
        let result = &log["runs"][0]["results"][0];
        assert_eq!(result["message"]["text"], "no\nhelp: write it");
        assert_eq!(result["ruleIndex"], 0);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(*region, json!({"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 6}));
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "the first");
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][0]["shortDescription"]["text"], "about bad-name");
    }
}
