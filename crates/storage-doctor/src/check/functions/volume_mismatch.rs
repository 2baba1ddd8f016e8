//! `volume_mismatch()`.
//!
//! The rules are those of Kubernetes: `FindMatchingVolume` of k8s.io/component-helpers
//! (`storage/volume/pv_helpers.go`), and `checkVolumeSatisfyClaim` of the persistent volume controller
//! for a claim that names its volume. A volume that is reserved for the claim is taken whatever its
//! class, labels and phase are; a volume that the claim names, whatever its labels and phase are.

use super::super::selector::label_selector;
use super::super::show::show;
use super::super::truth::Gathered;
use super::prelude::*;
use crate::quantity::Quantity;

pub(super) static FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "volume_mismatch",
        signatures: &["volume_mismatch(claim, volume) -> list"],
        doc: "Why a volume cannot be bound to a claim, as Kubernetes decides it: a list of \
              `{field, wants, has, why}`, empty if it can be bound. Each `why` is a sentence. Whether a node \
              can reach the volume is a question for `node_matches`.",
        examples: &[Example {
            expression: "volume_mismatch({'spec': {'resources': {'requests': {'storage': '10Gi'}}}}, \
                         {'spec': {'capacity': {'storage': '1Gi'}}, 'status': {'phase': 'Available'}}).map(m, m.why)",
            result: "['its capacity 1Gi is less than the 10Gi asked for']",
        }],
    },
    arity: (2, 2),
    literal: None,
    clock: false,
    run,
};

fn run(arguments: &mut Arguments<'_>) -> Computed {
    for i in 0..2 {
        let value = arguments.value(i);
        if !matches!(value, Value::Map(_)) {
            return Err(arguments.misfit(&value, if i == 0 { "a claim" } else { "a volume" }));
        }
    }
    arguments.spend(16)?;
    let mut fit =
        Fit { claim: arguments.value(0), volume: arguments.value(1), found: Vec::new(), gaps: Gathered::default() };
    let reserved = fit.reservation();
    let named = fit.name();
    fit.deletion();
    fit.capacity();
    fit.mode();
    fit.access();
    fit.attributes();
    if !reserved {
        fit.class();
    }
    if !reserved && !named {
        fit.labels();
        fit.phase();
    }
    Ok(Value::List(Arc::new(match fit.gaps.into_inner() {
        Some(gaps) => List::partial(fit.found, gaps),
        None => List::new(fit.found),
    })))
}

struct Fit {
    claim: Value,
    volume: Value,
    found: Vec<Value>,
    gaps: Gathered,
}

const CLASS_ANNOTATION: &str = "volume.beta.kubernetes.io/storage-class";

impl Fit {
    fn add(&mut self, field: &str, wants: Value, has: Value, why: String) {
        let why = ("why", Value::text(why));
        self.found.push(Value::map([("field", Value::text(field)), ("wants", wants), ("has", has), why]));
    }

    /// What claim and volume hold at their paths; none if either is not known.
    fn both(&mut self, claim: &str, volume: &str) -> Option<(Value, Value)> {
        let (wants, has) = (self.claim.at(claim), self.volume.at(volume));
        let unknown = self.gaps.add_of(&wants) | self.gaps.add_of(&has);
        (!unknown).then_some((wants, has))
    }

    /// Whether the volume is reserved for this claim.
    fn reservation(&mut self) -> bool {
        let Some((claim, reference)) = self.both("metadata", "spec.claimRef") else { return false };
        if reference.is_null() {
            return false;
        }
        let name = |of: &Value| format!("{}/{}", show(&of.field("namespace")), show(&of.field("name")));
        let (wants, has) = (name(&claim), name(&reference));
        let uid = reference.field("uid");
        let (old, own) = (uid.as_str().unwrap_or_default(), claim.field("uid"));
        let why = if wants != has {
            format!("it is reserved for claim {has}")
        } else if !old.is_empty() && own.as_str() != Some(old) {
            format!("it is reserved for an earlier claim {has} with UID {old}, and this one has {}", show(&own))
        } else {
            return true;
        };
        self.add("spec.claimRef", Value::text(wants), reference, why);
        false
    }

    /// Whether the claim names this volume.
    fn name(&mut self) -> bool {
        let Some((wants, has)) = self.both("spec.volumeName", "metadata.name") else { return false };
        let Some(wanted) = wants.as_str().filter(|name| !name.is_empty()) else { return false };
        if has.as_str() == Some(wanted) {
            return true;
        }
        let why = format!("the claim asks for volume {wanted}, not {}", show(&has));
        self.add("spec.volumeName", wants, has, why);
        false
    }

    fn deletion(&mut self) {
        let deleted = self.volume.at("metadata.deletionTimestamp");
        if !self.gaps.add_of(&deleted) && !deleted.is_null() {
            let why = format!("it is being deleted since {}", show(&deleted));
            self.add("metadata.deletionTimestamp", Value::Null, deleted, why);
        }
    }

    fn capacity(&mut self) {
        let Some((wants, has)) = self.both("spec.resources.requests.storage", "spec.capacity.storage") else { return };
        let (Some(wanted), Some(held)) = (self.amount(&wants), self.amount(&has)) else { return };
        if held < wanted {
            let why = if has.is_null() {
                format!("it has no capacity, and {} is asked for", show(&wants))
            } else {
                format!("its capacity {} is less than the {} asked for", show(&has), show(&wants))
            };
            self.add("spec.capacity.storage", wants, has, why);
        }
    }

    /// An amount; nothing is none at all. What is no quantity is a gap.
    fn amount(&mut self, value: &Value) -> Option<Quantity> {
        let amount = match value {
            Value::Null => Some(Quantity::from_bytes(0)),
            Value::Quantity(quantity) => Some(*quantity),
            Value::Int(i) => Some(Quantity::from_bytes(*i)),
            other => other.as_str().and_then(Quantity::parse),
        };
        if amount.is_none() {
            self.gaps.add_of(&Value::failed("volume_mismatch(): a size is not a quantity"));
        }
        amount
    }

    fn mode(&mut self) {
        let Some((wants, has)) = self.both("spec.volumeMode", "spec.volumeMode") else { return };
        let (wanted, held) = (wants.as_str().unwrap_or("Filesystem"), has.as_str().unwrap_or("Filesystem"));
        if wanted != held {
            let why = format!("its volume mode is {held}, and {wanted} is asked for");
            self.add("spec.volumeMode", Value::text(wanted), Value::text(held), why);
        }
    }

    fn access(&mut self) {
        let Some((wants, has)) = self.both("spec.accessModes", "spec.accessModes") else { return };
        let modes = |value: &Value| -> Vec<String> {
            value.items().iter().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let held = modes(&has);
        let lacking: Vec<String> = modes(&wants).into_iter().filter(|mode| !held.contains(mode)).collect();
        if !lacking.is_empty() {
            let held = if held.is_empty() { "no access modes".to_owned() } else { held.join(", ") };
            let why = format!("it offers {held}, and {} is asked for", lacking.join(", "));
            self.add("spec.accessModes", wants, has, why);
        }
    }

    fn attributes(&mut self) {
        let path = "spec.volumeAttributesClassName";
        let Some((wants, has)) = self.both(path, path) else { return };
        self.named(path, "volume attributes class", &wants, &has);
    }

    fn class(&mut self) {
        let of = |object: &Value| {
            let annotation = object.at("metadata.annotations").field(CLASS_ANNOTATION);
            if annotation.is_null() { object.at("spec.storageClassName") } else { annotation }
        };
        let (wants, has) = (of(&self.claim), of(&self.volume));
        if !(self.gaps.add_of(&wants) | self.gaps.add_of(&has)) {
            self.named("spec.storageClassName", "class", &wants, &has);
        }
    }

    /// Compares two names of which none and an empty one are the same.
    fn named(&mut self, field: &str, what: &str, wants: &Value, has: &Value) {
        let (wanted, held) = (wants.as_str().unwrap_or_default(), has.as_str().unwrap_or_default());
        let why = match (wanted, held) {
            _ if wanted == held => return,
            ("", held) => format!("its {what} is {held}, and the claim asks for none"),
            (wanted, "") => format!("it has no {what}, and the claim asks for {wanted}"),
            (wanted, held) => format!("its {what} is {held}, and the claim asks for {wanted}"),
        };
        self.add(field, Value::text(wanted), Value::text(held), why);
    }

    fn labels(&mut self) {
        let Some((selector, labels)) = self.both("spec.selector", "metadata.labels") else { return };
        match label_selector(&selector, &labels) {
            Ok(Value::Bool(false)) => {
                let why = format!("its labels {} do not match the selector {}", show(&labels), show(&selector));
                self.add("spec.selector", selector, labels, why);
            }
            Ok(other) | Err(other) => {
                self.gaps.add_of(&other);
            }
        }
    }

    fn phase(&mut self) {
        let phase = self.volume.at("status.phase");
        // A volume bound to another claim has been told by its claimRef.
        let told = !self.volume.at("spec.claimRef").is_null() && phase.as_str() == Some("Bound");
        if self.gaps.add_of(&phase) || told || phase.as_str() == Some("Available") {
            return;
        }
        let why = match phase.as_str() {
            Some(phase) => format!("its phase is {phase}, not Available"),
            None => "it has no phase yet, and has to be Available".to_owned(),
        };
        self.add("status.phase", Value::text("Available"), phase, why);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::Given;
    use crate::value::Value;

    const CLAIM: &str = "{'metadata': {'name': 'data', 'namespace': 'a', 'uid': 'u1'}, 'spec': {'accessModes': \
        ['ReadWriteOnce'], 'storageClassName': 'fast', 'resources': {'requests': {'storage': '10Gi'}}}}";

    /// The reasons why a volume with this spec, metadata and phase does not fit a claim.
    fn why_not(claim: &str, metadata: &str, spec: &str, phase: &str) -> Vec<String> {
        let source = format!(
            "volume_mismatch({claim}, {{'metadata': {metadata}, 'spec': {spec}, 'status': {{'phase': '{phase}'}}}}).map(m, m.why)"
        );
        let value = Given::usual().eval(&source);
        assert!(matches!(&value, Value::List(list) if list.unseen().is_none()), "{value:?}");
        value.items().iter().map(|why| why.as_str().unwrap().to_owned()).collect()
    }

    /// A spec that fits, with fields of its own.
    fn spec(extra: &str) -> String {
        format!(
            "{{'capacity': {{'storage': '10Gi'}}, 'accessModes': ['ReadWriteOnce', 'ReadOnlyMany'], 'storageClassName': 'fast', {extra}}}"
        )
    }

    #[test]
    fn a_volume_that_fits_has_no_mismatch() {
        assert!(why_not(CLAIM, "{}", &spec(""), "Available").is_empty());
        let reserved = "'claimRef': {'name': 'data', 'namespace': 'a'}";
        assert!(why_not(CLAIM, "{}", &spec(reserved), "Released").is_empty(), "reserved for the claim");
        let other_class = "'claimRef': {'name': 'data', 'namespace': 'a', 'uid': 'u1'}, 'storageClassName': 'slow'";
        assert!(
            why_not(CLAIM, "{}", &spec(other_class), "Available").is_empty(),
            "a reserved volume may have another class"
        );
        let named = CLAIM
            .replace("'accessModes'", "'volumeName': 'pv', 'selector': {'matchLabels': {'a': 'b'}}, 'accessModes'");
        assert!(
            why_not(&named, "{'name': 'pv'}", &spec(""), "Pending").is_empty(),
            "a named volume may be in any phase"
        );
    }

    #[test]
    fn every_mismatch_is_a_sentence_with_both_values() {
        for (metadata, extra, phase, why) in [
            (
                "{}",
                "'capacity': {'storage': '9.9Gi'}",
                "Available",
                "its capacity 9.9Gi is less than the 10Gi asked for",
            ),
            ("{}", "'capacity': {}", "Available", "it has no capacity, and 10Gi is asked for"),
            ("{}", "'storageClassName': 'slow'", "Available", "its class is slow, and the claim asks for fast"),
            ("{}", "'storageClassName': ''", "Available", "it has no class, and the claim asks for fast"),
            ("{}", "'volumeMode': 'Block'", "Available", "its volume mode is Block, and Filesystem is asked for"),
            (
                "{}",
                "'accessModes': ['ReadOnlyMany']",
                "Available",
                "it offers ReadOnlyMany, and ReadWriteOnce is asked for",
            ),
            ("{}", "'accessModes': null", "Available", "it offers no access modes, and ReadWriteOnce is asked for"),
            (
                "{}",
                "'volumeAttributesClassName': 'gold'",
                "Available",
                "its volume attributes class is gold, and the claim asks for none",
            ),
            ("{}", "'claimRef': {'name': 'old', 'namespace': 'b'}", "Bound", "it is reserved for claim b/old"),
            (
                "{}",
                "'claimRef': {'name': 'data', 'namespace': 'a', 'uid': 'u0'}",
                "Bound",
                "it is reserved for an earlier claim a/data with UID u0, and this one has u1",
            ),
            ("{}", "", "Released", "its phase is Released, not Available"),
            (
                "{'deletionTimestamp': '2026-01-01T00:00:00Z'}",
                "",
                "Available",
                "it is being deleted since 2026-01-01T00:00:00Z",
            ),
            (
                "{'annotations': {'volume.beta.kubernetes.io/storage-class': 'old'}}",
                "",
                "Available",
                "its class is old, and the claim asks for fast",
            ),
        ] {
            assert_eq!(why_not(CLAIM, metadata, &spec(extra), phase), [why]);
        }
    }

    #[test]
    fn a_released_volume_tells_its_phase_and_its_old_claim() {
        let why = why_not(CLAIM, "{}", &spec("'claimRef': {'name': 'old', 'namespace': 'b', 'uid': 'x'}"), "Released");
        assert_eq!(why, ["it is reserved for claim b/old", "its phase is Released, not Available"]);
    }

    #[test]
    fn selectors_and_names_are_compared() {
        let selecting = CLAIM.replace("'accessModes'", "'selector': {'matchLabels': {'app': 'db'}}, 'accessModes'");
        assert!(why_not(&selecting, "{'labels': {'app': 'db'}}", &spec(""), "Available").is_empty());
        let why = why_not(&selecting, "{'labels': {'app': 'web'}}", &spec(""), "Available");
        assert_eq!(why, ["its labels {app: web} do not match the selector {matchLabels: {app: db}}"]);
        let naming = CLAIM.replace("'accessModes'", "'volumeName': 'pv-1', 'accessModes'");
        assert_eq!(
            why_not(&naming, "{'name': 'pv-2'}", &spec(""), "Available"),
            ["the claim asks for volume pv-1, not pv-2"]
        );
    }

    #[test]
    fn what_is_not_known_leaves_the_list_open() {
        let given = Given::usual();
        let value = given.eval("volume_mismatch({'spec': {}}, {'spec': {'capacity': unsure, 'volumeMode': 'Block'}, 'status': {'phase': 'Available'}})");
        let Value::List(list) = value else { panic!("{value:?}") };
        assert_eq!(list.items().len(), 1, "the mode is told");
        assert!(list.unseen().is_some(), "the capacity is open");
        for source in ["volume_mismatch(null, node)", "volume_mismatch(node, null)", "volume_mismatch(node, txt)"] {
            assert!(given.eval(source).gaps().is_some(), "{source}");
        }
    }
}
