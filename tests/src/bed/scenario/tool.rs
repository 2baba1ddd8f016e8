//! The program under test, run as a user would.

use super::bench::Bench;
use super::spec::Expect;
use crate::bed::access;
use crate::bed::sandbox::Enter;
use crate::bed::trouble::{Attempt, Result, Trouble};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// How long the program may ask a cluster.
const TIMEOUT: &str = "30s";

/// What a run of the program answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The exit code.
    pub code: Option<i32>,
    /// The report; null if there is none.
    pub report: Value,
    /// What went to standard error.
    pub errors: String,
}

/// The subject of an expectation, as it is typed.
pub fn subject(expect: &Expect, namespace: &str) -> Vec<String> {
    // What has no namespace is named after the scenario's.
    let subject = expect.subject.replace("${NS}", namespace);
    vec![subject, "-n".into(), expect.namespace.as_deref().unwrap_or(namespace).into()]
}

/// The name of the tool's user for a scenario.
pub fn user(namespace: &str) -> String {
    format!("{}{namespace}", crate::bed::audit::USERS)
}

/// Diagnoses in the cluster, as a user in that group.
pub fn live(bench: &Bench, words: &[String], user: &str, group: &str) -> Result<Answer> {
    let kubeconfig = match &bench.own {
        Some(own) => access::login(&own.cluster.authority, user, group)?,
        None => bench.kubeconfig.clone(),
    };
    let mut all: Vec<String> = words.to_vec();
    all.extend(["-o", "json", "--timeout", TIMEOUT, "--kubeconfig"].map(str::to_owned));
    all.push(kubeconfig.to_string_lossy().into_owned());
    run(bench, &all)
}

/// Diagnoses what was recorded.
pub fn recorded(bench: &Bench, words: &[String], recording: &Path) -> Result<Answer> {
    let mut all: Vec<String> = words.to_vec();
    all.extend(["-o".into(), "json".into(), "--from".into(), recording.to_string_lossy().into_owned()]);
    run(bench, &all)
}

/// Runs the program where the cluster can be reached, with nothing else in its environment.
pub fn run(bench: &Bench, words: &[String]) -> Result<Answer> {
    let run = start(bench, words)?;
    Ok(Answer {
        code: run.status.code(),
        report: serde_json::from_slice(&run.stdout).unwrap_or(Value::Null),
        errors: String::from_utf8_lossy(&run.stderr).into_owned(),
    })
}

/// What the program prints.
pub fn output(bench: &Bench, words: &[String]) -> Result<String> {
    Ok(String::from_utf8_lossy(&start(bench, words)?.stdout).into_owned())
}

fn start(bench: &Bench, words: &[String]) -> Result<Output> {
    let mut command = match &bench.own {
        Some(own) => own.cluster.sandbox.command(Enter::Network, [&bench.program]),
        None => crate::bed::command::command(&bench.program, [""; 0]),
    };
    let home = tempfile::tempdir().attempt("a temporary folder")?;
    clean(&mut command, home.path());
    command.args(words).stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(own) = &bench.own {
        command.env(crate::bed::state::MARK, own.cluster.state.folder());
    }
    let _turn = bench.turns.take();
    command.output().attempt("the program under test cannot be started")
}

fn clean(command: &mut Command, home: &Path) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).env("HOME", home).current_dir(home);
}

impl Answer {
    /// The verdict.
    pub fn verdict(&self) -> &str {
        self.report["verdict"].as_str().unwrap_or_default()
    }

    /// The causes that were found, the root first. What is only worth knowing is none.
    pub fn causes(&self) -> Vec<&str> {
        let findings = self.report["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
        findings
            .iter()
            .filter(|finding| finding["severity"] != "info")
            .filter_map(|finding| finding["cause"].as_str())
            .collect()
    }

    /// What it says, in short, for whoever reads that it is wrong.
    pub fn brief(&self) -> String {
        let mut said = format!("exit {:?}, verdict {:?}", self.code, self.verdict());
        let list = |name: &str| self.report[name].as_array().cloned().unwrap_or_default();
        for finding in list("findings") {
            let _ = write!(said, "\n      finds {}: {}", finding["cause"], finding["summary"]);
        }
        for waiting in list("waiting") {
            let _ = write!(said, "\n      waits {}: {}", waiting["state"], waiting["summary"]);
        }
        for unknown in list("unknown") {
            let [cause, why, needs] = ["cause", "why", "needs"].map(|name| &unknown[name]);
            let _ = write!(said, "\n      open {cause}: {why}; needs {needs}");
        }
        if !self.errors.trim().is_empty() {
            let _ = write!(said, "\n      stderr: {}", self.errors.trim());
        }
        said
    }

    /// The report of one subject, or why there is none.
    pub fn diagnosis(&self) -> Result<&Value> {
        if self.report["kind"] == "Diagnosis" { Ok(&self.report) } else { Err(Trouble::new(self.brief())) }
    }
}
