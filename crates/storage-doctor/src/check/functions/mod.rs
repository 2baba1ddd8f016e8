//! The functions of the check language, one file each.
//!
//! To add one: write its file, and add its name to the list below. Tests hold folder and list equal,
//! and run every example.

use super::function::{Function, FunctionDoc};

/// What every function file needs.
mod prelude {
    pub(super) use super::super::function::{
        Arguments, Computed, Example, Function, FunctionDoc, Literal, like, whole,
    };
    pub(super) use crate::value::{List, Value};
    pub(super) use std::sync::Arc;
}

macro_rules! functions {
    ($($name:ident)*) => {
        $(mod $name;)*
        static ALL: &[&Function] = &[$(&$name::FUNCTION),*];
        #[cfg(test)]
        const FILES: &[&str] = &[$(stringify!($name)),*];
    };
}

functions! {
    age bytes captures closest contains double down_beside duration ends_with first grpc_code grpc_message int join keys
    known last lower_ascii matches node_matches quantity replace selects sidecars size sort_by split starts_with string
    substring time topology_matches trim unique upper_ascii volume_mismatch r#where
}

/// Every function, in alphabetical order of the files.
pub(super) fn all() -> impl Iterator<Item = &'static Function> {
    ALL.iter().copied()
}

/// The function of that name.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    all().find(|function| function.doc.name == name)
}

/// What every function is for, in alphabetical order: for the reference.
pub fn functions() -> impl Iterator<Item = &'static FunctionDoc> {
    all().map(|function| &function.doc)
}

#[cfg(test)]
mod tests {
    use super::{FILES, all};
    use crate::check::testing::assert_same;

    fn snake(name: &str) -> String {
        name.chars().flat_map(|c| c.is_uppercase().then_some('_').into_iter().chain(c.to_lowercase())).collect()
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "the test looks at the source folder")]
    fn folder_and_list_are_equal() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/check/functions");
        let mut stems: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
            .filter(|stem| stem != "mod")
            .collect();
        stems.sort();
        let listed: Vec<&str> = FILES.iter().map(|name| name.trim_start_matches("r#")).collect();
        assert_eq!(stems, listed, "files and the list in functions/mod.rs, sorted");
        let names: Vec<String> = all().map(|f| snake(f.doc.name)).collect();
        assert_eq!(stems, names, "each file is named after its function");
    }

    #[test]
    fn every_function_is_documented_and_its_examples_run() {
        for function in all() {
            let doc = function.doc;
            assert!(!doc.signatures.is_empty() && !doc.examples.is_empty(), "{}", doc.name);
            assert!(doc.doc.ends_with('.') && doc.doc.starts_with(char::is_uppercase), "{}", doc.name);
            assert!(function.arity.0 <= function.arity.1, "{}", doc.name);
            for signature in doc.signatures {
                assert!(signature.contains(doc.name) && signature.contains(" -> "), "{signature}");
            }
            for example in doc.examples {
                assert!(example.expression.contains(doc.name), "{}", example.expression);
                assert_same(&[(example.expression, example.result)]);
            }
        }
    }
}
