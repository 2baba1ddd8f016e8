//! What could not be decided, in words: what was not seen, why, and what would settle it.

use crate::evidence::{Gap, Gaps, Why};
use crate::report::v1::Unknown;

/// One entry a gap. `cause` is empty when the gap concerns the whole diagnosis.
pub(crate) fn entries(cause: &str, gaps: &Gaps) -> Vec<Unknown> {
    gaps.iter()
        .filter(|gap| gap.why != Why::Pending)
        .map(|gap| Unknown { cause: cause.to_owned(), why: gap.to_string(), needs: needs(gap) })
        .collect()
}

/// What would settle a gap.
fn needs(gap: &Gap) -> String {
    let query = gap.query.as_ref();
    match &gap.why {
        Why::Denied(_) => gap.right().unwrap_or_default(),
        Why::NotRecorded => query.map_or_else(String::new, |q| format!("a recording that holds {q}")),
        Why::Unreachable(_) => query.map_or_else(String::new, |q| format!("an answer for {q}")),
        Why::Truncated(_) => query.map_or_else(String::new, |q| format!("the whole of {q}")),
        Why::Failed(_) | Why::Pending => "a playbook whose check can be computed here".to_owned(),
    }
}
