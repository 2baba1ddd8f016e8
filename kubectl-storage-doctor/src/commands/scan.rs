//! `scan`: what is wrong with anything, by root cause.

use super::diagnose::{data, label_selector, nothing};
use crate::args::{Format, Scan};
use crate::error::Failure;
use crate::exit::Exit;
use crate::playbooks::Places;
use crate::progress::Progress;
use crate::session::{self, Partial};
use crate::{output, playbooks, sources};
use storage_doctor::doctor::{self, Doctor, Keep, Scope};
use storage_doctor::render::scan;
use storage_doctor::report::v1::DiagnosisList;
use storage_doctor::selector::Selector;

pub(super) fn run(args: &Scan) -> Result<Exit, Failure> {
    let selector = args.selector.as_deref().map(label_selector).transpose()?;
    let places = Places::read(&args.playbooks, playbooks::is_translated(&args.look))?;
    let progress = Progress::default();
    let work = look(args, selector, places, &progress);
    let list = session::run(&progress, &Partial::default(), work)?;
    let style = output::style(&args.look, args.verbose);
    let text = match args.output {
        Format::Text => scan::render(&list, &style),
        format => data(&list, format)?,
    };
    output::print(&text, style.color && args.output == Format::Text)?;
    Ok(Exit::of_list(&list))
}

async fn look(
    args: &Scan,
    selector: Option<Selector>,
    mut places: Places,
    progress: &Progress,
) -> Result<DiagnosisList, Failure> {
    let opened = sources::open(&args.place(), progress).await?;
    places.add_cluster(opened.fetched);
    let mut playbooks = places.assemble(args.look.color)?.playbooks;
    if args.output == Format::Text {
        playbooks = playbooks::spoken(playbooks, &args.look);
    }
    let scope = if args.all_namespaces { Scope::Cluster } else { Scope::Namespace(opened.namespace) };
    // A page names only troubles; a program gets every item.
    let keep = if args.output == Format::Text { Keep::Troubles } else { Keep::All };
    let scan = doctor::Scan { scope, selector, keep };
    let doctor = Doctor::new(playbooks, opened.now).on_threads(session::threads());
    let list = session::apart(doctor.scan(&scan, &*opened.source))?;
    if list.counts == storage_doctor::report::v1::Counts::default() && list.unknown.is_empty() {
        let namespace = match &scan.scope {
            Scope::Namespace(namespace) => Some(namespace.as_str()),
            _ => None,
        };
        output::note(&nothing(namespace));
    }
    Ok(list)
}
