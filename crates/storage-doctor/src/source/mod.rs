//! Where answers come from.

mod ahead;
mod capturing;
mod decode;
mod memory;
pub mod recording;
mod redact;
mod refusals;
mod stats;
mod without;

pub use ahead::Ahead;
pub use capturing::Capturing;
pub use decode::{DecodeError, DecodedList, PageDecoder, decode_list, decode_list_yaml, decode_object};
pub use memory::Memory;
pub use redact::Redactor;
pub use stats::decode_stats;
pub use without::Without;

use crate::evidence::{Answer, Query};
use crate::time::Time;
use futures::StreamExt;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;

/// A boxed future, so that the trait can be a trait object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Something that answers questions about a cluster: the cluster itself, a recording of it, or objects
/// in memory.
pub trait Source: Send + Sync {
    /// Answers `query`. Failing to answer is itself an answer.
    fn answer<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Answer>;

    /// The time that "now" means for these answers: when they were recorded; none for a live source,
    /// whose caller brings the clock.
    fn taken_at(&self) -> Option<Time> {
        None
    }
}

/// Questions under way at once. kube speaks HTTP/1.1, so each is a connection of its own.
const AT_ONCE: usize = 8;

/// Asks several questions, a few at a time.
pub(crate) async fn ask_each(source: &dyn Source, queries: BTreeSet<Query>) -> BTreeMap<Query, Answer> {
    futures::stream::iter(queries)
        .map(|query| async move {
            let answer = source.answer(&query).await;
            (query, answer)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

impl<S: Source + ?Sized> Source for &S {
    fn answer<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Answer> {
        (**self).answer(query)
    }

    fn taken_at(&self) -> Option<Time> {
        (**self).taken_at()
    }
}

impl<S: Source + ?Sized> Source for Box<S> {
    fn answer<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Answer> {
        (**self).answer(query)
    }

    fn taken_at(&self) -> Option<Time> {
        (**self).taken_at()
    }
}
