//! A scenario as a folder of files, as a workbook or as one JSON document. Reading what was written gives an equal scenario.

mod draft;
mod template;
mod workbook;

use std::collections::BTreeSet;
use std::path::Path;

use tiaoji_core::defect::Table;
use tiaoji_core::draft::{Cell, Rows, ScenarioDraft};
use tiaoji_core::scenario::Scenario;
use tiaoji_core::units::WEEKDAYS;

use crate::cell::{PRIORITIES, guard, show_certificate, show_km, show_money};
use crate::columns::{Field, Record, Visitor, file_name, is_required, visit_tables};
use crate::office::package::pack;
use crate::value::Value;

pub use draft::to_draft;
pub use template::{posting_template, template_workbook};
#[cfg(test)]
pub(crate) use workbook::workbook_sheets;
pub use workbook::{draft_to_workbook, to_workbook};

/// A mark that tells spreadsheets that a CSV file is UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Names and contents of the files of a scenario folder: English headers, UTF-8 with a mark, CRLF in tables.
/// Optional tables without rows are left out.
pub fn to_folder_files(scenario: &Scenario) -> Vec<(String, Vec<u8>)> {
    draft_to_folder_files(&to_draft(scenario))
}

/// The same from a draft, valid or not; cells that could not be read are written blank.
pub fn draft_to_folder_files(draft: &ScenarioDraft) -> Vec<(String, Vec<u8>)> {
    let mut draft = draft.clone();
    let mut folder = Folder { files: vec![(file_name(Table::Scenario), toml(&mut draft).into_bytes())] };
    visit_tables(&mut draft, &mut folder);
    folder.files
}

/// The files of a scenario folder in a zip archive.
pub fn to_zip(scenario: &Scenario) -> Vec<u8> {
    pack(&to_folder_files(scenario))
}

/// The scenario as one JSON document, one row of a table a line.
pub fn to_json(scenario: &Scenario) -> Vec<u8> {
    draft_to_json(&to_draft(scenario))
}

/// The same from a draft, valid or not; cells that could not be read are left out.
pub fn draft_to_json(draft: &ScenarioDraft) -> Vec<u8> {
    let mut draft = draft.clone();
    let mut members = vec![("format".to_string(), Value::Whole(crate::read::FORMAT))];
    head_members(&mut draft, &mut members);
    let mut document = Document { members };
    visit_tables(&mut draft, &mut document);
    lay_out(&document.members).into_bytes()
}

/// Writes a scenario folder. An optional table that the scenario has no rows for and the folder has a file of is
/// emptied, so that the folder is this scenario and not a mixture.
///
/// # Errors
/// Where the folder or a file cannot be written.
pub fn write_folder(scenario: &Scenario, folder: &Path) -> std::io::Result<()> {
    let mut files = to_folder_files(scenario);
    let written: BTreeSet<String> = files.iter().map(|(name, _)| name.clone()).collect();
    let mut headers = Headers { files: Vec::new() };
    visit_tables(&mut ScenarioDraft::default(), &mut headers);
    let stale = |name: &str| !written.contains(name) && folder.join(name).exists();
    files.extend(headers.files.into_iter().filter(|(name, _)| stale(name)));
    write_files(&files, folder)
}

/// Writes files into a folder, which is made where there is none.
///
/// # Errors
/// Where the folder or a file cannot be written.
pub fn write_files(files: &[(String, Vec<u8>)], folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

/// The value of a cell, ready to be written.
enum Shown {
    Text(String),
    /// Written bare in every format.
    Number(String),
    /// CNY for people, fen for programs.
    Money(i64),
    Flag(bool),
    List(Vec<String>),
}

impl Field<'_> {
    /// What is written for the cell; none where it is blank.
    fn shown(self) -> Option<Shown> {
        let shown = match self {
            Field::Id(cell) | Field::Text(cell) => Shown::Text(cell.value()?.clone()),
            Field::List(cell) => Shown::List(cell.value()?.clone()),
            Field::Whole(cell) => Shown::Number(cell.value()?.to_string()),
            Field::Float(cell) => Shown::Number(cell.value()?.to_string()),
            Field::Km(cell) => Shown::Number(show_km(*cell.value()?)),
            Field::Money(cell) => Shown::Money(*cell.value()?),
            Field::Date(cell) => Shown::Text(cell.value()?.to_string()),
            Field::Flag(cell) => Shown::Flag(*cell.value()?),
            Field::Priority(cell) => {
                let priority = cell.value()?;
                let name = PRIORITIES.iter().find(|(p, ..)| p == priority).map_or("", |(_, en, _)| en);
                Shown::Text(name.to_string())
            }
            Field::Certificates(cell) => Shown::List(cell.value()?.iter().map(show_certificate).collect()),
            Field::Weekdays(cell) => {
                let names = cell.value()?.iter().filter_map(|&day| WEEKDAYS.get(day));
                Shown::List(names.map(ToString::to_string).collect())
            }
        };
        Some(shown)
    }
}

impl Shown {
    fn cell(&self) -> String {
        match self {
            Shown::Text(text) => guard(text).into_owned(),
            Shown::Number(number) => number.clone(),
            Shown::Money(fen) => show_money(*fen),
            Shown::Flag(flag) => flag.to_string(),
            Shown::List(items) => guard(&items.join(";")).into_owned(),
        }
    }

    fn json(self) -> Value {
        match self {
            Shown::Text(text) => Value::Text(text),
            Shown::Number(number) => Value::Number(number),
            Shown::Money(fen) => Value::Whole(fen),
            Shown::Flag(flag) => Value::Bool(flag),
            Shown::List(items) => Value::Array(items.into_iter().map(Value::Text).collect()),
        }
    }

    fn toml(&self) -> String {
        let quoted = |text: &String| toml::Value::String(text.clone()).to_string();
        match self {
            Shown::Text(text) => quoted(text),
            Shown::List(items) => format!("[{}]", items.iter().map(quoted).collect::<Vec<_>>().join(", ")),
            other => other.cell(),
        }
    }
}

/// Columns of the head that have something to say, with it. (Asking a draft for its horizon would make one.)
fn head(draft: &mut ScenarioDraft) -> Vec<(usize, Shown)> {
    let has_horizon = draft.horizon.value().is_some();
    let columns = ScenarioDraft::COLUMNS.iter().enumerate();
    let asked = columns.filter(|(_, column)| has_horizon || !column.name.starts_with("horizon."));
    asked.filter_map(|(at, column)| Some((at, (column.field)(draft).shown()?))).collect()
}

fn toml(draft: &mut ScenarioDraft) -> String {
    let mut text = format!("format = {}\n", crate::read::FORMAT);
    let mut section = "";
    for (at, shown) in head(draft) {
        let name = ScenarioDraft::COLUMNS[at].name;
        let (group, key) = name.rsplit_once('.').unwrap_or(("", name));
        if group != section {
            text.extend(["[", group, "]\n"]);
            section = group;
        }
        text.extend([key, " = ", shown.toml().as_str(), "\n"]);
    }
    text
}

fn head_members(draft: &mut ScenarioDraft, members: &mut Vec<(String, Value)>) {
    let infos = crate::columns::columns(Table::Scenario);
    for (at, shown) in head(draft) {
        let key = infos[at].json_key();
        let mut into = &mut *members;
        let mut parts: Vec<&str> = key.split('.').collect();
        let leaf = parts.pop().unwrap_or_default().to_string();
        for part in parts {
            into = member(into, part);
        }
        into.push((leaf, shown.json()));
    }
}

/// The members of the object of that name, which is made where there is none.
fn member<'a>(members: &'a mut Vec<(String, Value)>, name: &str) -> &'a mut Vec<(String, Value)> {
    let at = members.iter().position(|(key, _)| key == name).unwrap_or_else(|| {
        members.push((name.to_string(), Value::Object(Vec::new())));
        members.len() - 1
    });
    match &mut members[at].1 {
        Value::Object(inner) => inner,
        _ => unreachable!("heads hold objects and leaves under different names"),
    }
}

struct Folder {
    files: Vec<(String, Vec<u8>)>,
}

impl Visitor for Folder {
    fn table<T: Record>(&mut self, rows: &mut Rows<T>) {
        if !rows.rows.is_empty() || is_required(T::TABLE) {
            self.files.push((file_name(T::TABLE), table_bytes(rows)));
        }
    }
}

/// Optional tables with nothing but their header.
struct Headers {
    files: Vec<(String, Vec<u8>)>,
}

impl Visitor for Headers {
    fn table<T: Record>(&mut self, rows: &mut Rows<T>) {
        if !is_required(T::TABLE) {
            self.files.push((file_name(T::TABLE), table_bytes(rows)));
        }
    }
}

fn table_bytes<T: Record>(rows: &mut Rows<T>) -> Vec<u8> {
    let records = rows.rows.iter_mut().map(|row| {
        let cell = |column: &crate::columns::Column<T>| (column.field)(&mut row.cells).shown();
        T::COLUMNS.iter().map(cell).map(|shown| shown.map_or(String::new(), |s| s.cell())).collect()
    });
    let header = T::COLUMNS.iter().map(|column| column.name.to_string()).collect();
    let records: Vec<Vec<String>> = std::iter::once(header).chain(records).collect();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(MARK.to_vec());
    for record in records {
        // Writing to memory, records of equal length: there is nothing that could fail.
        if writer.write_record(&record).is_err() {
            break;
        }
    }
    writer.into_inner().unwrap_or_default()
}

struct Document {
    members: Vec<(String, Value)>,
}

impl Visitor for Document {
    fn table<T: Record>(&mut self, rows: &mut Rows<T>) {
        let infos = crate::columns::columns(T::TABLE);
        let row = |cells: &mut T| {
            let members = T::COLUMNS
                .iter()
                .zip(infos)
                .filter_map(|(column, info)| Some((info.json_key(), (column.field)(cells).shown()?.json())));
            Value::Object(members.collect())
        };
        let rows = rows.rows.iter_mut().map(|r| row(&mut r.cells)).collect();
        self.members.push((T::TABLE.name().to_string(), Value::Array(rows)));
    }
}

/// An object with one member a line, and tables with one row a line: short, and fit for a diff.
fn lay_out(members: &[(String, Value)]) -> String {
    let compact = |value: &Value| serde_json::to_string(value).unwrap_or_default();
    let lines = members.iter().map(|(key, value)| match value {
        Value::Array(rows) if rows.iter().any(|row| row.object().is_some()) => {
            let rows: Vec<String> = rows.iter().map(|row| format!("    {}", compact(row))).collect();
            format!("  \"{key}\": [\n{}\n  ]", rows.join(",\n"))
        }
        value => format!("  \"{key}\": {}", compact(value)),
    });
    format!("{{\n{}\n}}\n", lines.collect::<Vec<_>>().join(",\n"))
}

/// A cell that is left blank where it says what blank says.
fn unless<T: PartialEq>(value: T, default: &T) -> Cell<T> {
    if value == *default { Cell::Blank } else { Cell::Value(value) }
}
