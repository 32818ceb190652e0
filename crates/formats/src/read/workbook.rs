//! A scenario as a workbook: one sheet a table, the policy as a sheet of keys and values. Each sheet becomes the same
//! rows of text as a CSV file, and goes the same way from there.

use std::collections::HashMap;

use csv::StringRecord;
use tiaoji_core::defect::{Defect, DefectCode, Detail, Place, Table, Warning, WarningCode};
use tiaoji_core::draft::{Rows, ScenarioDraft};

use super::table::{NoTable, Sheet, is_blank, letters, no_table};
use super::{Origin, Reading, head, json};
use crate::cell::clean;
use crate::columns::{
    Info, Kind, Record, Visitor, columns, file_name, is_required, nearest, table_zh, visit_tables,
};
use crate::office::serial::{self, System};
use crate::office::workbook::{Content, SheetCell, SheetInfo, Workbook};
use crate::value::{Value, shorten};

/// Sheets that are no tables of a scenario, and known all the same: a template's instructions.
pub(crate) const BESIDE: [&str; 2] = ["说明", "README"];

/// How many rows that are not blank may stand above a header.
const MAX_TITLES: usize = 20;

/// The most cells that are kept of a workbook, blank ones between others included.
const MAX_CELLS: usize = 1_500_000;

/// Reads a workbook; `name` is what its faults call it.
pub(super) fn read(name: &str, bytes: &[u8]) -> Reading {
    let mut draft = ScenarioDraft::default();
    let mut reader = Reader {
        sheets: HashMap::new(),
        titles: HashMap::new(),
        defects: Vec::new(),
        warnings: Vec::new(),
        cells_left: MAX_CELLS,
        workbook: None,
    };
    let mut head = HashMap::new();
    match Workbook::open(bytes) {
        Ok(workbook) => {
            reader.warnings = strangers(&workbook.sheets);
            reader.workbook = Some(workbook);
            if reader.policy(&mut draft, &mut head) {
                visit_tables(&mut draft, &mut reader);
            }
        }
        Err(why) => {
            json::lose_all(&mut draft);
            reader.defects.push(unreadable(Table::Scenario, why));
            reader.titles.insert(Table::Scenario, String::new());
        }
    }
    let Reader { sheets, titles, defects, warnings, .. } = reader;
    let origin = Origin::Workbook { name: name.to_string(), titles, sheets, head };
    Reading { draft, defects, warnings, origin }
}

/// The sheet of one table, and its title: the one that is called like the table, or else the only one that is shown.
pub(super) fn one_sheet(table: Table, bytes: &[u8]) -> Result<(String, Sheet), Vec<Defect>> {
    let workbook = Workbook::open(bytes).map_err(|why| vec![unreadable(table, why)])?;
    let mut reader = Reader {
        sheets: HashMap::new(),
        titles: HashMap::new(),
        defects: Vec::new(),
        warnings: Vec::new(),
        cells_left: MAX_CELLS,
        workbook: Some(workbook),
    };
    let workbook = reader.workbook.as_ref();
    let mut shown = workbook.iter().flat_map(|workbook| &workbook.sheets).filter(|sheet| !sheet.is_hidden);
    let only = match (shown.next(), shown.next()) {
        (Some(only), None) => Some(only.clone()),
        _ => None,
    };
    let Some(info) = only.or_else(|| reader.find(table)) else { return Err(reader.defects) };
    reader.lines(table, &info).map(|sheet| (info.name.trim().to_string(), sheet)).map_err(|no| {
        reader.refuse(table, no);
        reader.defects
    })
}

fn unreadable(table: Table, why: String) -> Defect {
    Defect::table(DefectCode::Unreadable, table, Detail::Because(why))
}

/// The table that a sheet of that name holds.
fn table_of(name: &str) -> Option<Table> {
    let name = name.trim();
    let is = |table: &Table| {
        [table.name(), file_name(*table).as_str()].iter().any(|n| n.eq_ignore_ascii_case(name))
            || table_zh(*table) == name
    };
    Table::ALL.into_iter().find(is)
}

/// Warnings for the sheets that are not read.
fn strangers(sheets: &[SheetInfo]) -> Vec<Warning> {
    let stranger = |sheet: &&SheetInfo| match table_of(&sheet.name) {
        // A hidden sheet of any other name holds the lists of a program, not what a person has written.
        None => !sheet.is_hidden && !BESIDE.contains(&sheet.name.trim()),
        Some(_) => sheet.is_hidden,
    };
    let warning = |sheet: &SheetInfo| {
        let names = Table::ALL.iter().flat_map(|table| [table_zh(*table), table.name()]);
        let detail = match nearest(&sheet.name, names) {
            _ if sheet.is_hidden => Detail::Because("the sheet is hidden".to_string()),
            Some(meant) => Detail::DidYouMean(meant.to_string()),
            None => Detail::None,
        };
        let at = Place { table: Table::Scenario, row: None, column: None };
        Warning { code: WarningCode::UnknownFile, at, read: Some(sheet.name.clone()), detail }
    };
    sheets.iter().filter(stranger).map(warning).collect()
}

struct Reader<'a> {
    workbook: Option<Workbook<'a>>,
    sheets: HashMap<Table, Sheet>,
    /// What the sheets of the tables are called.
    titles: HashMap<Table, String>,
    defects: Vec<Defect>,
    warnings: Vec<Warning>,
    cells_left: usize,
}

/// Row of a key, and what stands beside it.
pub(super) type Keys = HashMap<String, (u32, String)>;

impl Reader<'_> {
    /// The sheet of a table, opened where there is exactly one.
    fn find(&mut self, table: Table) -> Option<SheetInfo> {
        let sheets = self.workbook.as_ref().map_or(&[][..], |workbook| &workbook.sheets);
        let mut found =
            sheets.iter().filter(|sheet| !sheet.is_hidden && table_of(&sheet.name) == Some(table));
        let (first, second) = (found.next().cloned(), found.next());
        let defect = match (&first, second) {
            (Some(first), Some(second)) => {
                let why = format!("two sheets hold this table: {} and {}", first.name, second.name);
                Some(unreadable(table, why))
            }
            (None, _) if is_required(table) => {
                let near = nearest(table_zh(table), sheets.iter().map(|sheet| sheet.name.as_str()));
                let detail = near.map_or(Detail::None, |near| Detail::DidYouMean(near.to_string()));
                Some(Defect::table(DefectCode::MissingFile, table, detail))
            }
            _ => None,
        };
        if let Some(first) = &first {
            self.titles.insert(table, first.name.trim().to_string());
        }
        let good = defect.is_none();
        self.defects.extend(defect);
        first.filter(|_| good)
    }

    /// The rows of a table's sheet; none where it is absent or no table.
    fn rows(&mut self, table: Table) -> Result<Option<Sheet>, NoTable> {
        let Some(info) = self.find(table) else { return Ok(None) };
        self.lines(table, &info).map(Some)
    }

    /// The rows of a sheet as those of a table.
    fn lines(&mut self, table: Table, info: &SheetInfo) -> Result<Sheet, NoTable> {
        let Some(workbook) = &mut self.workbook else { return Err(no_table(None, "there is no workbook")) };
        let mut lines = Lines::new(table, workbook.system);
        let left = &mut self.cells_left;
        let read = workbook.rows(info, |number, cells| {
            // A row of the draft has all its columns, whether or not the sheet fills them.
            let width = cells.last().map_or(0, |cell| cell.column + 1).max(lines.infos.len());
            let fewer = left.checked_sub(width);
            *left = fewer.ok_or_else(|| "the workbook has too many cells".to_string())?;
            lines.add(number, cells);
            Ok(())
        });
        read.map_err(|why| no_table(None, &why))?;
        lines.finish()
    }

    fn refuse(&mut self, table: Table, no: NoTable) {
        let mut defect = Defect::table(no.unread.code, table, no.unread.detail);
        defect.at.row = no.row;
        self.defects.push(defect);
    }

    /// Reads the sheet of keys and values. False where the workbook is of another format.
    fn policy(&mut self, draft: &mut ScenarioDraft, keys: &mut Keys) -> bool {
        let sheet = match self.rows(Table::Scenario) {
            Ok(Some(sheet)) => sheet,
            lost => {
                if let Err(no) = lost {
                    self.refuse(Table::Scenario, no);
                }
                head::lose(draft, "");
                return true;
            }
        };
        let header = (sheet.header_row, sheet.header.clone());
        for (row, record) in std::iter::once(&header).chain(&sheet.rows) {
            let cell = |at| clean(record.get(at).unwrap_or_default());
            let (key, value) = (cell(0), cell(1));
            // Titles, and the header itself.
            if key.is_empty() && value.is_empty()
                || (*row == header.0 && ["key", "键", "项目"].contains(&key))
            {
                continue;
            }
            let mut fault = |code, column: &str, detail| {
                let read = Some(shorten(value));
                self.defects.push(Defect::cell(
                    code,
                    Table::Scenario,
                    *row,
                    column.to_string(),
                    read,
                    detail,
                ));
            };
            let known = known_key(key).map(|at| &ScenarioDraft::COLUMNS[at]);
            let is_format = ["format", "格式"].contains(&key);
            let name = known.map_or(if is_format { "format" } else { key }, |column| column.name);
            if let Some((first, _)) = keys.get(name) {
                fault(DefectCode::DuplicateColumn, name, Detail::FirstIn(*first));
                continue;
            }
            keys.insert(name.to_string(), (*row, value.to_string()));
            match known {
                _ if sheet.unread.contains_key(&(*row, 1)) => {
                    let why = sheet.unread[&(*row, 1)].clone();
                    fault(DefectCode::Unreadable, name, Detail::Because(why));
                    if let Some(column) = known {
                        (column.field)(draft).set_bad();
                    }
                }
                None if is_format => {
                    let number =
                        Value::Object(vec![("format".to_string(), Value::Number(value.to_string()))]);
                    if !value.is_empty() && !head::check_format(&number, &mut self.defects) {
                        json::lose_all(draft);
                        return false;
                    }
                }
                None => {
                    let names = columns(Table::Scenario).iter().flat_map(|info| [info.name, info.zh]);
                    let detail =
                        nearest(key, names).map_or(Detail::None, |n| Detail::DidYouMean(n.to_string()));
                    fault(DefectCode::UnknownKey, &shorten(key), detail);
                }
                // A blank value leaves the horizon as it is, too: asking for its cell would make one.
                Some(_) if value.is_empty() => {}
                Some(column) => {
                    if let Err(unread) = (column.field)(draft).set_text(value) {
                        fault(unread.code, column.name, unread.detail);
                    }
                }
            }
        }
        true
    }
}

fn known_key(key: &str) -> Option<usize> {
    columns(Table::Scenario).iter().position(|info| info.name.eq_ignore_ascii_case(key) || info.zh == key)
}

impl Visitor for Reader<'_> {
    fn table<T: Record>(&mut self, rows: &mut Rows<T>) {
        match self.rows(T::TABLE) {
            Ok(Some(mut sheet)) => {
                sheet.fill(rows, &mut self.defects);
                self.sheets.insert(T::TABLE, sheet);
            }
            Ok(None) => rows.readable = !is_required(T::TABLE) && !self.titles.contains_key(&T::TABLE),
            Err(no) => {
                self.refuse(T::TABLE, no);
                rows.readable = false;
            }
        }
    }
}

/// The rows of one sheet on their way to text. How a number is written follows from its column, so rows wait until
/// the header is known.
struct Lines {
    table: Table,
    infos: &'static [Info],
    system: System,
    /// Rows above the header, or those that might be it.
    waiting: Vec<(u32, Vec<SheetCell>)>,
    /// By position: what the column holds, once the header is known.
    kinds: Option<Vec<Option<Kind>>>,
    rows: Vec<(u32, StringRecord)>,
    unread: HashMap<(u32, usize), String>,
}

impl Lines {
    fn new(table: Table, system: System) -> Lines {
        Lines {
            table,
            infos: columns(table),
            system,
            waiting: Vec::new(),
            kinds: None,
            rows: Vec::new(),
            unread: HashMap::new(),
        }
    }

    fn add(&mut self, number: u32, cells: Vec<SheetCell>) {
        if self.kinds.is_some() {
            self.push(number, cells);
        } else if self.is_header(&cells) {
            // What stands above is a title.
            self.waiting.clear();
            self.begin(number, cells);
        } else {
            self.waiting.push((number, cells));
            if self.waiting.len() > MAX_TITLES {
                self.give_up();
            }
        }
    }

    /// No header found: the first row is taken for it, and its faults will tell.
    fn give_up(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting).into_iter();
        if let Some((number, cells)) = waiting.next() {
            self.begin(number, cells);
        }
        for (number, cells) in waiting {
            self.push(number, cells);
        }
    }

    /// Two cells name columns; in the sheet of keys and values, one names a key or says that keys follow.
    fn is_header(&self, cells: &[SheetCell]) -> bool {
        let texts = || {
            cells.iter().filter_map(|cell| match &cell.content {
                Content::Text(text) => Some(clean(text)),
                _ => None,
            })
        };
        let is_name =
            |text: &str| self.infos.iter().any(|i| i.name.eq_ignore_ascii_case(text) || i.zh == text);
        if self.table == Table::Scenario {
            let first = cells.first().filter(|cell| cell.column == 0);
            return first.is_some_and(|_| {
                texts().next().is_some_and(|text| {
                    is_name(text) || ["key", "键", "项目", "format", "格式"].contains(&text)
                })
            });
        }
        texts().filter(|text| is_name(text)).count() >= 2
    }

    fn begin(&mut self, number: u32, cells: Vec<SheetCell>) {
        self.kinds = Some(Vec::new());
        self.push(number, cells);
        let Some((_, header)) = self.rows.first() else { return };
        let kind = |text: &str| {
            let text = clean(text);
            self.infos.iter().find(|i| i.name.eq_ignore_ascii_case(text) || i.zh == text).map(|i| i.kind)
        };
        self.kinds = Some(header.iter().map(kind).collect());
    }

    fn push(&mut self, number: u32, cells: Vec<SheetCell>) {
        let kinds = self.kinds.as_deref().unwrap_or_default();
        let mut record = StringRecord::new();
        let key_kind = match cells.first().map(|cell| &cell.content) {
            Some(Content::Text(key)) if self.table == Table::Scenario => {
                known_key(clean(key)).map(|at| self.infos[at].kind)
            }
            _ => None,
        };
        for SheetCell { column, content } in cells {
            while record.len() < column {
                record.push_field("");
            }
            let kind = key_kind.or_else(|| kinds.get(column).copied().flatten());
            match content {
                Content::Text(text) => record.push_field(&text),
                Content::Number { value, is_date } => {
                    record.push_field(&number_text(value, is_date, kind, self.system));
                }
                Content::Flag(flag) => record.push_field(if flag { "true" } else { "false" }),
                Content::Unreadable { shown, why } => {
                    record.push_field(&shown);
                    self.unread.insert((number, column), why);
                }
            }
        }
        if !is_blank(&record) {
            self.rows.push((number, record));
        }
    }

    fn finish(mut self) -> Result<Sheet, NoTable> {
        self.give_up();
        let mut sheet = Sheet::new(self.rows)?;
        let header = sheet.header_row;
        let broken =
            self.unread.iter().filter(|((row, _), _)| *row == header).min_by_key(|(place, _)| **place);
        if let Some(((row, column), why)) = broken {
            return Err(no_table(Some(*row), &format!("the header in column {}: {why}", letters(*column))));
        }
        sheet.unread = self.unread;
        Ok(sheet)
    }
}

/// A number as a person would have written it into that column: a date where the column holds dates, or where its
/// format says so and the column holds none of numbers. Fifteen significant digits, as spreadsheets show them, so
/// that a sum of tenths is what it looks like; coordinates keep what there is.
fn number_text(value: f64, is_date: bool, kind: Option<Kind>, system: System) -> String {
    let as_date = match kind {
        Some(Kind::Date) => true,
        Some(Kind::Whole | Kind::Float | Kind::Money | Kind::Km | Kind::Flag) => false,
        _ => is_date,
    };
    if as_date && let Some(day) = serial::day(value, system) {
        return day.to_string();
    }
    let rounded = if kind == Some(Kind::Float) { None } else { format!("{value:.14e}").parse::<f64>().ok() };
    rounded.unwrap_or(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_their_column_has_them() {
        let check = |value, is_date, kind, expect: &str| {
            assert_eq!(number_text(value, is_date, kind, System::From1900), expect, "{value} {kind:?}");
        };
        check(12.0, false, Some(Kind::Whole), "12");
        check(0.1 + 0.2, false, Some(Kind::Money), "0.3");
        check(8.1 - 1.8e-15, false, Some(Kind::Km), "8.1");
        check(36.98, false, Some(Kind::Float), "36.98");
        check(116.123_456_789_012_34, false, Some(Kind::Float), "116.12345678901234");
        check(19_900_000_001.0, false, Some(Kind::Text), "19900000001");
        check(7.0, false, Some(Kind::Id), "7");
        check(44_625.0, false, Some(Kind::Date), "2022-03-05");
        check(44_625.0, true, Some(Kind::Date), "2022-03-05");
        check(44_625.5, true, Some(Kind::Date), "44625.5");
        check(12.0, true, Some(Kind::Whole), "12");
        check(44_625.0, true, Some(Kind::Id), "2022-03-05");
        check(1.0, false, Some(Kind::Flag), "1");
    }
}
