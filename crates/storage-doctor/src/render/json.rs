//! The report as JSON.

use super::safe;
use serde::Serialize;
use std::fmt::Write as _;

/// The value as JSON, indented by two spaces, with a line break at its end. What could harm a terminal
/// is written as an escape, which reads back as the same text.
pub fn render<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    let mut text = escaped(&serde_json::to_string_pretty(value)?);
    text.push('\n');
    Ok(text)
}

/// Escapes what `serde_json` leaves as it is. Outside strings JSON is plain ASCII, so this touches
/// strings only.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !safe::is_unsafe(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_escaped_and_reads_back() {
        let text = "\u{1b}[2J\u{9b}1m\u{202e}x\u{e0041}\u{7f}\n\"存储\"";
        let json = render(&[text]).unwrap();
        assert!(!json.replace('\n', "").chars().any(safe::is_unsafe), "{json:?}");
        assert!(json.contains("\\u001b[2J\\u009b1m\\u202ex\\udb40\\udc41\\u007f\\n") && json.contains("存储"));
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [text]);
        assert!(json.ends_with("]\n"));
    }
}
