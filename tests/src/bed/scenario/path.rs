//! Fields of objects, by paths as `status.conditions[type=Ready].status`.

use serde_json::Value;

/// What is at the end of a path, if anything.
pub fn get<'a>(object: &'a Value, path: &str) -> Option<&'a Value> {
    let mut value = object;
    for part in parts(path) {
        let (name, pick) = part.split_once('[').map_or((part, None), |(name, rest)| (name, rest.strip_suffix(']')));
        if !name.is_empty() {
            value = value.get(name)?;
        }
        if let Some(pick) = pick {
            value = match pick.split_once('=') {
                Some((key, due)) => {
                    value.as_array()?.iter().find(|one| one.get(key).is_some_and(|is| words(is) == due))?
                }
                None if pick.parse::<usize>().is_ok() => value.get(pick.parse::<usize>().ok()?)?,
                None => value.get(pick)?,
            };
        }
    }
    Some(value)
}

/// Parts at the dots, but those in brackets: annotations have dots in their names.
fn parts(path: &str) -> Vec<&str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0_u32);
    for (at, c) in path.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => {
                parts.extend(path.get(from..at));
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(path.get(from..));
    parts
}

/// A value in words: text as it is, everything else as JSON.
pub fn words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_found_by_name_number_and_neighbour() {
        let object = json!({"status": {"conditions": [{"type": "A", "status": "False"}, {"type": "B", "status": true}]},
            "metadata": {"annotations": {"a.b/c": "x"}}});
        let at = |path: &str| get(&object, path).map(words);
        assert_eq!(at("status.conditions[type=B].status").as_deref(), Some("true"));
        assert_eq!(at("status.conditions[0].type").as_deref(), Some("A"));
        assert_eq!(at("metadata.annotations[a.b/c]").as_deref(), Some("x"));
        for absent in ["status.phase", "status.conditions[type=C].status", "status.conditions[7]", "status[x=y]"] {
            assert_eq!(at(absent), None, "{absent}");
        }
    }
}
