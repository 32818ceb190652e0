//! One table: rows of text with their numbers, to rows of the draft. What a file is made of, its reader knows.
//!
//! A row with fewer cells than the header ends in blank cells; one with more is `unreadable`, since nobody knows which
//! cell is the surplus one: of it only the id is kept.

use std::borrow::Cow;
use std::collections::HashMap;

use csv::StringRecord;
use tiaoji_core::defect::{Defect, DefectCode, Detail};
use tiaoji_core::draft::{Row, Rows};

use crate::cell::{Unread, clean};
use crate::columns::{Column, Need, Record, nearest};
use crate::value::shorten;

/// The text of a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    /// Row of the header.
    pub header_row: u32,
    pub header: StringRecord,
    /// Rows that are not blank.
    pub rows: Vec<(u32, StringRecord)>,
    /// Cells, by row and position, that the reader of the file could not read, with its reason.
    pub unread: HashMap<(u32, usize), String>,
    /// Columns that may be absent, although the table cannot do without them: whoever reads it puts them in.
    pub optional: &'static [&'static str],
    /// English name of each column of the file that is known.
    names: Vec<Option<&'static str>>,
}

/// Why a file is no table, and the row where that shows.
pub(crate) struct NoTable {
    pub row: Option<u32>,
    pub unread: Unread,
}

pub(crate) fn no_table(row: Option<u32>, why: &str) -> NoTable {
    NoTable { row, unread: Unread::because(DefectCode::Unreadable, why) }
}

pub(crate) fn is_blank(record: &StringRecord) -> bool {
    record.iter().all(|cell| clean(cell).is_empty())
}

impl Sheet {
    /// A table of rows that are not blank, the header first.
    pub fn new(mut rows: Vec<(u32, StringRecord)>) -> Result<Sheet, NoTable> {
        if rows.is_empty() {
            return Err(no_table(None, "there is no header row"));
        }
        let (header_row, header) = rows.remove(0);
        Ok(Sheet { header_row, header, rows, unread: HashMap::new(), optional: &[], names: Vec::new() })
    }

    /// What stands in a cell, as it was written.
    pub fn cell(&self, row: u32, column: &str) -> Option<&str> {
        let at = self.rows.binary_search_by_key(&row, |(number, _)| *number).ok()?;
        let position = self.names.iter().position(|name| *name == Some(column))?;
        self.rows[at].1.get(position).map(str::trim)
    }

    /// Fills the rows of a draft's table; what cannot be read is added to `defects`.
    pub fn fill<T: Record>(&mut self, rows: &mut Rows<T>, defects: &mut Vec<Defect>) {
        self.fill_over(rows, defects, |_, _| None);
    }

    /// The same over rows that stand already, by the row of the file and its id: columns that the file does not have stay
    /// as they are.
    pub fn fill_over<T: Record>(
        &mut self,
        rows: &mut Rows<T>,
        defects: &mut Vec<Defect>,
        standing: impl Fn(u32, &str) -> Option<T>,
    ) {
        let positions = self.match_header::<T>(defects);
        for (column, position) in T::COLUMNS.iter().zip(&positions) {
            let may_be_absent = column.need == Need::Nothing || self.optional.contains(&column.name);
            if position.is_none() && !may_be_absent {
                let code = DefectCode::MissingColumn;
                let row = Some(self.header_row);
                defects.push(Defect::cell(code, T::TABLE, row, column.name, None, Detail::None));
                // Without its column no row's id is known.
                rows.readable &= column.name != "id";
            }
        }
        let id_at = T::COLUMNS.iter().position(|column| column.name == "id").and_then(|at| positions[at]);
        for (number, record) in &self.rows {
            let id = id_at.and_then(|at| record.get(at)).map(clean);
            let mut cells = id.and_then(|id| standing(*number, id)).unwrap_or_default();
            let surplus = record.iter().skip(self.header.len()).find(|cell| !clean(cell).is_empty());
            if let Some(cell) = surplus {
                let why = Detail::Because("it has more cells than the header".to_string());
                let mut defect = Defect::table(DefectCode::Unreadable, T::TABLE, why);
                defect.at.row = Some(*number);
                defect.read = Some(shorten(clean(cell)));
                defects.push(defect);
            }
            for (column, position) in T::COLUMNS.iter().zip(&positions) {
                let field = (column.field)(&mut cells);
                let lost = surplus.is_some() && column.name != "id";
                let why = position.and_then(|at| self.unread.get(&(*number, at)));
                match position.map(|at| clean(record.get(at).unwrap_or_default())) {
                    _ if lost => field.set_bad(),
                    Some(text) if why.is_some() => {
                        field.set_bad();
                        let why = why.map_or(Detail::None, |why| Detail::Because(why.clone()));
                        let read = Some(shorten(text));
                        let code = DefectCode::Unreadable;
                        defects.push(Defect::cell(code, T::TABLE, Some(*number), column.name, read, why));
                    }
                    None if column.need == Need::Nothing || self.optional.contains(&column.name) => {}
                    None => field.set_bad(),
                    Some("") => field.clear(),
                    Some(text) => {
                        if let Err(unread) = field.set_text(text) {
                            let read = Some(shorten(text));
                            defects.push(Defect::cell(
                                unread.code,
                                T::TABLE,
                                Some(*number),
                                column.name,
                                read,
                                unread.detail,
                            ));
                        }
                    }
                }
            }
            rows.rows.push(Row { line: *number, cells });
        }
    }

    /// Where each column of the table stands in the file.
    fn match_header<T: Record>(&mut self, defects: &mut Vec<Defect>) -> Vec<Option<usize>> {
        let mut positions: Vec<Option<usize>> = vec![None; T::COLUMNS.len()];
        self.names = vec![None; self.header.len()];
        let mut unknown = Vec::new();
        let row = Some(self.header_row);
        for (at, written) in self.header.iter().enumerate() {
            let written = clean(written);
            if written.is_empty() {
                let used =
                    self.rows.iter().any(|(_, r)| r.get(at).is_some_and(|cell| !clean(cell).is_empty()));
                if used {
                    let why = Detail::Because("the column has cells and no header".to_string());
                    let code = DefectCode::UnknownColumn;
                    defects.push(Defect::cell(code, T::TABLE, row, letters(at), None, why));
                }
                continue;
            }
            let is = |column: &Column<T>| written.eq_ignore_ascii_case(column.name) || written == column.zh;
            let Some(known) = T::COLUMNS.iter().position(is) else {
                unknown.push(written.to_string());
                continue;
            };
            if positions[known].is_some() {
                let name = T::COLUMNS[known].name;
                let read = Some(shorten(written));
                defects.push(Defect::cell(
                    DefectCode::DuplicateColumn,
                    T::TABLE,
                    row,
                    name,
                    read,
                    Detail::None,
                ));
            } else {
                positions[known] = Some(at);
                self.names[at] = Some(T::COLUMNS[known].name);
            }
        }
        // What stands there already was not meant.
        let open =
            || T::COLUMNS.iter().zip(&positions).filter(|(_, at)| at.is_none()).map(|(column, _)| column);
        for written in unknown {
            let meant = nearest(&written, open().flat_map(|column| [column.name, column.zh]));
            let detail = meant.map_or(Detail::None, |name| Detail::DidYouMean(name.to_string()));
            let read = Some(shorten(&written));
            let column: Cow<'static, str> = Cow::Owned(shorten(&written));
            defects.push(Defect::cell(DefectCode::UnknownColumn, T::TABLE, row, column, read, detail));
        }
        positions
    }
}

/// The letters a spreadsheet gives a column, counted from 0.
pub(crate) fn letters(mut at: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.push(b'A' + (at % 26) as u8);
        if at < 26 {
            break;
        }
        at = at / 26 - 1;
    }
    name.iter().rev().map(|&b| char::from(b)).collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn column_letters() {
        for (at, expect) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(at), expect);
        }
    }
}
