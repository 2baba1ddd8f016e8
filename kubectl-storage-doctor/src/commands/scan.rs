//! `scan`: what is wrong with anything, by root cause.

use super::diagnose::{data, label_selector, nothing};
use crate::args::{Format, Scan};
use crate::error::Failure;
use crate::exit::Exit;
use crate::playbooks::Places;
use crate::progress::Progress;
use crate::session::{self, Partial};
use crate::{output, playbooks, sources};
use std::collections::BTreeSet;
use storage_doctor::doctor::{self, Doctor, Keep, Scope};
use storage_doctor::evidence::Query;
use storage_doctor::render::scan;
use storage_doctor::report::v1::DiagnosisList;
use storage_doctor::selector::Selector;
use storage_doctor::source::Ahead;

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
    let scope = if args.all_namespaces { Scope::Cluster } else { Scope::Namespace(opened.namespace) };
    let source = Ahead::new(&*opened.source);
    let color = args.look.color;
    let fetching = source.fetch(foreseen(args, &scope));
    let mut playbooks = session::beside(move || places.assemble(color), fetching).await?.playbooks;
    if args.output == Format::Text {
        playbooks = playbooks::spoken(playbooks, &args.look);
    }
    // A page names only troubles; a program gets every item.
    let keep = if args.output == Format::Text { Keep::Troubles } else { Keep::All };
    let scan = doctor::Scan { scope, selector, keep };
    let doctor = Doctor::new(playbooks, opened.now).on_threads(session::threads());
    let list = doctor.scan(&scan, &source).await?;
    if list.counts == storage_doctor::report::v1::Counts::default() && list.unknown.is_empty() {
        let namespace = match &scan.scope {
            Scope::Namespace(namespace) => Some(namespace.as_str()),
            _ => None,
        };
        output::note(&nothing(namespace));
    }
    Ok(list)
}

/// What is asked while the playbooks are being loaded. A recording answers at once, and what other playbooks want is known
/// only when they are loaded.
fn foreseen(args: &Scan, scope: &Scope) -> BTreeSet<Query> {
    let is_known = args.from.is_none() && !args.playbooks.no_builtin;
    if is_known { doctor::foreseen(scope) } else { BTreeSet::new() }
}
