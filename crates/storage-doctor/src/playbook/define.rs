//! Evidence, expressions and messages: what stands behind the names of a playbook.

use super::compile::{Compiler, Invalid, Valid, all};
use super::entries::RawResource;
use super::model::{Definition, EvidenceDef, EvidenceKind, MessageDef, Pattern};
use super::parse_duration;
use super::raw::{
    EventType, FullResource, RawEvidence, RawList, RawLogs, RawMessage, RawNodeLogs, RawObject, RawPattern,
};
use super::regexes::MAX_TEXT;
use super::scope::{Body, Def};
use super::sink::did_you_mean;
use crate::check::{Slot, nearest};
use crate::evidence::{LOG_WINDOW, Resource};
use crate::problem::Problem;
use crate::span::{Sp, Span};
use std::borrow::Cow;

/// The longest path to a field, in bytes.
const MAX_PATH: usize = 200;

/// The most parts that the paths to the fields of one resource have in all.
const MAX_PARTS: usize = 200;

/// Fields that every message has; a named group may not hide them.
const MESSAGE_FIELDS: &[&str] = &[
    "message",
    "reason",
    "component",
    "count",
    "time",
    "first",
    "level",
    "pod",
    "container",
    "namespace",
    "type",
    "service",
];

/// Compiles a definition.
pub(super) fn define(compiler: &mut Compiler<'_>, def: &Def<'_>) -> Valid<Definition> {
    match def.body {
        Body::Evidence(raw) => evidence(compiler, def.name, raw).map(Definition::Evidence),
        Body::Let(raw) => compiler.check(raw).map(Definition::Let),
        Body::Message(raw) => message(compiler, raw).map(Definition::Message),
    }
}

/// The slots that a definition needs.
pub(crate) fn uses(definition: &Definition) -> Vec<Slot> {
    let checks = match definition {
        Definition::Subject | Definition::Item => Vec::new(),
        Definition::Let(check) => vec![check],
        Definition::Message(message) => vec![&message.within],
        Definition::Evidence(evidence) => {
            let mut checks: Vec<_> = evidence.when.iter().collect();
            match &evidence.kind {
                EvidenceKind::Object { namespace, name, .. } => checks.extend(namespace.iter().chain([name])),
                EvidenceKind::List { namespace, .. } => checks.extend(namespace),
                EvidenceKind::Events { of } => checks.push(of),
                EvidenceKind::Logs { of, about, .. } => checks.extend([of].into_iter().chain(about)),
                EvidenceKind::Stats { node } => checks.push(node),
                EvidenceKind::NodeLogs { node, about, .. } => checks.extend([node].into_iter().chain(about)),
            }
            checks
        }
    };
    checks.iter().flat_map(|check| check.uses().iter().copied()).collect()
}

fn evidence(compiler: &mut Compiler<'_>, name: &Sp<String>, raw: &RawEvidence) -> Valid<EvidenceDef> {
    let when = compiler.maybe_check(raw.when.as_ref());
    let mut kinds = Vec::new();
    if let Some(object) = &raw.object {
        kinds.push(self::object(compiler, object));
    }
    if let Some(list) = &raw.list {
        kinds.push(self::list(compiler, list));
    }
    if let Some(events) = &raw.events {
        kinds.push(compiler.check(&events.of).map(|of| EvidenceKind::Events { of }));
    }
    if let Some(logs) = &raw.logs {
        kinds.push(self::logs(compiler, logs));
    }
    if let Some(stats) = &raw.stats {
        kinds.push(compiler.check(&stats.node).map(|node| EvidenceKind::Stats { node }));
    }
    if let Some(logs) = &raw.node_logs {
        kinds.push(self::node_logs(compiler, logs));
    }
    let found = kinds.len();
    match kinds.pop() {
        Some(kind) if found == 1 => Ok(EvidenceDef { when: when?, kind: kind? }),
        _ => {
            let message = format!("evidence `{}` is {found} kinds at once; one is wanted", name.value());
            let problem = Problem::error("evidence-kind", compiler.file, name.span(), &message);
            Err(compiler.push(problem.help("exactly one of: object, list, events, logs, stats, node_logs")))
        }
    }
}

fn object(compiler: &mut Compiler<'_>, raw: &RawObject) -> Valid<EvidenceKind> {
    let resource = self::resource(compiler, &raw.resource);
    let namespace = compiler.maybe_check(raw.namespace.as_ref());
    let name = compiler.check(&raw.name);
    let place = raw.namespace.as_ref().map(Sp::span);
    let resource = namespaced_if(compiler, resource?, place)?;
    Ok(EvidenceKind::Object { resource, namespace: namespace?, name: name? })
}

fn list(compiler: &mut Compiler<'_>, raw: &RawList) -> Valid<EvidenceKind> {
    let resource = self::resource(compiler, &raw.resource);
    let namespace = compiler.maybe_check(raw.namespace.as_ref());
    let place = raw.namespace.as_ref().map(Sp::span);
    let resource = namespaced_if(compiler, resource?, place)?;
    Ok(EvidenceKind::List { resource, namespace: namespace? })
}

fn logs(compiler: &mut Compiler<'_>, raw: &RawLogs) -> Valid<EvidenceKind> {
    let of = compiler.check(&raw.of);
    let about = all(raw.about.iter().map(|text| compiler.check(text)));
    Ok(EvidenceKind::Logs { of: of?, about: about?, within: within(compiler, raw.within.as_ref())? })
}

fn node_logs(compiler: &mut Compiler<'_>, raw: &RawNodeLogs) -> Valid<EvidenceKind> {
    let node = compiler.check(&raw.node);
    let about = all(raw.about.iter().map(|text| compiler.check(text)));
    let within = within(compiler, raw.within.as_ref());
    // What the kubelet itself accepts (kubernetes pkg/kubelet/kubelet_server_journal.go `safeServiceName`).
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '@');
    let service = raw.service.value().clone();
    if service.is_empty() || service.len() > 256 || !service.chars().all(plain) {
        return Err(compiler.error("bad-service", raw.service.span(), "this is no name of a service"));
    }
    Ok(EvidenceKind::NodeLogs { node: node?, service, about: about?, within: within? })
}

/// How far back lines are kept, in seconds.
fn within(compiler: &mut Compiler<'_>, raw: Option<&Sp<String>>) -> Valid<i64> {
    let Some(text) = raw else { return Ok(LOG_WINDOW) };
    match parse_duration(text) {
        Some(seconds) if seconds <= LOG_WINDOW => Ok(seconds),
        _ => {
            let message = format!("`{}` is no length of time that log lines are kept for", text.value());
            let problem = Problem::error("bad-window", compiler.file, text.span(), &message);
            Err(compiler.push(problem.help("write 90s, 10m or 1h30m; a day at most")))
        }
    }
}

/// A namespace is only given for what lives in one.
fn namespaced_if(compiler: &mut Compiler<'_>, resource: Resource, place: Option<Span>) -> Valid<Resource> {
    match place.filter(|_| !resource.namespaced) {
        None => Ok(resource),
        Some(span) => Err(compiler.error("cluster-scoped", span, &format!("{resource} live in no namespace"))),
    }
}

fn resource(compiler: &mut Compiler<'_>, raw: &Sp<RawResource>) -> Valid<Resource> {
    let resource = match raw.value() {
        RawResource::Named(name) => Resource::by_name(name).ok_or_else(|| unknown_resource(compiler, name, raw.span())),
        RawResource::Full(full) => full_resource(compiler, full),
    }?;
    // Law: contents of Secrets and ConfigMaps are never read, whoever asks.
    if resource.group.is_empty() && matches!(&*resource.plural, "secrets" | "configmaps") {
        return Err(never_read(compiler, &resource.plural, raw.span()));
    }
    Ok(resource)
}

fn never_read(compiler: &mut Compiler<'_>, plural: &str, span: Span) -> Invalid {
    compiler.error("never-read", span, &format!("the contents of {plural} are never read"))
}

fn unknown_resource(compiler: &mut Compiler<'_>, name: &str, span: Span) -> Invalid {
    if matches!(name, "secrets" | "configmaps") {
        return never_read(compiler, name, span);
    }
    let known: Vec<String> = Resource::all_known().iter().map(ToString::to_string).collect();
    let short = Resource::all_known().iter().find(|r| r.plural == name || r.kind.eq_ignore_ascii_case(name));
    let near = nearest(name, known.iter().map(String::as_str));
    let hint = did_you_mean(short.map(ToString::to_string).as_deref().or(near.first().copied()).as_ref());
    let problem = Problem::error("unknown-resource", compiler.file, span, &format!("unknown resource `{name}`{hint}"));
    compiler.push(problem.help("another resource is given in full: {plural, group, version, kind, namespaced}"))
}

fn full_resource(compiler: &mut Compiler<'_>, raw: &FullResource) -> Valid<Resource> {
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let group = raw.group.as_ref().map_or("", |g| g.as_str());
    let plural_ok = !raw.plural.is_empty() && raw.plural.chars().all(lower);
    let group_ok =
        group.is_empty() || group.split('.').all(|part| !part.is_empty() && part.chars().all(|c| lower(c) || c == '-'));
    let version_ok = raw.version.starts_with('v') && raw.version.chars().all(lower);
    let kind_ok =
        raw.kind.starts_with(|c: char| c.is_ascii_uppercase()) && raw.kind.chars().all(|c| c.is_ascii_alphanumeric());
    let parts = [
        (plural_ok, "plural", raw.plural.span()),
        (group_ok, "group", raw.group.as_ref().map_or(raw.plural.span(), Sp::span)),
        (version_ok, "version", raw.version.span()),
        (kind_ok, "kind", raw.kind.span()),
    ];
    let mut valid = Ok(());
    for (ok, part, span) in parts {
        if !ok {
            valid = Err(compiler.error("bad-resource", span, &format!("this is no {part} of a resource")));
        }
    }
    for path in raw.fields.iter().flatten() {
        if !is_path(path) {
            let problem = Problem::error("bad-path", compiler.file, path.span(), "this is not a path to a field");
            valid = Err(compiler.push(problem.help("write it like `status.phase` or `status.conditions[].type`")));
        }
    }
    let parts: usize = raw.fields.iter().flatten().map(|path| path.split('.').count()).sum();
    if parts > MAX_PARTS {
        let message = format!("the paths under `fields` have {parts} parts; {MAX_PARTS} are allowed");
        valid = Err(compiler.error("too-many", raw.kind.span(), &message));
    }
    valid?;
    let own = |text: &str| Cow::Owned(text.to_owned());
    Ok(Resource {
        plural: own(&raw.plural),
        group: own(group),
        version: own(&raw.version),
        kind: own(&raw.kind),
        namespaced: *raw.namespaced.value(),
    })
}

/// Whether it is a path to a field: `status.conditions[].type`.
pub(super) fn is_path(path: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$'))
    };
    path.len() <= MAX_PATH && path.split('.').all(|part| is_name(part.trim_end_matches("[]")))
}

fn message(compiler: &mut Compiler<'_>, raw: &RawMessage) -> Valid<MessageDef> {
    let within = compiler.check(&raw.within);
    let component = raw.component.as_ref().map(|c| compiler.regex(c)).transpose();
    let patterns = all(raw.patterns.iter().map(|p| pattern(compiler, p)));
    let event_type = raw.event_type.as_ref().map(|t| match t.value() {
        EventType::Normal => "Normal".to_owned(),
        EventType::Warning => "Warning".to_owned(),
    });
    Ok(MessageDef {
        within: within?,
        reasons: raw.reason.iter().map(|r| r.value().clone()).collect(),
        event_type,
        component: component?,
        patterns: patterns?,
    })
}

fn pattern(compiler: &mut Compiler<'_>, raw: &RawPattern) -> Valid<Pattern> {
    let regex = compiler.regex(&raw.regex)?;
    let mut valid = Ok(());
    for group in regex.regex.capture_names().flatten() {
        if MESSAGE_FIELDS.contains(&group) {
            let message = format!("the group `{group}` hides a field that every message has");
            let problem = Problem::error("hidden-field", compiler.file, raw.regex.span(), &message);
            valid = Err(compiler.push(problem.help(&format!("these are taken: {}", MESSAGE_FIELDS.join(", ")))));
        }
    }
    if raw.example.len() > MAX_TEXT {
        let message = format!("an example of {} bytes; {MAX_TEXT} are allowed", raw.example.len());
        return Err(compiler.error("example-too-long", raw.example.span(), &message));
    }
    match compiler.shared.regexes.matches(&regex.regex, &raw.example) {
        Ok(true) => {}
        Ok(false) => {
            let message = "the example does not match its regular expression";
            let problem = Problem::error("example-mismatch", compiler.file, raw.example.span(), message);
            valid = Err(compiler.push(problem.also(compiler.file, raw.regex.span(), "the expression")));
        }
        Err(bad) => return Err(compiler.bad_regex(&raw.example, &bad)),
    }
    valid?;
    Ok(Pattern {
        regex,
        versions: raw.versions.as_ref().map(|v| v.value().clone()),
        example: Some(raw.example.value().clone()),
    })
}
