//! A scenario folder: `scenario.toml` and one CSV file a table.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use tiaoji_core::defect::{Defect, DefectCode, Detail, Place, Table, Warning, WarningCode};
use tiaoji_core::draft::{Rows, ScenarioDraft};

use super::table::Sheet;
use super::{Origin, Reading, csv, decode, head, json, set};
use crate::columns::{Record, Visitor, file_name, is_required, nearest, visit_tables};
use crate::value::Value;

/// Files of a scenario folder that are no tables of it, and known all the same.
const BESIDE: [&str; 4] = ["expect.json", "plan.json", "pairs.csv", "README.md"];

/// Contents of a file, or why they cannot be read.
pub(super) type Contents = Result<Vec<u8>, String>;

/// The files of a folder; only those that a scenario knows are opened. Hidden files are passed over.
pub(super) fn contents(folder: &Path) -> std::io::Result<BTreeMap<String, Contents>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let known = Table::ALL.iter().any(|&table| file_name(table) == name);
        let contents =
            if known { std::fs::read(entry.path()).map_err(|e| e.to_string()) } else { Ok(Vec::new()) };
        if !name.starts_with('.') {
            files.insert(name, contents);
        }
    }
    Ok(files)
}

pub(super) fn read(files: &BTreeMap<String, Contents>) -> Reading {
    let mut draft = ScenarioDraft::default();
    let mut folder = Folder { files, defects: Vec::new(), sheets: HashMap::new(), format: true };
    let (head, rows) = folder.head(&mut draft);
    if folder.format {
        visit_tables(&mut draft, &mut folder);
    }
    let Folder { defects, sheets, .. } = folder;
    let unknown = files.keys().filter(|name| {
        !name.starts_with('.')
            && !BESIDE.contains(&name.as_str())
            && !Table::ALL.iter().any(|&table| file_name(table) == **name)
    });
    let warnings = unknown.map(|name| unknown_file(name)).collect();
    Reading { draft, defects, warnings, origin: Origin::Folder { sheets, head, rows } }
}

fn unknown_file(name: &str) -> Warning {
    let tables: Vec<String> = Table::ALL.iter().map(|&table| file_name(table)).collect();
    let meant = nearest(name, tables.iter().map(String::as_str).chain(BESIDE));
    Warning {
        code: WarningCode::UnknownFile,
        at: Place { table: Table::Scenario, row: None, column: None },
        read: Some(name.to_string()),
        detail: meant.map_or(Detail::None, |meant| Detail::DidYouMean(meant.to_string())),
    }
}

struct Folder<'a> {
    files: &'a BTreeMap<String, Contents>,
    defects: Vec<Defect>,
    sheets: HashMap<Table, Sheet>,
    /// Whether the folder is of a format that is read.
    format: bool,
}

impl Folder<'_> {
    /// The text of a table's file; none where it is missing or no text.
    fn text(&mut self, table: Table) -> Option<String> {
        let file = file_name(table);
        let (code, detail) = match self.files.get(&file) {
            None if !is_required(table) => return None,
            None => {
                let meant =
                    nearest(&file, self.files.keys().map(String::as_str).filter(|f| !BESIDE.contains(f)));
                let detail = meant.map_or(Detail::None, |meant| Detail::DidYouMean(meant.to_string()));
                (DefectCode::MissingFile, detail)
            }
            Some(Err(why)) => (DefectCode::Unreadable, Detail::Because(why.clone())),
            Some(Ok(bytes)) => match decode(bytes) {
                Ok(text) => return Some(text.into_owned()),
                Err(unread) => (unread.code, unread.detail),
            },
        };
        self.defects.push(Defect::table(code, table, detail));
        None
    }

    /// Reads `scenario.toml`: its tree, and the rows of its keys.
    fn head(&mut self, draft: &mut ScenarioDraft) -> (Value, HashMap<String, u32>) {
        let parsed = self.text(Table::Scenario).and_then(|text| {
            let parsed = head::TomlDocument::parse(&text);
            parsed
                .map_err(|no| {
                    let detail = Detail::Because(no.why);
                    let mut defect = Defect::table(DefectCode::Unreadable, Table::Scenario, detail);
                    defect.at.row = no.row;
                    self.defects.push(defect);
                })
                .ok()
        });
        let Some(document) = parsed else {
            head::lose(draft, "");
            return (Value::Null, HashMap::new());
        };
        self.format = head::check_format(&document.root, &mut self.defects);
        if self.format {
            let defects = &mut self.defects;
            let mut head = head::Head { unit: set::Unit::Cny, beside: &[], draft, defects };
            head.read(document.root.object().unwrap_or_default(), "");
        } else {
            json::lose_all(draft);
        }
        (document.root, document.rows)
    }
}

impl Visitor for Folder<'_> {
    fn table<T: Record>(&mut self, rows: &mut Rows<T>) {
        let Some(text) = self.text(T::TABLE) else {
            rows.readable = !is_required(T::TABLE) && !self.files.contains_key(&file_name(T::TABLE));
            return;
        };
        match csv::parse(&text, b',') {
            Ok(mut sheet) => {
                sheet.fill(rows, &mut self.defects);
                self.sheets.insert(T::TABLE, sheet);
            }
            Err(no) => {
                let mut defect = Defect::table(no.unread.code, T::TABLE, no.unread.detail);
                defect.at.row = no.row;
                self.defects.push(defect);
                rows.readable = false;
            }
        }
    }
}
