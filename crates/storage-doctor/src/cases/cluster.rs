//! The cluster of a case, as a source.

use super::manifest::Object;
use super::names::Resources;
use crate::evidence::{Answer, Query};
use crate::source::recording::Recording;
use crate::source::{BoxFuture, Source};
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

/// A container's log: namespace, pod, container, and whether it is that of the instance before.
pub(super) type LogOf = (String, String, String, bool);

/// Everything there is in a made-up cluster.
#[derive(Debug, Default)]
pub(super) struct Cluster {
    /// Objects by resource, in order of namespace and name, as an API server lists them.
    objects: BTreeMap<String, BTreeMap<(String, String), Value>>,
    logs: BTreeMap<LogOf, String>,
    /// By node and service.
    node_logs: BTreeMap<(String, String), String>,
    /// Kubelets' summaries, by node.
    stats: BTreeMap<String, Value>,
}

impl Cluster {
    /// An empty cluster, in which every well-known resource has an empty list.
    pub(super) fn new() -> Self {
        Self { objects: Resources::well_known().map(|name| (name, BTreeMap::new())).collect(), ..Self::default() }
    }

    /// Puts an object in, in the place of one of the same name.
    pub(super) fn put(&mut self, object: &Object) {
        let (_, namespace, name) = object.key.clone();
        let list = self.objects.entry(object.resource.to_string()).or_default();
        list.insert((namespace, name), object.value.clone());
    }

    /// Puts an event in.
    pub(super) fn put_event(&mut self, event: Value) {
        let text = |path: &str| event.at(path).as_str().unwrap_or_default().to_owned();
        let key = (text("metadata.namespace"), text("metadata.name"));
        self.objects.entry("events".to_owned()).or_default().insert(key, event);
    }

    /// Puts a log in.
    pub(super) fn put_log(&mut self, of: LogOf, text: String) {
        self.logs.insert(of, text);
    }

    /// Puts the log of a node's service in.
    pub(super) fn put_node_log(&mut self, node: &str, service: &str, text: String) {
        self.node_logs.insert((node.to_owned(), service.to_owned()), text);
    }

    /// Puts in what a node's kubelet measured.
    pub(super) fn put_stats(&mut self, node: &str, summary: Value) {
        self.stats.insert(node.to_owned(), summary);
    }

    /// An object by its resource, namespace (empty for none) and name.
    pub(super) fn get(&self, resource: &str, namespace: &str, name: &str) -> Option<&Value> {
        self.objects.get(resource)?.get(&(namespace.to_owned(), name.to_owned()))
    }

    /// The names of the objects of a resource.
    pub(super) fn names(&self, resource: &str) -> Vec<&str> {
        self.objects.get(resource).into_iter().flat_map(BTreeMap::keys).map(|(_, name)| name.as_str()).collect()
    }

    fn answer(&self, query: &Query) -> Answer {
        match query {
            Query::Object { resource, namespace, name } => {
                let found = self.get(&resource.to_string(), namespace.as_deref().unwrap_or_default(), name);
                found.map_or(Answer::Absent, |object| Answer::Found(object.clone()))
            }
            Query::List { resource, namespace } => match self.objects.get(&resource.to_string()) {
                None => Answer::Absent,
                Some(list) => {
                    let here = |of: &str| namespace.as_deref().is_none_or(|wanted| wanted == of);
                    let items = list.iter().filter(|((of, _), _)| here(of)).map(|(_, object)| object.clone());
                    Answer::Found(Value::list(items.collect()))
                }
            },
            Query::Events { uid, .. } => {
                let events = self.objects.get("events").into_iter().flat_map(BTreeMap::values);
                let about = |event: &&Value| event.at("involvedObject.uid").as_str() == Some(uid);
                Answer::Found(Value::list(events.filter(about).cloned().collect()))
            }
            Query::Log { namespace, pod, container, previous } => {
                let of = (namespace.clone(), pod.clone(), container.clone(), *previous);
                match self.logs.get(&of) {
                    Some(text) => Answer::Found(Value::text(text)),
                    // A pod that is there has written nothing; an instance before there was none.
                    None if !previous && self.get("pods", namespace, pod).is_some() => Answer::Found(Value::text("")),
                    None => Answer::Absent,
                }
            }
            // A node that is there has written and measured nothing.
            Query::NodeLog { node, service } => self.of_node(node, || {
                let text = self.node_logs.get(&(node.clone(), service.clone()));
                Value::text(text.map_or("", String::as_str))
            }),
            Query::Stats { node } => self.of_node(node, || match self.stats.get(node) {
                Some(summary) => summary.clone(),
                None => Value::map([("node", Value::map([("nodeName", Value::text(node))]))]),
            }),
        }
    }

    fn of_node(&self, node: &str, value: impl FnOnce() -> Value) -> Answer {
        if self.get("nodes", "", node).is_some() { Answer::Found(value()) } else { Answer::Absent }
    }
}

/// What a case looks at.
#[derive(Debug)]
pub(super) enum World {
    /// What the case says that there is.
    Made(Cluster),
    /// A recording of a real cluster.
    Recorded(Recording),
}

/// A cluster of which not everything may be seen.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    world: &'a World,
    denied: &'a BTreeSet<String>,
    unrecorded: &'a BTreeSet<String>,
    asked: Mutex<BTreeSet<String>>,
}

impl<'a> Seen<'a> {
    /// The cluster without what is denied or not recorded: names of resources, `pods/log` and `nodes/proxy`.
    pub(super) fn new(world: &'a World, denied: &'a BTreeSet<String>, unrecorded: &'a BTreeSet<String>) -> Self {
        Self { world, denied, unrecorded, asked: Mutex::default() }
    }

    /// What was asked about: names of resources, `pods/log` and `nodes/proxy`.
    pub(super) fn asked(self) -> BTreeSet<String> {
        self.asked.into_inner().unwrap_or_default()
    }
}

impl Source for Seen<'_> {
    fn answer<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Answer> {
        let name = query.resource_name();
        if let Ok(mut asked) = self.asked.lock() {
            asked.insert(name.clone());
        }
        let answer = if self.unrecorded.contains(&name) {
            Answer::NotRecorded
        } else if self.denied.contains(&name) {
            Answer::Denied { message: format!("User \"case\" cannot {}", query.right()) }
        } else {
            match self.world {
                World::Made(cluster) => cluster.answer(query),
                World::Recorded(recording) => return recording.answer(query),
            }
        };
        Box::pin(std::future::ready(answer))
    }
}
