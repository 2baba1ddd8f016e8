//! Reads scenarios, and finds slips before a cluster is brought up for them.

use super::spec::{Scenario, Step, Verdict};
use crate::bed::deploy::{self, Driver};
use crate::bed::trouble::{Attempt, Result, Trouble};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The folder of shared drivers among those of the scenarios.
const DRIVERS: &str = "drivers";

/// All scenarios, by name.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenarios, and the folders they lie in.
    pub scenarios: BTreeMap<String, (PathBuf, Scenario)>,
    /// The shared drivers.
    pub drivers: BTreeMap<String, Driver>,
}

/// What a scenario may be about.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// The codes of all causes.
    pub causes: BTreeSet<String>,
    /// The codes of all states that are waited in.
    pub waiting: BTreeSet<String>,
}

impl Vocabulary {
    /// That of the built-in playbooks.
    pub fn built_in() -> Self {
        let mut words = Self::default();
        for playbook in crate::library::playbooks().iter() {
            words.causes.extend(playbook.causes.iter().map(|cause| cause.id.clone()));
            words.waiting.extend(playbook.waiting.iter().map(|state| state.id.clone()));
        }
        words
    }
}

/// Reads a folder of scenarios; everything that is wrong with them, one a line.
pub fn load(folder: &Path, words: &Vocabulary) -> Result<Loaded> {
    let mut loaded = Loaded { scenarios: BTreeMap::new(), drivers: BTreeMap::new() };
    let mut wrong = Vec::new();
    for path in entries(&folder.join(DRIVERS))? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match read::<Driver>(&path).and_then(|driver| deploy::check(&name, &driver).map(|()| driver)) {
            Ok(driver) => drop(loaded.drivers.insert(name, driver)),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    for path in entries(folder)?.into_iter().filter(|path| path.is_dir() && !path.ends_with(DRIVERS)) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match read::<Scenario>(&path.join("scenario.yaml")) {
            Ok(scenario) => {
                let slips = check(&name, &path, &scenario, &loaded.drivers, words);
                wrong.extend(slips.into_iter().map(|slip| format!("{name}: {slip}")));
                loaded.scenarios.insert(name, (path, scenario));
            }
            Err(error) => wrong.push(error.to_string()),
        }
    }
    if wrong.is_empty() { Ok(loaded) } else { Err(Trouble::new(wrong.join("\n"))) }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).attempt(folder.display())?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_none_or(|end| end == "yaml"));
    paths.sort();
    Ok(paths)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path).attempt(path.display())?;
    // By way of JSON: YAML's own enums are written with tags, which nobody expects.
    let value: serde_json::Value = serde_yaml::from_str(&text).attempt(path.display())?;
    serde_json::from_value(value).attempt(path.display())
}

/// What is wrong with a scenario.
fn check(
    name: &str,
    folder: &Path,
    scenario: &Scenario,
    drivers: &BTreeMap<String, Driver>,
    words: &Vocabulary,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut say = |is_wrong: bool, what: String| wrong.extend(is_wrong.then_some(what));
    let is_label = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    say(
        !is_label || name.len() > 40,
        "the name of its folder is that of a namespace: at most 40 small letters, digits, hyphens".into(),
    );
    say(scenario.about.trim().is_empty(), "`about` says nothing".into());
    say(scenario.truth.trim().len() < 20, "`truth` does not say why the expectation is true".into());
    say(scenario.expect.is_empty(), "nothing is expected".into());
    say(!scenario.alone && !scenario.finally.is_empty(), "`finally` is for those that run alone".into());
    for driver in &scenario.drivers {
        say(!drivers.contains_key(driver), format!("there is no driver {driver}"));
    }
    for (driver, own) in &scenario.own_drivers {
        say(drivers.contains_key(driver), format!("driver {driver} is there for all already"));
        say(
            deploy::check(driver, own).is_err(),
            deploy::check(driver, own).err().map(|e| e.to_string()).unwrap_or_default(),
        );
    }
    for file in &scenario.files {
        say(!folder.join(file).is_file(), format!("there is no file {file}"));
    }
    for step in scenario.steps.iter().chain(&scenario.finally) {
        let disturbs = matches!(step, Step::Stop(_) | Step::Kill(_) | Step::Start(_) | Step::Freeze(_) | Step::Thaw(_));
        say(disturbs && !scenario.alone, format!("`{}` disturbs others: it needs `alone: true`", step.name()));
        if let Step::Wait(wait) = step {
            let pattern = wait.matches.as_deref().map(regex::Regex::new);
            say(matches!(pattern, Some(Err(_))), format!("{}: not a pattern", step.name()));
            let asks = wait.is.is_some() || wait.matches.is_some();
            let of = wait.path.is_some() || wait.event.is_some();
            say(asks && !of, format!("{}: `is` and `matches` are about a `path` or an `event`", step.name()));
        }
    }
    for expect in &scenario.expect {
        let subject = &expect.subject;
        say(!subject.contains('/'), format!("{subject}: not TYPE/NAME"));
        let failing = expect.verdict == Verdict::Failing;
        say(failing != expect.cause.is_some(), format!("{subject}: a cause goes with Failing, and only with it"));
        let waits = expect.verdict == Verdict::Waiting;
        say(waits != expect.waiting.is_some(), format!("{subject}: a state goes with Waiting, and only with it"));
        for cause in expect.cause.iter().chain(&expect.not).chain(&expect.also_true) {
            say(!words.causes.contains(cause), format!("{subject}: no playbook has the cause {cause}"));
        }
        if let Some(state) = &expect.waiting {
            say(!words.waiting.contains(state), format!("{subject}: no playbook has the waiting state {state}"));
        }
        let contradicts = |cause: &&String| expect.cause.as_ref() == Some(cause) || expect.also_true.contains(cause);
        for cause in expect.not.iter().filter(contradicts) {
            say(true, format!("{subject}: {cause} is both expected and not"));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(scenario: &str) -> Result<Loaded> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("drivers")).unwrap();
        std::fs::create_dir_all(folder.path().join("a")).unwrap();
        std::fs::write(folder.path().join("drivers/ok.yaml"), "about: works").unwrap();
        std::fs::write(folder.path().join("a/scenario.yaml"), scenario).unwrap();
        let words = Vocabulary { causes: ["full".to_owned()].into(), waiting: ["new".to_owned()].into() };
        load(folder.path(), &words)
    }

    const HEAD: &str = "about: a full pool\ntruth: the driver refuses every volume\n";

    #[test]
    fn a_scenario_is_read() {
        let expect = "drivers: [ok]\nexpect: [{subject: pvc/data, verdict: Failing, cause: full}]\n";
        let loaded = loaded(&format!("{HEAD}{expect}steps: [{{sleep: 1}}, {{delete: pvc/data}}]")).unwrap();
        let (_, scenario) = &loaded.scenarios["a"];
        assert_eq!(scenario.steps.iter().map(Step::name).collect::<Vec<_>>(), ["sleep 1", "delete pvc/data"]);
        assert_eq!(scenario.expect[0].takes, 60);
    }

    #[test]
    fn slips_are_named() {
        for (slip, said) in [
            ("expect: []", "nothing is expected"),
            ("expect: [{subject: pvc/a, verdict: Failing}]", "a cause goes with Failing"),
            ("expect: [{subject: pvc/a, verdict: Failing, cause: ful}]", "no playbook has the cause ful"),
            ("expect: [{subject: pvc/a, verdict: Waiting, waiting: old}]", "no playbook has the waiting state old"),
            ("expect: [{subject: pvc/a, verdict: Failing, cause: full, not: [full]}]", "both expected and not"),
            ("expect: [{subject: pvc, verdict: Healthy}]", "not TYPE/NAME"),
            ("drivers: [nope]\nexpect: [{subject: pvc/a, verdict: Healthy}]", "there is no driver nope"),
            ("steps: [{stop: etcd}]\nexpect: [{subject: pvc/a, verdict: Healthy}]", "alone: true"),
            (
                "steps: [{wait: {object: a/b, is: x}}]\nexpect: [{subject: pvc/a, verdict: Healthy}]",
                "are about a `path`",
            ),
            ("steps: [{nap: 3}]\nexpect: [{subject: pvc/a, verdict: Healthy}]", "nap"),
            ("expects: []", "expects"),
        ] {
            let error = loaded(&format!("{HEAD}{slip}")).unwrap_err().to_string();
            assert!(error.contains(said), "{slip}: {error}");
        }
    }

    #[test]
    fn the_scenarios_of_this_repository_are_well_formed() {
        load(&crate::bed::places::scenarios(), &Vocabulary::built_in()).unwrap();
    }
}
