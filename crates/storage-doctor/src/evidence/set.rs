//! The store. (stand-in)
use super::{Answer, Query};
use crate::value::{List, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Every answer so far.
#[derive(Debug, Default)]
pub struct Evidence {
    answers: BTreeMap<Query, Answer>,
}
impl Evidence {
    /// Takes an answer in.
    pub fn supply(&mut self, query: Query, answer: Answer) {
        self.answers.insert(query, answer);
    }
    /// The answer.
    pub fn answer(&self, query: &Query) -> Option<Answer> {
        if let Some(a) = self.answers.get(query) {
            return Some(a.clone());
        }
        let (resource, broad) = match query {
            Query::Object { resource, namespace, .. } | Query::List { resource, namespace } => {
                (resource.clone(), if namespace.is_some() { vec![namespace.clone(), None] } else { vec![None] })
            }
            Query::Events { .. } => (super::Resource::by_name("events")?, vec![None]),
            _ => return None,
        };
        for ns in broad {
            match self.answers.get(&Query::List { resource: resource.clone(), namespace: ns }) {
                Some(Answer::Found(list)) => {
                    return Some(match query {
                        Query::Object { namespace, name, .. } => list
                            .items()
                            .iter()
                            .find(|o| {
                                o.at("metadata.name").as_str() == Some(name)
                                    && (namespace.is_none()
                                        || o.at("metadata.namespace").as_str() == namespace.as_deref())
                            })
                            .map_or(Answer::Absent, |o| Answer::Found(o.clone())),
                        Query::List { namespace, .. } => Answer::Found(Value::List(Arc::new(List::new(
                            list.items()
                                .iter()
                                .filter(|o| o.at("metadata.namespace").as_str() == namespace.as_deref())
                                .cloned()
                                .collect(),
                        )))),
                        Query::Events { uid, .. } => Answer::Found(Value::List(Arc::new(List::new(
                            list.items()
                                .iter()
                                .filter(|o| o.at("involvedObject.uid").as_str() == Some(uid))
                                .cloned()
                                .collect(),
                        )))),
                        _ => return None,
                    });
                }
                Some(a @ (Answer::Absent | Answer::NotRecorded)) => return Some(a.clone()),
                _ => {}
            }
        }
        None
    }
}
