//! Tables of the page.

use maud::{Markup, html};

use super::facts::Facts;
use crate::pictures::thousands;

/// A cell.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Text(String),
    Number(i64),
    /// The id of a posting, which leads to its explanation where there is one.
    Posting(String),
    /// A date that leads somewhere.
    Leads(String, String),
    /// Ids, dates and single words, which stay on one line.
    Short(String),
    /// Sentences, which get some room.
    Wide(String),
    /// A number that is written in some other way, such as money.
    Figure(String),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_string())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Number(number)
    }
}

/// A table: headers (those of numbers marked), the rows that are shown, and how many more there are.
#[derive(Clone, Debug)]
pub(super) struct Table<'t> {
    pub caption: &'t str,
    pub heads: Vec<(&'t str, bool)>,
    pub rows: Vec<Vec<Cell>>,
    pub more: usize,
}

/// The first rows, and how many there are beyond.
pub(super) fn cut<T>(mut rows: Vec<T>, most: usize) -> (Vec<T>, usize) {
    let more = rows.len().saturating_sub(most);
    rows.truncate(most);
    (rows, more)
}

impl Facts<'_> {
    pub(super) fn table(&self, table: &Table<'_>) -> Markup {
        self.table_cut(table, usize::MAX)
    }

    /// A table of which only the first rows are printed.
    pub(super) fn table_cut(&self, table: &Table<'_>, printed: usize) -> Markup {
        let beyond = table.rows.len().saturating_sub(printed);
        html! {
            div class="scroll" role="group" tabindex="0" aria-label=(table.caption) {
                table {
                    caption { (table.caption) }
                    thead { tr { @for (head, number) in &table.heads {
                        th scope="col" class=[number.then_some("number")] { (head) }
                    } } }
                    tbody {
                        @for (row, at) in table.rows.iter().zip(0..) {
                            @if at < printed { tr { (self.cells(row)) } } @else { tr class="on-screen" { (self.cells(row)) } }
                        }
                    }
                }
            }
            @if table.more > 0 { p class=(if beyond > 0 { "soft on-screen" } else { "soft" }) { (self.more(table.more)) } }
            @if beyond > 0 { p class="soft on-paper" { (self.more(table.more + beyond)) } }
        }
    }

    fn more(&self, rows: usize) -> String {
        let rows = thousands(rows as i64);
        self.language.choose(
            format!("… and {rows} more; the workbook of the plan lists all."),
            format!("……另有 {rows} 条；方案工作簿列出全部内容。"),
        )
    }

    /// A table behind a line that opens it; on paper it is open.
    pub(super) fn folded(&self, table: &Table<'_>) -> Markup {
        self.folded_cut(table, usize::MAX)
    }

    /// The same, of which only the first rows are printed.
    pub(super) fn folded_cut(&self, table: &Table<'_>, printed: usize) -> Markup {
        html! {
            details {
                summary { (self.say("Table: ", "数据表：")) (table.caption) }
                (self.table_cut(table, printed))
            }
        }
    }
}

impl Facts<'_> {
    fn cells(&self, row: &[Cell]) -> Markup {
        html! {
            @for (at, cell) in row.iter().enumerate() {
                @match cell {
                    Cell::Text(text) if at == 0 => { th scope="row" { (text) } },
                    Cell::Text(text) => { td { (text) } },
                    Cell::Posting(id) => {
                        th scope="row" class="short" {
                            @if let Some(to) = self.why(id) { a href=(to) { (id) } } @else { (id) }
                        }
                    },
                    Cell::Leads(text, to) => { td class="short" { a href=(to) { (text) } } },
                    Cell::Short(text) if at == 0 => { th scope="row" class="short" { (text) } },
                    Cell::Short(text) => { td class="short" { (text) } },
                    Cell::Wide(text) => { td class="wide" { (text) } },
                    Cell::Number(0) => { td class="number soft" { "0" } },
                    Cell::Number(number) => { td class="number" { (thousands(*number)) } },
                    Cell::Figure(text) => { td class="number" { (text) } },
                }
            }
        }
    }
}
