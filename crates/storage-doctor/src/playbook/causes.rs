//! Causes and waiting states, with their proofs, citations and remedies.

use super::compile::{Compiler, Valid, all};
use super::model::{Cause, Cite, Proof, Remedy, Role, Severity, Waiting};
use super::raw::{Expr, RawCause, RawCite, RawProof, RawRemedy, RawWaiting};
use super::scope::{Body, Def, Scope};
use super::sink::did_you_mean;
use super::validate::{is_kebab, link};
use crate::check::{self, nearest};
use crate::problem::Problem;
use crate::span::Sp;
use std::collections::BTreeMap;

/// The waiting states of a playbook.
pub(super) fn waiting(c: &mut Compiler<'_>, scope: &Scope<'_>, raw: &[RawWaiting]) -> Valid<Vec<Waiting>> {
    let ids = check_ids(c, raw.iter().map(|w| &w.id));
    let waiting = all(raw.iter().map(|w| one_waiting(c, scope, w)));
    ids.and(waiting)
}

/// The causes of a playbook.
pub(super) fn causes(c: &mut Compiler<'_>, scope: &Scope<'_>, raw: &[RawCause]) -> Valid<Vec<Cause>> {
    let ids = check_ids(c, raw.iter().map(|w| &w.id));
    let causes = all(raw.iter().map(|cause| one_cause(c, scope, cause)));
    ids.and(causes)
}

fn check_ids<'a>(c: &mut Compiler<'_>, ids: impl Iterator<Item = &'a Sp<String>>) -> Valid<()> {
    let mut seen: BTreeMap<&str, &Sp<String>> = BTreeMap::new();
    let mut valid = Ok(());
    for id in ids {
        if !is_kebab(id) {
            let problem = Problem::error("bad-name", c.file, id.span(), &format!("`{}` is no code", id.value()));
            valid = Err(c.push(problem.help("a code is made of a-z, 0-9 and - and starts with a letter")));
        }
        if let Some(first) = seen.insert(id, id) {
            let message = format!("the code `{}` stands here twice", id.value());
            let problem = Problem::error("duplicate-id", c.file, id.span(), &message).label("the second");
            valid = Err(c.push(problem.also(c.file, first.span(), "the first")));
        }
    }
    valid
}

fn one_waiting(c: &mut Compiler<'_>, scope: &Scope<'_>, raw: &RawWaiting) -> Valid<Waiting> {
    let when = c.check(&raw.when);
    let summary = c.template(&raw.summary);
    let since = c.maybe_check(raw.since.as_ref());
    let cites = all(raw.cites.iter().map(|cite| one_cite(c, scope, cite)));
    let worry_after = raw.worry_after.as_ref().map(|text| duration(c, text)).transpose();
    if let (Some(worry), None) = (&raw.worry_after, &raw.since) {
        let message = "`worry_after` says nothing without `since`";
        c.push(
            Problem::warning("no-since", c.file, worry.span(), message).help("add `since`: a check that gives a time"),
        );
    }
    Ok(Waiting {
        id: raw.id.value().clone(),
        when: when?,
        summary: summary?,
        since: since?,
        worry_after: worry_after?,
        cites: cites?,
    })
}

fn duration(c: &mut Compiler<'_>, text: &Sp<String>) -> Valid<i64> {
    parse_duration(text).ok_or_else(|| {
        let message = format!("`{}` is no duration", text.value());
        let problem = Problem::error("bad-duration", c.file, text.span(), &message);
        c.push(problem.help("write 90s, 10m, 1h30m or 2d; at most 10 years"))
    })
}

/// Seconds of `90s`, `10m`, `1h30m`, `2d`: numbers with units, each unit smaller than the one before.
pub(crate) fn parse_duration(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut largest = i64::MAX;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest.get(..digits)?.parse().ok()?;
        let unit = match rest.as_bytes().get(digits)? {
            b's' => 1,
            b'm' => 60,
            b'h' => 3600,
            b'd' => 86_400,
            _ => return None,
        };
        if unit >= largest {
            return None;
        }
        largest = unit;
        total = total.checked_add(number.checked_mul(unit)?)?;
        rest = rest.get(digits + 1..)?;
    }
    (1..=3650 * 86_400).contains(&total).then_some(total)
}

fn one_cause(c: &mut Compiler<'_>, scope: &Scope<'_>, raw: &RawCause) -> Valid<Cause> {
    let proofs = all(raw.proofs.iter().map(|p| proof(c, scope, p)));
    let summary = c.template(&raw.summary);
    let explanation = c.template(&raw.explanation);
    let root = raw.root.as_ref().map(|root| link(c, root)).transpose();
    let remedies = all(raw.remedies.iter().map(|r| remedy(c, r)));
    if raw.sources.is_empty() {
        let message = format!("the cause `{}` does not say where its facts come from", raw.id.value());
        c.push(Problem::warning("no-source", c.file, raw.id.span(), &message).help("add `sources`"));
    }
    let texts = |list: &[Sp<String>]| list.iter().map(|t| t.value().clone()).collect();
    Ok(Cause {
        id: raw.id.value().clone(),
        role: raw.role.as_ref().map_or(Role::RootCause, |r| *r.value()),
        severity: raw.severity.as_ref().map_or(Severity::Error, |s| *s.value()),
        proofs: proofs?,
        summary: summary?,
        explanation: explanation?,
        root: root?,
        remedies: remedies?,
        instead_of: texts(&raw.instead_of),
        sources: texts(&raw.sources),
    })
}

fn proof(c: &mut Compiler<'_>, scope: &Scope<'_>, raw: &RawProof) -> Valid<Proof> {
    let when = c.check(&raw.when);
    let cites = all(raw.cites.iter().map(|cite| one_cite(c, scope, cite)));
    Ok(Proof {
        when: when?,
        confidence: *raw.confidence.value(),
        severity: raw.severity.as_ref().map(|s| *s.value()),
        cites: cites?,
    })
}

fn remedy(c: &mut Compiler<'_>, raw: &RawRemedy) -> Valid<Remedy> {
    let when = c.maybe_check(raw.when.as_ref());
    let text = c.template(&raw.text);
    let command = c.maybe_template(raw.command.as_ref());
    Ok(Remedy { when: when?, text: text?, command: command?, risk: *raw.risk.value() })
}

fn one_cite(c: &mut Compiler<'_>, scope: &Scope<'_>, raw: &Sp<RawCite>) -> Valid<Cite> {
    let mut kinds = Vec::new();
    if let Some(text) = &raw.field {
        kinds.push(field(c, text));
    }
    if let Some(name) = &raw.message {
        let is_message = |def: &Def<'_>| matches!(def.body, Body::Message(_));
        kinds.push(named(c, scope, name, is_message, "an entry of `messages`").map(Cite::Message));
    }
    if let Some(name) = &raw.absent {
        let is_object = |def: &Def<'_>| matches!(def.body, Body::Evidence(e) if e.object.is_some());
        kinds.push(named(c, scope, name, is_object, "evidence of kind `object`").map(Cite::Absent));
    }
    if let Some(text) = &raw.quote {
        kinds.push(quote(c, raw, text));
    } else if let Some(stray) = raw.source.as_ref().or(raw.each.as_ref()) {
        c.error("stray-field", stray.span(), "`source` and `each` go with `quote` only");
    }
    let found = kinds.len();
    match kinds.pop() {
        Some(kind) if found == 1 => kind,
        _ => {
            let message = format!("this citation is {found} kinds at once; one is wanted");
            let problem = Problem::error("cite-kind", c.file, first_line(c, raw), &message);
            Err(c.push(problem.help("exactly one of: field, message, absent, quote")))
        }
    }
}

/// A map written over several lines stands at its first key only.
fn first_line(c: &Compiler<'_>, raw: &Sp<RawCite>) -> crate::span::Span {
    let span = raw.span();
    let rest = c.file.text().get(span.start..).unwrap_or_default();
    let key = rest.find([':', '\n', '}']).unwrap_or(rest.len());
    crate::span::Span::new(span.start, span.end.max(span.start + key))
}

fn field(c: &mut Compiler<'_>, text: &Expr) -> Valid<Cite> {
    let check = c.check(text)?;
    if check.as_path().is_none() {
        let problem = Problem::error("not-a-path", c.file, text.span(), "a field to cite has to be a plain path");
        return Err(c.push(problem.help("write `claim.spec.storageClassName`; cite a computed text with `quote`")));
    }
    Ok(Cite::Field(check))
}

fn named(
    c: &mut Compiler<'_>,
    scope: &Scope<'_>,
    name: &Expr,
    fits: impl Fn(&Def<'_>) -> bool,
    wanted: &str,
) -> Valid<check::Check> {
    if scope.find(name).is_some_and(&fits) {
        return c.check(name);
    }
    let candidates = scope.defs.iter().filter(|d| fits(d)).map(|d| d.name.as_str());
    let hint = did_you_mean(nearest(name, candidates).first());
    let message = format!("`{}` is not {wanted}{hint}", name.value());
    Err(c.error("wrong-name", name.span(), &message))
}

fn quote(c: &mut Compiler<'_>, raw: &RawCite, text: &Sp<String>) -> Valid<Cite> {
    let each = c.maybe_check(raw.each.as_ref());
    c.in_each = raw.each.is_some();
    let source = match &raw.source {
        Some(source) => c.template(source),
        None => check::compile_template("", c.names)
            .map_err(|_| c.error("no-source", text.span(), "a quote needs `source`: where it was seen")),
    };
    let quote = c.template(text);
    c.in_each = false;
    Ok(Cite::Quote { each: each?, source: source?, quote: quote? })
}

#[cfg(test)]
mod tests {
    use super::parse_duration;

    #[test]
    fn durations_are_numbers_with_falling_units() {
        assert_eq!(parse_duration("90s"), Some(90));
        assert_eq!(parse_duration("1h30m"), Some(5400));
        assert_eq!(parse_duration("2d"), Some(172_800));
        for bad in ["", "10", "m", "0s", "1m1h", "1m1m", "-1s", "1.5h", "99999999999999999999d", "9999d", "1\u{661}s"] {
            assert_eq!(parse_duration(bad), None, "{bad}");
        }
    }
}
