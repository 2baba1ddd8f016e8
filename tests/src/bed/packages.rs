//! Debian packages with the programs that the bed takes from the host.

use super::command;
use super::host;
use super::trouble::{Attempt, Result, Trouble};
use std::path::Path;

/// A program, and the package it comes in.
const PROGRAMS: &[(&str, &str)] = &[
    ("containerd", "containerd"),
    ("ctr", "containerd"),
    ("runc", "runc"),
    ("ip", "iproute2"),
    ("nsenter", "util-linux"),
    ("unshare", "util-linux"),
    ("mount", "mount"),
    ("losetup", "mount"),
    ("mkfs.ext4", "e2fsprogs"),
    ("dumpe2fs", "e2fsprogs"),
    ("mkfs.xfs", "xfsprogs"),
    ("mkfs.btrfs", "btrfs-progs"),
];

/// Where Debian puts the network plugins, of which one is needed.
pub const PLUGINS: &str = "/usr/lib/cni";

/// Where else they may be.
const OTHER_PLUGINS: &str = "/opt/cni/bin";

/// The folder of the network plugins.
pub fn plugins() -> Option<&'static str> {
    [PLUGINS, OTHER_PLUGINS].into_iter().find(|folder| Path::new(folder).join("loopback").is_file())
}

/// The packages whose programs are not there.
fn missing(has: &dyn Fn(&str) -> bool, has_plugins: bool) -> Vec<&'static str> {
    let mut missing: Vec<&str> = PROGRAMS.iter().filter(|(name, _)| !has(name)).map(|(_, package)| *package).collect();
    if !has_plugins {
        missing.push("containernetworking-plugins");
    }
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// Installs what is missing, where that is Debian's to install.
pub fn ensure() -> Result<()> {
    let missing = missing(&|name| host::program(name).is_some(), plugins().is_some());
    if missing.is_empty() {
        return Ok(());
    }
    let apt = host::program("apt-get").attempt(format!(
        "{} not installed, and this is not Debian to install it from: real nodes cannot run",
        missing.join(", ")
    ))?;
    eprintln!("bed: installing {}", missing.join(", "));
    let install = || {
        let mut install = command::command(&apt, ["install", "-y", "-qq", "--no-install-recommends"]);
        // A package's service would be one more containerd; without an init system it is none.
        install.args(&missing).env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
        command::output(&mut install).map(drop)
    };
    if install().is_err() {
        // The lists may be old or not there at all.
        command::run(&apt, ["update", "-qq"]).attempt("the list of packages cannot be fetched")?;
        install().attempt("real nodes cannot run")?;
    }
    let left = self::missing(&|name| host::program(name).is_some(), plugins().is_some());
    if left.is_empty() {
        Ok(())
    } else {
        Err(Trouble::new(format!("{}: installed, and yet not there", left.join(", "))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_named_once() {
        assert_eq!(missing(&|_| true, true), [""; 0]);
        assert_eq!(
            missing(&|name| !["ctr", "containerd", "runc"].contains(&name), false),
            ["containerd", "containernetworking-plugins", "runc"]
        );
    }
}
