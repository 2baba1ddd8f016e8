//! Lengths of time as kubectl takes them.

use std::time::Duration;

/// A length of time as kubectl takes it: Go's notation (`5s`, `1m30s`, `1.5h`, `300ms`), or a whole
/// number of seconds. `0` stands for "no limit".
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let bad =
        || format!("{:?} is not a length of time such as 30s, 1m30s or 0", text.chars().take(32).collect::<String>());
    if let Ok(seconds) = text.parse::<u32>() {
        return Ok(Duration::from_secs(seconds.into()));
    }
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest.is_empty() || text.len() > 64 {
        return Err(bad());
    }
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(bad)?);
        let (unit, after) = after.split_at(after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len()));
        let part = nanoseconds(number).and_then(|n| n.checked_mul(unit_seconds(unit)?)).ok_or_else(bad)?;
        let part = u64::try_from(part / SCALE).map(Duration::from_nanos).map_err(|_| bad())?;
        total = total.checked_add(part).ok_or_else(bad)?;
        rest = after;
    }
    Ok(total)
}

const SCALE: u128 = 1_000_000_000;

/// A decimal number, times 10⁹; further digits are cut off.
fn nanoseconds(number: &str) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.len() + fraction.len() == 0 || fraction.contains('.') || whole.len() > 18 {
        return None;
    }
    let fraction: String = fraction.chars().chain(std::iter::repeat('0')).take(9).collect();
    let whole: u128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    whole.checked_mul(SCALE)?.checked_add(fraction.parse().ok()?)
}

/// The unit in nanoseconds.
fn unit_seconds(unit: &str) -> Option<u128> {
    match unit {
        "ns" => Some(1),
        "us" | "µs" | "μs" => Some(1_000),
        "ms" => Some(1_000_000),
        "s" => Some(SCALE),
        "m" => Some(60 * SCALE),
        "h" => Some(3600 * SCALE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_kubectl_reads() {
        let cases = [
            ("0", 0),
            ("0s", 0),
            ("30", 30_000),
            ("5s", 5_000),
            ("1m30s", 90_000),
            ("1.5h", 5_400_000),
            ("300ms", 300),
            (".5s", 500),
            ("1.s", 1_000),
            ("+2s", 2_000),
            ("1h0m1s", 3_601_000),
            ("1000us", 1),
            ("1000000ns", 1),
            ("1000µs", 1),
        ];
        for (text, milliseconds) in cases {
            assert_eq!(parse(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "",
            "-1",
            "-1s",
            "1d",
            "5 s",
            "s",
            ".",
            ".s",
            "1.2.3s",
            "1m30",
            "1e3s",
            "five",
            "+",
            "９s",
            "99999999999999999999h",
            "999999999999999999h",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
        assert!(parse(&"1s".repeat(1000)).is_err());
    }
}
