//! What tells of the machine that a recording was made on, and what changes from one to the next for no reason.

use super::archive::Files;
use crate::bed::scenario::bench::Own;
use crate::bed::trouble::{Attempt, Result};
use regex::{Captures, Regex};
use std::collections::BTreeMap;

/// The folder of the cluster in recordings, wherever it was.
const FOLDER: &str = "/run/bed";

/// Its control group.
const GROUP: &str = "bed";

/// Numbers of the machine in a Node, and what its kernel calls itself beyond the version.
const NUMBERS: &str = r#""(machineID|systemUUID|bootID)":"[^"]*""#;
const KERNEL: &str = r#""kernelVersion":"(\d+(?:\.\d+)*)[^"]*""#;

/// What stands for a masked value. Its digits are a hash under a key of the capture's own.
const MASK: &str = r"REDACTED-[0-9a-f]{12}";

/// Folders that nothing in a cluster of the bed is in.
const FOREIGN: [&str; 4] = ["root", "home", "work", "Users"];

/// The length of a host's name from which on it tells something.
const TELLING: usize = 4;

/// The names of the machine, and what stands in their place.
#[derive(Debug)]
pub struct Machine {
    /// Longest first.
    names: Vec<(String, &'static str)>,
    host: String,
}

impl Machine {
    /// This machine, with that cluster.
    pub fn of(own: &Own) -> Self {
        let state = &own.cluster.state;
        let folder = state.folder().to_string_lossy().into_owned();
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().trim().to_owned();
        Self { names: vec![(state.group(), GROUP), (folder, FOLDER)], host }
    }

    /// Puts what says nothing in place of what does.
    pub fn forget(&self, files: &mut Files) -> Result<()> {
        let numbers = Regex::new(NUMBERS).attempt("numbers")?;
        let kernel = Regex::new(KERNEL).attempt("kernel")?;
        let mask = Regex::new(MASK).attempt("mask")?;
        let mut masks = BTreeMap::new();
        for text in files.values_mut() {
            for (name, plain) in &self.names {
                *text = text.replace(name, plain);
            }
            *text = numbers.replace_all(text, r#""$1":"0""#).into_owned();
            *text = kernel.replace_all(text, r#""kernelVersion":"$1""#).into_owned();
            let numbered = mask.replace_all(text, |found: &Captures<'_>| {
                let next = masks.len() + 1;
                let number = masks.entry(found.get(0).map(|one| one.as_str().to_owned())).or_insert(next);
                format!("REDACTED-{number:012x}")
            });
            *text = numbered.into_owned();
        }
        Ok(())
    }

    /// What still tells of it.
    pub fn leaks(&self, files: &Files) -> Vec<String> {
        let mut leaks = foreign(files);
        // Short ones, as `vm`, are words of many programs, and tell nothing.
        let host = Some(&self.host).filter(|host| host.len() >= TELLING);
        let host = host.and_then(|host| Regex::new(&format!(r"\b{}\b", regex::escape(host))).ok());
        for (name, text) in files {
            let names = self.names.iter().map(|(name, _)| name.as_str());
            leaks.extend(names.filter(|word| text.contains(word)).map(|word| format!("{word} in {name}")));
            if host.as_ref().is_some_and(|host| host.is_match(text)) {
                leaks.push(format!("the host's name in {name}"));
            }
        }
        leaks
    }
}

/// Folders of people in the files of a recording.
pub fn foreign(files: &Files) -> Vec<String> {
    let each = files.iter().flat_map(|(name, text)| FOREIGN.map(|folder| (name, text, format!("/{folder}/"))));
    let found = each.filter(|(_, text, folder)| text.contains(folder.as_str()));
    found.map(|(name, _, folder)| format!("{folder} in {name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_is_forgotten_and_masks_are_numbered() {
        let machine = Machine {
            names: vec![("storage-doctor-bed-tmp-x".to_owned(), GROUP), ("/tmp/x".to_owned(), FOLDER)],
            host: "castor".to_owned(),
        };
        let node = r#"{"bootID":"2b8c","kernelVersion":"6.18.44-fc-v782","path":"/tmp/x/node-a"}"#;
        let log = "token=REDACTED-aaaaaaaaaaaa, key=REDACTED-0123456789ab, again REDACTED-aaaaaaaaaaaa";
        let mut files: Files = [("a.json", node), ("b.log", log)].map(|(n, t)| (n.to_owned(), t.to_owned())).into();
        assert_eq!(machine.leaks(&files), ["/tmp/x in a.json"]);
        machine.forget(&mut files).unwrap();
        assert_eq!(files["a.json"], r#"{"bootID":"0","kernelVersion":"6.18.44","path":"/run/bed/node-a"}"#);
        assert_eq!(
            files["b.log"],
            "token=REDACTED-000000000001, key=REDACTED-000000000002, again REDACTED-000000000001"
        );
        assert_eq!(machine.leaks(&files), [""; 0]);
        files.insert("c.log".to_owned(), format!("started on castor in /{}/me", FOREIGN[1]));
        assert_eq!(
            machine.leaks(&files),
            [format!("/{}/ in c.log", FOREIGN[1]), "the host's name in c.log".to_owned()]
        );
    }
}
