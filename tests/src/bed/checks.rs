//! The harness itself, tried on namespaces without a Kubernetes in them: what a run leaves that was killed or
//! stopped, and that two do not meet.

use super::sandbox::Sandbox;
use super::scenario::tell::{self, Outcome, Told};
use super::state::State;
use super::trouble::{Attempt, Result, Trouble};
use super::{lock, process, signals, teardown, wait};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// The argument with which the program of the tests holds namespaces until it is ended.
pub const HOLD: &str = "--hold-namespaces";

/// What it says when it does.
const HELD: &str = "held";

/// The file of its loop device: a name that no other file has.
const DISK: &str = "storage-doctor-check-disk";

/// How long ends may take.
const ENDS: Duration = Duration::from_secs(20);

/// How a run ends that does not end well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// With no time to do anything, its namespaces bound to it.
    Killed,
    /// The same, its namespaces kept.
    KilledKeeping,
    /// By somebody at the keyboard.
    Interrupted,
}

/// What is tried.
const CHECKS: [(&str, End); 3] = [
    ("bed-ends-with-a-killed-run", End::Killed),
    ("bed-left-by-a-killed-run-is-taken-down", End::KilledKeeping),
    ("bed-is-taken-down-on-interrupt", End::Interrupted),
];

/// The names of what is tried.
pub fn names() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|(name, _)| *name)
}

/// Tries those of which `is_chosen` says so.
pub fn run(state: &State, is_chosen: &dyn Fn(&str) -> bool) -> Vec<Told> {
    let one = |(name, end): &(&str, End)| {
        let (name, end) = (*name, *end);
        let began = Instant::now();
        let ended = ended(state, end).and_then(|()| teardown::nothing_left(state)).and_then(|()| no_disk());
        let outcome = match ended {
            Ok(()) => Outcome::Holds(String::new()),
            Err(error) => Outcome::Fails(error.to_string()),
        };
        let told = Told { name: name.to_owned(), outcome, took: began.elapsed() };
        tell::one(&told);
        told
    };
    CHECKS.iter().filter(|(name, _)| is_chosen(name)).map(one).collect()
}

/// Holds namespaces, with one of everything that can be left behind, until this process is ended.
pub fn hold(state: &State, bound: bool) -> Result<ExitCode> {
    let inner = state.clone();
    signals::guard(state, move || {
        match fill(&inner, bound) {
            Ok(()) => println!("{HELD}"),
            Err(error) => println!("{error}"),
        }
        loop {
            std::thread::park();
        }
    })
}

fn fill(state: &State, bound: bool) -> Result<()> {
    let _lock = std::mem::ManuallyDrop::new(lock::take(state.folder(), "another check is running")?);
    state.create()?;
    let sandbox = Sandbox::create(state, bound)?;
    process::start(state, &sandbox, "sleeper", &["sleep".into(), "600".into()])?;
    let (folder, group) = (state.folder().display(), state.group());
    let script = format!(
        "cd {folder}; mkdir tmp; mount -t tmpfs tmpfs tmp; truncate -s 64M {DISK}; losetup -f {DISK}
        for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/pids; do
            if [ -e $hierarchy/cgroup.procs ]; then mkdir -p $hierarchy/{group}/pod; echo $$ > $hierarchy/{group}/pod/cgroup.procs || true; fi
        done"
    );
    sandbox.run(["sh", "-euc", &script]).map(drop)
}

fn ended(state: &State, end: End) -> Result<()> {
    teardown::down(state)?;
    let mut child = holding(state, end)?;
    let left = teardown::leftovers(state).join(", ");
    for due in ["process", "control group", "loop device", "folder"] {
        if !left.contains(due) {
            return Err(Trouble::new(format!("a check that finds no {due} shows nothing: {left}")));
        }
    }
    let second = lock::take(state.folder(), "wait for it");
    if !second.is_err_and(|error| error.to_string().ends_with("is in use: wait for it")) {
        return Err(Trouble::new("a second run can take the same folder"));
    }
    if end == End::Interrupted {
        signal(&child, rustix::process::Signal::INT);
        let code = child.wait().attempt("the run ends")?.code();
        return if code == Some(130) { Ok(()) } else { Err(Trouble::new(format!("exit code {code:?}, not 130"))) };
    }
    signal(&child, rustix::process::Signal::KILL);
    child.wait().attempt("the run ends")?;
    if end == End::Killed {
        wait::until("its processes end with it", ENDS, || match process::all(state).len() {
            0 => Ok(()),
            left => Err(Trouble::new(format!("{left} run"))),
        })?;
    } else if process::all(state).is_empty() {
        return Err(Trouble::new("nothing was left to be taken down"));
    }
    teardown::down(state)
}

/// The path of a device's file may be cut; its name never is.
fn no_disk() -> Result<()> {
    wait::until("its loop device is gone", ENDS, || {
        let devices = super::command::output(&mut super::command::command("losetup", ["-a"]))?;
        if devices.contains(DISK) { Err(Trouble::new(devices)) } else { Ok(()) }
    })
}

fn signal(child: &Child, signal: rustix::process::Signal) {
    process::send(&super::state::Process::of(child.id()).into_iter().collect::<Vec<_>>(), signal);
}

/// A process that holds namespaces.
fn holding(state: &State, end: End) -> Result<Child> {
    let own = std::env::current_exe().attempt("this program")?;
    let mut command = Command::new(own);
    command.arg(HOLD).arg(if end == End::KilledKeeping { "kept" } else { "bound" });
    command.env("STORAGE_DOCTOR_BED_STATE", state.folder()).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().attempt("this program")?;
    let mut said = String::new();
    let out = child.stdout.take().attempt("no output")?;
    BufReader::new(out).read_line(&mut said).attempt("no output")?;
    if said.trim() == HELD { Ok(child) } else { Err(Trouble::new(format!("it does not hold: {}", said.trim()))) }
}
