//! The store of answers, in which a broad answer serves narrow questions.

use super::{Answer, Held, Query, Resource};
use std::collections::BTreeMap;

/// The resource whose lists answer [`Query::Events`].
static EVENTS: Resource = Resource::known("events", "", "v1", "Event", true);

/// Every answer so far.
#[derive(Debug, Default)]
pub struct Evidence {
    answers: BTreeMap<Query, Stored>,
    lists: BTreeMap<Resource, Lists>,
    requests: usize,
}

/// An answer, or that it is among [`Evidence::lists`].
#[derive(Debug)]
enum Stored {
    Here(Answer),
    AmongLists,
}

/// The lists of one resource.
#[derive(Debug, Default)]
struct Lists {
    cluster: Option<Held>,
    namespaces: BTreeMap<String, Held>,
}

impl Evidence {
    /// Stores what came back for a question, in place of what came before. The items of a list are put
    /// in the order of their namespace and name, so that an answer does not depend on who gave it.
    pub fn supply(&mut self, query: Query, answer: Answer) {
        self.requests = self.requests.saturating_add(1);
        if let Query::List { resource, namespace } = &query {
            let held = Held::new(*resource == EVENTS, answer);
            let lists = self.lists.entry(resource.clone()).or_default();
            match namespace {
                Some(namespace) => drop(lists.namespaces.insert(namespace.clone(), held)),
                None => lists.cluster = Some(held),
            }
            self.answers.insert(query, Stored::AmongLists);
        } else {
            self.answers.insert(query, Stored::Here(answer));
        }
    }

    /// What is known about a question: the answer to it, else what follows from the answer to a broader
    /// one; none when neither was asked, or when the broader one does not settle it. A list that was
    /// refused or did not come says nothing about its parts, which may be had by asking for them alone.
    pub fn answer(&self, query: &Query) -> Option<Answer> {
        if let Some(Stored::Here(answer)) = self.answers.get(query) {
            return Some(answer.clone());
        }
        match query {
            Query::Object { resource, namespace, name } => self.object(resource, namespace.as_deref(), name),
            Query::List { resource, namespace } => {
                let lists = self.lists.get(resource)?;
                let Some(namespace) = namespace else { return lists.cluster.as_ref().map(Held::answer) };
                match lists.namespaces.get(namespace) {
                    Some(held) => Some(held.answer()),
                    None => lists.cluster.as_ref()?.namespace(namespace),
                }
            }
            Query::Events { uid, .. } => self.lists.get(&EVENTS)?.cluster.as_ref()?.involving(uid),
            Query::Log { .. } | Query::Stats { .. } | Query::NodeLog { .. } => None,
        }
    }

    fn object(&self, resource: &Resource, namespace: Option<&str>, name: &str) -> Option<Answer> {
        let lists = self.lists.get(resource)?;
        let namespace = match (resource.namespaced, namespace) {
            (true, Some(namespace)) => namespace,
            (true, None) => return None,
            (false, _) => "",
        };
        let near = lists.namespaces.get(namespace).and_then(|held| held.object(namespace, name));
        match near {
            // Another list may know better.
            None | Some(Answer::NotRecorded) => {
                lists.cluster.as_ref().and_then(|held| held.object(namespace, name)).or(near)
            }
            known => known,
        }
    }

    /// What was asked, in a fixed order.
    pub fn queries(&self) -> impl Iterator<Item = &Query> {
        self.answers.keys()
    }

    /// How many answers were supplied, which is how many questions were asked.
    pub fn requests(&self) -> usize {
        self.requests
    }
}

#[cfg(test)]
mod tests;
