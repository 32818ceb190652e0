//! From a folder, from files in memory, or from one JSON document to a valid scenario, or to every fault at once.

mod csv;
mod decode;
mod head;
mod json;
#[cfg(test)]
mod mutations;
mod set;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use tiaoji_core::defect::{Defect, DefectCode, Detail, Place, Table, Warning, WarningCode};
use tiaoji_core::draft::{Cell, Rows, ScenarioDraft};
use tiaoji_core::scenario::Scenario;

use crate::columns::{Record, Visitor, columns, file_name, is_required, nearest, visit_tables};
use crate::messages;
use crate::report::{Faults, Report};
use crate::value::{Value, shorten};

pub(crate) use decode::decode;
pub(crate) use head::FORMAT;

/// A valid scenario and what is odd about it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// What is odd about it.
    pub warnings: Vec<Report>,
}

/// Files of a scenario folder that are no tables of it, and known all the same.
const BESIDE: [&str; 4] = ["expect.json", "plan.json", "pairs.csv", "README.md"];

/// Where a draft came from: what its files are called, and what stood in its cells.
enum Origin {
    Folder { sheets: HashMap<Table, csv::Sheet>, head: Value, rows: HashMap<String, u32> },
    Document { name: String, root: Value },
}

/// A draft, and the faults that reading it has shown so far.
struct Reading {
    draft: ScenarioDraft,
    defects: Vec<Defect>,
    warnings: Vec<Warning>,
    origin: Origin,
}

/// Reads a scenario: a folder, or one JSON document, whichever the path is.
///
/// # Errors
/// Every defect at once; `missing_file` where there is nothing at that path.
pub fn read_path(path: &Path) -> Result<Loaded, Faults> {
    let shown = path.display().to_string();
    let refuse = |code, why: &str| Err(refusal(&shown, code, why));
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            refuse(DefectCode::MissingFile, "there is no such file or folder")
        }
        Err(error) => refuse(DefectCode::Unreadable, &error.to_string()),
        Ok(about) if about.is_dir() => match folder_contents(path) {
            Ok(files) => finish(read_folder(&files)),
            Err(error) => refuse(DefectCode::Unreadable, &error.to_string()),
        },
        Ok(_) => match std::fs::read(path) {
            Ok(bytes) if bytes.starts_with(b"PK\x03\x04") => {
                refuse(DefectCode::Unreadable, "workbooks are not read yet; save its sheets as CSV files")
            }
            Ok(bytes) => {
                let name = path.file_name().map_or(shown.clone(), |name| name.to_string_lossy().into_owned());
                read_json(&name, &bytes)
            }
            Err(error) => refuse(DefectCode::Unreadable, &error.to_string()),
        },
    }
}

/// Reads a scenario folder from its files' names and contents.
///
/// # Errors
/// Every defect at once.
pub fn read_folder_files(files: &BTreeMap<String, Vec<u8>>) -> Result<Loaded, Faults> {
    let files = files.iter().map(|(name, bytes)| (name.clone(), Ok(bytes.clone()))).collect();
    finish(read_folder(&files))
}

/// Reads a scenario from one JSON document; `name` is what its faults call it.
///
/// # Errors
/// Every defect at once.
pub fn read_json(name: &str, bytes: &[u8]) -> Result<Loaded, Faults> {
    let mut reading = Reading {
        draft: ScenarioDraft::default(),
        defects: Vec::new(),
        warnings: Vec::new(),
        origin: Origin::Document { name: name.to_string(), root: Value::Null },
    };
    let parsed = decode(bytes)
        .map_err(|unread| (unread.code, unread.detail))
        .and_then(|text| json::parse(&text).map_err(|why| (DefectCode::Unreadable, Detail::Because(why))));
    match parsed {
        Ok(root) => {
            json::fill(&root, &mut reading.draft, &mut reading.defects);
            reading.origin = Origin::Document { name: name.to_string(), root };
        }
        Err((code, detail)) => {
            json::lose_all(&mut reading.draft);
            reading.defects.push(Defect::table(code, Table::Scenario, detail));
        }
    }
    finish(reading)
}

/// A scenario of which not even the files are there.
fn refusal(shown: &str, code: DefectCode, why: &str) -> Faults {
    let defect = Defect::table(code, Table::Scenario, Detail::Because(why.to_string()));
    Faults { defects: vec![messages::defect(&defect, &messages::Names::Path(shown))], warnings: Vec::new() }
}

/// Contents of a file, or why they cannot be read.
type Contents = Result<Vec<u8>, String>;

/// The files of a folder; only those that a scenario knows are opened. Hidden files are passed over.
fn folder_contents(folder: &Path) -> std::io::Result<BTreeMap<String, Contents>> {
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

fn read_folder(files: &BTreeMap<String, Contents>) -> Reading {
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
    sheets: HashMap<Table, csv::Sheet>,
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
        match csv::Sheet::parse(&text) {
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

/// The draft's own faults, and those of its meaning, in order and in words.
fn finish(reading: Reading) -> Result<Loaded, Faults> {
    let Reading { draft, mut defects, warnings, origin } = reading;
    match Scenario::new(&draft) {
        Ok(scenario) if defects.is_empty() => {
            let all = scenario.warnings().iter().cloned().chain(warnings).collect();
            return Ok(Loaded { scenario, warnings: in_words(all, &origin) });
        }
        Ok(_) => {}
        Err(found) => defects.extend(found),
    }
    suggest_ids(&mut defects, &draft);
    for defect in &mut defects {
        origin.locate(defect);
    }
    defects.sort_by_cached_key(|defect| (position(&defect.at), defect.code));
    let names = origin.names();
    let defects = defects.iter().map(|defect| messages::defect(defect, &names)).collect();
    Err(Faults { defects, warnings: in_words(warnings, &origin) })
}

fn in_words(mut warnings: Vec<Warning>, origin: &Origin) -> Vec<Report> {
    warnings.sort_by_cached_key(|warning| (position(&warning.at), warning.code));
    let names = origin.names();
    warnings.iter().map(|warning| messages::warning(warning, &names)).collect()
}

/// Table, row, position of the column in its table; what has none comes first, unknown columns last.
fn position(at: &Place) -> (Table, Option<u32>, usize) {
    let column = at.column.as_ref().map_or(0, |name| {
        let known = columns(at.table).iter().position(|info| info.name == name);
        known.map_or(usize::MAX, |at| at + 1)
    });
    (at.table, at.row, column)
}

/// Names the nearest id for the first few references that lead nowhere (each costs a look at every id).
fn suggest_ids(defects: &mut [Defect], draft: &ScenarioDraft) {
    const FEW: usize = 20;
    let unknown = defects.iter_mut().filter(|defect| defect.code == DefectCode::UnknownReference);
    for defect in unknown.take(FEW) {
        if let (Detail::NotIn(table, None), Some(read)) = (&defect.detail, &defect.read) {
            let table = *table;
            let near = nearest(read, ids(draft, table)).map(str::to_string);
            defect.detail = Detail::NotIn(table, near);
        }
    }
}

fn ids(draft: &ScenarioDraft, table: Table) -> Vec<&str> {
    fn of<T>(rows: &Rows<T>, id: impl Fn(&T) -> &Cell<String>) -> Vec<&str> {
        rows.rows.iter().filter_map(|row| id(&row.cells).value()).map(String::as_str).collect()
    }
    match table {
        Table::Firms => of(&draft.firms, |f| &f.id),
        Table::Skills => of(&draft.skills, |s| &s.id),
        Table::Surplus => of(&draft.surplus, |s| &s.id),
        Table::Shortage => of(&draft.shortage, |d| &d.id),
        _ => Vec::new(),
    }
}

impl Origin {
    fn names(&self) -> messages::Names<'_> {
        match self {
            Origin::Folder { .. } => messages::Names::Folder,
            Origin::Document { name, .. } => messages::Names::Document(name),
        }
    }

    /// Adds what only the reader knows: the row of a key, and how a value was spelt.
    fn locate(&self, defect: &mut Defect) {
        let Some(column) = &defect.at.column else { return };
        // What is told of a list or of a pair is told of a part of the cell, or of more than it.
        let whole_cell = matches!(
            defect.code,
            DefectCode::OutOfRange | DefectCode::DatesReversed | DefectCode::DuplicateRow
        ) && column != "certificates";
        match self {
            Origin::Folder { head, rows, .. } if defect.at.table == Table::Scenario => {
                if defect.at.row.is_none() {
                    defect.at.row = rows.get(column.as_ref()).copied();
                }
                if whole_cell {
                    let value = column.split('.').try_fold(head, |value, key| value.get(key));
                    defect.read = value.map(Value::shown).or(defect.read.take());
                }
            }
            Origin::Folder { sheets, .. } if whole_cell => {
                let sheet = sheets.get(&defect.at.table);
                let text = defect.at.row.and_then(|row| sheet?.cell(row, column));
                defect.read = text.map(shorten).or(defect.read.take());
            }
            Origin::Document { root, .. } if whole_cell => {
                let text = json::original(root, defect.at.table, defect.at.row, column);
                defect.read = text.or(defect.read.take());
            }
            _ => {}
        }
    }
}
