//! One subject seen through one playbook: names get their values when a check first reads them.
//!
//! Evidence is asked for in the same way. A check that reads evidence nobody has asked for yet gets
//! "pending", and the question is noted; the caller asks it and examines anew. So only what a check
//! really needs is asked, and what can be asked at once is asked at once.

use super::notes::{Memo, Notes};
use super::{kinds, message};
use crate::check::{Budget, Check, Scope, Slot, Template};
use crate::evidence::{Answer, Evidence, Gap, Query, Why};
use crate::playbook::{Definition, Playbook};
use crate::time::Time;
use crate::value::{List, Value};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One subject seen through one playbook.
pub(crate) struct Exam<'a> {
    pub(crate) playbook: &'a Playbook,
    pub(crate) subject: &'a Value,
    evidence: &'a Evidence,
    now: Time,
    /// What is worked out, and what playbooks before this one have worked out of the same subject.
    notes: RefCell<&'a mut Notes>,
    asked: RefCell<BTreeSet<Query>>,
    item: RefCell<Value>,
    budget: Cell<u32>,
    steps: Cell<u64>,
}

/// How many names may be worked out for one subject and playbook; a playbook has a few hundred.
const DEFINITIONS: u32 = 20_000;
/// Steps for one check or text.
const CHECK: u64 = 1_000_000;
/// Steps for all that one playbook wants to know of one subject. What the built-in ones take is a hundredth of it.
const ALL: u64 = 4_000_000;

impl<'a> Exam<'a> {
    pub(crate) fn new(
        playbook: &'a Playbook,
        subject: &'a Value,
        evidence: &'a Evidence,
        now: Time,
        notes: &'a mut Notes,
    ) -> Self {
        notes.next_playbook();
        Self {
            playbook,
            subject,
            evidence,
            now,
            notes: RefCell::new(notes),
            asked: RefCell::default(),
            item: RefCell::default(),
            budget: Cell::new(DEFINITIONS),
            steps: Cell::new(ALL),
        }
    }

    /// The questions that checks ran into and that have no answer yet.
    pub(crate) fn into_asked(self) -> BTreeSet<Query> {
        self.asked.into_inner()
    }

    /// The value of a check.
    pub(crate) fn eval(&self, check: &Check) -> Value {
        self.within(|budget| check.eval(self, budget))
    }

    /// The text of a template.
    pub(crate) fn render(&self, template: &Template) -> String {
        self.within(|budget| template.render(self, budget))
    }

    /// The text of a command; none when something in it is not known.
    pub(crate) fn render_command(&self, template: &Template) -> Option<String> {
        self.within(|budget| template.render_command(self, budget))
    }

    /// Runs something with the steps that one check may take, and takes what it used from those of all. Names that
    /// are worked out meanwhile take theirs by themselves.
    fn within<T>(&self, run: impl FnOnce(&mut Budget) -> T) -> T {
        let granted = self.steps.get().min(CHECK);
        let mut budget = Budget::new(granted);
        let result = run(&mut budget);
        let taken = granted.saturating_sub(budget.left());
        self.steps.set(self.steps.get().saturating_sub(taken));
        result
    }

    /// Takes the steps of looking at so many bytes of text; false when there are not enough left.
    pub(super) fn pay(&self, bytes: usize) -> bool {
        let steps = u64::try_from(bytes / 16).unwrap_or(u64::MAX).saturating_add(1);
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.unwrap_or_default());
        left.is_some()
    }

    /// The value of a check, and of templates, for each item of a list: `item` is bound meanwhile.
    pub(crate) fn for_each<T>(&self, items: &[Value], mut f: impl FnMut() -> T) -> Vec<T> {
        let before = self.item.replace(Value::Null);
        let results = items
            .iter()
            .map(|item| {
                self.item.replace(item.clone());
                f()
            })
            .collect();
        self.item.replace(before);
        results
    }

    /// The answer to a question as a value: an object, a list or a text; null when it does not exist;
    /// unknown, with the reason, when it could not be seen.
    pub(crate) fn ask(&self, query: Query) -> Value {
        let Some(answer) = self.evidence.answer(&query) else {
            self.asked.borrow_mut().insert(query.clone());
            return Value::unknown(Gap { query: Some(query), why: Why::Pending });
        };
        match (answer.gap(&query), answer) {
            (Some(gap), Answer::Truncated(Value::List(list), _)) => {
                Value::List(Arc::new(List::partial(list.items().to_vec(), Arc::new([gap].into()))))
            }
            // A text seen in part is still worth reading: what is in it is true.
            (_, Answer::Found(value) | Answer::Truncated(value, _)) => value,
            (Some(gap), _) => Value::unknown(gap),
            (None, _) => Value::Null,
        }
    }

    /// What stays open about a question that was answered in part or not at all.
    pub(crate) fn gap(&self, query: &Query) -> Option<Gap> {
        self.evidence.answer(query)?.gap(query)
    }

    /// The subject's namespace; null for cluster-scoped subjects.
    pub(crate) fn namespace(&self) -> Value {
        self.subject.at("metadata.namespace")
    }

    fn define(&self, slot: Slot) -> Value {
        match self.playbook.definitions.get(slot.0) {
            None => Value::Null,
            Some(Definition::Subject) => self.subject.clone(),
            Some(Definition::Item) => self.item.borrow().clone(),
            Some(Definition::Let(check)) => self.eval(check),
            Some(Definition::Message(def)) => message::find(self, def),
            Some(Definition::Evidence(def)) => kinds::gather(self, def),
        }
    }

    /// The value of a name that this playbook has not read yet.
    fn work_out(&self, slot: Slot) -> Value {
        let library = self.playbook.libraries.iter().find(|library| library.slots.contains(&slot.0));
        if let Some(value) = library.and_then(|library| self.notes.borrow().common(library, slot)) {
            return value;
        }
        let left = self.budget.get();
        if left == 0 {
            return Value::failed("too many names to work out");
        }
        self.budget.set(left - 1);
        let value = self.define(slot);
        // With less left, another playbook might have got further.
        if let Some(library) = library.filter(|_| self.steps.get() >= CHECK) {
            self.notes.borrow_mut().put_common(library, slot, &value);
        }
        value
    }
}

impl Scope for Exam<'_> {
    fn value(&self, slot: Slot) -> Value {
        if matches!(self.playbook.definitions.get(slot.0), Some(Definition::Item)) {
            return self.item.borrow().clone();
        }
        match self.notes.borrow().own(slot) {
            Some(Memo::Done(value)) => return value.clone(),
            // The loader refuses cycles; this only keeps one from ending the process.
            Some(Memo::Running) => return Value::failed("a name that depends on itself"),
            None => {}
        }
        self.notes.borrow_mut().put_own(slot, Memo::Running);
        let value = self.work_out(slot);
        self.notes.borrow_mut().put_own(slot, Memo::Done(value.clone()));
        value
    }

    fn now(&self) -> Time {
        self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::load;

    /// Two playbooks that use one library.
    fn playbooks() -> Vec<Playbook> {
        let playbook = |name: &str| {
            let text = format!(
                "apiVersion: storage-doctor.io/v1alpha1\nkind: Playbook\nname: {name}\ntitle: a claim\n\
                 subject: PersistentVolumeClaim\nuses: [names]\nsymptom: is_pending\n\
                 let: {{own: claim.status.phase}}\ncauses:\n\
                 - {{id: {name}, proofs: [{{when: is_pending, confidence: certain, cites: [{{field: claim.status.phase}}]}}], summary: s, explanation: e}}\n"
            );
            (format!("{name}.yaml"), text)
        };
        let library = "apiVersion: storage-doctor.io/v1alpha1\nkind: Library\nname: names\n\
                       subject: PersistentVolumeClaim\nlet: {is_pending: claim.status.phase == 'Pending'}\n";
        load(&[playbook("one"), ("names.yaml".to_owned(), library.to_owned()), playbook("two")]).unwrap().playbooks
    }

    fn pending() -> Value {
        serde_json::from_str(r#"{"status": {"phase": "Pending"}}"#).unwrap()
    }

    /// Whether the claim is pending, in the words of one playbook.
    fn read(playbook: &Playbook, name: &str, notes: &mut Notes) -> Value {
        let (claim, evidence) = (pending(), Evidence::default());
        let exam = Exam::new(playbook, &claim, &evidence, Time::from_unix_seconds(0), notes);
        exam.value(playbook.names.slot(name).unwrap())
    }

    /// What is noted of the library's name.
    fn noted(playbook: &Playbook, notes: &Notes) -> Option<Value> {
        notes.common(&playbook.libraries[0], playbook.names.slot("is_pending").unwrap())
    }

    #[test]
    fn what_a_library_says_is_worked_out_once_for_all_its_playbooks() {
        let (playbooks, mut notes) = (playbooks(), Notes::default());
        assert!(noted(&playbooks[0], &notes).is_none());
        assert!(matches!(read(&playbooks[0], "is_pending", &mut notes), Value::Bool(true)));
        assert!(matches!(noted(&playbooks[1], &notes), Some(Value::Bool(true))));
        notes.put_common(&playbooks[0].libraries[0], playbooks[0].names.slot("is_pending").unwrap(), &Value::Null);
        assert!(matches!(read(&playbooks[1], "is_pending", &mut notes), Value::Null), "taken over");
        assert!(matches!(read(&playbooks[1], "own", &mut notes), Value::Text(_)), "a playbook's own is nobody else's");
        let others = super::tests::playbooks();
        assert!(matches!(read(&others[0], "is_pending", &mut notes), Value::Bool(true)), "a library of the same name");
        notes.next_subject();
        assert!(matches!(read(&playbooks[1], "is_pending", &mut notes), Value::Bool(true)), "of another subject");
    }

    #[test]
    fn what_was_worked_out_with_few_steps_left_is_not_taken_over() {
        let (claim, evidence, mut notes) = (pending(), Evidence::default(), Notes::default());
        let playbooks = playbooks();
        let exam = Exam::new(&playbooks[0], &claim, &evidence, Time::from_unix_seconds(0), &mut notes);
        exam.steps.set(CHECK - 1);
        exam.value(playbooks[0].names.slot("is_pending").unwrap());
        assert!(noted(&playbooks[0], &notes).is_none());
    }
}
