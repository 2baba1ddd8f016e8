use super::*;

fn same(a: &Arc<str>, b: &Arc<str>) -> bool {
    Arc::ptr_eq(a, b)
}

#[test]
fn what_comes_again_is_held_once_however_much_comes_once() {
    let shared = Shared::default();
    let bound = shared.text("Bound");
    let mut again = 0;
    for n in 0..100_000 {
        shared.text(&format!("pvc-{n:08}"));
        again += usize::from(same(&shared.text("Bound"), &bound));
    }
    assert!(again > 99_000, "{again}");
}

#[test]
fn what_is_held_once_counts_once() {
    let shared = Shared::default();
    for _ in 0..10 {
        shared.text("Bound");
        shared.name("phase");
        shared.text(&"long ".repeat(100));
    }
    assert_eq!(shared.kept(), 5 + 5 + 10 * 500);
}

fn fields(shared: &Shared, fields: &[(&str, i64)]) -> Vec<(Arc<str>, Value)> {
    fields.iter().map(|(name, value)| (shared.name(name), Value::Int(*value))).collect()
}

/// Where a map or a list is held.
fn place_of(value: &Value) -> *const () {
    match value {
        Value::Map(map) => Arc::as_ptr(map).cast(),
        Value::List(list) => Arc::as_ptr(list).cast(),
        _ => std::ptr::null(),
    }
}

#[test]
fn equal_parts_are_one_and_others_are_not() {
    let shared = Shared::default();
    let map = |name: &str, value: i64| shared.map(&mut fields(&shared, &[("a", 1), (name, value)]), true);
    let list = |items: &[i64]| shared.list(&mut items.iter().copied().map(Value::Int).collect::<Vec<_>>());
    let first = (map("phase", 1), list(&[1, 2]));
    assert_eq!(place_of(&first.0), place_of(&map("phase", 1)));
    assert_eq!(place_of(&first.1), place_of(&list(&[1, 2])));
    for other in [map("phase", 2), map("state", 1), list(&[1, 1])] {
        assert_ne!(place_of(&first.0), place_of(&other));
    }
    for other in [list(&[1]), list(&[1, 2, 3]), list(&[2, 1])] {
        assert_ne!(place_of(&first.1), place_of(&other));
    }
}

#[test]
fn no_two_objects_are_one() {
    let shared = Shared::default();
    let object = || shared.map(&mut fields(&shared, &[("phase", 1)]), false);
    let (first, second) = (object(), object());
    assert_ne!(place_of(&first), place_of(&second));
    assert_eq!(format!("{first:?}"), format!("{second:?}"));
}

#[test]
fn an_order_that_came_before_changes_no_map() {
    let shared = Shared::default();
    let map = |written: &[(&str, i64)], part| shared.map(&mut fields(&shared, written), part);
    let shown = |value: &Value| format!("{value:?}");
    for written in [&[("b", 1), ("a", 2)][..], &[("a", 1), ("b", 2)], &[("b", 1), ("a", 2), ("b", 3)], &[("b", 1)], &[]]
    {
        let plain = Value::map(written.iter().map(|(name, value)| (name, Value::Int(*value))));
        for part in [true, false, true, false] {
            assert_eq!(shown(&map(written, part)), shown(&plain));
        }
    }
    let [first, second] = [&[("b", 1), ("a", 2)], &[("a", 3), ("b", 4)]].map(|written| match map(written, true) {
        Value::Map(map) => Arc::clone(map.names()),
        _ => Arc::default(),
    });
    assert!(Arc::ptr_eq(&first, &second), "one set of names, in whichever order they came");
}

#[test]
fn a_map_of_very_many_fields_is_sorted_once() {
    // Were each name looked for among all, this would take minutes.
    let shared = Shared::default();
    let names: Vec<String> = (0..200_000).map(|n| format!("{:06}", (n * 7919) % 200_000)).collect();
    let mut fields: Vec<_> = names.iter().map(|name| (shared.name(name), Value::Null)).collect();
    let Value::Map(map) = shared.map(&mut fields, true) else { panic!("a map") };
    assert!(map.names().is_sorted() && map.len() == names.len());
}
