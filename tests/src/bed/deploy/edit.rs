//! Makes of the manifests of a driver that works those of one that does not.

use super::spec::{Driver, Nodes, Rights};
use crate::bed::trouble::{Attempt, Result};
use serde_json::{Value, json};

/// Changes an object; false if it is to be left out.
pub(super) fn edit(object: &mut Value, name: &str, driver: &Driver) -> Result<bool> {
    let kind = object["kind"].as_str().unwrap_or_default().to_owned();
    let called = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    match kind.as_str() {
        "Deployment" if called == format!("{name}-controller") => {
            containers(object, driver, &driver.controller_arguments)?;
            return Ok(driver.controller);
        }
        "DaemonSet" if called == format!("{name}-node") => {
            containers(object, driver, &driver.node_arguments)?;
            if let Nodes::One(node) = &driver.nodes {
                object["spec"]["template"]["spec"]["nodeSelector"] = json!({"kubernetes.io/hostname": node});
            }
            return Ok(driver.nodes != Nodes::None);
        }
        // Whoever leaves a sidecar out leaves its role out too; the others would have its rights.
        "ClusterRole" | "ClusterRoleBinding" if is_of_absent_sidecar(&called, name, driver) => return Ok(false),
        "ClusterRole" | "Role" => {
            for right in driver.rights.iter().filter(|right| called == format!("{name}-{}", right.of)) {
                take(object, right).attempt(format!("{called} has no right on {}", right.resource))?;
            }
        }
        _ => {}
    }
    Ok(true)
}

fn is_of_absent_sidecar(called: &str, name: &str, driver: &Driver) -> bool {
    driver.without.iter().any(|sidecar| sidecar.strip_prefix("csi-").is_some_and(|of| called == format!("{name}-{of}")))
}

fn containers(object: &mut Value, driver: &Driver, own: &[String]) -> Result<()> {
    let list = object.pointer_mut("/spec/template/spec/containers").and_then(Value::as_array_mut);
    let list = list.attempt("no containers")?;
    list.retain(|container| !driver.without.iter().any(|name| container["name"] == **name));
    for container in list {
        let name = container["name"].as_str().unwrap_or_default().to_owned();
        let mut further: Vec<&String> = driver.arguments.get(&name).into_iter().flatten().collect();
        if name == "driver" {
            further.extend(own);
        }
        let arguments = container["args"].as_array_mut().attempt("a container without arguments")?;
        arguments.extend(further.into_iter().map(|argument| Value::from(argument.clone())));
    }
    Ok(())
}

/// Takes a right out of a role; nothing if it was not there.
fn take(role: &mut Value, right: &Rights) -> Option<()> {
    let mut rules = Vec::new();
    let mut found = None;
    for rule in role["rules"].as_array()? {
        let resources = rule["resources"].as_array().cloned().unwrap_or_default();
        let (named, others): (Vec<Value>, Vec<Value>) = resources.into_iter().partition(|one| *one == *right.resource);
        let mut push = |resources: Vec<Value>, verbs: Vec<Value>| {
            if !resources.is_empty() && !verbs.is_empty() {
                rules.push(json!({"apiGroups": rule["apiGroups"], "resources": resources, "verbs": verbs}));
            }
        };
        let verbs = rule["verbs"].as_array().cloned().unwrap_or_default();
        push(others, verbs.clone());
        if !named.is_empty() {
            found = Some(());
            let kept = |verb: &Value| !right.verbs.is_empty() && !right.verbs.iter().any(|one| *verb == **one);
            push(named, verbs.into_iter().filter(kept).collect());
        }
    }
    role["rules"] = Value::Array(rules);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn driver(text: &str) -> Driver {
        serde_yaml::from_str(&format!("about: a test\n{text}")).unwrap()
    }

    #[test]
    fn a_sidecar_is_left_out_and_another_told_more() {
        let driver = driver("without: [csi-resizer]\narguments: {driver: [--x]}\ncontroller_arguments: [--y]");
        let mut object = json!({"kind": "Deployment", "metadata": {"name": "a-controller"}, "spec": {"template": {"spec": {
            "containers": [{"name": "driver", "args": ["-v"]}, {"name": "csi-resizer", "args": []}]}}}});
        assert!(edit(&mut object, "a", &driver).unwrap());
        let containers = &object["spec"]["template"]["spec"]["containers"];
        assert_eq!(*containers, json!([{"name": "driver", "args": ["-v", "--x", "--y"]}]));
    }

    #[test]
    fn a_driver_may_run_nowhere_or_on_one_node() {
        let mut object = json!({"kind": "DaemonSet", "metadata": {"name": "a-node"}, "spec": {"template": {"spec": {"containers": []}}}});
        assert!(!edit(&mut object, "a", &driver("nodes: none")).unwrap());
        assert!(edit(&mut object, "a", &driver("nodes: node-b")).unwrap());
        assert_eq!(object["spec"]["template"]["spec"]["nodeSelector"], json!({"kubernetes.io/hostname": "node-b"}));
    }

    #[test]
    fn a_right_is_taken_away() {
        let driver = driver("rights: [{of: provisioner, resource: nodes, verbs: [list]}]");
        let rules = json!([{"apiGroups": [""], "resources": ["nodes", "pods"], "verbs": ["get", "list"]}]);
        let mut role = json!({"kind": "ClusterRole", "metadata": {"name": "a-provisioner"}, "rules": rules});
        edit(&mut role, "a", &driver).unwrap();
        assert_eq!(role["rules"][0]["resources"], json!(["pods"]));
        assert_eq!(role["rules"][1], json!({"apiGroups": [""], "resources": ["nodes"], "verbs": ["get"]}));
        let mut without = json!({"kind": "ClusterRole", "metadata": {"name": "a-provisioner"}, "rules": []});
        assert!(edit(&mut without, "a", &driver).unwrap_err().to_string().contains("no right on nodes"));
    }
}
