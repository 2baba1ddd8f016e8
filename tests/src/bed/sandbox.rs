//! The namespaces of a cluster, and the process that holds them.

use super::command::command;
use super::state::{MARK, NODES, Process, State, Written};
use super::trouble::{Attempt, Result, Trouble};
use super::wait;
use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Which namespaces to enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enter {
    /// All: for what belongs to the cluster, and ends with it.
    All,
    /// Only the network: for what looks at the cluster from outside.
    Network,
}

/// The namespaces of a running cluster.
#[derive(Clone, Debug)]
pub struct Sandbox {
    state: State,
    holder: Process,
}

impl Sandbox {
    /// Makes the namespaces. With `bound`, they go when this process does, even if it is killed; it has to be
    /// called on a thread that stays.
    pub fn create(state: &State, bound: bool) -> Result<Self> {
        let unshare = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"];
        let mut words: Vec<&str> = if bound { vec!["setpriv", "--pdeathsig", "KILL"] } else { Vec::new() };
        words.extend(unshare);
        let script = script(state);
        words.extend(["--mount-proc", "sh", "-c", &script]);
        let (program, arguments) = words.split_first().attempt("no program")?;
        let log = File::create(state.path("sandbox.log")).attempt("sandbox.log")?;
        let errors = log.try_clone().attempt("sandbox.log")?;
        let mut holder = command(program, arguments);
        holder.env(MARK, state.folder()).process_group(0).current_dir("/").stdout(log).stderr(errors);
        let mut child = holder.spawn().attempt("namespaces cannot be made")?;
        let holder = Process::of(child.id()).attempt("the process that holds the namespaces is gone")?;
        state.write(&Written { holder: Some(holder) })?;
        // Somebody has to collect it, or it stays behind as a zombie.
        std::thread::spawn(move || child.wait());
        let ready = state.path("sandbox.ready");
        wait::until("namespaces cannot be made", Duration::from_secs(10), || {
            if ready.exists() { Ok(()) } else { Err(Trouble::new(said(state))) }
        })?;
        Ok(Self { state: state.clone(), holder })
    }

    /// The namespaces of the cluster that is up.
    pub fn open(state: &State) -> Result<Self> {
        let holder = state.read()?.and_then(|written| written.holder).filter(|holder| holder.runs());
        let holder = holder.attempt(format!("no cluster is up in {}", state.folder().display()))?;
        Ok(Self { state: state.clone(), holder })
    }

    /// The file of the network namespace.
    pub fn network(&self) -> String {
        format!("/proc/{}/ns/net", self.holder.id)
    }

    /// A program that will run inside.
    pub fn command<I: IntoIterator<Item: AsRef<OsStr>>>(&self, enter: Enter, words: I) -> Command {
        let mut command = command("nsenter", [format!("--net={}", self.network())]);
        if enter == Enter::All {
            let id = self.holder.id;
            command.arg(format!("--mount=/proc/{id}/ns/mnt")).arg(format!("--pid=/proc/{id}/ns/pid_for_children"));
        }
        command.arg("--").args(words).env(MARK, self.state.folder()).stdout(Stdio::piped());
        command
    }

    /// Runs a program inside, beside the kubelets, and gives what it printed.
    pub fn run<I: IntoIterator<Item: AsRef<OsStr>>>(&self, words: I) -> Result<String> {
        super::command::output(&mut self.command(Enter::All, words))
    }
}

fn said(state: &State) -> String {
    std::fs::read_to_string(state.path("sandbox.log")).unwrap_or_default().trim().to_owned()
}

/// What the first process of the namespaces does: it makes a network, and then collects orphans.
fn script(state: &State) -> String {
    let [(_, a), (_, b)] = NODES;
    let folder = shell_word(&state.folder().to_string_lossy());
    // The kubelets need addresses that are not loopback; this kernel may have no dummy devices. The folder is
    // shared, so that what a driver mounts in its container is seen by the kubelet.
    format!(
        "set -e
        ip link set lo up
        ip link add bed0 type veth peer name bed1
        ip addr add {a}/24 dev bed0
        ip addr add {b}/24 dev bed0
        ip link set bed0 up
        ip link set bed1 up
        mount --bind {folder} {folder}
        mount --make-shared {folder}
        touch {folder}/sandbox.ready
        while :; do sleep 100000 & wait $! || true; done"
    )
}

fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word() {
        assert_eq!(shell_word("/tmp/it's a bed"), r"'/tmp/it'\''s a bed'");
    }
}
