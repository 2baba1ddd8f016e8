//! Which questions are worth asking, and how wide.

use crate::evidence::{Query, Resource};

/// How far one look should reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// One subject: ask just what it needs.
    One,
    /// Every subject of a namespace: one list serves them all.
    Namespace(String),
    /// Every subject of the cluster.
    Cluster,
}

impl Reach {
    /// The wider question that answers this one and its neighbours, if there is one within reach.
    /// Logs stay as they are.
    pub(crate) fn widen(&self, query: &Query) -> Option<Query> {
        let wide = match (self, query) {
            (Self::One, _) => return None,
            (_, Query::Object { resource, namespace, .. } | Query::List { resource, namespace }) => {
                self.list(resource, namespace.as_deref())?
            }
            // The events of one namespace are not all there may be about an object in it, so that list would
            // answer nothing.
            (Self::Cluster, Query::Events { .. }) => self.list(&Resource::by_name("events")?, None)?,
            _ => return None,
        };
        (wide != *query).then_some(wide)
    }

    fn list(&self, resource: &Resource, namespace: Option<&str>) -> Option<Query> {
        let namespace = match (self, namespace) {
            _ if !resource.namespaced => None,
            (Self::Namespace(ours), Some(asked)) if ours == asked => Some(asked.to_owned()),
            // One object of a foreign namespace is no reason to list that namespace.
            (Self::Namespace(_), Some(_)) => return None,
            _ => None,
        };
        Some(Query::List { resource: resource.clone(), namespace })
    }
}
