//! A table as kubectl prints one: upper-case headers, three spaces, no borders.

use super::style::Tone;
use super::wrap::width;
use super::{TextStyle, phrase};

/// What stands in a cell, and its tone.
pub(super) type Cell = (String, Tone);

/// A table as kubectl prints one, without colour. Cells are made harmless; an empty one shows as
/// `<none>`.
pub fn render(headers: &[&str], rows: &[Vec<String>]) -> String {
    let plain = |row: &Vec<String>| row.iter().map(|cell| (cell.clone(), Tone::Plain)).collect();
    let rows: Vec<Vec<Cell>> = rows.iter().map(plain).collect();
    toned(headers, &rows, TextStyle::default())
}

/// The same with tones.
pub(super) fn toned(headers: &[&str], rows: &[Vec<Cell>], style: TextStyle) -> String {
    let header: Vec<Cell> = headers.iter().map(|text| ((*text).to_owned(), Tone::Plain)).collect();
    let rows: Vec<Vec<Cell>> =
        std::iter::once(header).chain(rows.iter().map(|row| row.iter().map(shown).collect())).collect();
    let widths: Vec<usize> = (0..headers.len())
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(&cell.0)).max().unwrap_or(0))
        .collect();
    rows.iter().map(|row| line(row, &widths, style)).collect()
}

/// A cell as it is shown.
fn shown((text, tone): &Cell) -> Cell {
    let text = if text.is_empty() { "<none>".to_owned() } else { phrase::name(text) };
    (text, *tone)
}

/// One line of cells, each but the last as wide as its column.
fn line(row: &[Cell], widths: &[usize], style: TextStyle) -> String {
    let mut out = String::new();
    let mut gap = 0;
    for ((text, tone), column) in row.iter().zip(widths) {
        out.push_str(&" ".repeat(gap));
        out.push_str(&style.paint(*tone, text));
        gap = column.saturating_sub(width(text)) + 3;
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_by_what_is_seen() {
        let rows = vec![vec!["卷".to_owned(), "a".to_owned()], vec!["data-0".to_owned(), String::new()]];
        assert_eq!(render(&["NAME", "STATE"], &rows), "NAME     STATE\n卷       a\ndata-0   <none>\n");
    }

    #[test]
    fn a_cell_cannot_break_out() {
        let rows = vec![vec!["a\nb".to_owned(), "\u{1b}[2J".to_owned()]];
        assert_eq!(render(&["A", "B"], &rows), "A       B\na ⏎ b   \\x1b[2J\n");
    }

    #[test]
    fn colour_takes_no_room() {
        let rows = vec![vec![("bad".to_owned(), Tone::Bad), ("x".to_owned(), Tone::Plain)]];
        let style = TextStyle { color: true, ..TextStyle::default() };
        assert_eq!(toned(&["STATE", "B"], &rows, style), "STATE   B\n\u{1b}[1m\u{1b}[31mbad\u{1b}[0m     x\n");
    }
}
