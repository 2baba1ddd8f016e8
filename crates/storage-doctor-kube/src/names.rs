//! Names that were probably meant.

use std::cmp::min;

/// `; did you mean "prod"?`, the names that there are, or nothing.
pub(crate) fn hint(name: &str, names: &[&str]) -> String {
    let near = names
        .iter()
        .map(|other| (distance(&name.to_lowercase(), &other.to_lowercase()), *other))
        .filter(|(distance, other)| *distance <= min(3, other.chars().count().div_ceil(3)))
        .min();
    if let Some((_, near)) = near {
        return format!("; did you mean {near:?}?");
    }
    let mut all: Vec<String> = names.iter().take(10).map(|name| format!("{name:?}")).collect();
    if all.is_empty() {
        return String::new();
    }
    if names.len() > all.len() {
        all.push("…".to_owned());
    }
    format!("; there are {}", all.join(", "))
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
/// Names of more than 100 characters are compared by their beginning.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(100).collect();
    let b: Vec<char> = b.chars().take(100).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut best = min(at(&last, j + 1), at(&row, j)) + 1;
            best = min(best, at(&last, j) + usize::from(x != y));
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = min(best, at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance("prdo", "prod"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        assert_eq!(hint("prdo", &["dev", "prod"]), "; did you mean \"prod\"?");
        assert_eq!(hint("PROD", &["dev", "prod"]), "; did you mean \"prod\"?");
        assert_eq!(hint("staging", &["dev", "prod"]), "; there are \"dev\", \"prod\"");
        assert_eq!(hint("a", &[]), "");
    }
}
