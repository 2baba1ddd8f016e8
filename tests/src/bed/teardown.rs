//! Takes a cluster down, also one whose harness was killed, and says what is left of it.

use super::command;
use super::process;
use super::sandbox::Sandbox;
use super::state::State;
use super::trouble::{Attempt, Result, Trouble};
use super::wait;
use rustix::process::Signal;
use std::collections::BTreeSet;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where the kernel shows control groups.
const GROUPS: &str = "/sys/fs/cgroup";

/// How long what was killed may take to be gone.
const GONE: Duration = Duration::from_secs(30);

/// Takes down all that is there; nothing is fine too.
pub fn down(state: &State) -> Result<()> {
    // Refuses a folder that is not ours.
    let written = state.read()?;
    if let Ok(sandbox) = Sandbox::open(state) {
        detach(&sandbox, state.folder());
    }
    if let Some(holder) = written.and_then(|written| written.holder) {
        process::send(&[holder], Signal::KILL);
    }
    wait::until("the processes of the cluster end", GONE, || {
        let left = process::all(state);
        process::send(&left, Signal::KILL);
        if left.is_empty() { Ok(()) } else { Err(Trouble::new(format!("{} still run", left.len()))) }
    })?;
    // The mounts of the namespace go when the kernel finds the time; loop devices are in use until then.
    wait::until("the loop devices are free", GONE, || {
        for device in loops(state.folder()) {
            command::run("losetup", ["-d", &device])?;
        }
        match loops(state.folder()) {
            left if left.is_empty() => Ok(()),
            left => Err(Trouble::new(left.join(", "))),
        }
    })?;
    for mount in mounts(state.folder()).into_iter().rev() {
        command::run("umount", ["-l", &mount])?;
    }
    wait::until("the control groups are removed", GONE, || {
        groups(state).iter().try_for_each(|group| remove_group(group))
    })?;
    remove(state)
}

/// Removes the folder; never what is mounted into it.
fn remove(state: &State) -> Result<()> {
    let old = aside(state.folder());
    if old.exists() {
        std::fs::remove_dir_all(&old).attempt(old.display())?;
    }
    if !state.folder().exists() {
        return Ok(());
    }
    let mounts = mounts(state.folder());
    if !mounts.is_empty() {
        return Err(Trouble::new(format!("still mounted, so nothing is removed: {}", mounts.join(", "))));
    }
    for socket in shim_sockets(state.folder()) {
        let _ = std::fs::remove_file(socket);
    }
    // Out of the way at once: somebody who does not know yet that all is over may still write into it, and what is
    // removed in part can no longer be told from somebody else's folder.
    let aside = aside(state.folder());
    std::fs::rename(state.folder(), &aside).attempt(state.folder().display())?;
    std::fs::remove_dir_all(&aside).attempt(aside.display())
}

/// Where a folder goes that is being removed; nobody else has a folder of such a name.
fn aside(folder: &Path) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(".storage-doctor-bed-removed");
    PathBuf::from(name)
}

/// What is left of a cluster: processes, mounts, namespaces, control groups, loop devices and files. Empty after
/// [`down`].
pub fn leftovers(state: &State) -> Vec<String> {
    let mut left = Vec::new();
    for process in process::all(state) {
        let name = std::fs::read_to_string(format!("/proc/{}/comm", process.id)).unwrap_or_default();
        left.push(format!("process {} {}", process.id, name.trim()));
    }
    left.extend(mounts(state.folder()).into_iter().map(|mount| format!("mount {mount}")));
    left.extend(groups(state).into_iter().map(|group| format!("control group {}", group.display())));
    left.extend(loops(state.folder()).into_iter().map(|device| format!("loop device {device}")));
    let folders = [state.folder().to_owned(), aside(state.folder())].into_iter().filter(|folder| folder.exists());
    left.extend(folders.map(|folder| format!("folder {}", folder.display())));
    left
}

/// Fails when anything is left.
pub fn nothing_left(state: &State) -> Result<()> {
    let left = leftovers(state);
    if left.is_empty() { Ok(()) } else { Err(Trouble::new(format!("left behind: {}", left.join(", ")))) }
}

/// The loop devices whose files lie under a folder. Of a file that was opened in a namespace that is no more, the
/// kernel cannot tell the whole path, only which file it is.
fn loops(folder: &Path) -> Vec<String> {
    let files = inodes(folder);
    let of_folder = |device: &&Device| {
        // The numbers are padded with blanks.
        let (major, minor) = device.number.trim().split_once(':').unwrap_or_default();
        let number = major.parse().ok().zip(minor.parse().ok()).map(|(major, minor)| rustix::fs::makedev(major, minor));
        let is_below = number.is_some_and(|number| files.contains(&(number, device.inode)));
        is_below || Path::new(&device.file).starts_with(folder)
    };
    let mut found: Vec<String> = devices().iter().filter(of_folder).map(|device| device.name.clone()).collect();
    found.sort();
    found
}

/// A loop device as `losetup` tells of it.
#[derive(serde::Deserialize)]
struct Device {
    name: String,
    #[serde(rename = "back-ino")]
    inode: u64,
    #[serde(rename = "back-maj:min")]
    number: String,
    #[serde(rename = "back-file")]
    file: String,
}

/// All loop devices; none where there is no `losetup`, since nobody can have made one.
fn devices() -> Vec<Device> {
    #[derive(serde::Deserialize)]
    struct All {
        loopdevices: Vec<Device>,
    }
    let mut list = command::command("losetup", ["--json", "-O", "NAME,BACK-INO,BACK-MAJ:MIN,BACK-FILE"]);
    let listed = command::output(&mut list).unwrap_or_default();
    serde_json::from_str::<All>(&listed).map(|all| all.loopdevices).unwrap_or_default()
}

/// Which files lie under a folder, by device and number.
fn inodes(folder: &Path) -> BTreeSet<(u64, u64)> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).into_iter().flatten().flatten() {
            let Ok(file) = entry.metadata() else { continue };
            if file.is_dir() {
                folders.push(entry.path());
            } else if file.is_file() {
                found.insert((file.dev(), file.ino()));
            }
        }
    }
    found
}

/// Lets go of the loop devices from within the cluster, where the paths of removed files are whole too. One that
/// is mounted is let go with its mount.
fn detach(sandbox: &Sandbox, folder: &Path) {
    let listed = sandbox.run(["losetup", "--noheadings", "--raw", "-O", "NAME,BACK-FILE"]).unwrap_or_default();
    for line in listed.lines() {
        if let Some((device, file)) = line.split_once(' ')
            && Path::new(file).starts_with(folder)
        {
            // What cannot be let go now is found again from outside.
            let _ = sandbox.run(["losetup", "-d", device]);
        }
    }
}

/// What is mounted at or below a folder, in order; seen from here, not from within the cluster.
fn mounts(folder: &Path) -> Vec<String> {
    let table = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    mounts_in(&table, folder)
}

fn mounts_in(table: &str, folder: &Path) -> Vec<String> {
    let points = table.lines().filter_map(|line| line.split(' ').nth(4));
    // The kernel writes blanks in names as octal numbers.
    let points = points.map(|point| point.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"));
    points.filter(|point| Path::new(point).starts_with(folder)).collect()
}

/// The control groups of a cluster, in every hierarchy.
fn groups(state: &State) -> Vec<PathBuf> {
    let name = state.group();
    let mut found = vec![Path::new(GROUPS).join(&name)];
    if let Ok(hierarchies) = std::fs::read_dir(GROUPS) {
        found.extend(hierarchies.flatten().map(|hierarchy| hierarchy.path().join(&name)));
    }
    found.retain(|group| group.is_dir());
    found.sort();
    found.dedup();
    found
}

fn remove_group(group: &Path) -> Result<()> {
    for entry in std::fs::read_dir(group).attempt(group.display())?.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_group(&entry.path())?;
        }
    }
    std::fs::remove_dir(group).attempt(group.display())
}

/// The sockets of containers' shims, which containerd puts where all containerds put them. Each is written down
/// in the folder of its container.
fn shim_sockets(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let nodes = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for node in nodes {
        let tasks = node.path().join("run/containerd/io.containerd.runtime.v2.task/k8s.io");
        for task in std::fs::read_dir(tasks).into_iter().flatten().flatten() {
            let address = std::fs::read_to_string(task.path().join("address")).unwrap_or_default();
            let Some(path) = address.trim().strip_prefix("unix://").map(PathBuf::from) else { continue };
            if std::fs::symlink_metadata(&path).is_ok_and(|file| file.file_type().is_socket()) {
                found.push(path);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bed::command::command;
    use crate::bed::state::MARK;

    #[test]
    fn mounts_are_found_by_their_folder() {
        let table = "36 35 98:0 / / rw - ext4 /dev/a rw\n\
                     37 36 98:0 / /tmp/bed rw - ext4 /dev/a rw\n\
                     38 36 98:0 / /tmp/bed/a\\040b rw - ext4 /dev/a rw\n\
                     39 36 98:0 / /tmp/bedside rw - ext4 /dev/a rw\nnonsense";
        assert_eq!(mounts_in(table, Path::new("/tmp/bed")), ["/tmp/bed", "/tmp/bed/a b"]);
        assert!(mounts(Path::new("/proc")).contains(&"/proc".to_owned()));
    }

    #[test]
    fn what_is_left_is_listed_and_then_taken_down() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::at(folder.path().join("bed"));
        assert_eq!(leftovers(&state), [""; 0]);
        down(&state).unwrap();
        // As a killed harness leaves it: a process, and nothing that says which.
        state.create().unwrap();
        let mut child = command("sleep", ["60"]).env(MARK, state.folder()).spawn().unwrap();
        let left = leftovers(&state).join(", ");
        assert!(left.contains("process") && left.contains("sleep") && left.contains("folder"), "{left}");
        assert!(nothing_left(&state).unwrap_err().to_string().starts_with("left behind: process"));
        down(&state).unwrap();
        child.wait().unwrap();
        assert_eq!(nothing_left(&state), Ok(()));
    }

    #[test]
    fn a_removal_that_was_cut_off_is_finished() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::at(folder.path().join("bed"));
        std::fs::create_dir_all(aside(state.folder()).join("pki")).unwrap();
        assert!(leftovers(&state).join(", ").contains("folder"));
        down(&state).unwrap();
        assert_eq!(nothing_left(&state), Ok(()));
    }

    #[test]
    fn somebody_elses_folder_is_not_removed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("thesis.tex"), "").unwrap();
        let state = State::at(folder.path().to_owned());
        assert!(down(&state).unwrap_err().to_string().contains("not a folder of the test bed"));
        assert!(folder.path().join("thesis.tex").exists());
    }
}
