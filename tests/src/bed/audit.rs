//! What the API server was asked, by its own account.

use super::access::Right;
use super::trouble::{Attempt, Result, Trouble};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Mutex;

/// How the users of the tool are called.
pub const USERS: &str = "storage-doctor:";

/// Who may be created: reviews of what one may do oneself, which change nothing.
const REVIEWS: [&str; 2] = ["selfsubjectaccessreviews", "selfsubjectrulesreviews"];

/// The audit log of a cluster, read as it grows.
#[derive(Debug)]
pub struct Audit {
    path: PathBuf,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    offset: u64,
    rest: Vec<u8>,
    requests: usize,
    reads: BTreeMap<String, BTreeSet<Right>>,
    wrong: Vec<String>,
}

impl Audit {
    /// The log in that file.
    pub fn new(path: PathBuf) -> Self {
        Self { path, seen: Mutex::default() }
    }

    /// Which resources a user asked for.
    pub fn reads(&self, user: &str) -> Result<BTreeSet<Right>> {
        self.look(|seen| seen.reads.get(user).cloned().unwrap_or_default())
    }

    /// Proves that the users of the tool only read, and no secrets; how many requests that were.
    pub fn proof(&self) -> Result<usize> {
        let (requests, wrong) = self.look(|seen| (seen.requests, seen.wrong.clone()))?;
        if wrong.is_empty() { Ok(requests) } else { Err(Trouble::new(wrong.join("; "))) }
    }

    fn look<T>(&self, take: impl FnOnce(&Seen) -> T) -> Result<T> {
        let mut seen = self.seen.lock().map_err(|_| Trouble::new("the audit log was given up"))?;
        let mut file = File::open(&self.path).attempt(self.path.display())?;
        file.seek(SeekFrom::Start(seen.offset)).attempt(self.path.display())?;
        let mut new = Vec::new();
        let read = file.read_to_end(&mut new).attempt(self.path.display())?;
        seen.offset += read as u64;
        seen.add(&new);
        Ok(take(&seen))
    }
}

impl Seen {
    fn add(&mut self, new: &[u8]) {
        self.rest.extend_from_slice(new);
        let Some(end) = self.rest.iter().rposition(|byte| *byte == b'\n') else { return };
        let later = self.rest.split_off(end + 1);
        let whole = std::mem::replace(&mut self.rest, later);
        for line in whole.split(|byte| *byte == b'\n') {
            // Most requests are others'; to look for the name is faster than to read what each is.
            if line.windows(USERS.len()).any(|part| part == USERS.as_bytes())
                && let Ok(event) = serde_json::from_slice::<Value>(line)
            {
                self.note(&event);
            }
        }
    }

    fn note(&mut self, event: &Value) {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let user = text("/user/username");
        if !user.starts_with(USERS) || text("/stage") != "ResponseComplete" {
            return;
        }
        self.requests += 1;
        let (verb, resource, below) = (text("/verb"), text("/objectRef/resource"), text("/objectRef/subresource"));
        let may = matches!(verb, "get" | "list" | "watch") || verb == "create" && REVIEWS.contains(&resource);
        if !may || resource == "secrets" || event.get("impersonatedUser").is_some() {
            self.wrong.push(format!("{user}: {verb} {}", text("/requestURI")));
        }
        if !resource.is_empty() && !REVIEWS.contains(&resource) {
            let resource = if below.is_empty() { resource.to_owned() } else { format!("{resource}/{below}") };
            let right = Right { group: text("/objectRef/apiGroup").to_owned(), resource };
            self.reads.entry(user.to_owned()).or_default().insert(right);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(user: &str, verb: &str, resource: &str) -> String {
        let event = json!({"stage": "ResponseComplete", "verb": verb, "user": {"username": user},
            "requestURI": format!("/api/v1/{resource}"), "objectRef": {"resource": resource}});
        format!("{event}\n")
    }

    fn log(text: &str) -> (tempfile::TempDir, Audit) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.log");
        std::fs::write(&path, text).unwrap();
        (folder, Audit::new(path))
    }

    #[test]
    fn reading_is_proved_and_writing_is_found() {
        let fine = event("storage-doctor:a", "list", "pods")
            + &event("storage-doctor:a", "create", "selfsubjectaccessreviews");
        let (_folder, audit) = log(&(fine.clone() + &event("admin", "delete", "pods") + "not JSON\n"));
        assert_eq!(audit.proof(), Ok(2));
        let pods = Right { group: String::new(), resource: "pods".into() };
        assert_eq!(audit.reads("storage-doctor:a").unwrap(), BTreeSet::from([pods]));
        for (verb, resource) in [("delete", "pods"), ("create", "pods"), ("get", "secrets"), ("patch", "nodes")] {
            let (_folder, audit) = log(&(fine.clone() + &event("storage-doctor:b", verb, resource)));
            assert!(audit.proof().unwrap_err().to_string().contains(verb), "{verb} {resource}");
        }
    }

    #[test]
    fn a_line_may_come_in_two_pieces() {
        let line = event("storage-doctor:a", "get", "nodes");
        let (folder, audit) = log(&line[..20]);
        assert_eq!(audit.proof(), Ok(0));
        std::fs::write(folder.path().join("audit.log"), line).unwrap();
        assert_eq!(audit.proof(), Ok(1));
    }
}
