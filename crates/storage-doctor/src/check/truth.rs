//! Three-valued logic.

use crate::evidence::{Gap, Gaps};
use crate::value::Value;
use std::sync::Arc;

/// What a check says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Holds,
    /// It does not hold.
    Fails,
    /// It cannot be told; and everything that would have to be known to tell.
    Unknown(Arc<Gaps>),
}

/// What a value says as a check. Null does not hold; what is neither true, false nor null fails to compute.
pub fn truth(value: &Value) -> Truth {
    match value {
        Value::Bool(true) => Truth::Holds,
        Value::Bool(false) | Value::Null => Truth::Fails,
        Value::Unknown(gaps) => Truth::Unknown(Arc::clone(gaps)),
        other => Truth::Unknown(Arc::new(Gaps::from([Gap::failed(format!(
            "{} is not true or false",
            super::compare::kind(other)
        ))]))),
    }
}

impl From<Truth> for Value {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::Holds => Value::Bool(true),
            Truth::Fails => Value::Bool(false),
            Truth::Unknown(gaps) => Value::Unknown(gaps),
        }
    }
}

impl Truth {
    /// `!`.
    pub(super) fn not(self) -> Self {
        match self {
            Self::Holds => Self::Fails,
            Self::Fails => Self::Holds,
            unknown @ Self::Unknown(_) => unknown,
        }
    }

    /// `&&` (`decided` is [`Fails`](Self::Fails)) or `||` (`decided` is [`Holds`](Self::Holds)) with another.
    pub(super) fn join(self, other: Self, decided: &Self) -> Self {
        match (self, other) {
            (this, _) if this == *decided => this,
            (_, other) if other == *decided => other,
            (Self::Unknown(a), Self::Unknown(b)) => Self::Unknown(union(&a, &b)),
            (unknown @ Self::Unknown(_), _) => unknown,
            (_, other) => other,
        }
    }
}

/// Both sets of gaps; shares one of them where it can.
pub(super) fn union(a: &Arc<Gaps>, b: &Arc<Gaps>) -> Arc<Gaps> {
    if Arc::ptr_eq(a, b) || a.is_superset(b) {
        return Arc::clone(a);
    }
    if b.is_superset(a) {
        return Arc::clone(b);
    }
    Arc::new(a.union(b).cloned().collect())
}

/// Gaps that come together one by one.
#[derive(Debug, Default)]
pub(super) struct Gathered(Option<Arc<Gaps>>);

impl Gathered {
    pub(super) fn add(&mut self, gaps: &Arc<Gaps>) {
        match &mut self.0 {
            None => self.0 = Some(Arc::clone(gaps)),
            Some(held) if Arc::ptr_eq(held, gaps) || gaps.is_subset(held) => {}
            Some(held) => Arc::make_mut(held).extend(gaps.iter().cloned()),
        }
    }

    /// Adds the gaps of a value that is unknown; says whether it was.
    pub(super) fn add_of(&mut self, value: &Value) -> bool {
        if let Value::Unknown(gaps) = value {
            self.add(gaps);
            return true;
        }
        false
    }

    pub(super) fn into_inner(self) -> Option<Arc<Gaps>> {
        self.0
    }

    /// Unknown because of what was gathered, or `value` if nothing was.
    pub(super) fn or(self, value: Value) -> Value {
        self.0.map_or(value, Value::Unknown)
    }
}
