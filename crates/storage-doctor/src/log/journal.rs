//! What journald puts before a line: `Nov 21 03:45:39.470674 node-a kubelet[32545]: `, in UTC, as the kubelet asks for it
//! (kubernetes `pkg/kubelet/kubelet_server_journal_linux.go`: `--utc --output=short-precise`).

use super::klog::{digits, is_clock, time};
use crate::time::Time;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The time, and the line itself. Like klog, journald leaves the year out.
pub(super) fn split(line: &str, now: Time) -> Option<(Time, &str)> {
    let (month, rest) = line.split_once(' ')?;
    let month = MONTHS.iter().position(|name| *name == month)?.checked_add(1)?;
    let (day, rest) = rest.trim_start_matches(' ').split_once(' ')?;
    let (clock, rest) = rest.split_once(' ')?;
    if !digits(day) || day.len() > 2 || !is_clock(clock) {
        return None;
    }
    let (_host, rest) = rest.split_once(' ')?;
    let (_unit, line) = rest.split_once(": ")?;
    Some((time(&format!("{month:02}{day:0>2}"), clock, now)?, line))
}
