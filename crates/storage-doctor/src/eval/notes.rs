//! What has been worked out of a subject while it is examined. One set of notes serves one subject after another, so
//! that none of ten thousand needs heaps of its own.

use crate::check::Slot;
use crate::playbook::Borrowed;
use crate::value::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// What has become of a name so far.
#[derive(Clone, Debug)]
pub(super) enum Memo {
    Running,
    Done(Value),
}

/// Where nothing was taken down.
const NO_PLAYBOOK: u64 = u64::MAX;

/// What has been worked out, with the evidence there is.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// The names of the playbook that is read now, by slot; what others left there has another number.
    own: Vec<(u64, Memo)>,
    playbook: u64,
    /// The names that playbooks have from libraries, for all playbooks about the subject.
    common: HashMap<(usize, usize), Value, foldhash::fast::FixedState>,
}

impl Notes {
    /// Another subject, or other evidence.
    pub(crate) fn next_subject(&mut self) {
        self.common.clear();
        self.next_playbook();
    }

    /// The same subject seen through another playbook.
    pub(super) fn next_playbook(&mut self) {
        self.playbook += 1;
    }

    /// What has become of a name of this playbook.
    pub(super) fn own(&self, slot: Slot) -> Option<&Memo> {
        let (playbook, memo) = self.own.get(slot.0)?;
        (*playbook == self.playbook).then_some(memo)
    }

    /// Takes down what becomes of a name of this playbook.
    pub(super) fn put_own(&mut self, slot: Slot, memo: Memo) {
        if self.own.len() <= slot.0 {
            self.own.resize(slot.0 + 1, (NO_PLAYBOOK, Memo::Running));
        }
        if let Some(place) = self.own.get_mut(slot.0) {
            *place = (self.playbook, memo);
        }
    }

    /// What a library says of the subject.
    pub(super) fn common(&self, library: &Borrowed, slot: Slot) -> Option<Value> {
        self.common.get(&key(library, slot)).cloned()
    }

    /// Takes down what a library says of the subject.
    pub(super) fn put_common(&mut self, library: &Borrowed, slot: Slot, value: &Value) {
        self.common.insert(key(library, slot), value.clone());
    }
}

/// Which library, and which of its names. Playbooks keep their libraries, so no other can have the same address.
fn key(library: &Borrowed, slot: Slot) -> (usize, usize) {
    (Arc::as_ptr(&library.file).addr(), slot.0.saturating_sub(library.slots.start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_playbook_found_is_not_the_next_ones() {
        let mut notes = Notes::default();
        assert!(notes.own(Slot(0)).is_none(), "nothing is known before anything was read");
        notes.put_own(Slot(3), Memo::Done(Value::Int(1)));
        assert!(matches!(notes.own(Slot(3)), Some(Memo::Done(Value::Int(1)))));
        assert!(notes.own(Slot(2)).is_none() && notes.own(Slot(4)).is_none());
        notes.next_playbook();
        assert!(notes.own(Slot(3)).is_none());
    }
}
