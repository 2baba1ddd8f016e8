//! The report as YAML.

use super::{json, safe};
use serde::Serialize;

/// Why a report could not be written. Does not come with the types of the report.
#[derive(Debug, thiserror::Error)]
#[error("cannot write YAML: {0}")]
pub struct YamlError(String);

/// The value as YAML. Texts that YAML would read as something else (`no`, `on`, `1.10`) are quoted.
/// When it holds text that could harm a terminal and that YAML would show as it is, the same report
/// comes as JSON, which is YAML too and escapes it.
pub fn render<T: Serialize>(value: &T) -> Result<String, YamlError> {
    let yaml = serde_saphyr::to_string(value).map_err(|error| YamlError(error.to_string()))?;
    if yaml.chars().any(|c| c != '\n' && safe::is_unsafe(c)) {
        return json::render(value).map_err(|error| YamlError(error.to_string()));
    }
    Ok(yaml)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn texts_stay_texts() {
        let words = ["no", "yes", "on", "y", "12:30", "1.10", "null", "~", "0x10", "- a", "a: b", "#c", ""];
        let value: BTreeMap<usize, &str> = words.iter().copied().enumerate().collect();
        let back: BTreeMap<usize, String> = serde_yaml::from_str(&render(&value).unwrap()).unwrap();
        assert_eq!(back.values().map(String::as_str).collect::<Vec<_>>(), words);
        assert!(render(&["no"]).unwrap().contains("\"no\""));
    }

    #[test]
    fn hostile_text_is_escaped_and_reads_back() {
        for text in ["\u{1b}[2J", "a\u{202e}b\nc\u{9b}", "\u{200b}", "\u{7f}\t"] {
            let yaml = render(&[text]).unwrap();
            assert!(!yaml.replace('\n', "").chars().any(safe::is_unsafe), "{yaml:?}");
            assert_eq!(serde_yaml::from_str::<Vec<String>>(&yaml).unwrap(), [text], "{yaml}");
        }
    }
}
