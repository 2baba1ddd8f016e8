//! `TYPE [NAME…]`: what is wrong with these objects.

use crate::args::{Diagnose, Format};
use crate::error::Failure;
use crate::exit::Exit;
use crate::playbooks::Places;
use crate::progress::Progress;
use crate::session::{self, Partial};
use crate::target::Target;
use crate::{output, playbooks, sources};
use serde::Serialize;
use storage_doctor::doctor::{Doctor, Selection};
use storage_doctor::render::{TextStyle, json, list, text, yaml};
use storage_doctor::report::v1::{Diagnosis, DiagnosisList};
use storage_doctor::selector::Selector;
use storage_doctor::subject::Subject;

/// What was found.
enum Report {
    One(Box<Diagnosis>),
    Several(DiagnosisList),
}

pub(super) fn run(args: &Diagnose) -> Result<Exit, Failure> {
    let target = Target::parse(&args.what)?;
    let selector = selector(args, &target)?;
    let places = Places::read(&args.playbooks, playbooks::is_translated(&args.look))?;
    let progress = Progress::default();
    let work = diagnose(args, target, selector, places, &progress);
    let report = session::run(&progress, &Partial::default(), work)?;
    show(&report, args)
}

/// kubectl's rules about what goes with what, and its words.
fn selector(args: &Diagnose, target: &Target) -> Result<Option<Selector>, Failure> {
    if args.all_namespaces && !target.names.is_empty() {
        let hint = "-n NAMESPACE says where it is; -A without a name looks at all";
        return Err(Failure::new("a resource cannot be retrieved by name across all namespaces").hint(hint));
    }
    let Some(text) = &args.selector else { return Ok(None) };
    if !target.names.is_empty() {
        return Err(Failure::new("name cannot be provided when a selector is specified"));
    }
    label_selector(text).map(Some)
}

/// The selector of `-l`.
pub(super) fn label_selector(text: &str) -> Result<Selector, Failure> {
    Selector::parse(text).map_err(|error| {
        Failure::new("the selector of -l cannot be read")
            .caused_by(&error)
            .hint("for example -l app=web,tier in (db,cache)")
    })
}

async fn diagnose(
    args: &Diagnose,
    target: Target,
    selector: Option<Selector>,
    mut places: Places,
    progress: &Progress,
) -> Result<Report, Failure> {
    let opened = sources::open(&args.place(), progress).await?;
    places.add_cluster(opened.fetched);
    let mut playbooks = places.assemble(args.look.color)?.playbooks;
    if args.output == Format::Text {
        playbooks = playbooks::spoken(playbooks, &args.look);
    }
    let doctor = Doctor::new(playbooks, opened.now).on_threads(session::threads());
    let namespaced = target.kind.facts().resource.namespaced;
    let namespace = (namespaced && !args.all_namespaces).then_some(opened.namespace);
    if let [name] = target.names.as_slice() {
        let subject = Subject::new(target.kind, namespace.as_deref(), name);
        return Ok(Report::One(Box::new(doctor.diagnose(&subject, &*opened.source).await?)));
    }
    let selection = Selection { kind: target.kind, namespace, names: target.names, selector };
    let list = doctor.diagnose_all(&selection, &*opened.source).await?;
    if list.items.is_empty() && list.unknown.is_empty() {
        output::note(&nothing(selection.namespace.as_deref()));
    }
    Ok(Report::Several(list))
}

/// kubectl's words for an empty list.
pub(super) fn nothing(namespace: Option<&str>) -> String {
    match namespace {
        Some(namespace) => {
            format!("No resources found in {} namespace.\n", storage_doctor::render::safe::one_line(namespace, 63))
        }
        None => "No resources found.\n".to_owned(),
    }
}

fn show(report: &Report, args: &Diagnose) -> Result<Exit, Failure> {
    let style = output::style(&args.look, args.verbose);
    let (text, exit) = match report {
        Report::One(one) => {
            let text = match args.output {
                Format::Text => text::render(one, &style),
                format => data(one, format)?,
            };
            (text, Exit::of(one))
        }
        Report::Several(several) => {
            let text = match args.output {
                Format::Text => page(several, args.all_namespaces, &style),
                format => data(several, format)?,
            };
            (text, Exit::of_list(several))
        }
    };
    output::print(&text, style.color && args.output == Format::Text)?;
    Ok(exit)
}

/// The page; nothing for an empty list, of which standard error tells.
fn page(several: &DiagnosisList, namespaces: bool, style: &TextStyle) -> String {
    if several.items.is_empty() && several.unknown.is_empty() {
        return String::new();
    }
    list::render(several, namespaces, style)
}

pub(super) fn data<T: Serialize>(report: &T, format: Format) -> Result<String, Failure> {
    let failed = |error: &dyn std::error::Error| Failure::new("cannot write the report").caused_by(error);
    match format {
        Format::Yaml => yaml::render(report).map_err(|error| failed(&error)),
        Format::Text | Format::Json => json::render(report).map_err(|error| failed(&error)),
    }
}
