//! Aligned columns for people. Widths are those of a terminal: a Chinese character takes two cells.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Where a column's text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Texts.
    Left,
    /// Numbers.
    Right,
}

/// A column: its title, where its text stands, and how wide it is at least.
#[derive(Clone, Debug)]
pub struct Column {
    title: String,
    align: Align,
    width: usize,
}

impl Column {
    /// A column as wide as its title.
    pub fn new(title: &str, align: Align) -> Column {
        Column { title: title.to_string(), align, width: title.width() }
    }

    /// At least that wide.
    pub fn at_least(mut self, width: usize) -> Column {
        self.width = self.width.max(width);
        self
    }
}

/// Cells of a terminal that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The line of titles.
pub fn head(columns: &[Column]) -> String {
    line(columns, &columns.iter().map(|column| column.title.clone()).collect::<Vec<_>>())
}

/// One line of cells; what is wider than its column pushes the rest to the right.
pub fn line(columns: &[Column], cells: &[String]) -> String {
    let mut line = String::new();
    for (column, cell) in columns.iter().zip(cells) {
        let blank = " ".repeat(column.width.saturating_sub(cell.width()));
        line.push_str("  ");
        match column.align {
            Align::Left => line.extend([cell, blank.as_str()]),
            Align::Right => line.extend([blank.as_str(), cell]),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// A whole table: titles, then the rows, every column as wide as its widest cell.
pub fn render(mut columns: Vec<Column>, rows: &[Vec<String>]) -> String {
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(row) {
            column.width = column.width.max(cell.width());
        }
    }
    let lines = std::iter::once(head(&columns)).chain(rows.iter().map(|row| line(&columns, row)));
    lines.map(|line| line + "\n").collect()
}

/// A text from outside, fit for a cell: no control characters, at most that wide.
pub fn cell(text: &str, width: usize) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if clean.width() <= width {
        return clean;
    }
    let mut room = width.saturating_sub(2);
    let kept = clean.chars().take_while(|c| {
        let wide = c.width().unwrap_or(0);
        let fits = wide <= room;
        room = room.saturating_sub(wide);
        fits
    });
    kept.collect::<String>() + ".."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_survive_chinese() {
        let columns = vec![
            Column::new("企业", Align::Left),
            Column::new("人天", Align::Right),
            Column::new("x", Align::Left),
        ];
        let row = |a: &str, b: &str, c: &str| vec![a.to_string(), b.to_string(), c.to_string()];
        let rows = [row("晨光食品", "1,200", "a"), row("ABC", "7", ""), row("北河（饮品）", "15", "b")];
        let expect = "  企业           人天  x\n  晨光食品      1,200  a\n  ABC               7\n  北河（饮品）     15  b\n";
        assert_eq!(render(columns, &rows), expect);
    }

    #[test]
    fn cells_are_cut_at_their_width() {
        let check = |text, width, expect| assert_eq!(cell(text, width), expect, "{text}");
        check("晨光食品", 8, "晨光食品");
        check("晨光食品", 7, "晨光..");
        check("晨光食品", 6, "晨光..");
        check("abcdef", 5, "abc..");
        check("a\tb\u{1b}[1m", 20, "a b [1m");
    }
}
