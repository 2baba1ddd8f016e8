use super::*;
use crate::evidence::Gap;
use crate::value::{List, Value};
use std::sync::Arc;

fn pods() -> Resource {
    Resource::by_name("pods").unwrap()
}

fn volumes() -> Resource {
    Resource::by_name("persistentvolumes").unwrap()
}

fn object(resource: &Resource, namespace: Option<&str>, name: &str) -> Query {
    Query::Object { resource: resource.clone(), namespace: namespace.map(str::to_owned), name: name.to_owned() }
}

fn list(resource: &Resource, namespace: Option<&str>) -> Query {
    Query::List { resource: resource.clone(), namespace: namespace.map(str::to_owned) }
}

fn item(namespace: &str, name: &str) -> Value {
    let mut metadata = vec![("name", Value::text(name))];
    if !namespace.is_empty() {
        metadata.push(("namespace", Value::text(namespace)));
    }
    Value::map([("metadata", Value::map(metadata))])
}

fn event(namespace: &str, name: &str, uid: &str) -> Value {
    let metadata = Value::map([("name", Value::text(name)), ("namespace", Value::text(namespace))]);
    Value::map([("metadata", metadata), ("involvedObject", Value::map([("uid", Value::text(uid))]))])
}

fn some(resource: &Resource, namespace: Option<&str>, answer: Answer) -> Evidence {
    let mut evidence = Evidence::default();
    evidence.supply(list(resource, namespace), answer);
    evidence
}

fn three() -> Value {
    Value::list(vec![item("b", "x"), item("a-b", "x"), item("a", "z"), item("a", "y")])
}

fn denied() -> Answer {
    Answer::Denied { message: "no".to_owned() }
}

/// The answer in a form that compares.
fn says(answer: Option<Answer>) -> String {
    let names = |value: &Value| {
        let of = |v: &Value| {
            format!("{}/{}", v.at("metadata.namespace").as_str().unwrap_or(""), v.at("metadata.name").as_str().unwrap())
        };
        match value {
            Value::List(list) => list.items().iter().map(of).collect::<Vec<_>>().join(" "),
            one => of(one),
        }
    };
    match answer {
        None => "?".to_owned(),
        Some(Answer::Found(value)) => format!("found {}", names(&value)),
        Some(Answer::Truncated(value, why)) => format!("truncated {} ({why})", names(&value)),
        Some(Answer::Absent) => "absent".to_owned(),
        Some(Answer::Denied { .. }) => "denied".to_owned(),
        Some(Answer::Unreachable { .. }) => "unreachable".to_owned(),
        Some(Answer::NotRecorded) => "not recorded".to_owned(),
    }
}

#[test]
fn nothing_asked_is_nothing_known() {
    let evidence = Evidence::default();
    assert_eq!(says(evidence.answer(&list(&pods(), None))), "?");
    assert_eq!(says(evidence.answer(&object(&pods(), Some("a"), "x"))), "?");
    assert_eq!(evidence.requests(), 0);
}

#[test]
fn a_whole_list_settles_what_is_in_it_and_what_is_not() {
    let evidence = some(&pods(), None, Answer::Found(three()));
    assert_eq!(says(evidence.answer(&list(&pods(), None))), "found a/y a/z a-b/x b/x");
    assert_eq!(says(evidence.answer(&list(&pods(), Some("a")))), "found a/y a/z");
    assert_eq!(says(evidence.answer(&list(&pods(), Some("c")))), "found ");
    assert_eq!(says(evidence.answer(&object(&pods(), Some("a"), "y"))), "found a/y");
    assert_eq!(says(evidence.answer(&object(&pods(), Some("a"), "x"))), "absent");
    assert_eq!(says(evidence.answer(&object(&pods(), None, "x"))), "?");
    assert_eq!(says(evidence.answer(&object(&volumes(), None, "x"))), "?");
}

#[test]
fn a_namespace_says_nothing_about_another() {
    let evidence = some(&pods(), Some("a"), Answer::Found(Value::list(vec![item("a", "y")])));
    assert_eq!(says(evidence.answer(&object(&pods(), Some("a"), "y"))), "found a/y");
    assert_eq!(says(evidence.answer(&object(&pods(), Some("a"), "z"))), "absent");
    assert_eq!(says(evidence.answer(&object(&pods(), Some("b"), "y"))), "?");
    assert_eq!(says(evidence.answer(&list(&pods(), Some("b")))), "?");
    assert_eq!(says(evidence.answer(&list(&pods(), None))), "?");
}

#[test]
fn objects_of_the_cluster_have_no_namespace() {
    let evidence = some(&volumes(), None, Answer::Found(Value::list(vec![item("", "v")])));
    assert_eq!(says(evidence.answer(&object(&volumes(), None, "v"))), "found /v");
    assert_eq!(says(evidence.answer(&object(&volumes(), Some("a"), "v"))), "found /v");
    assert_eq!(says(evidence.answer(&object(&volumes(), None, "w"))), "absent");
}

#[test]
fn what_a_part_lacks_is_asked_for() {
    let evidence = some(&pods(), None, Answer::Truncated(three(), "page 2".to_owned()));
    assert_eq!(says(evidence.answer(&object(&pods(), Some("b"), "x"))), "found b/x");
    assert_eq!(says(evidence.answer(&object(&pods(), Some("b"), "y"))), "?");
    assert_eq!(says(evidence.answer(&list(&pods(), Some("b")))), "truncated b/x (page 2)");
    // The same, said in the list itself.
    let gaps = Arc::new([Gap::failed("page 2")].into());
    let part = Value::List(Arc::new(List::partial(vec![item("a", "y")], gaps)));
    let evidence = some(&pods(), None, Answer::Found(part));
    assert_eq!(says(evidence.answer(&object(&pods(), Some("b"), "y"))), "?");
    let Some(Answer::Truncated(found, why)) = evidence.answer(&list(&pods(), Some("a"))) else { panic!() };
    assert!(why.contains("page 2") && matches!(found, Value::List(list) if list.unseen().is_some()));
}

#[test]
fn a_refused_list_leaves_its_parts_open_but_absence_and_silence_do_not() {
    for (answer, exact, narrow) in [
        (denied(), "denied", "?"),
        (Answer::Unreachable { why: "timeout".to_owned() }, "unreachable", "?"),
        (Answer::NotRecorded, "not recorded", "not recorded"),
        (Answer::Absent, "absent", "absent"),
    ] {
        let evidence = some(&pods(), None, answer);
        assert_eq!(says(evidence.answer(&list(&pods(), None))), exact);
        assert_eq!(says(evidence.answer(&list(&pods(), Some("a")))), narrow);
        assert_eq!(says(evidence.answer(&object(&pods(), Some("a"), "x"))), narrow);
    }
}

#[test]
fn the_answer_to_the_question_itself_comes_first() {
    let mut evidence = some(&pods(), None, Answer::Found(three()));
    evidence.supply(object(&pods(), Some("a"), "y"), denied());
    assert_eq!(says(evidence.answer(&object(&pods(), Some("a"), "y"))), "denied");
    evidence.supply(list(&pods(), Some("a")), Answer::NotRecorded);
    assert_eq!(says(evidence.answer(&list(&pods(), Some("a")))), "not recorded");
    // But the other list still knows the object.
    assert_eq!(says(evidence.answer(&object(&pods(), Some("a"), "z"))), "found a/z");
    // A later answer replaces an earlier one.
    evidence.supply(list(&pods(), None), denied());
    assert_eq!(says(evidence.answer(&object(&pods(), Some("a"), "z"))), "not recorded");
    assert_eq!(evidence.requests(), 4);
    assert_eq!(evidence.queries().count(), 3);
}

#[test]
fn events_are_found_by_the_object_they_involve_wherever_they_lie() {
    let events = Value::list(vec![event("b", "2", "u"), event("a", "1", "u"), event("a", "3", "v"), item("a", "4")]);
    let about = |uid: &str| Query::Events { uid: uid.to_owned(), namespace: "a".to_owned() };
    let evidence = some(&EVENTS, None, Answer::Found(events.clone()));
    assert_eq!(says(evidence.answer(&about("u"))), "found a/1 b/2");
    assert_eq!(says(evidence.answer(&about("w"))), "found ");
    let evidence = some(&EVENTS, None, Answer::Truncated(events.clone(), "cut".to_owned()));
    assert_eq!(says(evidence.answer(&about("v"))), "truncated a/3 (cut)");
    assert_eq!(says(some(&EVENTS, None, denied()).answer(&about("v"))), "?");
    assert_eq!(says(some(&EVENTS, None, Answer::NotRecorded).answer(&about("v"))), "not recorded");
    // The events of one namespace are not all events.
    assert_eq!(says(some(&EVENTS, Some("a"), Answer::Found(events)).answer(&about("u"))), "?");
}

#[test]
fn parts_are_made_once_and_shared() {
    let evidence = some(&pods(), None, Answer::Found(three()));
    let part = || match evidence.answer(&list(&pods(), Some("a"))) {
        Some(Answer::Found(Value::List(list))) => list,
        other => panic!("{other:?}"),
    };
    assert!(Arc::ptr_eq(&part(), &part()));
}

#[test]
fn odd_items_harm_nobody() {
    let odd = vec![Value::Null, Value::text("x"), Value::map([("metadata", Value::Int(1))]), item("a", "y")];
    let evidence = some(&pods(), None, Answer::Found(Value::list(odd)));
    assert_eq!(says(evidence.answer(&object(&pods(), Some("a"), "y"))), "found a/y");
    let evidence = some(&pods(), None, Answer::Found(Value::text("no list")));
    assert_eq!(says(evidence.answer(&object(&pods(), Some("a"), "y"))), "?");
}
