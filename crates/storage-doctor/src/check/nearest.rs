//! Names that look alike, for "did you mean".

/// Up to two of `known` that `name` may be a slip of, the nearest first, equals in alphabetical order.
/// A name is near when a third of its letters (at least one) would have to change, or when one contains
/// the other; case does not count.
///
/// ```
/// use storage_doctor::check::nearest;
/// assert_eq!(nearest("fsat", ["slow", "fast"]), ["fast"]);
/// assert_eq!(nearest("rbd", ["rook-ceph-rbd", "nfs"]), ["rook-ceph-rbd"]);
/// ```
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = letters(name);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .filter_map(|candidate| distance(&wanted, &letters(candidate)).map(|d| (d, candidate)))
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(2);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Beyond this, names are compared by their beginning.
const LONGEST: usize = 64;

fn letters(name: &str) -> Vec<char> {
    name.chars().take(LONGEST).flat_map(char::to_lowercase).collect()
}

/// How far apart, if near.
fn distance(wanted: &[char], candidate: &[char]) -> Option<usize> {
    if candidate.is_empty() {
        return None;
    }
    let allowed = (wanted.len().max(candidate.len()) / 3).clamp(1, 4);
    let edits = edits(wanted, candidate);
    if edits <= allowed && edits < wanted.len() {
        return Some(edits);
    }
    let (short, long) = if wanted.len() <= candidate.len() { (wanted, candidate) } else { (candidate, wanted) };
    // A part of a name is near, but every true slip is nearer.
    let contained = short.len() >= 2 && long.windows(short.len()).any(|part| part == short);
    contained.then(|| 8 + long.len() - short.len())
}

/// Edits that make one of the other, a swap of neighbours counting as one.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before_last, j - 1) + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_slips_and_parts_but_not_strangers() {
        assert_eq!(nearest("claims", ["claim", "class", "pods"]), ["claim", "class"]);
        assert_eq!(nearest("calim", ["claim", "pods"]), ["claim"]);
        assert_eq!(nearest("FAST", ["fast"]), ["fast"]);
        assert_eq!(nearest("standard", ["standard-rwo", "premium"]), ["standard-rwo"]);
        assert!(nearest("x", ["y", "z"]).is_empty(), "one letter is no likeness");
        assert!(nearest("ab", ["cd"]).is_empty());
        assert!(nearest("", ["a"]).is_empty());
        assert!(nearest("a", [""]).is_empty());
    }

    #[test]
    fn does_not_depend_on_order() {
        assert_eq!(nearest("fast", ["fasu", "fasa", "fasb"]), nearest("fast", ["fasb", "fasu", "fasa"]));
        assert_eq!(nearest("fast", ["fasu", "fasa", "fasb"]), ["fasa", "fasb"]);
    }
}
