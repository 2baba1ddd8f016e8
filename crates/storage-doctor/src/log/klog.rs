//! klog's text: `Lmmdd hh:mm:ss.uuuuuu threadid file:line] msg`.

use super::{Level, Parsed, go, message};
use crate::time::Time;
use std::borrow::Cow;

/// How far after `now` a line may seem to be written: the clocks of nodes differ.
const SKEW_SECONDS: i64 = 86_400;
/// How many years back a date is looked for; eight hold a 29 February.
const YEARS: i64 = 8;

pub(super) fn parse(line: &str, now: Time) -> Option<Parsed> {
    let (head, text) = line.split_once("] ").or_else(|| line.strip_suffix(']').map(|head| (head, "")))?;
    let level = match head.as_bytes().first()? {
        b'I' => Level::Info,
        b'W' => Level::Warning,
        b'E' => Level::Error,
        b'F' => Level::Fatal,
        _ => return None,
    };
    let mut words = head.get(1..)?.split_ascii_whitespace();
    let (date, clock, thread, place) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let is_head = words.next().is_none()
        && date.len() == 4
        && digits(date)
        && is_clock(clock)
        && digits(thread)
        && place.rsplit_once(':').is_some_and(|(_, line)| digits(line));
    if !is_head {
        return None;
    }
    let (message, open) = body(text.trim_end());
    Some(Parsed { time: time(date, clock, now), level: Some(level), message, open })
}

pub(super) fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// `03:45:34.123456`; Rust's and C++'s imitations write milli- or nanoseconds.
pub(super) fn is_clock(text: &str) -> bool {
    let (time, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<&str> = time.split(':').collect();
    parts.len() == 3
        && parts.iter().all(|part| part.len() == 2 && digits(part))
        && fraction.len() <= 9
        && digits(fraction)
}

/// The words, and whether the value of the last key goes on in the next lines. Pairs other than an error
/// stay as they were written after the words.
fn body(text: &str) -> (String, bool) {
    let Some((words, rest)) = go::quoted(text) else { return (text.to_owned(), false) };
    if !rest.is_empty() && go::pairs(rest).next().is_none() {
        // `"a" is not "b"`: a sentence that happens to begin with a quote.
        return (text.to_owned(), false);
    }
    let open = rest.ends_with("=<");
    match go::pairs(rest).find(|pair| pair.key == "err") {
        Some(error) if open && error.value == "<" => (format!("{words}: "), true),
        Some(error) => (message(words, Some(&error.value)), open),
        None => (message(Cow::Owned(format!("{words}{rest}")), None), open),
    }
}

/// The time of the year that brings it closest before `now`.
pub(super) fn time(date: &str, clock: &str, now: Time) -> Option<Time> {
    let (month, day) = date.split_at_checked(2)?;
    let year: i64 = now.to_string().split('-').next()?.parse().ok()?;
    (year - YEARS..=year + 1).rev().find_map(|year| {
        let time = Time::parse(&format!("{year:04}-{month}-{day}T{clock}Z")).ok()?;
        (time.seconds_since(now) <= SKEW_SECONDS).then_some(time)
    })
}
