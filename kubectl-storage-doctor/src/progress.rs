//! A line on standard error that says what is being looked at, when it takes long.

use crate::output;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use storage_doctor::render::safe;

/// How long a run stays silent.
const SILENCE: Duration = Duration::from_secs(1);
/// How often the line is drawn anew.
const TICK: Duration = Duration::from_millis(200);
/// How many characters of a query are shown, so that the line stays one.
const SHOWN: usize = 60;

/// The line. Cloning shares it.
#[derive(Clone, Default)]
pub(crate) struct Progress(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    text: String,
    drawn: bool,
    over: bool,
}

impl Progress {
    /// Says what is being looked at now.
    pub(crate) fn look_at(&self, what: &str) {
        let text = safe::one_line(what, SHOWN);
        self.with(|state| state.text = text);
    }

    /// Draws the line from time to time once a second has passed, if standard error is a terminal. To be
    /// spawned; ends when the line is cleared.
    pub(crate) async fn draw(self) {
        if !output::is_watched() {
            return;
        }
        tokio::time::sleep(SILENCE).await;
        while !self.with(State::draw) {
            tokio::time::sleep(TICK).await;
        }
    }

    /// Takes the line away for good.
    pub(crate) fn clear(&self) {
        self.with(|state| {
            if std::mem::take(&mut state.drawn) {
                output::note("\r\u{1b}[K");
            }
            state.over = true;
        });
    }

    fn with<T: Default>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.0.lock().map(|mut state| change(&mut state)).unwrap_or_default()
    }
}

impl State {
    /// Draws the line; true when it is over.
    fn draw(&mut self) -> bool {
        if !self.over && !self.text.is_empty() {
            output::note(&format!("\r\u{1b}[Klooking at {}", self.text));
            self.drawn = true;
        }
        self.over
    }
}
