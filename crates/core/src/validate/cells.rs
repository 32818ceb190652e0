//! Cell by cell: what is required, what range a value may have, which text an id may be.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Display;
use std::ops::RangeInclusive;

use crate::defect::{Defect, DefectCode, Detail, Place, Table};
use crate::draft::{Cell, Row, Rows};
use crate::units::{Count, Day, Fen, Metres};

pub(super) const HEADCOUNT: RangeInclusive<Count> = 0..=1_000_000;
pub(super) const STAY: RangeInclusive<i64> = 1..=3_660;
/// 0 to 1,000,000,000 CNY.
const MONEY: RangeInclusive<Fen> = 0..=100_000_000_000;
/// 0 to 20,000 km.
const DISTANCE: RangeInclusive<Metres> = 0..=20_000_000;
const ID: usize = 64;
pub(super) const NAME: usize = 200;
pub(super) const REMARK: usize = 2_000;

/// Collects defects; every method gives the value where it is good.
#[derive(Default)]
pub(super) struct Defects {
    pub all: Vec<Defect>,
}

/// The row whose cells are being checked.
pub(super) struct At<'a> {
    defects: &'a mut Defects,
    table: Table,
    row: Option<u32>,
    /// False once a cell of the row was missing, unreadable or refused.
    pub good: bool,
}

impl Defects {
    pub fn at(&mut self, table: Table, row: Option<u32>) -> At<'_> {
        At { defects: self, table, row, good: true }
    }

    pub fn push(
        &mut self,
        code: DefectCode,
        table: Table,
        row: Option<u32>,
        column: &'static str,
        read: Option<String>,
        detail: Detail,
    ) {
        let at = Place { table, row, column: Some(Cow::Borrowed(column)) };
        self.all.push(Defect { code, at, read, detail });
    }
}

impl At<'_> {
    pub fn fault(&mut self, code: DefectCode, column: &'static str, read: Option<String>, detail: Detail) {
        self.good = false;
        self.defects.push(code, self.table, self.row, column, read, detail);
    }

    /// The value of an optional cell.
    fn given<T: Clone>(&mut self, cell: &Cell<T>) -> Option<T> {
        self.good &= !matches!(cell, Cell::Bad);
        cell.value().cloned()
    }

    /// The value of a cell that must not be blank.
    pub fn required<T: Clone>(&mut self, column: &'static str, cell: &Cell<T>) -> Option<T> {
        if matches!(cell, Cell::Blank) {
            self.fault(DefectCode::MissingValue, column, None, Detail::None);
        }
        self.given(cell)
    }

    fn in_range<T: PartialOrd + Display>(
        &mut self,
        column: &'static str,
        value: Option<T>,
        range: &RangeInclusive<T>,
        show: impl Fn(&T) -> String,
    ) -> Option<T> {
        let value = value?;
        if range.contains(&value) {
            return Some(value);
        }
        let bounds = Detail::Between(show(range.start()), show(range.end()));
        self.fault(DefectCode::OutOfRange, column, Some(show(&value)), bounds);
        None
    }

    pub fn number(
        &mut self,
        column: &'static str,
        cell: &Cell<i64>,
        range: &RangeInclusive<i64>,
    ) -> Option<i64> {
        let value = self.required(column, cell);
        self.in_range(column, value, range, ToString::to_string)
    }

    pub fn maybe_number(
        &mut self,
        column: &'static str,
        cell: &Cell<i64>,
        range: &RangeInclusive<i64>,
    ) -> Option<i64> {
        let value = self.given(cell);
        self.in_range(column, value, range, ToString::to_string)
    }

    pub fn degrees(&mut self, column: &'static str, cell: &Cell<f64>, limit: f64) -> Option<f64> {
        let value = self.required(column, cell);
        self.in_range(column, value, &(-limit..=limit), ToString::to_string)
    }

    pub fn money(&mut self, column: &'static str, cell: &Cell<Fen>) -> Option<Fen> {
        let value = self.required(column, cell);
        self.in_range(column, value, &MONEY, |&fen| show_money(fen))
    }

    pub fn maybe_money(&mut self, column: &'static str, cell: &Cell<Fen>) -> Option<Fen> {
        let value = self.given(cell);
        self.in_range(column, value, &MONEY, |&fen| show_money(fen))
    }

    pub fn maybe_distance(&mut self, column: &'static str, cell: &Cell<Metres>) -> Option<Metres> {
        let value = self.given(cell);
        self.in_range(column, value, &DISTANCE, |&metres| show_thousandths(metres))
    }

    pub fn day(&mut self, column: &'static str, cell: &Cell<Day>) -> Option<Day> {
        let value = self.required(column, cell);
        self.in_range(column, value, &(Day::MIN..=Day::MAX), ToString::to_string)
    }

    pub fn maybe_day(&mut self, column: &'static str, cell: &Cell<Day>) -> Option<Day> {
        let value = self.given(cell);
        self.in_range(column, value, &(Day::MIN..=Day::MAX), ToString::to_string)
    }

    /// Two dates, the first not after the second.
    pub fn dates(&mut self, from: &Cell<Day>, to: &Cell<Day>) -> Option<(Day, Day)> {
        let (from, to) = (self.day("from", from), self.day("to", to));
        let (from, to) = (from?, to?);
        if from > to {
            self.fault(DefectCode::DatesReversed, "to", Some(to.to_string()), Detail::OtherDate(from));
            return None;
        }
        Some((from, to))
    }

    pub fn or_default<T: Clone>(&mut self, cell: &Cell<T>, default: T) -> T {
        self.given(cell).unwrap_or(default)
    }

    /// A text of at most `limit` characters; an empty one is none.
    pub fn text(&mut self, column: &'static str, cell: &Cell<String>, limit: usize) -> Option<String> {
        let text = self.given(blank_if_empty(cell))?;
        if text.chars().count() > limit {
            self.fault(DefectCode::BadText, column, Some(shorten(&text)), limit_of(limit));
            return None;
        }
        Some(text)
    }

    pub fn required_text(
        &mut self,
        column: &'static str,
        cell: &Cell<String>,
        limit: usize,
    ) -> Option<String> {
        self.required(column, blank_if_empty(cell));
        self.text(column, cell, limit)
    }

    /// An id: 1 to 64 characters, no control characters, none of `/ \ ? #`, and not `.` or `..`.
    pub fn id(&mut self, column: &'static str, cell: &Cell<String>) -> Option<String> {
        let id = self.required_text(column, cell, ID)?;
        let odd = |c: char| c.is_control() || matches!(c, '/' | '\\' | '?' | '#');
        if id == "." || id == ".." || id.chars().any(odd) {
            let why = "an id has no control characters, none of / \\ ? #, and is not . or ..";
            self.fault(DefectCode::BadText, column, Some(id), Detail::Because(why.to_string()));
            return None;
        }
        Some(id)
    }

    /// A reference into a table, which must not be blank.
    pub fn reference(&mut self, column: &'static str, cell: &Cell<String>, ids: &Ids) -> Option<u32> {
        self.required(column, blank_if_empty(cell));
        self.maybe_reference(column, cell, ids)
    }

    /// A reference into a table. None also where the table as a whole could not be read: then nothing is known.
    pub fn maybe_reference(&mut self, column: &'static str, cell: &Cell<String>, ids: &Ids) -> Option<u32> {
        let id = self.given(blank_if_empty(cell))?;
        let found = ids.rows.get(&id).copied();
        if found.is_none() {
            self.good = false;
            if ids.readable {
                let detail = Detail::NotIn(ids.table, None);
                self.fault(DefectCode::UnknownReference, column, Some(id), detail);
            }
        }
        found
    }
}

fn blank_if_empty(cell: &Cell<String>) -> &Cell<String> {
    if cell.value().is_some_and(String::is_empty) { &Cell::Blank } else { cell }
}

/// The ids a table defines, with the position of each among the rows that were read.
pub(super) struct Ids {
    table: Table,
    readable: bool,
    rows: HashMap<String, u32>,
}

impl Ids {
    /// Collects the ids of a table, and reports those that are no ids or stand twice.
    pub fn of<T>(table: Table, rows: &Rows<T>, id: impl Fn(&T) -> &Cell<String>, out: &mut Defects) -> Ids {
        let mut first: HashMap<String, u32> = HashMap::with_capacity(rows.rows.len());
        for (position, row) in (0..).zip(&rows.rows) {
            let Some(id) = out.at(table, Some(row.line)).id("id", id(&row.cells)) else { continue };
            if let Some(&earlier) = first.get(&id) {
                let line = rows.rows[earlier as usize].line;
                out.push(
                    DefectCode::DuplicateId,
                    table,
                    Some(row.line),
                    "id",
                    Some(id),
                    Detail::FirstIn(line),
                );
            } else {
                first.insert(id, position);
            }
        }
        Ids { table, readable: rows.readable, rows: first }
    }

    /// Whether this row is the one that defines its id.
    pub fn defines<T>(&self, position: usize, row: &Row<T>, id: impl Fn(&T) -> &Cell<String>) -> bool {
        id(&row.cells).value().and_then(|id| self.rows.get(id)).is_some_and(|&p| p as usize == position)
    }
}

pub(super) fn limit_of(limit: usize) -> Detail {
    Detail::Because(format!("at most {limit} characters"))
}

fn shorten(text: &str) -> String {
    text.chars().take(80).chain(std::iter::once('…')).collect()
}

/// Fen as CNY with two decimals.
pub(super) fn show_money(fen: Fen) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

/// Thousandths as a decimal number.
fn show_thousandths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.unsigned_abs() / 1000, value.unsigned_abs() % 1000);
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:03}") }
}
