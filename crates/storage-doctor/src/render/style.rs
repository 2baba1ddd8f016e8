//! How a page looks.

use super::Language;
use anstyle::{AnsiColor, Style};

/// The narrowest page.
const NARROWEST: usize = 40;
/// Beyond this, lines are hard to read.
const WIDEST: usize = 100;

/// How a page looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextStyle {
    /// Whether it may carry ANSI colours.
    pub color: bool,
    /// Columns of the terminal; a page is never narrower than 40 nor wider than 100 of them.
    pub width: usize,
    /// Everything at length.
    pub verbose: bool,
    /// The language of the page's own words.
    pub language: Language,
}

impl Default for TextStyle {
    fn default() -> Self {
        Self { color: false, width: WIDEST, verbose: false, language: Language::English }
    }
}

/// What a piece of text is, and with it its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// No colour.
    Plain,
    /// A heading, or a sentence to read first.
    Strong,
    /// Read only when in doubt.
    Faint,
    /// Something is wrong, or dangerous.
    Bad,
    /// Not known, or to be done with care.
    Doubt,
    /// Not done yet.
    Wait,
    /// Nothing is wrong.
    Good,
}

impl TextStyle {
    /// The columns that a page uses.
    pub(super) fn columns(&self) -> usize {
        self.width.clamp(NARROWEST, WIDEST)
    }

    /// The text in the colour of its tone.
    pub(super) fn paint(&self, tone: Tone, text: &str) -> String {
        let style = tone.style();
        if self.color && tone != Tone::Plain && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

impl Tone {
    fn style(self) -> Style {
        let color = |color: AnsiColor| color.on_default().bold();
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Bad => color(AnsiColor::Red),
            Self::Doubt => color(AnsiColor::Yellow),
            Self::Wait => color(AnsiColor::Cyan),
            Self::Good => color(AnsiColor::Green),
        }
    }
}
