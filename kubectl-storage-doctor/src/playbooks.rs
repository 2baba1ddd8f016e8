//! Which playbooks are used: the built-in ones, those of the cluster if they are wanted, the user's own,
//! those named on the command line. A later one replaces an earlier one of its name; a broken one is shown
//! and left out.

use crate::args::{Color, Known, Look, PlaybookArgs};
use crate::error::Failure;
use crate::{environment, output, sources};
use storage_doctor::playbook::{self, Assembled, Files, Loaded, Playbook};
use storage_doctor::render::safe;

/// Files by place, the earliest first.
pub(crate) struct Places {
    builtin: Files,
    cluster: Files,
    /// The user's own, then those of the command line in its order.
    local: Vec<Files>,
    /// What could not be read, and kept nothing else from being read.
    notes: Vec<String>,
}

impl Places {
    /// Reads everything that needs no cluster. A path that was named and is not there is an error.
    pub(crate) fn read(args: &PlaybookArgs, translated: bool) -> Result<Self, Failure> {
        let builtin = builtin(args.no_builtin, translated);
        let mut places = Self { builtin, cluster: Vec::new(), local: Vec::new(), notes: Vec::new() };
        if let Some(folder) = environment::playbook_folder().filter(|folder| folder.exists()) {
            match playbook::read_each(&folder) {
                Ok((files, bad)) => places.take(files, &bad),
                // An empty folder is no mistake.
                Err(playbook::ReadError::NoPlaybooks(_)) => {}
                Err(error) => places.notes.push(Failure::of(&error).in_one_line()),
            }
        }
        for path in &args.playbooks {
            let (files, bad) = playbook::read_each(path)?;
            places.take(files, &bad);
        }
        Ok(places)
    }

    fn take(&mut self, files: Files, bad: &[playbook::ReadError]) {
        self.notes.extend(bad.iter().map(|error| Failure::of(error).in_one_line()));
        self.local.push(files);
    }

    /// Adds the cluster's, and what is to be said of them.
    pub(crate) fn add_cluster(&mut self, fetched: sources::Fetched) {
        self.cluster.extend(fetched.files);
        self.notes.extend(fetched.notes);
    }

    /// Loads what can be loaded, and says on standard error what was left out or replaced.
    pub(crate) fn assemble(self, color: Color) -> Result<Assembled, Failure> {
        let mut layers = vec![self.builtin, self.cluster];
        layers.extend(self.local);
        let assembled = playbook::assemble(&layers);
        let colored = output::stderr_color(color);
        for note in &self.notes {
            output::note(&format!("warning: {note}\n"));
        }
        for problem in &assembled.errors {
            output::note(&format!("{}\n", problem.render(colored)));
        }
        for name in assembled.left_out() {
            let n = assembled.errors.iter().filter(|problem| problem.at.file.name() == name).count();
            let of = if n == 1 { "1 problem".to_owned() } else { format!("{n} problems") };
            output::note(&format!("warning: {} is left out: {of}\n", shown(name)));
        }
        for used in &assembled.used {
            if let Some(before) = used.replaces.first() {
                let (name, file) = (shown(&used.name), shown(used.file.name()));
                output::note(&format!("note: {name} of {file} replaces that of {}\n", shown(before)));
            }
        }
        if assembled.playbooks.is_empty() && !(assembled.errors.is_empty() && self.notes.is_empty()) {
            return Err(Failure::new("no playbook is left"));
        }
        Ok(assembled)
    }
}

/// A name from a file or from the cluster.
fn shown(name: &str) -> String {
    safe::one_line(name, 400)
}

/// The built-in files, unless they are unwanted; their translations only for those who read them.
fn builtin(no_builtin: bool, translated: bool) -> Files {
    let translations = storage_doctor_playbooks::TRANSLATIONS.iter().filter(|_| translated);
    let files = storage_doctor_playbooks::FILES.iter().chain(translations);
    let named = files.map(|(name, text)| (format!("builtin/{name}"), (*text).to_owned()));
    if no_builtin { Vec::new() } else { named.collect() }
}

/// The playbooks that a command about playbooks speaks of; the cluster is asked only if it is wanted.
pub(crate) fn known(args: &Known) -> Result<Assembled, Failure> {
    let mut places = Places::read(&args.playbooks, true)?;
    if let Some(namespace) = &args.playbooks.playbooks_from_cluster {
        places.add_cluster(sources::fetch_playbooks(&args.connection, namespace)?);
    }
    places.assemble(args.look.color)
}

/// The language that is asked for, or that the locale names: `zh`.
pub(crate) fn language(look: &Look) -> String {
    let code = look.lang.clone().or_else(environment::locale).unwrap_or_default();
    code.split(['_', '-', '.', '@']).next().unwrap_or_default().to_ascii_lowercase()
}

/// Whether texts are wanted in another language than the playbooks' own.
pub(crate) fn is_translated(look: &Look) -> bool {
    !matches!(language(look).as_str(), "" | "en" | "c" | "posix")
}

/// The playbooks with their texts in the language that is asked for.
pub(crate) fn spoken(playbooks: Vec<Playbook>, look: &Look) -> Vec<Playbook> {
    let language = language(look);
    if playbooks.iter().any(|playbook| playbook.translations.contains_key(&language)) {
        playbooks.iter().map(|playbook| playbook.in_language(&language)).collect()
    } else {
        playbooks
    }
}

/// The built-in playbooks and those of paths, all of them or none: for tests, which say nothing of playbooks
/// that are not what they seem.
pub(crate) fn load(args: &PlaybookArgs, color: Color) -> Result<Loaded, Failure> {
    let mut layers = vec![builtin(args.no_builtin, false)];
    for path in &args.playbooks {
        layers.push(playbook::read_path(path)?);
    }
    let assembled = playbook::assemble(&layers);
    if assembled.errors.is_empty() {
        return Ok(Loaded { playbooks: assembled.playbooks, warnings: assembled.warnings });
    }
    for problem in &assembled.errors {
        output::note(&format!("{}\n", problem.render(output::stderr_color(color))));
    }
    Err(too_many_to_load(assembled.errors.len()))
}

fn too_many_to_load(n: usize) -> Failure {
    let them = if n == 1 { "1 problem" } else { &format!("{n} problems") };
    Failure::new(&format!("{them} in the playbooks"))
}
