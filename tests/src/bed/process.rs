//! The processes of a cluster: daemons that are started, stopped and killed by name.

use super::sandbox::{Enter, Sandbox};
use super::state::{MARK, Process, State};
use super::trouble::{Attempt, Result, Trouble};
use super::wait;
use rustix::process::{Pid, Signal};
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// The variable with a daemon's name.
const NAME: &str = "STORAGE_DOCTOR_BED_NAME";

/// Starts a daemon inside; what it prints goes into `logs/NAME.log`.
pub fn start(state: &State, sandbox: &Sandbox, name: &str, words: &[String]) -> Result<()> {
    let (folder, file) = (state.path("logs"), log_file(state, name));
    std::fs::create_dir_all(&folder).attempt(folder.display())?;
    let log = File::options().create(true).append(true).open(&file).attempt(&file)?;
    let errors = log.try_clone().attempt(&file)?;
    let mut command = sandbox.command(Enter::All, words);
    command.stdin(Stdio::null()).stdout(log).stderr(errors).env(NAME, name).current_dir("/").process_group(0);
    let mut child = command.spawn().attempt(format!("{name} cannot be started"))?;
    std::thread::spawn(move || child.wait());
    Ok(())
}

/// The file that a daemon prints into.
pub fn log_file(state: &State, name: &str) -> String {
    state.text(&format!("logs/{name}.log"))
}

/// The end of what a daemon printed.
pub fn log(state: &State, name: &str) -> String {
    let text = std::fs::read(log_file(state, name)).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(15)..).unwrap_or_default().join("\n")
}

/// Whether a daemon runs.
pub fn runs(state: &State, name: &str) -> bool {
    !named(state, name).is_empty()
}

/// Ends a daemon, at once or as it likes, and waits until it is gone.
pub fn stop(state: &State, name: &str, signal: Signal) -> Result<()> {
    self::signal(state, name, signal)?;
    wait::until(&format!("{name} ends"), Duration::from_secs(30), || {
        if runs(state, name) { Err(Trouble::new("it still runs")) } else { Ok(()) }
    })
}

/// Sends a signal to a daemon.
pub fn signal(state: &State, name: &str, signal: Signal) -> Result<()> {
    let found = named(state, name);
    if found.is_empty() {
        return Err(Trouble::new(format!("{name} does not run")));
    }
    send(&found, signal);
    Ok(())
}

/// Signals processes, those that are gone aside.
pub fn send(processes: &[Process], signal: Signal) {
    for process in processes.iter().filter(|process| process.runs()) {
        if let Some(id) = i32::try_from(process.id).ok().and_then(Pid::from_raw) {
            // It may have ended by itself just now.
            let _ = rustix::process::kill_process(id, signal);
        }
    }
}

/// The processes of a daemon, without the shims that it started: containers outlive their containerd.
fn named(state: &State, name: &str) -> Vec<Process> {
    let (due, mark) = (format!("{NAME}={name}"), mark(state.folder()));
    every(|id, environment| {
        let shim = std::fs::read(format!("/proc/{id}/comm")).is_ok_and(|name| name.starts_with(b"containerd-shim"));
        has(environment, &due) && has(environment, &mark) && !shim
    })
}

/// All processes that belong to a cluster: by the mark they inherited, or by the control group they are in.
pub fn all(state: &State) -> Vec<Process> {
    let mark = mark(state.folder());
    let group = format!("/{}", state.group());
    every(|id, environment| {
        let groups = std::fs::read_to_string(format!("/proc/{id}/cgroup")).unwrap_or_default();
        let inside =
            |path: &str| path.strip_prefix(&group).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        has(environment, &mark) || groups.lines().filter_map(|line| line.splitn(3, ':').nth(2)).any(inside)
    })
}

fn mark(folder: &Path) -> String {
    format!("{MARK}={}", folder.display())
}

fn has(environment: &[u8], due: &str) -> bool {
    environment.split(|byte| *byte == 0).any(|one| one == due.as_bytes())
}

/// The running processes, but this one, that somebody picks by number and environment.
fn every(pick: impl Fn(u32, &[u8]) -> bool) -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let mut found: Vec<Process> = ids
        .filter(|id| *id != std::process::id())
        .filter(|id| pick(*id, &std::fs::read(format!("/proc/{id}/environ")).unwrap_or_default()))
        .filter_map(Process::of)
        .collect();
    found.sort_unstable_by_key(|process| process.id);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bed::command::command;

    #[test]
    fn processes_of_a_cluster_are_found_by_their_mark() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::at(folder.path().to_owned());
        let mut child = command("sleep", ["60"]).env(MARK, folder.path()).env(NAME, "kubelet-x").spawn().unwrap();
        let found = all(&state);
        assert_eq!(found.iter().map(|process| process.id).collect::<Vec<_>>(), [child.id()]);
        assert!(runs(&state, "kubelet-x") && !runs(&state, "kubelet"));
        assert!(all(&State::at(folder.path().join("other"))).is_empty());
        send(&found, Signal::KILL);
        child.wait().unwrap();
        assert!(all(&state).is_empty() && stop(&state, "kubelet-x", Signal::TERM).is_err());
    }
}
