//! `capture`: what a diagnosis looks at, in a file for `--from`.

use crate::args::Capture;
use crate::error::Failure;
use crate::exit::Exit;
use crate::output;
use crate::playbooks::Places;
use crate::progress::Progress;
use crate::session::{self, Partial};
use crate::sources::{self, Opened};
use crate::target::Target;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use storage_doctor::doctor::{Doctor, Scope};
use storage_doctor::render::safe;
use storage_doctor::source::recording::{self, About, Written};
use storage_doctor::source::{Capturing, Redactor};
use storage_doctor::subject::Subject;

/// How many kinds, and how many things that could not be had, are named.
const SHOWN: usize = 20;

pub(super) fn run(args: &Capture) -> Result<Exit, Failure> {
    let target = if args.what.is_empty() { None } else { Some(named(args)?) };
    if let Some(path) = &args.output {
        refuse(path, args.force)?;
    }
    let places = Places::read(&args.playbooks, false)?;
    let (progress, partial) = (Progress::default(), Partial::default());
    let work = capture(args, target, places, &progress, &partial);
    let (path, about, written) = session::run(&progress, &partial, work)?;
    output::note(&summary(&about, &written));
    output::print(&format!("{}\n", path.display()), false)?;
    Ok(Exit::Fine)
}

/// The objects that are named, by the rules of a diagnosis.
fn named(args: &Capture) -> Result<Target, Failure> {
    let target = Target::parse(&args.what)?;
    if args.all_namespaces {
        let hint = "-n NAMESPACE says where it is; -A without a name captures all";
        return Err(Failure::new("a resource cannot be retrieved by name across all namespaces").hint(hint));
    }
    if target.names.is_empty() {
        return Err(Failure::new("no NAME is given")
            .hint("name an object, or leave its type out to capture the namespace, or give -A"));
    }
    Ok(target)
}

async fn capture(
    args: &Capture,
    target: Option<Target>,
    mut places: Places,
    progress: &Progress,
    partial: &Partial,
) -> Result<(PathBuf, About, Written), Failure> {
    let Opened { source, namespace, now, label, server_version, fetched } =
        sources::open(&args.place(), progress).await?;
    places.add_cluster(fetched);
    let playbooks = places.assemble(args.look.color)?.playbooks;
    let scope = match target {
        Some(Target { kind, names }) => {
            let namespace = kind.facts().resource.namespaced.then_some(namespace.as_str());
            Scope::Subjects(names.iter().map(|name| Subject::new(kind, namespace, name)).collect())
        }
        None if args.all_namespaces => Scope::Cluster,
        None => Scope::Namespace(namespace),
    };
    let capturing = Capturing::new(source);
    Doctor::new(playbooks, now).survey(&scope, &capturing).await?;
    let time: String = now.to_string().chars().take(19).filter(|c| !matches!(c, '-' | ':')).collect();
    let folder = format!("storage-doctor-{}-{time}Z", plain(&label));
    let path = args.output.clone().unwrap_or_else(|| PathBuf::from(format!("{folder}.tar.gz")));
    let about = About {
        folder,
        tool: format!("storage-doctor {}", env!("CARGO_PKG_VERSION")),
        taken_at: now,
        server_version,
        scope: scope.to_string(),
    };
    let answers = capturing.into_answers();
    progress.look_at("what was found, to write it");
    let redactor = Redactor::new(key()?);
    let written = save(&path, args.force, partial, |file| recording::write(file, &answers, &about, redactor))?;
    Ok((path, about, written))
}

/// A key for this capture alone.
fn key() -> Result<[u8; 32], Failure> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|error| Failure::new("the system gives no random numbers").caused_by(&error))?;
    Ok(key)
}

/// A file that is there is not written over unasked.
fn refuse(path: &Path, force: bool) -> Result<(), Failure> {
    if path.is_dir() {
        return Err(Failure::new(&format!("{} is a folder", path.display())).hint("give the name of a file"));
    }
    if path.exists() && !force {
        return Err(Failure::new(&format!("{} is there already", path.display())).hint("--force writes over it"));
    }
    Ok(())
}

/// Writes beside the file, and gives it its name when it is whole.
fn save<T>(
    path: &Path,
    force: bool,
    partial: &Partial,
    write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> Result<T, Failure> {
    let failed = |error: &io::Error| Failure::new(&format!("cannot write {}", path.display())).caused_by(error);
    refuse(path, force)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::Builder::new().prefix(".storage-doctor-").suffix(".partial").tempfile_in(folder);
    let mut file = file.map_err(|error| failed(&error))?;
    partial.begin(file.path());
    let mut out = BufWriter::new(&mut file);
    let written = write(&mut out).and_then(|written| out.flush().map(|()| written));
    drop(out);
    let written = written.map_err(|error| failed(&error))?;
    let kept = if force { file.persist(path) } else { file.persist_noclobber(path) };
    partial.end();
    match kept {
        Ok(_) => Ok(written),
        // It came while we looked.
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(failed(&error.error).hint("--force writes over it"))
        }
        Err(error) => Err(failed(&error.error)),
    }
}

/// What of a context's name can be part of a file's.
fn plain(label: &str) -> String {
    let plain: String = label
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' })
        .take(60)
        .collect();
    let plain = plain.trim_matches(['-', '.']);
    if plain.is_empty() { "cluster".to_owned() } else { plain.to_owned() }
}

fn summary(about: &About, written: &Written) -> String {
    let counts = &written.counts;
    let kinds: Vec<String> =
        counts.objects.iter().map(|(kind, n)| format!("{n} {}", safe::one_line(kind, 63))).collect();
    let mut out = format!("captured {} as of {}\n", safe::one_line(&about.scope, 300), about.taken_at);
    // Writing into a text does not fail.
    let _ = writeln!(
        out,
        "  {} objects{}{}, {} events, {} logs; {} values masked",
        counts.objects.values().sum::<usize>(),
        if kinds.is_empty() { "" } else { ": " },
        kinds.join(", "),
        counts.events,
        counts.logs,
        counts.masked
    );
    if !written.open.is_empty() {
        let _ = writeln!(out, "  not captured, and recorded as such:");
    }
    for gap in written.open.iter().take(SHOWN) {
        let right = gap.right().map_or(String::new(), |right| format!(" (needs: {right})"));
        let _ = writeln!(out, "    {}", safe::one_line(&format!("{gap}{right}"), 300));
    }
    if let Some(more) = written.open.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(out, "    and {more} more");
    }
    out
}
