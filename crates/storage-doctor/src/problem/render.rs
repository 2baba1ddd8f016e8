//! A problem as text, in the manner of rustc.

use super::{Level, Place, Problem, is_direction, tidy};
use annotate_snippets::{AnnotationKind, Group, Level as Mark, Origin, Renderer, Snippet};
use std::ops::Range;
use std::sync::Arc;

/// The most lines that one underlined place may show.
const MAX_LINES: usize = 6;
/// A line longer than this many bytes is shown in part.
const MAX_LINE: usize = 400;
/// How many bytes around the place a long line shows.
const AROUND: usize = 100;

pub(super) fn render(problem: &Problem, color: bool) -> String {
    let level = match problem.level {
        Level::Error => Mark::ERROR,
        Level::Warning => Mark::WARNING,
    };
    let windows: Vec<Window<'_>> = std::iter::once(&problem.at).chain(&problem.also).map(Window::new).collect();
    let mut group = Group::with_title(level.primary_title(problem.message.as_str()).id(problem.code));
    for (n, window) in windows.iter().enumerate() {
        let kind = if n == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let label = (!window.label.is_empty()).then_some(window.label);
        let snippet = Snippet::source(window.text)
            .line_start(window.line)
            .annotation(kind.span(window.range.clone()).label(label));
        if window.cropped {
            // The columns of a part of a line are not those of the line.
            group = group.element(Origin::path(window.name.clone()).line(window.line).char_column(window.column));
            group = group.element(snippet);
        } else {
            group = group.element(snippet.path(window.name.clone()));
        }
    }
    for help in &problem.help {
        group = group.element(Mark::HELP.message(help.as_str()));
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    // The lines shown are the author's: what the renderer lets through, a terminal may obey.
    let visible = |c: char| if ('\u{7f}'..='\u{9f}').contains(&c) || is_direction(c) { '\u{fffd}' } else { c };
    let mut text: String = renderer.render(&[group]).chars().map(visible).collect();
    text.push('\n');
    text
}

/// The part of a file that shows a place: never the whole of a large one.
struct Window<'a> {
    name: String,
    text: &'a str,
    line: usize,
    column: usize,
    range: Range<usize>,
    label: &'a str,
    cropped: bool,
}

impl<'a> Window<'a> {
    fn new(place: &'a Place) -> Self {
        let file = Arc::as_ref(&place.file);
        let text = file.text();
        let position = file.line_column(place.span.start);
        let line_start = text.get(..place.span.start).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1);
        // A byte order mark would shift the underline.
        let line_start =
            if text.get(line_start..).is_some_and(|t| t.starts_with('\u{feff}')) { line_start + 3 } else { line_start };
        let start = place.span.start.max(line_start);
        let shown_end = start + some_lines(text.get(start..place.span.end.max(start)).unwrap_or_default());
        let line_end = text.get(shown_end..).and_then(|t| t.find('\n')).map_or(text.len(), |i| shown_end + i);
        let (mut from, mut to, mut end) = (line_start, line_end, shown_end);
        let cropped = start - line_start > MAX_LINE
            || line_end - shown_end > MAX_LINE
            || shown_end - start > MAX_LINE * MAX_LINES;
        if cropped {
            end = boundary(text, shown_end.min(start + MAX_LINE));
            from = boundary(text, line_start.max(start.saturating_sub(AROUND)));
            to = boundary(text, line_end.min(end + AROUND)).max(end);
        }
        let window = text.get(from..to).unwrap_or_default();
        let window = window.strip_suffix('\r').filter(|w| w.len() >= end - from).unwrap_or(window);
        Self {
            name: tidy(file.name()),
            text: window,
            line: position.line,
            column: position.column,
            range: start - from..end - from,
            label: &place.label,
            cropped,
        }
    }
}

/// How much of `text` to underline: at most some lines, without the white space at the end.
fn some_lines(text: &str) -> usize {
    let cut = text.match_indices('\n').nth(MAX_LINES - 1).map_or(text.len(), |(i, _)| i);
    text.get(..cut).unwrap_or_default().trim_end().len()
}

fn boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
