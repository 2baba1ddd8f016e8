//! A list, and ways into it that do not read it again.

use super::Answer;
use crate::value::{List, Value};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// The answer to a question for a list, ready to answer narrower ones.
#[derive(Debug)]
pub(crate) enum Held {
    /// Every object.
    Whole(Indexed),
    /// Some objects, and why not all.
    Part(Indexed, String),
    /// No list.
    Other(Answer),
}

impl Held {
    /// Takes an answer in; its items are put in the order of namespace and name. Events can be asked for
    /// by the object they involve.
    pub(crate) fn new(are_events: bool, answer: Answer) -> Self {
        match answer {
            Answer::Found(Value::List(list)) => {
                let why = list.unseen().map(|gaps| gaps.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
                let indexed = Indexed::new(are_events, list);
                match why {
                    Some(why) => Self::Part(indexed, why),
                    None => Self::Whole(indexed),
                }
            }
            Answer::Truncated(Value::List(list), why) => Self::Part(Indexed::new(are_events, list), why),
            other => Self::Other(other),
        }
    }

    /// The answer itself.
    pub(crate) fn answer(&self) -> Answer {
        match self {
            Self::Whole(list) => Answer::Found(Value::List(Arc::clone(&list.all))),
            Self::Part(list, why) => Answer::Truncated(Value::List(Arc::clone(&list.all)), why.clone()),
            Self::Other(answer) => answer.clone(),
        }
    }

    /// Why it is not whole, if it is a part.
    pub(crate) fn why(&self) -> Option<&str> {
        match self {
            Self::Part(_, why) => Some(why),
            _ => None,
        }
    }

    /// What it says about one object; nothing when that has to be asked by itself.
    pub(crate) fn object(&self, namespace: &str, name: &str) -> Option<Answer> {
        match self {
            Self::Whole(list) => Some(list.object(namespace, name).map_or(Answer::Absent, Answer::Found)),
            Self::Part(list, _) => list.object(namespace, name).map(Answer::Found),
            Self::Other(answer) => narrowed(answer),
        }
    }

    /// What it says about the objects of one namespace.
    pub(crate) fn namespace(&self, namespace: &str) -> Option<Answer> {
        self.part(|list| list.namespace(namespace))
    }

    /// What it says, being a list of events, about those that involve one object.
    pub(crate) fn involving(&self, uid: &str) -> Option<Answer> {
        self.part(|list| list.involving(uid))
    }

    fn part(&self, pick: impl Fn(&Indexed) -> Arc<List>) -> Option<Answer> {
        match self {
            Self::Whole(list) => Some(Answer::Found(Value::List(pick(list)))),
            Self::Part(list, why) => Some(Answer::Truncated(Value::List(pick(list)), why.clone())),
            Self::Other(answer) => narrowed(answer),
        }
    }
}

/// What an answer that is no list says about a narrower question: a server that refuses to show all may
/// show some, but what it does not know at all, and what was not recorded, is so for every part of it.
fn narrowed(answer: &Answer) -> Option<Answer> {
    match answer {
        Answer::Absent | Answer::NotRecorded => Some(answer.clone()),
        _ => None,
    }
}

/// The list, and its parts by namespace, name, and the object that an event involves. Parts are places in the
/// list, and become lists of their own when they are asked for.
#[derive(Debug)]
pub(crate) struct Indexed {
    all: Arc<List>,
    /// The names of its items, in its order, so that looking one up does not look into a dozen objects.
    names: Box<[Arc<str>]>,
    namespaces: BTreeMap<Arc<str>, Namespace>,
    /// UIDs and places, in order.
    involving: Vec<(Arc<str>, u32)>,
    none: Arc<List>,
}

/// Objects of one namespace, which lie side by side in the order of their names.
#[derive(Debug)]
struct Namespace {
    places: Range<usize>,
    list: OnceLock<Arc<List>>,
}

impl Indexed {
    fn new(are_events: bool, list: Arc<List>) -> Self {
        let all = in_order(list);
        let mut namespaces: BTreeMap<Arc<str>, Namespace> = BTreeMap::new();
        let (mut names, mut involving) = (Vec::with_capacity(all.items().len()), Vec::new());
        let nameless: Arc<str> = Arc::from("");
        for (at, item) in all.items().iter().enumerate() {
            let metadata = item.child("metadata");
            let text = |name: &str| match metadata.child(name) {
                Value::Text(text) => text,
                _ => &nameless,
            };
            names.push(Arc::clone(text("name")));
            // They lie side by side, so most are in the namespace of the one before.
            if let Some(namespace) = namespaces.get_mut(text("namespace")) {
                namespace.places.end = at + 1;
            } else {
                let namespace = Namespace { places: at..at + 1, list: OnceLock::new() };
                namespaces.insert(Arc::clone(text("namespace")), namespace);
            }
            if are_events
                && let (Value::Text(uid), Ok(at)) = (item.child("involvedObject").child("uid"), u32::try_from(at))
            {
                involving.push((Arc::clone(uid), at));
            }
        }
        involving.sort_unstable();
        involving.shrink_to_fit();
        Self { none: part_of(&all, Vec::new()), names: names.into(), namespaces, involving, all }
    }

    /// The last of that name, as there should be one only.
    fn object(&self, namespace: &str, name: &str) -> Option<Value> {
        let places = self.namespaces.get(namespace)?.places.clone();
        let names = self.names.get(places.clone())?;
        let at = names.partition_point(|known| **known <= *name).checked_sub(1)?;
        names.get(at).filter(|known| ***known == *name)?;
        self.all.items().get(places.start + at).cloned()
    }

    fn namespace(&self, namespace: &str) -> Arc<List> {
        let Some(found) = self.namespaces.get(namespace) else { return Arc::clone(&self.none) };
        let items = || self.all.items().get(found.places.clone()).unwrap_or_default().to_vec();
        Arc::clone(found.list.get_or_init(|| part_of(&self.all, items())))
    }

    fn involving(&self, uid: &str) -> Arc<List> {
        let start = self.involving.partition_point(|(held, _)| **held < *uid);
        let found = self.involving.iter().skip(start).take_while(|(held, _)| **held == *uid);
        let item = |at: u32| self.all.items().get(usize::try_from(at).ok()?).cloned();
        let items: Vec<Value> = found.filter_map(|(_, at)| item(*at)).collect();
        if items.is_empty() { Arc::clone(&self.none) } else { part_of(&self.all, items) }
    }
}

/// A part of a list is as little known to be whole as the list.
fn part_of(list: &List, items: Vec<Value>) -> Arc<List> {
    Arc::new(match list.unseen() {
        Some(gaps) => List::partial(items, Arc::clone(gaps)),
        None => List::new(items),
    })
}

/// The same list in the order of namespace and name, which is not quite the server's: etcd sorts
/// `a-b/x` before `a/x`.
fn in_order(list: Arc<List>) -> Arc<List> {
    let mut before = None;
    let is_in_order = list.items().iter().all(|item| {
        let key = key(item);
        before.replace(key).is_none_or(|before| before <= key)
    });
    if is_in_order {
        return list;
    }
    let mut items = list.items().to_vec();
    items.sort_by(|a, b| key(a).cmp(&key(b)));
    part_of(&list, items)
}

/// What objects are put in order by.
fn key(object: &Value) -> (&str, &str) {
    let metadata = object.child("metadata");
    let text = |name: &str| metadata.child(name).as_str().unwrap_or_default();
    (text("namespace"), text("name"))
}
