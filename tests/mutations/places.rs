//! The keys and values of a YAML text, with their bytes.

use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle};
use std::ops::Range;

/// A key, a text or a container.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The keys on the way to it; `[]` for an item of a list.
    pub(crate) path: Vec<String>,
    pub(crate) at: Range<usize>,
    pub(crate) what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A key; whether its map is written in braces.
    Key { flow: bool },
    /// A text without quotes.
    Plain,
    /// A text in single quotes.
    Single,
    /// A text in double quotes.
    Double,
    /// A text over several lines.
    Block,
    /// A list or map.
    Container,
}

/// Every place of a text.
pub(crate) fn places(text: &str) -> Vec<Place> {
    let mut reader = Reader { parser: Parser::new_from_str(text), text, found: Vec::new() };
    while let Some(Ok((event, span))) = reader.parser.next_event() {
        let span = span.byte_range().unwrap_or_default();
        reader.value(&event, span, &mut Vec::new());
    }
    reader.found
}

struct Reader<'a> {
    parser: Parser<'a, serde_saphyr::granit_parser::StrInput<'a>>,
    text: &'a str,
    found: Vec<Place>,
}

impl<'a> Reader<'a> {
    /// The next event but for comments, which stand anywhere: also between a key and its value.
    fn next(&mut self) -> (Event<'a>, Range<usize>) {
        loop {
            let (event, span) = self.parser.next_event().expect("the text is not over").expect("the text is YAML");
            if !matches!(event, Event::Comment(..)) {
                return (event, span.byte_range().unwrap_or_default());
            }
        }
    }

    fn value(&mut self, event: &Event<'a>, at: Range<usize>, path: &mut Vec<String>) {
        match event {
            Event::Scalar(_, style, ..) => {
                let what = match style {
                    ScalarStyle::Plain => What::Plain,
                    ScalarStyle::SingleQuoted => What::Single,
                    ScalarStyle::DoubleQuoted => What::Double,
                    _ => What::Block,
                };
                self.found.push(Place { path: path.clone(), at, what });
            }
            Event::SequenceStart(..) => self.list(at, path),
            Event::MappingStart(..) => self.map(at, path),
            _ => {}
        }
    }

    fn list(&mut self, start: Range<usize>, path: &mut Vec<String>) {
        let index = self.found.len();
        path.push("[]".to_owned());
        let end = loop {
            let (event, at) = self.next();
            if matches!(event, Event::SequenceEnd) {
                break at;
            }
            self.value(&event, at, path);
        };
        path.pop();
        self.container(index, &start, &end, path);
    }

    fn map(&mut self, start: Range<usize>, path: &mut Vec<String>) {
        let index = self.found.len();
        let flow = start.end > start.start;
        let end = loop {
            let (event, at) = self.next();
            let Event::Scalar(key, ..) = event else { break at };
            path.push(key.to_string());
            self.found.push(Place { path: path.clone(), at, what: What::Key { flow } });
            let (event, at) = self.next();
            self.value(&event, at, path);
            path.pop();
        };
        self.container(index, &start, &end, path);
    }

    fn container(&mut self, index: usize, start: &Range<usize>, end: &Range<usize>, path: &[String]) {
        // Only what stands in brackets has an end that is easy to tell.
        if start.end > start.start && self.text[start.clone()].starts_with(['[', '{']) {
            let place = Place { path: path.to_vec(), at: start.start..end.end, what: What::Container };
            self.found.insert(index, place);
        }
    }
}
