//! What can be tried on this machine: scenarios are always read and checked; that they hold needs a cluster.

use super::host;

/// The variable that continuous integration sets.
const CI: &str = "CI";

/// Why this machine cannot run a cluster, if it cannot.
pub fn obstacle() -> Option<String> {
    of(host::is_linux(), host::is_root(), host::go().err().map(|error| error.to_string()))
}

fn of(is_linux: bool, is_root: bool, go: Option<String>) -> Option<String> {
    if !is_linux {
        return Some("this is not Linux, and nodes need namespaces and mounts".to_owned());
    }
    if !is_root {
        return Some("this is not root, and nodes need namespaces and mounts".to_owned());
    }
    go
}

/// Whether what cannot be tried is a failure.
pub fn is_due() -> bool {
    std::env::var_os(CI).is_some_and(|value| value == "true" || value == "1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_obstacle_is_named() {
        assert_eq!(of(true, true, None), None);
        assert!(of(false, true, None).unwrap().contains("not Linux"));
        assert!(of(true, false, None).unwrap().contains("not root"));
        assert_eq!(of(true, true, Some("Go is not installed".into())).unwrap(), "Go is not installed");
    }
}
