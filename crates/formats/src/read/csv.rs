//! One CSV table: bytes to rows of text with their numbers, and rows of text to rows of the draft.
//!
//! Rows are numbered as a spreadsheet numbers them: every record counts, blank ones too, and one whose quoted cell
//! holds line breaks counts once. A row with fewer cells than the header ends in blank cells; one with more is
//! `unreadable`, since nobody knows which cell is the surplus one: of it only the id is kept.

use std::borrow::Cow;

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
    header_row: u32,
    header: StringRecord,
    /// Rows that are not blank.
    rows: Vec<(u32, StringRecord)>,
    /// English name of each column of the file that is known.
    names: Vec<Option<&'static str>>,
}

/// Why a file is no table, and the row where that shows.
pub(crate) struct NoTable {
    pub row: Option<u32>,
    pub unread: Unread,
}

impl NoTable {
    fn new(row: Option<u32>, why: &str) -> NoTable {
        NoTable { row, unread: Unread::because(DefectCode::Unreadable, why) }
    }
}

fn is_blank(record: &StringRecord) -> bool {
    record.iter().all(|cell| clean(cell).is_empty())
}

impl Sheet {
    /// Splits the text of a file into rows and cells.
    pub fn parse(text: &str) -> Result<Sheet, NoTable> {
        // A quote that is never closed swallows everything after it, this last line included.
        const END: &str = "\u{1}end\u{1}";
        let bytes = format!("{text}\n{END}\n").into_bytes();
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes.as_slice());
        let mut rows: Vec<(u32, StringRecord)> = Vec::new();
        let mut number = 0;
        let mut record = StringRecord::new();
        loop {
            let before = reader.position().byte() as usize;
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return Err(NoTable::new(Some(number + 1), &error.to_string())),
            }
            number += 1 + blank_lines(&bytes, before);
            rows.push((number, record.clone()));
        }
        match rows.pop() {
            Some((_, last)) if last.len() == 1 && last.get(0) == Some(END) => {}
            Some((row, _)) => return Err(NoTable::new(Some(row), "a quoted cell is never closed")),
            None => {}
        }
        rows.retain(|(_, record)| !is_blank(record));
        if rows.is_empty() {
            return Err(NoTable::new(None, "there is no header row"));
        }
        let (header_row, header) = rows.remove(0);
        if header.len() == 1 && header.iter().any(|cell| cell.contains([';', '\t'])) {
            return Err(NoTable::new(Some(header_row), "its cells are not separated by commas"));
        }
        Ok(Sheet { header_row, header, rows, names: Vec::new() })
    }

    /// What stands in a cell, as it was written.
    pub fn cell(&self, row: u32, column: &str) -> Option<&str> {
        let at = self.rows.binary_search_by_key(&row, |(number, _)| *number).ok()?;
        let position = self.names.iter().position(|name| *name == Some(column))?;
        self.rows[at].1.get(position).map(str::trim)
    }

    /// Fills the rows of a draft's table; what cannot be read is added to `defects`.
    pub fn fill<T: Record>(&mut self, rows: &mut Rows<T>, defects: &mut Vec<Defect>) {
        let positions = self.match_header::<T>(defects);
        for (column, position) in T::COLUMNS.iter().zip(&positions) {
            if position.is_none() && column.need != Need::Nothing {
                let code = DefectCode::MissingColumn;
                let row = Some(self.header_row);
                defects.push(Defect::cell(code, T::TABLE, row, column.name, None, Detail::None));
                // Without its column no row's id is known.
                rows.readable &= column.name != "id";
            }
        }
        for (number, record) in &self.rows {
            let mut cells = T::default();
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
                match position.map(|at| clean(record.get(at).unwrap_or_default())) {
                    _ if lost => field.set_bad(),
                    None if column.need == Need::Nothing => {}
                    None => field.set_bad(),
                    Some("") => {}
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

/// Blank lines between the end of a record and the start of the next: the reader skips them without a word.
fn blank_lines(bytes: &[u8], end: usize) -> u32 {
    let is_break = |b: &u8| matches!(b, b'\r' | b'\n');
    let mut start = end;
    // The second half of the line break that ended the record before.
    if end > 0 && bytes.get(end - 1) == Some(&b'\r') && bytes.get(end) == Some(&b'\n') {
        start += 1;
    }
    let gap = bytes.get(start..).unwrap_or_default();
    let gap = &gap[..gap.iter().take_while(|b| is_break(b)).count()];
    let pairs = gap.windows(2).filter(|pair| pair == b"\r\n").count();
    (gap.len() - pairs) as u32
}

/// The letters a spreadsheet gives a column, counted from 0.
fn letters(mut at: usize) -> String {
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
    use super::*;

    #[test]
    fn rows_are_numbered_as_in_a_spreadsheet() {
        let check = |text: &str, expect: &[(u32, &str)]| {
            let Ok(sheet) = Sheet::parse(text) else { panic!("{text:?} is no table") };
            let got: Vec<(u32, &str)> = std::iter::once((sheet.header_row, &sheet.header[0]))
                .chain(sheet.rows.iter().map(|(row, record)| (*row, &record[0])))
                .collect();
            assert_eq!(got, expect, "{text:?}");
        };
        check("h\na\nb\n", &[(1, "h"), (2, "a"), (3, "b")]);
        check("h\r\na\r\nb", &[(1, "h"), (2, "a"), (3, "b")]);
        check("h\ra\rb", &[(1, "h"), (2, "a"), (3, "b")]);
        check("\n\nh\n\na\n,\nb", &[(3, "h"), (5, "a"), (7, "b")]);
        check("\r\nh\r\n\r\n\r\na\r\n\r\nb\r\n", &[(2, "h"), (5, "a"), (7, "b")]);
        check("h\n\"a\nx\"\nb", &[(1, "h"), (2, "a\nx"), (3, "b")]);
        check("h\n\"a\"\"q\"\n\nb", &[(1, "h"), (2, "a\"q"), (4, "b")]);
    }

    #[test]
    fn what_is_no_table() {
        let check = |text: &str, expect: Option<u32>| {
            assert_eq!(Sheet::parse(text).err().map(|no| no.row), Some(expect), "{text:?}");
        };
        check("", None);
        check(" \n , \n", None);
        check("h,i\na,\"b\nc,d\n", Some(2));
        check("h;i\n1;2\n", Some(1));
    }

    #[test]
    fn column_letters() {
        for (at, expect) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(at), expect);
        }
    }
}
