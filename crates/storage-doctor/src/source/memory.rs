//! Objects put in by hand: for tests, cases, and programs that hold a cluster's objects already.

use super::refusals::{Refusals, denied, unreachable};
use super::{BoxFuture, Source};
use crate::evidence::{Answer, Query, Resource};
use crate::time::Time;
use crate::value::Value;
use std::collections::BTreeMap;

/// A world of objects: what was not put in does not exist. A log that was not put in is only not
/// recorded, since objects do not tell what a container wrote; so is what nodes
/// tell of themselves. Resources are named as `kubectl api-resources -o name` names them, logs `pods/log`, and the
/// statistics and logs of nodes `nodes/proxy`.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// By group and kind, namespace, and name: an object does not tell its plural.
    objects: BTreeMap<(String, String), BTreeMap<(String, String), Value>>,
    /// By [`Query::Log`] and [`Query::NodeLog`].
    logs: BTreeMap<Query, String>,
    /// By node.
    stats: BTreeMap<String, Value>,
    refusals: Refusals,
    taken_at: Option<Time>,
}

impl Memory {
    /// An empty world, seen at that time.
    pub fn at(time: Time) -> Self {
        Self { taken_at: Some(time), ..Self::default() }
    }

    /// Puts in an object, which says by its `apiVersion` and `kind` what it is. One of the same name
    /// takes the place of the other.
    #[must_use]
    pub fn object(mut self, object: Value) -> Self {
        self.put(object);
        self
    }

    /// Puts in objects.
    #[must_use]
    pub fn objects(mut self, objects: impl IntoIterator<Item = Value>) -> Self {
        for object in objects {
            self.put(object);
        }
        self
    }

    fn put(&mut self, object: Value) {
        let text = |value: Value| value.as_str().unwrap_or_default().to_owned();
        let version = text(object.field("apiVersion"));
        let group = version.split_once('/').map_or("", |(group, _)| group).to_owned();
        let metadata = object.field("metadata");
        let place = (text(metadata.field("namespace")), text(metadata.field("name")));
        self.objects.entry((group, text(object.field("kind")))).or_default().insert(place, object);
    }

    /// Puts in the log of a container.
    #[must_use]
    pub fn log(self, namespace: &str, pod: &str, container: &str, text: &str) -> Self {
        self.any_log(namespace, pod, container, false, text)
    }

    /// Puts in what a container wrote before its last restart.
    #[must_use]
    pub fn previous_log(self, namespace: &str, pod: &str, container: &str, text: &str) -> Self {
        self.any_log(namespace, pod, container, true, text)
    }

    fn any_log(mut self, namespace: &str, pod: &str, container: &str, previous: bool, text: &str) -> Self {
        let [namespace, pod, container] = [namespace, pod, container].map(str::to_owned);
        self.logs.insert(Query::Log { namespace, pod, container, previous }, text.to_owned());
        self
    }

    /// Puts in the log of a node's service, such as `kubelet`.
    #[must_use]
    pub fn node_log(mut self, node: &str, service: &str, text: &str) -> Self {
        let [node, service] = [node, service].map(str::to_owned);
        self.logs.insert(Query::NodeLog { node, service }, text.to_owned());
        self
    }

    /// Puts in what a node's kubelet measured, in the shape of its `/stats/summary`.
    #[must_use]
    pub fn stats(mut self, node: &str, summary: Value) -> Self {
        self.stats.insert(node.to_owned(), summary);
        self
    }

    /// As if the API server did not know a resource: nobody installed its definition.
    #[must_use]
    pub fn undefined(mut self, resource: &str) -> Self {
        self.refusals.always(resource, Answer::Absent);
        self
    }

    /// Without the right to read a resource.
    #[must_use]
    pub fn deny(mut self, resource: &str) -> Self {
        self.refusals.always(resource, denied(resource));
        self
    }

    /// Without the right to list a resource in all namespaces at once.
    #[must_use]
    pub fn deny_across_namespaces(mut self, resource: &str) -> Self {
        self.refusals.across_namespaces(resource);
        self
    }

    /// As if nobody answered questions about a resource.
    #[must_use]
    pub fn unreachable(mut self, resource: &str) -> Self {
        self.refusals.always(resource, unreachable());
        self
    }

    /// As if a resource had not been recorded.
    #[must_use]
    pub fn not_recorded(mut self, resource: &str) -> Self {
        self.refusals.always(resource, Answer::NotRecorded);
        self
    }

    fn of(&self, group: &str, kind: &str) -> impl Iterator<Item = (&(String, String), &Value)> {
        self.objects.get(&(group.to_owned(), kind.to_owned())).into_iter().flatten()
    }

    fn known(&self, query: &Query) -> Answer {
        let list = |items: Vec<Value>| Answer::Found(Value::list(items));
        match query {
            Query::Object { resource: Resource { group, kind, .. }, namespace, name } => {
                let place = (namespace.clone().unwrap_or_default(), name.clone());
                let found = self.objects.get(&(group.to_string(), kind.to_string())).and_then(|all| all.get(&place));
                found.cloned().map_or(Answer::Absent, Answer::Found)
            }
            Query::List { resource: Resource { group, kind, .. }, namespace } => {
                let all = self.of(group, kind);
                let inside = all.filter(|((ns, _), _)| namespace.as_ref().is_none_or(|wanted| wanted == ns));
                list(inside.map(|(_, object)| object.clone()).collect())
            }
            Query::Events { uid, .. } => {
                let events = self.of("", "Event").map(|(_, event)| event);
                let about = events.filter(|event| event.at("involvedObject.uid").as_str() == Some(uid));
                list(about.cloned().collect())
            }
            Query::Stats { node } => self.stats.get(node).cloned().map_or(Answer::NotRecorded, Answer::Found),
            Query::Log { .. } | Query::NodeLog { .. } => {
                self.logs.get(query).map_or(Answer::NotRecorded, |text| Answer::Found(Value::text(text)))
            }
        }
    }
}

impl Source for Memory {
    fn answer<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Answer> {
        let answer = self.refusals.answer(query).unwrap_or_else(|| self.known(query));
        Box::pin(std::future::ready(answer))
    }

    fn taken_at(&self) -> Option<Time> {
        self.taken_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Without, decode_list};
    use futures::FutureExt;

    fn world() -> Memory {
        let list = br#"[
            {"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"b","name":"x"}},
            {"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"a","name":"x"}},
            {"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"fast"}},
            {"apiVersion":"v1","kind":"Event","metadata":{"namespace":"a","name":"e"},"involvedObject":{"uid":"u"}}]"#;
        let time = Time::parse("2026-11-21T03:45:34Z").unwrap();
        Memory::at(time)
            .objects(decode_list(list).unwrap().items)
            .log("a", "x", "c", "now")
            .previous_log("a", "x", "c", "then")
            .node_log("n", "kubelet", "up")
            .stats("n", Value::map([("metadata", Value::map([("name", Value::text("n"))]))]))
    }

    fn ask(source: &dyn Source, query: &Query) -> String {
        let count = |value: Value| match value {
            Value::List(list) => list.items().len().to_string(),
            Value::Text(text) => text.to_string(),
            one => one.at("metadata.name").as_str().unwrap().to_owned(),
        };
        match source.answer(query).now_or_never().unwrap() {
            Answer::Found(value) => format!("found {}", count(value)),
            Answer::Absent => "absent".to_owned(),
            Answer::Denied { .. } => "denied".to_owned(),
            Answer::Unreachable { .. } => "unreachable".to_owned(),
            Answer::NotRecorded => "not recorded".to_owned(),
            Answer::Truncated(..) => "truncated".to_owned(),
        }
    }

    fn list(resource: &str, namespace: Option<&str>) -> Query {
        Query::List { resource: Resource::by_name(resource).unwrap(), namespace: namespace.map(str::to_owned) }
    }

    fn object(resource: &str, namespace: Option<&str>, name: &str) -> Query {
        let resource = Resource::by_name(resource).unwrap();
        Query::Object { resource, namespace: namespace.map(str::to_owned), name: name.to_owned() }
    }

    fn events() -> Query {
        Query::Events { uid: "u".to_owned(), namespace: "b".to_owned() }
    }

    fn log(container: &str, previous: bool) -> Query {
        Query::Log { namespace: "a".to_owned(), pod: "x".to_owned(), container: container.to_owned(), previous }
    }

    #[test]
    fn what_was_not_put_in_does_not_exist() {
        let world = world();
        assert_eq!(ask(&world, &list("pods", None)), "found 2");
        assert_eq!(ask(&world, &list("pods", Some("a"))), "found 1");
        assert_eq!(ask(&world, &list("nodes", None)), "found 0");
        assert_eq!(ask(&world, &object("pods", Some("a"), "x")), "found x");
        assert_eq!(ask(&world, &object("pods", Some("c"), "x")), "absent");
        assert_eq!(ask(&world, &object("storageclasses.storage.k8s.io", None, "fast")), "found fast");
        assert_eq!(ask(&world, &events()), "found 1");
        assert_eq!(ask(&world, &log("c", false)), "found now");
        assert_eq!(ask(&world, &log("c", true)), "found then");
        assert_eq!(ask(&world, &log("d", false)), "not recorded");
        for node in ["n", "m"] {
            let says = |found: &str| if node == "n" { format!("found {found}") } else { "not recorded".to_owned() };
            assert_eq!(ask(&world, &Query::Stats { node: node.to_owned() }), says("n"));
            let service = "kubelet".to_owned();
            assert_eq!(ask(&world, &Query::NodeLog { node: node.to_owned(), service }), says("up"));
        }
        let less = Without::new(world.clone()).deny("nodes/proxy");
        assert_eq!(ask(&less, &Query::Stats { node: "n".to_owned() }), "denied");
        assert!(world.taken_at().is_some());
    }

    #[test]
    fn four_ways_of_not_answering() {
        let world = world()
            .deny("pods")
            .unreachable("events")
            .not_recorded("storageclasses.storage.k8s.io")
            .undefined("volumesnapshots.snapshot.storage.k8s.io");
        assert_eq!(ask(&world, &object("pods", Some("a"), "x")), "denied");
        assert_eq!(ask(&world, &events()), "unreachable");
        assert_eq!(ask(&world, &list("storageclasses.storage.k8s.io", None)), "not recorded");
        assert_eq!(ask(&world, &list("volumesnapshots.snapshot.storage.k8s.io", None)), "absent");
        assert_eq!(ask(&world, &log("c", false)), "found now");
    }

    #[test]
    fn any_source_can_be_had_with_fewer_rights() {
        let less = Without::new(world()).deny("pods/log").deny_across_namespaces("pods").not_recorded("nodes");
        assert_eq!(ask(&less, &log("c", false)), "denied");
        assert_eq!(ask(&less, &list("pods", None)), "denied");
        assert_eq!(ask(&less, &list("pods", Some("a"))), "found 1");
        assert_eq!(ask(&less, &object("pods", Some("a"), "x")), "found x");
        assert_eq!(ask(&less, &list("nodes", None)), "not recorded");
        assert_eq!(less.taken_at(), world().taken_at());
    }
}
