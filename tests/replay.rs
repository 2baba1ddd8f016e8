//! The recordings of the scenarios, on any machine: of each is said what its scenario expects, and with something
//! hidden never anything that is not so.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "these are tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use storage_doctor::evidence::Answer;
use storage_doctor::source::recording::Recording;
use storage_doctor::value::Value;
use storage_doctor_tests::bed::record::provenance::Provenance;
use storage_doctor_tests::bed::record::replay::Replay;
use storage_doctor_tests::bed::record::{self, archive, plain};
use storage_doctor_tests::bed::scenario::expect::{judge, judge_denied, judge_forgotten, judge_unrecorded};
use storage_doctor_tests::bed::scenario::load::{self, Loaded, Vocabulary};
use storage_doctor_tests::bed::scenario::spec::Expect;
use storage_doctor_tests::bed::{self, places, suite};
use storage_doctor_tests::library::Guarded;

/// Scenarios without a recording, and why. One that has a recording may not stand here.
const NOT_RECORDED: &[(&str, &str)] = &[];

/// Recordings from before a playbook asked for what decides it now: they say that it is not recorded, until the scenario
/// is recorded anew. One that holds may not stand here.
const STALE: &[&str] = &[];

/// What is known not to hold with a resource hidden, alone or with others: the recording and the resource. One that
/// holds may not stand here.
const KNOWN: &[(&str, &str)] = &[];

/// What shows in logs alone, so that without them nothing is wrong to be seen. One of which it is not so may not stand here.
const ONLY_LOGGED: &[&str] = &["driver-sidecar-without-rights.tar.gz"];

/// How many are looked at at once.
const AT_ONCE: usize = 2;

/// From how many resources on not all sets of them are hidden, but those of so many at most.
const MANY: usize = 5;
const FEW: usize = 2;

/// What all recordings may come to, in bytes.
const ALL: u64 = 8_000_000;

/// The scenarios, as their authors wrote them.
static SCENARIOS: LazyLock<Loaded> = LazyLock::new(|| suite::load().unwrap());

static REPLAY: LazyLock<Replay> = LazyLock::new(Replay::default);

/// The scenario of the demo, and the demo.
static DEMO: LazyLock<Loaded> = LazyLock::new(|| load::load(&places::demo(), &Vocabulary::built_in()).unwrap());

/// A recording that should be there.
#[derive(Clone)]
struct Due<'a> {
    file: String,
    path: PathBuf,
    scenario: &'a str,
    expect: &'a Expect,
}

/// All recordings that there should be.
fn due() -> Vec<Due<'static>> {
    let left_out: BTreeMap<_, _> = NOT_RECORDED.iter().copied().collect();
    let recorded = SCENARIOS.scenarios.iter().filter(|(name, _)| !left_out.contains_key(name.as_str()));
    let each = recorded.flat_map(|(name, (_, scenario))| {
        scenario.expect.iter().enumerate().map(move |(number, expect)| {
            let file = record::file_name(name, number);
            Due { path: places::recordings().join(&file), file, scenario: name, expect }
        })
    });
    each.collect()
}

/// Those that there are; another test tells what is missing.
fn recorded() -> Vec<Due<'static>> {
    let recorded: Vec<_> = due().into_iter().filter(|due| due.path.is_file()).collect();
    assert!(!recorded.is_empty(), "there are no recordings");
    recorded
}

/// What the demo is expected to say.
fn demo() -> Vec<Due<'static>> {
    let each = DEMO.scenarios.iter().flat_map(|(name, (_, scenario))| {
        scenario.expect.iter().map(move |expect| Due {
            file: format!("the demo of {}", expect.subject),
            path: places::embedded(),
            scenario: name,
            expect,
        })
    });
    each.collect()
}

fn open(due: &Due<'_>) -> Recording {
    Recording::open(&due.path).unwrap_or_else(|error| panic!("{}: {error}", due.file))
}

/// What is wrong with each, in a fixed order.
fn wrong(check: impl Fn(&Due<'_>) -> Vec<String> + Sync) -> Vec<String> {
    let (due, check) = ([recorded(), demo()].concat(), &check);
    let mut wrong = thread::scope(|scope| {
        let every = |first: usize| due.iter().skip(first).step_by(AT_ONCE).flat_map(check).collect::<Vec<_>>();
        let threads: Vec<_> = (0..AT_ONCE).map(|first| scope.spawn(move || every(first))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    wrong.sort();
    wrong
}

#[test]
fn every_scenario_has_its_recordings_and_every_recording_its_scenario() {
    for (name, why) in NOT_RECORDED {
        assert!(SCENARIOS.scenarios.contains_key(*name), "there is no scenario {name}");
        assert!(!why.is_empty(), "{name} is not recorded, and nobody says why");
    }
    let due: BTreeSet<String> = due().into_iter().map(|due| due.file).collect();
    let files =
        fs::read_dir(places::recordings()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let files: BTreeSet<String> = files.filter(|name| name.ends_with(".tar.gz")).collect();
    let missing: Vec<_> = due.difference(&files).collect();
    let needless: Vec<_> = files.difference(&due).collect();
    assert!(missing.is_empty() && needless.is_empty(), "missing: {missing:?}\nof no scenario: {needless:?}");
}

#[test]
fn of_each_is_said_what_its_scenario_expects() {
    let wrong = wrong(|due| {
        let said = REPLAY.answer(due.expect, due.scenario, &open(due)).unwrap();
        let judged = judge(due.expect, &said);
        let judged = match STALE.contains(&due.file.as_str()) {
            true if judged.is_ok() => Err(bed::Trouble::new("it holds, and is in the list of those that are stale")),
            true => judge_unrecorded(due.expect, &said, "what was not asked then"),
            false => judged,
        };
        judged.err().map(|error| format!("{}: {error}", due.file)).into_iter().collect()
    });
    let hint = "where something is not recorded, record the scenario anew: tests/recordings/README.md";
    assert!(wrong.is_empty(), "{} ({hint}):\n{}", wrong.len(), wrong.join("\n"));
}

/// The resources that the diagnosis of a recording asks for.
fn asked(due: &Due<'_>, source: &Recording) -> Vec<String> {
    let all = Guarded::new(source);
    REPLAY.answer(due.expect, due.scenario, &all).unwrap();
    let asked: Vec<String> = all.asked().into_iter().collect();
    assert!(!asked.is_empty(), "{}: nothing was looked at", due.file);
    asked
}

/// What is wrong with what is said while some resources are hidden.
fn with_hidden(due: &Due<'_>, source: &Recording, hidden: &[&str]) -> Vec<String> {
    TRIED.fetch_add(1, Ordering::Relaxed);
    let said = |answer: &Answer| {
        let source = hidden.iter().fold(Guarded::new(source), |source, what| source.refusing(what, answer.clone()));
        REPLAY.answer(due.expect, due.scenario, &source).unwrap()
    };
    let refused = said(&Answer::Denied { message: "the user may not".to_owned() });
    let unrecorded = said(&Answer::NotRecorded);
    let unknown = unrecorded.report["unknown"].as_array().unwrap();
    let distinct: BTreeSet<String> = unknown.iter().map(ToString::to_string).collect();
    assert_eq!(unknown.len(), distinct.len(), "{}: something is said twice: {unknown:?}", due.file);
    // Which of several is named is no matter.
    let either =
        |judge: &dyn Fn(&str) -> bed::Result<()>| hidden.iter().map(|what| judge(what)).reduce(Result::or).unwrap();
    let judged = [
        either(&|what| judge_denied(due.expect, &refused, what)),
        either(&|what| judge_unrecorded(due.expect, &unrecorded, what)),
    ];
    let place = format!("{} without {}", due.file, hidden.join(" and "));
    let found: Vec<String> =
        judged.into_iter().filter_map(Result::err).map(|error| format!("{place}: {error}")).collect();
    let known: Vec<&str> = KNOWN.iter().filter(|(file, _)| *file == due.file).map(|(_, what)| *what).collect();
    match hidden {
        [one] if known.contains(one) && found.is_empty() => {
            vec![format!("{place}: holds, and is in the list of what does not")]
        }
        _ if hidden.iter().any(|one| known.contains(one)) => Vec::new(),
        _ => found,
    }
}

/// How often something was hidden.
static TRIED: AtomicUsize = AtomicUsize::new(0);

/// All sets of resources that may be hidden; of many, those of a few.
fn sets(asked: &[String]) -> Vec<Vec<&str>> {
    let most = if asked.len() > MANY { FEW } else { asked.len() };
    let mut sets: Vec<Vec<&str>> = vec![Vec::new()];
    for one in asked {
        let with: Vec<_> =
            sets.iter().filter(|set| set.len() < most).map(|set| [set.as_slice(), &[one]].concat()).collect();
        sets.extend(with);
    }
    sets.retain(|set| !set.is_empty());
    sets
}

#[test]
fn whatever_is_hidden_nothing_untrue_is_said() {
    let wrong = wrong(|due| {
        let source = open(due);
        let asked = asked(due, &source);
        sets(&asked).iter().flat_map(|hidden| with_hidden(due, &source, hidden)).collect()
    });
    let tried = TRIED.load(Ordering::Relaxed);
    println!("{tried} tried");
    assert!(tried > 10 * recorded().len(), "only {tried} tried");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a cluster forgets, and how it answers then: events are kept for an hour, logs until they are rotated away.
fn forgotten() -> [(&'static str, Vec<(&'static str, Answer)>); 3] {
    let events = || ("events", Answer::Found(Value::list(Vec::new())));
    let logs = || ("pods/log", Answer::Found(Value::text("")));
    [
        ("events, which are over", vec![events()]),
        ("logs, which are rotated away", vec![logs()]),
        ("events and logs, which are over", vec![events(), logs()]),
    ]
}

#[test]
fn whatever_is_forgotten_nothing_untrue_is_said() {
    let wrong = wrong(|due| {
        let source = open(due);
        let judged = forgotten().into_iter().filter_map(|(what, answers)| {
            let source =
                answers.into_iter().fold(Guarded::new(&source), |source, (what, answer)| source.refusing(what, answer));
            let said = REPLAY.answer(due.expect, due.scenario, &source).unwrap();
            let judged = match ONLY_LOGGED.contains(&due.file.as_str()) && what.contains("logs") {
                true if said.verdict() == "Healthy" => Ok(()),
                true => Err(bed::Trouble::new(format!("without {what} it is not Healthy: {}", said.brief()))),
                false => judge_forgotten(due.expect, &said, what),
            };
            judged.err().map(|error| format!("{}: {error}", due.file))
        });
        judged.collect()
    });
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn they_are_small_and_tell_of_nothing_but_the_cluster() {
    let provenance = Provenance::read(&places::recordings()).unwrap();
    let known: BTreeMap<&str, _> = provenance.recordings.iter().map(|entry| (entry.file.as_str(), entry)).collect();
    assert_eq!(known.len(), provenance.count);
    let mut total = 0;
    for due in recorded() {
        let path = &due.path;
        let entry = known.get(due.file.as_str()).unwrap_or_else(|| panic!("nothing is said of {}", due.file));
        let bytes = fs::metadata(path).unwrap().len();
        let files = archive::read(path).unwrap();
        let said = (entry.scenario.as_str(), entry.bytes, entry.captured_at.clone());
        assert_eq!(said, (due.scenario, bytes, archive::captured_at(&files).unwrap()), "{}", due.file);
        assert!(bytes <= record::LARGEST, "{}: {bytes} bytes", due.file);
        total += bytes;
        assert_eq!(plain::foreign(&files), [""; 0], "{}", due.file);
        for name in files.keys() {
            assert!(!name.contains("secrets") && !name.contains("configmaps"), "{}: {name}", due.file);
        }
    }
    println!("{} recordings, {total} bytes", known.len());
    assert!(total <= ALL, "{total} bytes");
}

#[test]
fn the_demo_is_the_capture_that_its_provenance_tells_of() {
    let provenance = Provenance::read(&places::demo()).unwrap();
    let [entry] = provenance.recordings.as_slice() else { panic!("{provenance:?}") };
    let captured_at = fs::read_to_string(places::embedded().join("captured-at")).unwrap();
    assert_eq!((captured_at.trim(), entry.scenario.as_str()), (entry.captured_at.as_str(), "shop"));
    assert_eq!(DEMO.scenarios.keys().collect::<Vec<_>>(), ["shop"]);
}
