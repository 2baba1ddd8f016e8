//! The built program, run as a stranger would run it: without the environment of whoever runs the tests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::disallowed_methods,
    reason = "a test that cannot run has failed"
)]

use serde_json::Value;
use std::ffi::OsString;
use std::fmt;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How often a running program is looked at.
const LOOK: Duration = Duration::from_millis(1);

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the workspace").to_owned()
}

/// The program, built once for all tests of a process in the profile of the tests.
pub fn path() -> &'static Path {
    static BUILT: LazyLock<PathBuf> = LazyLock::new(|| build(!cfg!(debug_assertions)));
    &BUILT
}

/// The program as it is released.
pub fn release() -> &'static Path {
    static BUILT: LazyLock<PathBuf> = LazyLock::new(|| build(true));
    &BUILT
}

fn build(release: bool) -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--message-format", "json-render-diagnostics"]);
    if release {
        command.args(["--package", "kubectl-storage-doctor", "--release"]);
    } else {
        // With the features of the whole workspace, as the tests have it, or all that has others would be built twice.
        command.args(["--workspace", "--bin", "kubectl-storage_doctor"]);
    }
    // What cargo tells a test about its own package would have build scripts run again.
    for (name, _) in std::env::vars_os() {
        let own = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_", "CARGO_PRIMARY_"];
        if own.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    let built = command.current_dir(root()).stderr(Stdio::inherit()).output().expect("cargo runs");
    assert!(built.status.success(), "the program cannot be built");
    let lines = String::from_utf8(built.stdout).expect("cargo prints JSON");
    let mut programs = lines.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        message.get("executable")?.as_str().map(PathBuf::from)
    });
    programs.next_back().expect("the package has a program")
}

/// A folder beside what cargo builds, for what tests make once.
pub fn scratch() -> PathBuf {
    let test = std::env::current_exe().expect("a test is a program");
    let folder = test.ancestors().nth(2).expect("cargo builds into a folder").join("storage-doctor-tests");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// What a run of the program left behind.
#[must_use = "a run shows something only to who looks"]
pub struct Run {
    /// The exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: String,
    /// How long it took.
    pub took: Duration,
    /// The most memory it held, in bytes, where the system tells: short of what it took in its last
    /// millisecond.
    pub peak: Option<u64>,
    /// The time of a processor that it took, where the system tells: short of its last millisecond.
    pub cpu: Option<Duration>,
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, stdout, stderr, took, peak, .. } = self;
        let stdout = String::from_utf8_lossy(stdout);
        write!(f, "exit code {code:?} after {took:?}, {peak:?} bytes\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}

impl Run {
    /// Standard output as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("the program prints UTF-8")
    }

    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }
}

/// The program and how it is started.
#[derive(Debug)]
pub struct Program {
    command: Command,
    home: TempDir,
    limit: Duration,
}

/// The built program with these arguments.
pub fn program<I: IntoIterator<Item: Into<OsString>>>(arguments: I) -> Program {
    Program::new(path(), arguments)
}

/// Runs the built program with words separated by blanks.
pub fn run(words: &str) -> Run {
    program(words.split_whitespace()).run()
}

impl Program {
    /// The program at that path, with nothing in its environment but PATH and an empty HOME.
    pub fn new<I: IntoIterator<Item: Into<OsString>>>(path: &Path, arguments: I) -> Self {
        let home = TempDir::new().expect("a temporary folder");
        let mut command = Command::new(path);
        command.args(arguments.into_iter().map(Into::into)).env_clear().env("HOME", home.path());
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command.current_dir(home.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { command, home, limit: Duration::from_secs(60) }
    }

    /// With one more argument.
    #[must_use]
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.command.arg(argument.into());
        self
    }

    /// Started in that folder.
    #[must_use]
    pub fn within_folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// With one more variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Ended, and the test failed, after that time.
    #[must_use]
    pub fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// A file in the folder that is its HOME and its working directory.
    #[must_use]
    pub fn file(self, name: &str, content: &str) -> Self {
        written(self.home.path(), name, content.as_bytes());
        self
    }

    /// The folder that is its HOME and its working directory.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Runs it to its end.
    pub fn run(mut self) -> Run {
        let began = Instant::now();
        let mut child = self.command.spawn().expect("the program starts");
        let (out, err) = (drain(child.stdout.take()), drain(child.stderr.take()));
        let (mut peak, mut cpu) = (None, None);
        let status = loop {
            peak = high_water_mark(child.id()).max(peak);
            cpu = processor_time(child.id()).max(cpu);
            if let Some(status) = child.try_wait().expect("the program can be waited for") {
                break status;
            }
            if began.elapsed() > self.limit {
                child.kill().expect("the program can be ended");
                child.wait().expect("the program can be waited for");
                panic!("{:?} ran longer than {:?}", self.command, self.limit);
            }
            thread::sleep(LOOK);
        };
        let took = began.elapsed();
        let stdout = out.join().expect("standard output is read");
        let stderr = String::from_utf8_lossy(&err.join().expect("standard error is read")).into_owned();
        Run { code: status.code(), stdout, stderr, took, peak, cpu }
    }

    /// Starts it; the caller reads and waits.
    pub fn start(mut self) -> (Child, TempDir) {
        (self.command.spawn().expect("the program starts"), self.home)
    }
}

fn drain<R: Read + Send + 'static>(pipe: Option<R>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            pipe.read_to_end(&mut bytes).expect("a pipe is read");
        }
        bytes
    })
}

/// `VmHWM` of a process, in bytes.
fn high_water_mark(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// The time that a process has been running on a processor, in ticks of a hundredth of a second.
fn processor_time(process: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in brackets may hold anything; what follows is in columns.
    let columns: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = columns.get(11)?.parse::<u64>().ok()? + columns.get(12)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

/// Writes a file and gives its path, for a table of cases.
pub fn written(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a temporary folder");
    let mut file = std::fs::File::create(&path).expect("a temporary file");
    file.write_all(content).expect("a temporary file");
    path
}
