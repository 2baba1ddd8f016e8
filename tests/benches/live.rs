//! What a scan of a real API server costs, against downloading the same lists:
//! `cargo bench -p storage-doctor-tests --bench live`.
//!
//! etcd and the API server of the test bed are brought up and filled with claims, volumes, attachments, pods and
//! events, one claim in a hundred broken; then the four large lists are downloaded and thrown away (`raw`: one after
//! another, as somebody would with a loop; `at once`: all four together), and the released program scans, in turns. With `-- --check` it fails where a limit is passed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "this is a measurement"
)]

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use storage_doctor_tests::bed::api::{Api, Asking};
use storage_doctor_tests::bed::server::Server;
use storage_doctor_tests::bed::state::State;
use storage_doctor_tests::bed::{Result, Trouble, fill, places, signals, tier, wait};
use storage_doctor_tests::binary::{self, Program, Run};
use storage_doctor_tests::synthetic::{BROKEN_EVERY, Times};

const MEGABYTE: f64 = 1_048_576.0;
/// The variable that names a program to measure in place of the one that is built.
const PROGRAM: &str = "STORAGE_DOCTOR_BED_PROGRAM";
/// The folder of the server.
const STATE: &str = "storage-doctor-bed-bench";
/// How many claims, the smaller number first.
const SIZES: [usize; 2] = [1_000, 10_000];
/// When a claim that cannot be served is told, at the latest.
const AGE: Duration = Duration::from_secs(600);
/// Turns of each size, as often beginning with each of the three measurements.
const TURNS: usize = 9;
/// What is downloaded raw: the lists that grow with the claims and that every look at claims needs.
const LISTS: [&str; 4] = ["persistentvolumeclaims", "persistentvolumes", "pods", "events"];
/// Objects of one page, as the program asks for them.
const PAGE: usize = 500;

/// A scan may take so many times as long as downloading the lists.
const RATIO: f64 = 2.0;
/// The most memory that it may take, in megabytes.
const MEMORY: f64 = 120.0;
/// Ten times the claims may take so many times as long.
const GROWTH: f64 = 12.0;

fn main() -> ExitCode {
    let check = std::env::args().any(|argument| argument == "--check");
    if let Some(why) = tier::obstacle() {
        println!("NOT RUN: {why}");
        return if tier::is_due() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    let ended = places::state(STATE).and_then(|folder| {
        let state = State::at(folder.clone());
        signals::guard(&state, move || match measure(folder, check) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        })
    });
    ended.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

fn measure(folder: PathBuf, check: bool) -> Result<()> {
    let named = std::env::var_os(PROGRAM).filter(|path| !path.is_empty());
    let program = named.map_or_else(|| binary::release().to_owned(), PathBuf::from);
    let server = Server::up(folder)?;
    let measured = measure_in(&server, &program);
    server.down()?;
    let sizes = measured?;
    let [small, large] = &sizes;
    let growth = large.scan / small.scan;
    println!("\nten times the claims take {growth:.1} times as long");
    if check {
        let passed = |what: &str, value: f64, limit: f64| {
            if value <= limit { Ok(()) } else { Err(Trouble::new(format!("{what}: {value:.2} is more than {limit}"))) }
        };
        passed("the time of a scan against that of a download", large.scan / large.raw, RATIO)?;
        passed("the memory of a scan in MB", large.peak, MEMORY)?;
        passed("the growth of the time", growth, GROWTH)?;
    }
    Ok(())
}

/// What was measured of one size: medians of seconds, and the most memory in megabytes.
struct Measured {
    raw: f64,
    scan: f64,
    peak: f64,
}

fn measure_in(server: &Server, program: &Path) -> Result<[Measured; 2]> {
    println!(
        "{:>8}{:>10}{:>10}{:>10}{:>10}{:>8}{:>12}",
        "claims", "raw", "at once", "scan", "its CPU", "ratio", "peak memory"
    );
    let [small, large] = SIZES;
    Ok([measure_size(server, program, 0..small)?, measure_size(server, program, small..large)?])
}

/// Fills in what is missing of one size, and measures it.
fn measure_size(server: &Server, program: &Path, missing: Range<usize>) -> Result<Measured> {
    let claims = missing.end;
    let began = Instant::now();
    fill::fill(server.api(), missing, &times())?;
    eprintln!("bench: {claims} claims are there after {:.0} s", began.elapsed().as_secs_f64());
    // A claim that was made just now waits, and fails later.
    wait::until("every broken claim is old enough", AGE, || said(&scanned(server, program), claims))?;
    let (mut raw, mut at_once, mut scan, mut cpu, mut peak) = (vec![], vec![], vec![], vec![], 0.0_f64);
    for turn in 0..TURNS {
        // The server collects its garbage about once a turn: in the same order each time it would do so in the same place.
        for step in 0..3 {
            match (turn + step) % 3 {
                0 => raw.push(download(server.api(), 1)?),
                1 => at_once.push(download(server.api(), LISTS.len())?),
                _ => {
                    let run = scanned(server, program);
                    said(&run, claims)?;
                    scan.push(run.took);
                    cpu.push(run.cpu.unwrap_or_default());
                    peak = peak.max(run.peak.unwrap_or_default() as f64 / MEGABYTE);
                }
            }
        }
    }
    let [raw, at_once, scan, cpu] = [raw, at_once, scan, cpu].map(median);
    println!("{claims:>8}{raw:>9.2}s{at_once:>9.2}s{scan:>9.2}s{cpu:>9.2}s{:>8.2}{peak:>9.1} MB", scan / raw);
    Ok(Measured { raw, scan, peak })
}

/// Now, and a day ago.
fn times() -> Times {
    let now = jiff::Timestamp::now();
    let text = |time: jiff::Timestamp| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    Times { made: text(now - jiff::SignedDuration::from_hours(24)), seen: text(now) }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).expect("it was measured").as_secs_f64()
}

/// How long the four lists take, so many of them at once.
fn download(api: &Api, at_once: usize) -> Result<Duration> {
    let bytes = Arc::new(Mutex::new(0));
    let began = Instant::now();
    let works = LISTS.iter().map(|list| {
        let bytes = Arc::clone(&bytes);
        move |asking: Asking| async move {
            let came = pages(&asking, &format!("/api/v1/{list}?limit={PAGE}")).await?;
            *bytes.lock().expect("no thread panics") += came;
            Ok(())
        }
    });
    api.all(works, at_once)?;
    let took = began.elapsed();
    eprintln!("bench: {:.1} MB", *bytes.lock().expect("no thread panics") as f64 / MEGABYTE);
    Ok(took)
}

/// Downloads a list page by page; how many bytes that is.
async fn pages(asking: &Asking, path: &str) -> Result<usize> {
    let (mut next, mut came) = (String::new(), 0);
    loop {
        let (head, bytes) = asking.download(&format!("{path}{next}"), 4096).await?;
        came += bytes;
        // The server writes a list's metadata before its items.
        let head = String::from_utf8_lossy(&head);
        let Some((_, rest)) = head.split_once("\"continue\":\"") else { return Ok(came) };
        let token = rest.split('"').next().unwrap_or_default();
        next = format!("&continue={}", token.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"));
    }
}

/// The released program, in the network of the server.
fn scanned(server: &Server, program: &Path) -> Run {
    let network = format!("--net={}", server.network());
    let kubeconfig = server.kubeconfig();
    let words = [
        network.as_ref(),
        "--".as_ref(),
        program.as_os_str(),
        "scan".as_ref(),
        "-A".as_ref(),
        "--kubeconfig".as_ref(),
        kubeconfig.as_os_str(),
    ];
    Program::new(Path::new("nsenter"), words).within(Duration::from_secs(300)).run()
}

/// Whether it says what is wrong: a scan that missed it is not worth its time.
fn said(run: &Run, claims: usize) -> Result<()> {
    let broken = claims.div_ceil(BROKEN_EVERY);
    let wanted = format!("breaks {broken} PersistentVolumeClaims");
    if run.code == Some(1) && run.text().contains(&wanted) {
        return Ok(());
    }
    Err(Trouble::new(format!("nothing that {wanted}: {run:?}")))
}
