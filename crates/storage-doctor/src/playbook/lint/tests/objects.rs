//! Fields of what may be one of two objects, and of objects whose author states the fields.

use super::{SAMPLE, files};
use crate::playbook::lint::lint;
use crate::problem::Problem;

const FIELD: &str = "unknown-object-field";

/// Evidence about a resource that no table knows.
const TUNER: &str = "  volumes: {list:";

/// What lint says of the sample with this expression in one of its checks and this resource as evidence `tuner`.
fn said(resource: &str, expression: &str) -> Vec<Problem> {
    let tuner = format!("  tuner: {{object: {{resource: {resource}, name: claim.spec.volumeName}}}}\n{TUNER}");
    let with = SAMPLE.replacen("busy != null && class != null", &format!("\"busy != null && {expression}\""), 1);
    let mut files = files(&[]);
    files[0].1 = if resource.is_empty() { with } else { with.replacen(TUNER, &tuner, 1) };
    lint(&files).map(crate::problem::Problems::into_vec).unwrap_or_default()
}

fn codes(resource: &str, expression: &str) -> Vec<&'static str> {
    said(resource, expression).iter().map(|problem| problem.code).collect()
}

fn in_full(fields: &str) -> String {
    format!("{{plural: tuners, group: acme.example, version: v1, kind: Tuner, namespaced: false{fields}}}")
}

#[test]
fn a_choice_between_two_objects_has_the_fields_of_both() {
    let source = "(claim.spec.dataSourceRef != null ? claim.spec.dataSourceRef : claim.spec.dataSource)";
    // Only the first of the two has a namespace.
    for field in ["kind", "apiGroup", "name", "namespace"] {
        assert_eq!(codes("", &format!("{source}.{field} == 'x'")), Vec::<&str>::new(), "{field}");
    }
    // What is newer than the table is read so.
    assert_eq!(codes("", &format!("{source}['version'] == 'x'")), Vec::<&str>::new());
    let found = said("", &format!("{source}.kid == 'x'"));
    let [bad] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!(bad.code, FIELD);
    assert_eq!(bad.message, "TypedLocalObjectReference or TypedObjectReference has no field `kid`");
    assert_eq!(bad.help, ["did you mean `kind`?"]);
    assert_eq!(bad.at.file.slice(bad.at.span), "kid");
}

#[test]
fn choices_are_known_as_far_as_each_way_is() {
    for (expression, found) in [
        // An object or a map, null or an object, one object three times.
        ("(class != null ? class : {'provisioner': 'x', 'made': 'x'}).made == 'x'", None),
        ("(class != null ? class : {'provisioner': 'x', 'made': 'x'}).maid == 'x'", Some(FIELD)),
        ("(class != null ? null : claim.spec).volumName == 'x'", Some(FIELD)),
        ("(free == null ? class : class == null ? claim : class).provisoner == 'x'", Some(FIELD)),
        ("(free == null ? class : class == null ? claim : class).spec.volumeName == 'x'", None),
        // What lies below a field that both have.
        ("(class != null ? class : claim).metadata.nam == 'x'", Some(FIELD)),
        ("(class != null ? class : claim).metadata.name == 'x'", None),
        // Lists of either.
        ("[class, claim].exists(o, o.provisioner == o.spec.volumeName)", None),
        ("[class, claim].exists(o, o.provisoner == 'x')", Some(FIELD)),
        // Nothing is known of one way, or the ways have nothing in common.
        ("(class != null ? class : class['tomorrow']).provisoner == 'x'", None),
        ("(class != null ? class : {claim.metadata.name: 'x'}).provisoner == 'x'", None),
        ("(class != null ? class : free).provisoner == 'x'", None),
    ] {
        let found: Vec<&str> = found.into_iter().collect();
        assert_eq!(codes("", expression), found, "{expression}");
    }
}

#[test]
fn the_fields_of_a_resource_in_full_are_those_that_its_author_states() {
    let resource = in_full(", fields: [status.phase, 'status.conditions[].type', spec]");
    for right in [
        "tuner.status.phase == 'x'",
        "tuner.status.conditions.exists(c, c.type == 'x')",
        "size(tuner.status.conditions.where('type', 'x')) > 0",
        "tuner.metadata.name == tuner.kind",
        // Below a path anything goes, and what is not stated can be read all the same.
        "tuner.spec.dial.frequency == 'x'",
        "tuner.status.phase.of.moon == 'x'",
        "tuner['data'].x == tuner.status['since']",
    ] {
        assert_eq!(codes(&resource, right), Vec::<&str>::new(), "{right}");
    }
    for (wrong, at) in [
        ("tuner.status.phse == 'x'", "phse"),
        ("tuner.statu.phase == 'x'", "statu"),
        ("tuner.status.conditions.exists(c, c.status == 'x')", "status"),
        ("tuner.status.conditions.type == 'x'", "type"),
        ("size(tuner.status.conditions.where('tpe', 'x')) > 0", "tpe"),
        ("tuner.metadata.nme == 'x'", "nme"),
        ("(class == null ? tuner : null).status.phse == 'x'", "phse"),
    ] {
        let found = said(&resource, wrong);
        let places: Vec<(&str, &str)> = found.iter().map(|p| (p.code, p.at.file.slice(p.at.span))).collect();
        assert_eq!(places, [(FIELD, at)], "{wrong}");
    }
}

#[test]
fn a_field_that_is_not_stated_points_at_what_is() {
    let resource = in_full(", fields: [\n      status.phase,\n      status.reason]");
    for (read, help, stated) in [
        ("tuner.status.quality", "stated are: phase, reason; state this one too, under `fields`", "status.phase"),
        // Either of the two may be the slip.
        ("tuner.status.reasson", "did you mean `reason`?", "status.reason"),
    ] {
        let found = said(&resource, &format!("{read} == 'x'"));
        let [bad] = found.as_slice() else { panic!("{found:#?}") };
        assert_eq!(bad.message, format!("no field `{}` is stated of Tuner", &read[13..]));
        assert_eq!(bad.help, [help]);
        let [also] = bad.also.as_slice() else { panic!("{bad:#?}") };
        assert_eq!(also.file.slice(also.span), stated);
    }
}

#[test]
fn who_states_no_fields_reads_what_he_will() {
    assert_eq!(codes(&in_full(""), "tuner.statu.phse == tuner.metdata.name"), Vec::<&str>::new());
    // What a path states as a whole is not looked into, though another path goes below it.
    let resource = in_full(", fields: [status, status.phase]");
    assert_eq!(codes(&resource, "tuner.status.phse == 'x'"), Vec::<&str>::new());
    assert_eq!(codes(&resource, "tuner.statu.phase == 'x'"), [FIELD]);
    // A field that is a list on one path and none on the other.
    let resource = in_full(", fields: ['status.taps[].water', status.taps.beer]");
    assert_eq!(codes(&resource, "tuner.status.taps.wine == 'x'"), Vec::<&str>::new());
}

#[test]
fn a_path_that_is_none_is_pointed_at_and_nothing_else() {
    for path in ["''", "'.'", "'status..phase'", "'[]'", "status.", "'status.[].type'", "'a b'", "'status[0].x'"] {
        let found = said(&in_full(&format!(", fields: [status.reason, {path}]")), "tuner.status.phase == 'x'");
        let places: Vec<(&str, &str)> = found.iter().map(|p| (p.code, p.at.file.slice(p.at.span))).collect();
        assert_eq!(places, [("bad-path", path)]);
    }
    let many = format!(", fields: [{}]", "a, ".repeat(101));
    assert_eq!(codes(&in_full(&many), "tuner != null"), ["too-many"]);
    let long = format!(", fields: [{}]", "a.".repeat(100) + "b");
    assert_eq!(codes(&in_full(&long), "tuner != null"), ["bad-path"]);
    assert_eq!(codes(&in_full(", fields: status"), "tuner != null"), ["wrong-type"]);
}
