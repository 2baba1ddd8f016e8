//! One case from what was written.

use super::{Case, Expected, Reader, Variant};
use crate::cases::cluster::{Cluster, World};
use crate::cases::event::{About, event};
use crate::cases::manifest::{Object, complete};
use crate::cases::raw::{Manifest, RawCase, RawEvent, RawLog, RawWithout};
use crate::check::nearest;
use crate::source::Source;
use crate::source::recording::Recording;
use crate::span::Sp;
use crate::subject::{Kind, Subject};
use crate::time::Time;
use regex::Regex;
use std::collections::BTreeSet;
use std::path::Path;

/// Size limit of a compiled expression, in bytes, as that of a playbook's.
const REGEX_SIZE: usize = 1 << 20;

impl Reader<'_> {
    /// The objects of a list of manifests.
    pub(super) fn objects(&mut self, raw: &[Sp<Manifest>], now: Time) -> Vec<Object> {
        let mut objects: Vec<Object> = Vec::new();
        for manifest in raw {
            match complete(&manifest.value().0, now, &mut self.resources) {
                Err(message) => self.error("bad-manifest", manifest.span(), &message),
                Ok(object)
                    if objects.iter().any(|known| known.key == object.key && known.resource == object.resource) =>
                {
                    let message = format!("{} {} is given twice", object.key.0, object.key.2);
                    self.error("duplicate-object", manifest.span(), &message);
                }
                Ok(object) => objects.push(object),
            }
        }
        objects
    }

    /// A case; none when its subject makes no sense, or its recording cannot be read.
    pub(super) fn case(&mut self, raw: &RawCase, shared: &[Object], now: Time) -> Option<Case> {
        let unrecorded = self.rights(&raw.unrecorded);
        let expected = self.expected(raw);
        let without = raw.without.iter().map(|variant| self.variant(variant)).collect();
        let name = raw.name.value().clone();
        if let Some(from) = &raw.from {
            let recording = self.recording(raw, from)?;
            let subject = self.subject(&raw.subject, None)?;
            let now = recording.taken_at().unwrap_or(now);
            let world = World::Recorded(recording);
            return Some(Case { name, subject, world, now, unrecorded, expected, without });
        }
        let cluster = self.cluster(raw, shared, now);
        let subject = self.subject(&raw.subject, Some(&cluster))?;
        Some(Case { name, subject, world: World::Made(cluster), now, unrecorded, expected, without })
    }

    /// The recording that a case is about.
    fn recording(&mut self, raw: &RawCase, from: &Sp<String>) -> Option<Recording> {
        let told = [raw.logs.len(), raw.node_logs.len(), raw.stats.len()];
        if !raw.objects.is_empty() || !raw.events.is_empty() || told.iter().any(|n| *n > 0) {
            self.error("not-alone", from.span(), "a recording is a whole cluster: nothing can be added to it");
        }
        let beside = Path::new(self.file.name()).parent().unwrap_or(Path::new(""));
        let opened = Recording::open(beside.join(from.value()));
        opened.map_err(|error| self.error("bad-recording", from.span(), &error.to_string())).ok()
    }

    /// The cluster that a case makes up.
    fn cluster(&mut self, raw: &RawCase, shared: &[Object], now: Time) -> Cluster {
        let own = self.objects(&raw.objects, now);
        let mut cluster = Cluster::new();
        for object in shared.iter().chain(&own) {
            cluster.put(object);
        }
        self.namespaces(&mut cluster, shared.iter().chain(&own), now);
        for (nth, event) in raw.events.iter().enumerate() {
            self.event(event, nth, &mut cluster, now);
        }
        for log in &raw.logs {
            self.log(log, &mut cluster);
        }
        for log in &raw.node_logs {
            self.node_log(log, &mut cluster);
        }
        for stats in &raw.stats {
            self.stats(stats, &mut cluster, now);
        }
        cluster
    }

    /// Namespaces that objects live in exist, whether or not the author says so.
    fn namespaces<'o>(&mut self, cluster: &mut Cluster, objects: impl Iterator<Item = &'o Object>, now: Time) {
        let used: BTreeSet<&str> = objects.map(|object| object.key.1.as_str()).filter(|ns| !ns.is_empty()).collect();
        for namespace in used {
            let manifest = crate::value::Value::map([
                ("kind", crate::value::Value::text("Namespace")),
                ("metadata", crate::value::Value::map([("name", crate::value::Value::text(namespace))])),
                ("status", crate::value::Value::map([("phase", crate::value::Value::text("Active"))])),
            ]);
            if cluster.get("namespaces", "", namespace).is_none()
                && let Ok(object) = complete(&manifest, now, &mut self.resources)
            {
                cluster.put(&object);
            }
        }
    }

    fn subject(&mut self, raw: &Sp<String>, cluster: Option<&Cluster>) -> Option<Subject> {
        let parts: Vec<&str> = raw.split('/').collect();
        let (kind, namespace, name) = match parts.as_slice() {
            [kind, namespace, name] => (Kind::from_name(kind), *namespace, *name),
            [kind, name] => (Kind::from_name(kind), "", *name),
            _ => (None, "", ""),
        };
        let Some(kind) = kind.filter(|kind| kind.facts().resource.namespaced == (parts.len() == 3)) else {
            let names = |namespaced: bool| {
                let kinds = Kind::all().iter().filter(|facts| facts.resource.namespaced == namespaced);
                kinds.filter_map(|facts| facts.names.first().copied()).collect::<Vec<_>>().join(", ")
            };
            let message = format!(
                "a subject is TYPE/NAMESPACE/NAME with the type one of {}, or TYPE/NAME with one of {}",
                names(true),
                names(false)
            );
            self.error("bad-subject", raw.span(), &message);
            return None;
        };
        let resource = kind.facts().resource.to_string();
        if let Some(cluster) = cluster.filter(|cluster| cluster.get(&resource, namespace, name).is_none()) {
            let near = nearest(name, cluster.names(&resource));
            let hint = near.first().map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
            let message = format!("the subject is not among the objects of the case{hint}");
            self.error("no-subject", raw.span(), &message);
            return None;
        }
        Some(Subject::new(kind, (!namespace.is_empty()).then_some(namespace), name))
    }

    fn event(&mut self, raw: &RawEvent, nth: usize, cluster: &mut Cluster, now: Time) {
        let about = match self.about(&raw.on, cluster) {
            Ok(about) => about,
            Err(message) => return self.error("bad-object", raw.on.span(), &message),
        };
        match event(raw, &about, nth, now) {
            Ok(event) => cluster.put_event(event),
            Err((span, message)) => self.error("bad-time", span, &message),
        }
    }

    /// The object that an event is about. It need not be there any more.
    fn about(&self, text: &str, cluster: &Cluster) -> Result<About, String> {
        let mut parts = text.split('/');
        let name = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        let Some(resource) = self.resources.by_any_name(name) else {
            return Err(format!("`{name}` is no kind of object that is known here"));
        };
        let (namespace, name) = match (resource.namespaced, rest.as_slice()) {
            (true, [namespace, name]) => (*namespace, *name),
            (false, [name]) => ("", *name),
            (true, _) => return Err(format!("a {} is named TYPE/NAMESPACE/NAME", resource.kind)),
            (false, _) => return Err(format!("a {} is named TYPE/NAME", resource.kind)),
        };
        let there = cluster.get(&resource.to_string(), namespace, name);
        let uid = there.and_then(|object| object.at("metadata.uid").as_str().map(str::to_owned));
        Ok(About { key: (resource.kind.to_string(), namespace.to_owned(), name.to_owned()), uid })
    }

    fn log(&mut self, raw: &RawLog, cluster: &mut Cluster) {
        let parts: Vec<&str> = raw.of.split('/').collect();
        let [namespace, pod, container] = parts.as_slice() else {
            return self.error("bad-log", raw.of.span(), "a container is named NAMESPACE/POD/CONTAINER");
        };
        let Some(object) = cluster.get("pods", namespace, pod) else {
            return self.error("bad-log", raw.of.span(), "this pod is not among the objects of the case");
        };
        let known = ["spec.containers[].name", "spec.initContainers[].name"].map(|path| object.texts_at(path)).concat();
        if !known.iter().any(|name| **name == **container) {
            return self.error("bad-log", raw.of.span(), &format!("this pod has no container `{container}`"));
        }
        let previous = raw.previous.as_ref().is_some_and(|previous| *previous.value());
        let of = ((*namespace).to_owned(), (*pod).to_owned(), (*container).to_owned(), previous);
        let lines: Vec<&str> = raw.lines.iter().map(|line| line.as_str()).collect();
        cluster.put_log(of, lines.join("\n"));
    }

    fn rights(&mut self, names: &[Sp<String>]) -> BTreeSet<String> {
        let mut rights = BTreeSet::new();
        for name in names {
            match self.resources.right(name) {
                Ok(right) => drop(rights.insert(right)),
                Err(meant) => {
                    let hint = meant.map(|meant| format!(", did you mean `{meant}`?")).unwrap_or_default();
                    self.error("unknown-resource", name.span(), &format!("unknown resource `{}`{hint}", name.value()));
                }
            }
        }
        rights
    }

    fn regexes(&mut self, raw: &[Sp<String>]) -> Vec<Regex> {
        let mut regexes = Vec::new();
        for text in raw {
            match regex::RegexBuilder::new(text).size_limit(REGEX_SIZE).build() {
                Ok(regex) => regexes.push(regex),
                Err(error) => {
                    // The last line says what is wrong; those before draw it.
                    let words = error.to_string();
                    let last = words.lines().last().unwrap_or_default().trim_start_matches("error: ");
                    self.error("bad-regex", text.span(), &format!("not a regular expression: {last}"));
                }
            }
        }
        regexes
    }

    fn expected(&mut self, raw: &RawCase) -> Expected {
        self.names(&raw.finds, &raw.not, &raw.waiting);
        self.check_named(&raw.echoes, "cause", |known| &known.causes);
        Expected {
            line: self.line(raw.name.span()),
            verdict: *raw.verdict.value(),
            finds: owned(&raw.finds),
            confidence: raw.confidence.as_ref().map(|c| *c.value()),
            echoes: owned(&raw.echoes),
            not: owned(&raw.not),
            waiting: owned(&raw.waiting),
            says: self.regexes(&raw.says),
            needs: self.regexes(&raw.needs),
        }
    }

    fn variant(&mut self, raw: &RawWithout) -> Variant {
        self.names(&raw.finds, &raw.not, &raw.waiting);
        self.check_named(&raw.echoes, "cause", |known| &known.causes);
        if raw.deny.is_empty() && raw.unrecorded.is_empty() {
            self.error("nothing-less", raw.verdict.span(), "this leaves nothing out: `deny` or `unrecorded` is wanted");
        }
        let expected = Expected {
            line: self.line(raw.verdict.span()),
            verdict: *raw.verdict.value(),
            finds: owned(&raw.finds),
            confidence: raw.confidence.as_ref().map(|c| *c.value()),
            echoes: owned(&raw.echoes),
            not: owned(&raw.not),
            waiting: owned(&raw.waiting),
            says: self.regexes(&raw.says),
            needs: self.regexes(&raw.needs),
        };
        Variant { deny: self.rights(&raw.deny), unrecorded: self.rights(&raw.unrecorded), expected }
    }

    fn names(&mut self, finds: &[Sp<String>], not: &[Sp<String>], waiting: &[Sp<String>]) {
        self.check_named(finds, "cause", |known| &known.causes);
        self.check_named(not, "cause", |known| &known.causes);
        self.check_named(waiting, "waiting state", |known| &known.states);
    }
}

fn owned(names: &[Sp<String>]) -> Vec<String> {
    names.iter().map(|name| name.value().clone()).collect()
}
