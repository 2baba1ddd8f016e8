//! What fields the objects of well-known resources have, so that a misspelt one is found before it reads
//! as null. Of other resources nothing is known but what a playbook states, and everything is let pass.
//!
//! `kubernetes.txt` is made from the API of Kubernetes (`tests/fields.rs`), `custom.txt` by hand. A line
//! is `=resource Name` or `Name field:type …`; a type is `text`, `number`, `truth`, `any`, a name, `[type]`
//! or `{type}`, a map from any text.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a value may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// Nothing is known of it.
    Any,
    /// A text.
    Text,
    /// A number.
    Number,
    /// True or false.
    Truth,
    /// An object with known fields, by its name in the table.
    Object(&'static str),
    /// A list of these.
    List(Box<Type>),
    /// A map from any text to these.
    Map(Box<Type>),
}

type Fields = BTreeMap<&'static str, Type>;

#[derive(Default)]
struct Table {
    resources: BTreeMap<&'static str, &'static str>,
    objects: BTreeMap<&'static str, Fields>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    for line in
        [include_str!("fields/kubernetes.txt"), include_str!("fields/custom.txt")].iter().flat_map(|t| t.lines())
    {
        let mut words = line.split(' ').filter(|word| !line.starts_with('#') && !word.is_empty());
        let Some(name) = words.next() else { continue };
        if let Some(resource) = name.strip_prefix('=') {
            table.resources.insert(resource, words.next().unwrap_or_default());
        } else {
            let fields = words.filter_map(|word| word.split_once(':')).map(|(field, kind)| (field, read(kind)));
            table.objects.entry(name).or_default().extend(fields);
        }
    }
    table
});

fn read(kind: &'static str) -> Type {
    let inside = |open: char, close: char| kind.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    match kind {
        "any" => Type::Any,
        "text" => Type::Text,
        "number" => Type::Number,
        "truth" => Type::Truth,
        _ => match (inside('[', ']'), inside('{', '}')) {
            (Some(item), _) => Type::List(Box::new(read(item))),
            (_, Some(value)) => Type::Map(Box::new(read(value))),
            _ => Type::Object(kind),
        },
    }
}

/// What the objects of a resource are, named as `kubectl api-resources -o name` does.
pub(crate) fn of_resource(resource: &str) -> Type {
    TABLE.resources.get(resource).map_or(Type::Any, |name| Type::Object(name))
}

/// What a field of an object holds; none when the object has no such field.
pub(crate) fn field(object: &str, name: &str) -> Option<Type> {
    match TABLE.objects.get(object) {
        Some(fields) => fields.get(name).cloned(),
        None => Some(Type::Any),
    }
}

/// The names of an object's fields.
pub(crate) fn names(object: &str) -> Vec<&'static str> {
    TABLE.objects.get(object).into_iter().flat_map(|fields| fields.keys().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_closed() {
        fn named(kind: &Type) -> Option<&'static str> {
            match kind {
                Type::Object(name) => Some(name),
                Type::List(of) | Type::Map(of) => named(of),
                _ => None,
            }
        }
        let mentioned = TABLE.objects.values().flat_map(BTreeMap::values).filter_map(named);
        for name in mentioned.chain(TABLE.resources.values().copied()) {
            assert!(TABLE.objects.get(name).is_some_and(|fields| !fields.is_empty()), "{name} is not described");
        }
    }

    #[test]
    fn every_well_known_resource_is_in_it() {
        for resource in crate::evidence::Resource::all_known() {
            assert_ne!(of_resource(&resource.to_string()), Type::Any, "{resource}");
        }
        assert_eq!(of_resource("widgets.example.com"), Type::Any);
    }

    #[test]
    fn fields_have_types() {
        assert_eq!(field("PersistentVolumeClaim", "spec"), Some(Type::Object("PersistentVolumeClaimSpec")));
        assert_eq!(field("PersistentVolumeClaimSpec", "accessModes"), Some(Type::List(Box::new(Type::Text))));
        assert_eq!(field("ObjectMeta", "annotations"), Some(Type::Map(Box::new(Type::Text))));
        assert_eq!(field("PersistentVolumeClaimSpec", "volumName"), None);
    }
}
