//! What an author writes; `tests/scenarios/README.md` tells authors of it.

use crate::bed::deploy::{Driver, Rule};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// How long a step or a diagnosis may take unless its author says otherwise, in seconds.
fn usual() -> u64 {
    60
}

/// A scenario.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it is about, in one sentence.
    pub about: String,
    /// Why what is expected is true of the fault that is made.
    pub truth: String,
    /// The drivers that have to run: files of the folder `drivers`, without their end.
    #[serde(default)]
    pub drivers: Vec<String>,
    /// Drivers of its own.
    #[serde(default)]
    pub own_drivers: BTreeMap<String, Driver>,
    /// Whether it disturbs others, and so runs by itself after them.
    #[serde(default)]
    pub alone: bool,
    /// Whether what it expects is true for a minute or two only, so that it runs while few others do.
    #[serde(default)]
    pub fleeting: bool,
    /// Objects to begin with, as YAML.
    #[serde(default)]
    pub manifests: String,
    /// Further files of them, beside this one.
    #[serde(default)]
    pub files: Vec<String>,
    /// What is done then, in order.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// What the diagnosis must say.
    pub expect: Vec<Expect>,
    /// What is done at the end of one that runs alone, whatever came of it.
    #[serde(default)]
    pub finally: Vec<Step>,
}

/// One thing that is done.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Applies objects.
    Apply(String),
    /// Removes an object, and does not wait until it is gone.
    Delete(String),
    /// Merges a change into an object.
    Patch(Patch),
    /// Waits until an object looks so.
    Wait(Wait),
    /// Tells a driver which calls to fail.
    Control(Control),
    /// Ends a daemon, and waits until it is gone.
    Stop(String),
    /// Ends a daemon that has no time to prepare for it.
    Kill(String),
    /// Starts a daemon that was stopped.
    Start(String),
    /// Lets a daemon hang.
    Freeze(String),
    /// Lets a daemon go on that hangs.
    Thaw(String),
    /// Runs a shell script on the nodes' machine, as root, within the cluster's namespaces.
    Script(String),
    /// Waits that many seconds, where there is nothing to wait for.
    Sleep(u64),
}

/// A change to an object.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// KIND/NAME.
    pub object: String,
    /// Where, if not in the namespace of the scenario.
    #[serde(default)]
    pub namespace: Option<String>,
    /// What to merge in.
    pub merge: Value,
    /// The subresource, as `status`.
    #[serde(default)]
    pub subresource: Option<String>,
}

/// What to wait for. Without anything else: until the object is there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// KIND/NAME.
    pub object: String,
    /// Where, if not in the namespace of the scenario.
    #[serde(default)]
    pub namespace: Option<String>,
    /// Until it is no longer there.
    #[serde(default)]
    pub gone: bool,
    /// A field of it, as `status.phase` or `status.conditions[type=Ready].status`.
    #[serde(default)]
    pub path: Option<String>,
    /// What the field is, in words.
    #[serde(default)]
    pub is: Option<Value>,
    /// What the field, or an event's message, matches.
    #[serde(default)]
    pub matches: Option<String>,
    /// The reason of an event about it.
    #[serde(default)]
    pub event: Option<String>,
    /// How often that event was seen at least.
    #[serde(default)]
    pub times: Option<u64>,
    /// Within how many seconds.
    #[serde(default = "usual")]
    pub within: u64,
}

/// Faults for a driver, in place of those it had.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Which driver.
    pub driver: String,
    /// Its faults.
    pub faults: Vec<Rule>,
}

/// What one diagnosis must say.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Of what, as TYPE/NAME.
    pub subject: String,
    /// Where, if not in the namespace of the scenario.
    #[serde(default)]
    pub namespace: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// The first cause that is found.
    #[serde(default)]
    pub cause: Option<String>,
    /// The state that is waited in.
    #[serde(default)]
    pub waiting: Option<String>,
    /// What must be said of it: in the summary, the explanation, what proves it, or the names it cites.
    #[serde(default)]
    pub facts: Vec<String>,
    /// Causes that must not be found, at any place.
    #[serde(default)]
    pub not: Vec<String>,
    /// Causes that are true too, if weaker: with a right less one of them may come first.
    #[serde(default)]
    pub also_true: Vec<String>,
    /// The exit code, unless it is the one of the verdict.
    #[serde(default)]
    pub exit: Option<i32>,
    /// Within how many seconds after the last step it has to be said.
    #[serde(default = "usual")]
    pub takes: u64,
}

/// The answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Verdict {
    /// Nothing is wrong.
    Healthy,
    /// Something comes by itself.
    Waiting,
    /// Something is wrong.
    Failing,
    /// Nobody can tell.
    Unknown,
}

impl Verdict {
    /// As a report spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Healthy => "Healthy",
            Self::Waiting => "Waiting",
            Self::Failing => "Failing",
            Self::Unknown => "Unknown",
        }
    }

    /// The exit code that goes with it.
    pub fn exit(self) -> i32 {
        match self {
            Self::Healthy | Self::Waiting => 0,
            Self::Failing => 1,
            Self::Unknown => 3,
        }
    }
}

impl Scenario {
    /// About how many seconds it may take if all goes well: its sleeps, and the time until it is said.
    pub fn may_take(&self) -> u64 {
        let steps = self.steps.iter().map(|step| if let Step::Sleep(seconds) = step { *seconds } else { 0 });
        steps.sum::<u64>() + self.expect.iter().map(|expect| expect.takes).max().unwrap_or_default()
    }
}

impl Step {
    /// Whether it needs the machine that the nodes run on.
    pub fn needs_machine(&self) -> bool {
        !matches!(self, Self::Apply(_) | Self::Delete(_) | Self::Patch(_) | Self::Wait(_) | Self::Sleep(_))
    }

    /// In a few words.
    pub fn name(&self) -> String {
        let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
        match self {
            Self::Apply(_) => "apply".into(),
            Self::Delete(what) => format!("delete {what}"),
            Self::Patch(patch) => format!("patch {}", patch.object),
            Self::Wait(wait) => format!("wait for {}", wait.object),
            Self::Control(control) => format!("control {}", control.driver),
            Self::Stop(what) => format!("stop {what}"),
            Self::Kill(what) => format!("kill {what}"),
            Self::Start(what) => format!("start {what}"),
            Self::Freeze(what) => format!("freeze {what}"),
            Self::Thaw(what) => format!("thaw {what}"),
            Self::Script(script) => format!("script {}", first(script)),
            Self::Sleep(seconds) => format!("sleep {seconds}"),
        }
    }
}
