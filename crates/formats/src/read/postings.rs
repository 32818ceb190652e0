//! A table of postings by itself, as firms send it: a CSV file or a sheet of a workbook, read among the zone's firms and
//! skills. Rows with an id change the posting that has it, rows without add one.

use std::collections::{HashMap, HashSet};

use ::csv::StringRecord;
use tiaoji_core::defect::{Defect, DefectCode, Detail, Table};
use tiaoji_core::draft::{Cell, Rows, ScenarioDraft};

use super::table::{Sheet, letters};
use super::{NewPosting, Origin, Reading, csv, decode, finish, is_workbook, json, workbook};
use crate::cell::clean;
use crate::columns::{Field, Record, Visitor, visit_tables};
use crate::messages;
use crate::report::{Faults, Report};
use crate::value::shorten;
use crate::write::to_json;

/// A table of postings whose cells have not been looked at yet.
#[derive(Clone, Debug)]
pub struct PostingTable {
    table: Table,
    name: String,
    /// What its sheet is called, of a workbook.
    title: String,
    sheet: Sheet,
}

/// A posting that stands already, for the rows that change it.
#[derive(Clone, Debug)]
pub struct StandingPosting {
    /// Its row, a JSON object with the keys of the table's columns.
    pub body: String,
    /// Whether it may still be changed.
    pub is_open: bool,
}

/// A valid row.
#[derive(Clone, Debug, PartialEq)]
pub struct PostingRow {
    /// Row of the file (header = 1).
    pub row: u32,
    /// The posting that it changes; none = a new one.
    pub id: Option<String>,
    /// The posting as it is to be, with the keys of the table's columns; a new one's without `id`.
    pub body: serde_json::Map<String, serde_json::Value>,
}

/// All rows of a table that has no defect, and what is odd about them.
#[derive(Clone, Debug)]
pub struct PostingRows {
    /// In the order of the file.
    pub rows: Vec<PostingRow>,
    /// What is odd.
    pub warnings: Vec<Report>,
}

impl PostingTable {
    /// Finds the table in a file: CSV as UTF-8 or GB18030, cells pasted from a spreadsheet (tabs between them), or a workbook, of which the sheet that is called like the table
    /// counts, or else the only one. `name` is what faults call the file.
    ///
    /// # Errors
    /// Why it is no table.
    pub fn read(side: NewPosting, name: &str, bytes: &[u8]) -> Result<PostingTable, Faults> {
        let table = match side {
            NewPosting::Surplus => Table::Surplus,
            NewPosting::Shortage => Table::Shortage,
        };
        let mut found =
            PostingTable { table, name: name.to_string(), title: String::new(), sheet: Sheet::default() };
        let read = if is_workbook(bytes) {
            workbook::one_sheet(table, bytes).map(|(title, sheet)| {
                found.title = title;
                sheet
            })
        } else {
            decode(bytes)
                .map_err(|unread| (None, unread))
                .and_then(|text| csv::parse(&text, csv::separator(&text)).map_err(|no| (no.row, no.unread)))
                .map_err(|(row, unread)| {
                    let mut defect = Defect::table(unread.code, table, unread.detail);
                    defect.at.row = row;
                    vec![defect]
                })
        };
        match read {
            Ok(sheet) => Ok(PostingTable { sheet, ..found }),
            Err(defects) => {
                let names = found.names();
                let defects = defects.iter().map(|defect| messages::defect(defect, &names)).collect();
                Err(Faults { defects, warnings: Vec::new() })
            }
        }
    }

    /// What its sheet is called; none where it is no workbook.
    pub fn sheet(&self) -> Option<&str> {
        Some(self.title.as_str()).filter(|title| !title.is_empty())
    }

    /// Row and id of every row that is not blank; no id = a new posting.
    pub fn rows(&self) -> impl Iterator<Item = (u32, Option<&str>)> {
        let is_id = |cell: &str| clean(cell).eq_ignore_ascii_case("id") || clean(cell) == "编号";
        let at = self.sheet.header.iter().position(is_id);
        self.sheet.rows.iter().map(move |(row, record)| {
            let id = at.and_then(|at| record.get(at)).map(clean).filter(|id| !id.is_empty());
            (*row, id)
        })
    }

    /// Row and cells of every row that is not blank, as they were written, the header first.
    pub fn lines(&self) -> impl Iterator<Item = (u32, Vec<&str>)> {
        let header = std::iter::once((self.sheet.header_row, &self.sheet.header));
        let rows = self.sheet.rows.iter().map(|(row, record)| (*row, record));
        header.chain(rows).map(|(row, record)| (row, record.iter().collect()))
    }

    /// Where a column stands, from 0, by the name under which faults tell of it; none where the file does not have it.
    pub fn position(&self, column: &str) -> Option<usize> {
        let known = crate::columns::column(self.table, column);
        let is = |cell: &str| match known {
            Some(info) => clean(cell).eq_ignore_ascii_case(info.name) || clean(cell) == info.zh,
            None => shorten(clean(cell)) == column,
        };
        let named = self.sheet.header.iter().position(is);
        named.or_else(|| (0..self.sheet.header.len()).find(|at| letters(*at) == column))
    }

    /// Writes a cell of a row that is there, the header's too; cells before it that are not there are blank.
    pub fn write(&mut self, row: u32, at: usize, text: &str) {
        if self.sheet.header_row == row {
            put(&mut self.sheet.header, at, text);
        } else if let Ok(index) = self.sheet.rows.binary_search_by_key(&row, |(number, _)| *number) {
            put(&mut self.sheet.rows[index].1, at, text);
        }
        self.sheet.unread.remove(&(row, at));
    }

    /// Leaves a row out.
    pub fn remove(&mut self, row: u32) {
        self.sheet.rows.retain(|(number, _)| *number != row);
    }

    /// Row, position and reason of every cell that could not be read from a workbook, in order.
    pub fn unread(&self) -> Vec<(u32, usize, &str)> {
        let mut all: Vec<_> =
            self.sheet.unread.iter().map(|((row, at), why)| (*row, *at, why.as_str())).collect();
        all.sort_unstable();
        all
    }

    /// Marks a cell as one that could not be read.
    pub fn set_unread(&mut self, row: u32, at: usize, why: &str) {
        self.sheet.unread.insert((row, at), why.to_string());
    }

    /// The table as CSV in which every row has the number that it has here.
    pub fn to_csv(&self) -> String {
        let (mut text, mut next) = (Vec::new(), 1);
        for (row, cells) in self.lines() {
            text.resize(text.len() + row.saturating_sub(next) as usize, b'\n');
            next = row + 1;
            let mut writer = ::csv::Writer::from_writer(&mut text);
            // into memory: there is nothing that could fail
            let _ = writer.write_record(cells).and_then(|()| Ok(writer.flush()?));
        }
        String::from_utf8(text).unwrap_or_default()
    }

    /// Reads the rows among the zone's firms and skills, which stand in a JSON document together with its policy.
    ///
    /// `standing` are the postings that the rows may change: what is not among them does not exist. Columns that the file
    /// does not have stay as they are there; a blank cell of one that it has is a blank. Rows without a firm are of
    /// `firm`, where there is one.
    ///
    /// # Errors
    /// Every defect at once.
    pub fn judge(
        self,
        zone: &[u8],
        standing: &HashMap<String, StandingPosting>,
        firm: Option<&str>,
    ) -> Result<PostingRows, Faults> {
        let PostingTable { table, name, title, mut sheet } = self;
        let (mut draft, mut defects) = (ScenarioDraft::default(), Vec::new());
        match decode(zone).ok().and_then(|text| json::parse(&text).ok()) {
            Some(root) => json::fill(&root, &mut draft, &mut defects),
            None => json::lose_all(&mut draft),
        }
        sheet.optional = if firm.is_some() { &["id", "firm"] } else { &["id"] };
        let mut reader = Reader { table, sheet, standing, firm, defects, new: HashMap::new() };
        visit_tables(&mut draft, &mut reader);
        let Reader { sheet, defects, new, .. } = reader;
        let numbers: Vec<u32> = sheet.rows.iter().map(|(row, _)| *row).collect();
        let origin = Origin::Postings { name, title, sheet };
        let loaded = finish(Reading { draft, defects, warnings: Vec::new(), origin })?;
        let mut document: serde_json::Value =
            serde_json::from_slice(&to_json(&loaded.scenario)).unwrap_or_default();
        let bodies = document[table.name()].as_array_mut().map(std::mem::take).unwrap_or_default();
        let rows = numbers.into_iter().zip(bodies).map(|(row, body)| {
            let serde_json::Value::Object(mut body) = body else { return PostingRow::blank(row) };
            body.retain(|_, value| !value.is_null());
            let id = body.get("id").and_then(|id| id.as_str()).unwrap_or_default().to_string();
            let is_new = new.contains_key(&id);
            if is_new {
                body.remove("id");
            }
            PostingRow { row, id: (!is_new).then_some(id), body }
        });
        Ok(PostingRows { rows: rows.collect(), warnings: loaded.warnings })
    }

    fn names(&self) -> messages::Names<'_> {
        messages::Names::Postings(&self.name, &self.title)
    }
}

/// Writes a cell of a record.
fn put(record: &mut StringRecord, at: usize, text: &str) {
    let mut cells: Vec<&str> = record.iter().collect();
    if cells.len() <= at {
        cells.resize(at + 1, "");
    }
    cells[at] = text;
    *record = cells.into_iter().collect();
}

impl PostingRow {
    fn blank(row: u32) -> PostingRow {
        PostingRow { row, id: None, body: serde_json::Map::new() }
    }
}

/// The table on its way into a draft.
struct Reader<'a> {
    table: Table,
    sheet: Sheet,
    standing: &'a HashMap<String, StandingPosting>,
    firm: Option<&'a str>,
    defects: Vec<Defect>,
    /// What new postings are called until they have an id, and their rows.
    new: HashMap<String, u32>,
}

/// A cell that holds an id.
fn id_cell<'a, T: Record>(cells: &'a mut T, name: &str) -> Option<&'a mut Cell<String>> {
    let column = T::COLUMNS.iter().find(|column| column.name == name)?;
    match (column.field)(cells) {
        Field::Id(cell) => Some(cell),
        _ => None,
    }
}

impl Visitor for Reader<'_> {
    fn table<T: Record>(&mut self, rows: &mut Rows<T>) {
        if T::TABLE != self.table {
            return;
        }
        let standing = self.standing;
        self.sheet.fill_over(rows, &mut self.defects, |line, id| {
            let body = json::parse(&standing.get(id)?.body).ok()?;
            Some(json::row::<T>(line, &body, &mut Vec::new()))
        });
        let mut taken: HashSet<String> = HashSet::new();
        for row in &mut rows.rows {
            taken.extend(id_cell(&mut row.cells, "id").and_then(|cell| cell.value().cloned()));
        }
        for row in &mut rows.rows {
            let line = row.line;
            if let (Some(firm), Some(cell)) = (self.firm, id_cell(&mut row.cells, "firm"))
                && matches!(cell, Cell::Blank)
            {
                *cell = Cell::Value(firm.to_string());
            }
            let Some(cell) = id_cell(&mut row.cells, "id") else { continue };
            match cell {
                Cell::Blank => {
                    let mut id = format!("new-{line}");
                    while taken.contains(&id) {
                        id.push('x');
                    }
                    self.new.insert(id.clone(), line);
                    *cell = Cell::Value(id);
                }
                Cell::Value(id) => {
                    let code = match standing.get(id) {
                        None => DefectCode::UnknownReference,
                        Some(posting) if !posting.is_open => DefectCode::Conflict,
                        Some(_) => continue,
                    };
                    let read = Some(shorten(id));
                    self.defects.push(Defect::cell(code, T::TABLE, line, "id", read, Detail::None));
                }
                Cell::Bad => {}
            }
        }
        rows.readable = true;
    }
}
