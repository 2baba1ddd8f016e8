//! Who the tool is in the cluster: the role that users are told to make, and the same without one right.

use super::apply::{self, Kinds};
use super::pki::Authority;
use super::trouble::{Attempt, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The role in the repository, as users are told to apply it.
const FILE: &str = "docs/rbac.yaml";

/// The name of the role, and of the group that has it here.
pub const ROLE: &str = "storage-doctor";

/// A resource as roles name it, with its group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Right {
    /// The group of the API, empty for the core.
    pub group: String,
    /// The plural name, with the subresource if there is one: `pods/log`.
    pub resource: String,
}

impl Right {
    /// As a report names it: `persistentvolumes`, `storageclasses.storage.k8s.io`.
    pub fn name(&self) -> String {
        if self.group.is_empty() { self.resource.clone() } else { format!("{}.{}", self.resource, self.group) }
    }

    /// The group of users who have the role without this right.
    fn users(&self) -> String {
        format!("{ROLE}-without-{}", self.name().replace('/', "-"))
    }
}

/// The role as it is in the repository.
pub fn role() -> Result<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().attempt("the tests lie in no workspace")?;
    let text = std::fs::read_to_string(root.join(FILE)).attempt(FILE)?;
    let objects = apply::parse(&text, &BTreeMap::new()).attempt(FILE)?;
    objects.into_iter().find(|object| object["kind"] == "ClusterRole").attempt(format!("{FILE}: no ClusterRole"))
}

/// Makes the role, for the group of that name.
pub fn install(kinds: &Kinds) -> Result<()> {
    kinds.apply(&role()?, "")?;
    bind(kinds, ROLE, ROLE)
}

/// Makes the role without one right, and gives the group that has it.
pub fn without(kinds: &Kinds, right: &Right) -> Result<String> {
    let users = right.users();
    let mut role = lacking(&role()?, right);
    role["metadata"] = json!({"name": users});
    kinds.apply(&role, "")?;
    bind(kinds, &users, &users)?;
    Ok(users)
}

fn bind(kinds: &Kinds, role: &str, group: &str) -> Result<()> {
    let binding = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": group},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": group}],
    });
    kinds.apply(&binding, "").map(drop)
}

/// A role without one right.
fn lacking(role: &Value, right: &Right) -> Value {
    let mut rules = Vec::new();
    for rule in role["rules"].as_array().into_iter().flatten() {
        let words = |name: &str| rule[name].as_array().cloned().unwrap_or_default();
        for group in words("apiGroups") {
            let mut resources = words("resources");
            resources.retain(|resource| !(group == *right.group && *resource == *right.resource));
            if !resources.is_empty() {
                rules.push(json!({"apiGroups": [group], "resources": resources, "verbs": rule["verbs"]}));
            }
        }
    }
    let mut role = role.clone();
    role["rules"] = Value::Array(rules);
    role
}

/// A kubeconfig for a user of that name in that group.
pub fn login(authority: &Authority, user: &str, group: &str) -> Result<PathBuf> {
    let file = user.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "-");
    authority.login(&file, user, &[group])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_only_reads_and_reads_no_secrets() {
        let role = role().unwrap();
        let rules = role["rules"].as_array().unwrap();
        assert!(rules.len() > 3);
        for rule in rules {
            for verb in rule["verbs"].as_array().unwrap() {
                assert!(["get", "list", "watch"].contains(&verb.as_str().unwrap()), "{rule}");
            }
            for resource in rule["resources"].as_array().unwrap() {
                let resource = resource.as_str().unwrap();
                assert!(!["secrets", "configmaps", "*"].contains(&resource), "{rule}");
            }
        }
        let all = role.to_string();
        for resource in storage_doctor::evidence::Resource::all_known() {
            assert!(all.contains(&format!("\"{}\"", resource.plural)), "{} is not in {FILE}", resource.plural);
        }
    }

    #[test]
    fn one_right_less_is_one_right_less() {
        let role = json!({"rules": [{"apiGroups": ["", "apps"], "resources": ["pods", "events"], "verbs": ["get"]}]});
        let right = Right { group: String::new(), resource: "pods".into() };
        let lacking = lacking(&role, &right);
        assert_eq!(lacking["rules"][0], json!({"apiGroups": [""], "resources": ["events"], "verbs": ["get"]}));
        assert_eq!(lacking["rules"][1]["resources"], json!(["pods", "events"]));
    }
}
