//! Builds what the bed is made of from the pinned Go module, once, into a cache.

pub mod cache;

use self::cache::{Cache, Entry};
use super::command::command;
use super::host;
use super::places;
use super::trouble::{Attempt, Result, Trouble};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The version of Kubernetes in the bed's `go.mod`, and its parts.
const KUBERNETES: (&str, &str, &str) = ("v1.36.3", "1", "36");

/// What a build that begins with nothing fetches and writes, in gigabytes.
const COLD: u64 = 8;

/// A program to build: where it goes, what it sets in the linker, which package it is.
struct Program {
    output: &'static str,
    version: &'static str,
    package: &'static str,
}

/// The components that are somebody else's; the versions are those of `go.mod`.
const COMPONENTS: &[Program] = &[
    Program { output: "kubelet", version: "", package: "k8s.io/kubernetes/cmd/kubelet" },
    Program { output: "kube-apiserver", version: "", package: "k8s.io/kubernetes/cmd/kube-apiserver" },
    Program {
        output: "kube-controller-manager",
        version: "",
        package: "k8s.io/kubernetes/cmd/kube-controller-manager",
    },
    Program { output: "kube-scheduler", version: "", package: "k8s.io/kubernetes/cmd/kube-scheduler" },
    Program { output: "kubectl", version: "", package: "k8s.io/kubernetes/cmd/kubectl" },
    Program { output: "etcd", version: "", package: "go.etcd.io/etcd/server/v3" },
    Program {
        output: "csi-provisioner",
        version: "v6.3.0",
        package: "github.com/kubernetes-csi/external-provisioner/v6/cmd/csi-provisioner",
    },
    Program {
        output: "csi-attacher",
        version: "v4.12.0",
        package: "github.com/kubernetes-csi/external-attacher/v4/cmd/csi-attacher",
    },
    Program {
        output: "csi-resizer",
        version: "v2.2.0",
        package: "github.com/kubernetes-csi/external-resizer/v2/cmd/csi-resizer",
    },
    Program {
        output: "csi-snapshotter",
        version: "v8.6.0",
        package: "github.com/kubernetes-csi/external-snapshotter/v8/cmd/csi-snapshotter",
    },
    Program {
        output: "snapshot-controller",
        version: "v8.6.0",
        package: "github.com/kubernetes-csi/external-snapshotter/v8/cmd/snapshot-controller",
    },
];

/// What is ours.
const OWN: &[Program] = &[
    Program { output: "fault-csi", version: "", package: "./driver" },
    Program { output: "bed", version: "", package: "./programs" },
];

/// The module whose files hold the kinds of snapshots.
const SNAPSHOT_KINDS: &str = "github.com/kubernetes-csi/external-snapshotter/client/v8";

/// What was built, and stays there until the next build.
#[derive(Clone, Debug)]
pub struct Built {
    /// The folder of the components.
    pub components: PathBuf,
    /// The folder of our own programs and of the images.
    pub own: PathBuf,
}

impl Built {
    /// The path of a program.
    pub fn program(&self, name: &str) -> PathBuf {
        let folder = if OWN.iter().any(|own| own.output == name) { &self.own } else { &self.components };
        folder.join(name)
    }
}

/// Builds what is not in the cache.
pub fn build() -> Result<Built> {
    let go = host::go()?;
    let cache = Cache::open(places::cache()?)?;
    let module = places::module();
    let components = Entry::new("components", &[go.as_bytes(), KUBERNETES.0.as_bytes()], &cache::pins(&module)?);
    let components = cache.ensure(&components, COLD, |folder| {
        fetch(&module)?;
        compile(&module, folder, COMPONENTS)?;
        snapshot_kinds(&module, folder)
    })?;
    let own = Entry::new("own", &[components.as_os_str().as_encoded_bytes()], &cache::sources(&module)?);
    let own = cache.ensure(&own, 2, |folder| {
        compile(&module, folder, OWN)?;
        super::images::write(&components, folder)
    })?;
    cache.keep_only(&[&components, &own])?;
    Ok(Built { components, own })
}

fn fetch(module: &Path) -> Result<()> {
    eprintln!("bed: fetching Go modules");
    let mut fetch = go(module, &["mod", "download"]);
    super::command::output(&mut fetch).map(drop).attempt("Go modules cannot be fetched: is there a network")
}

fn go(module: &Path, arguments: &[&str]) -> Command {
    // It ends when we do, so that no build goes on in a folder that the next one clears.
    let mut go = command("setpriv", ["--pdeathsig", "KILL", "go"]);
    go.args(arguments).current_dir(module).env("CGO_ENABLED", "0").env("GOFLAGS", "-mod=readonly");
    go
}

fn compile(module: &Path, folder: &Path, programs: &[Program]) -> Result<()> {
    for (i, program) in programs.iter().enumerate() {
        let began = Instant::now();
        eprint!("bed: building {} ({} of {})", program.output, i + 1, programs.len());
        let output = folder.join(program.output);
        let mut flags = format!("-s -w -X main.version={}", program.version);
        if program.package.starts_with("k8s.io/") {
            // Without it the server reports a version that clients cannot parse.
            let (version, major, minor) = KUBERNETES;
            let base = "k8s.io/component-base/version";
            flags =
                format!("-s -w -X {base}.gitVersion={version} -X {base}.gitMajor={major} -X {base}.gitMinor={minor}");
        }
        let arguments = ["build", "-trimpath", "-ldflags", &flags, "-o"];
        let built = super::command::output(go(module, &arguments).arg(&output).arg(program.package));
        eprintln!(", {} s", began.elapsed().as_secs());
        built.attempt(format!("{} cannot be built", program.output))?;
    }
    Ok(())
}

/// Copies the definitions of the kinds of snapshots out of the module cache.
fn snapshot_kinds(module: &Path, folder: &Path) -> Result<()> {
    let found = super::command::output(&mut go(module, &["list", "-m", "-f", "{{.Dir}}", SNAPSHOT_KINDS]))?;
    let from = Path::new(found.trim()).join("config/crd");
    let to = folder.join("crds");
    std::fs::create_dir_all(&to).attempt(to.display())?;
    let mut copied = 0;
    for file in std::fs::read_dir(&from).attempt(from.display())? {
        let file = file.attempt(from.display())?;
        if file.file_name().to_string_lossy().starts_with("snapshot.storage.k8s.io_") {
            std::fs::copy(file.path(), to.join(file.file_name())).attempt(to.display())?;
            copied += 1;
        }
    }
    if copied < 3 {
        return Err(Trouble::new(format!("{}: only {copied} definitions of snapshot kinds", from.display())));
    }
    Ok(())
}
