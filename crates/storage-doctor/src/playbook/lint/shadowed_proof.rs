//! The first proof that holds decides: one that only holds where an earlier one does is never used.

use super::{Context, Lint};
use crate::check::compile;
use crate::playbook::model::Severity;
use crate::playbook::raw::{RawCause, RawProof};
use crate::playbook::sink::Sink;
use crate::problem::Level;

pub(super) const LINT: Lint = Lint {
    code: "shadowed-proof",
    level: Level::Warning,
    finds: "a proof that holds only where an earlier proof of the same cause does, and so is never used",
    mend: "put the narrower proof first, or take it out",
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink, lint: &Lint) {
    for (book, raw) in context.playbooks() {
        let ways = |proof: &RawProof| compile(&proof.when, &book.scope.names).ok().map(|check| book.ways(&check));
        for cause in &raw.causes {
            let proofs: Vec<_> = cause.proofs.iter().map(|proof| (proof, ways(proof))).collect();
            for (n, (proof, ways)) in proofs.iter().enumerate() {
                let Some(ways) = ways.as_ref().filter(|ways| !ways.is_none()) else { continue };
                let before = proofs.iter().take(n).find(|(earlier, of)| {
                    of.as_ref().is_some_and(|of| ways.imply(of)) && stands(cause, earlier, proof)
                });
                if let Some((earlier, _)) = before {
                    let message = "this proof is never used: an earlier one holds wherever it does";
                    let problem = lint.problem(book.file, proof.when.span(), message);
                    sink.push(problem.also(book.file, earlier.when.span(), "the earlier one"));
                }
            }
        }
    }
}

/// Whether the earlier proof is looked at whenever the later one is, and always has something to cite. Beside
/// a healthy wait only proofs that are no errors are looked at.
fn stands(cause: &RawCause, earlier: &RawProof, later: &RawProof) -> bool {
    let own = cause.severity.as_ref().map_or(Severity::Error, |severity| *severity.value());
    let error = |proof: &RawProof| proof.severity.as_ref().map_or(own, |s| *s.value()) == Severity::Error;
    let cites = |proof: &RawProof| proof.cites.iter().any(|cite| cite.field.is_some());
    (!error(earlier) || error(later)) && cites(earlier)
}
