//! From a folder, from files in memory, from a workbook or from one JSON document to a valid scenario, or to every fault at once.

mod csv;
mod decode;
mod folder;
mod head;
mod json;
#[cfg(test)]
mod mutations;
mod postings;
mod set;
mod table;
mod workbook;

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::Path;

use tiaoji_core::analysis::Asking;
use tiaoji_core::defect::{Defect, DefectCode, Detail, Place, Table, Warning};
use tiaoji_core::draft::{Cell, Rows, ScenarioDraft};
use tiaoji_core::scenario::{Scenario, ShortageIx, SurplusIx};

use crate::columns::{columns, nearest};
use crate::messages;
use crate::office::package::MAX_FILE;
use crate::report::{Faults, Report};
use crate::value::{Value, shorten};

pub(crate) use decode::decode;
pub(crate) use head::FORMAT;
pub use postings::{PostingRow, PostingRows, PostingTable, StandingPosting};
pub(crate) use table::letters;

/// A valid scenario and what is odd about it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// What is odd about it.
    pub warnings: Vec<Report>,
}

/// Where a draft came from: what its files are called, and what stood in its cells.
enum Origin {
    Folder {
        sheets: HashMap<Table, table::Sheet>,
        head: Value,
        rows: HashMap<String, u32>,
    },
    /// `titles` are the sheets' names, `head` the rows and values of the policy's keys.
    Workbook {
        name: String,
        titles: HashMap<Table, String>,
        sheets: HashMap<Table, table::Sheet>,
        head: workbook::Keys,
    },
    Document {
        name: String,
        root: Value,
    },
    /// One table by itself, in a file of that name, on a sheet of that title.
    Postings {
        name: String,
        title: String,
        sheet: table::Sheet,
    },
}

/// A draft, and the faults that reading it has shown so far.
struct Reading {
    draft: ScenarioDraft,
    defects: Vec<Defect>,
    warnings: Vec<Warning>,
    origin: Origin,
}

/// Reads a scenario: a folder, a workbook, or one JSON document, whichever the path is.
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
        Ok(about) if about.is_dir() => match folder::contents(path) {
            Ok(files) => finish(folder::read(&files)),
            Err(error) => refuse(DefectCode::Unreadable, &error.to_string()),
        },
        Ok(_) => match std::fs::File::open(path).and_then(contents) {
            Ok(bytes) => {
                let name = path.file_name().map_or(shown.clone(), |name| name.to_string_lossy().into_owned());
                if is_workbook(&bytes) { read_workbook(&name, &bytes) } else { read_json(&name, &bytes) }
            }
            Err(error) => refuse(DefectCode::Unreadable, &error.to_string()),
        },
    }
}

/// The bytes of a file; of a workbook that is too large for one only the beginning, which is refused.
fn contents(mut file: std::fs::File) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    (&mut file).take(4).read_to_end(&mut bytes)?;
    let most = if is_workbook(&bytes) { MAX_FILE + 1 } else { u64::MAX };
    file.take(most - 4).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether a file is a zip archive, or one of the older Microsoft kind: `.xls`, or protected by a password.
fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0")
}

/// Reads a scenario from a workbook (`.xlsx`): its sheets are the tables of a folder, by their Chinese or English
/// names, and the policy is a sheet of keys and values. Hidden sheets are not read. `name` is what faults call it.
///
/// At most 32 MiB, 256 MiB inflated, 100,000 rows and 256 columns a sheet, 1,500,000 cells.
///
/// # Errors
/// Every defect at once.
pub fn read_workbook(name: &str, bytes: &[u8]) -> Result<Loaded, Faults> {
    finish(workbook::read(name, bytes))
}

/// Reads a scenario folder from its files' names and contents.
///
/// # Errors
/// Every defect at once.
pub fn read_folder_files(files: &BTreeMap<String, Vec<u8>>) -> Result<Loaded, Faults> {
    let files = files.iter().map(|(name, bytes)| (name.clone(), Ok(bytes.clone()))).collect();
    finish(folder::read(&files))
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

/// The side of a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewPosting {
    /// Workers to lend.
    Surplus,
    /// Workers asked for.
    Shortage,
}

/// The posting of a side with an id.
pub fn find_posting(scenario: &Scenario, side: NewPosting, id: &str) -> Option<Asking> {
    match side {
        NewPosting::Shortage => {
            let mut all = scenario.shortage_indices();
            all.find(|j| scenario.shortages()[j.index()].id == id).map(Asking::Shortage)
        }
        NewPosting::Surplus => {
            let mut all = scenario.surplus_indices();
            all.find(|i| scenario.surplus()[i.index()].id == id).map(Asking::Surplus)
        }
    }
}

/// A scenario with one posting more, the last of its table, and that posting: a JSON object with the keys of a row. `name` is
/// what faults call it; their row is the one that it would have. One that nobody has given an id yet is called `new`.
///
/// # Errors
/// Every defect of the posting at once.
pub fn read_posting(
    scenario: &Scenario,
    side: NewPosting,
    name: &str,
    bytes: &[u8],
) -> Result<(Scenario, Asking), Faults> {
    let (table, asking) = match side {
        NewPosting::Surplus => (Table::Surplus, Asking::Surplus(SurplusIx(scenario.surplus().len() as u32))),
        NewPosting::Shortage => {
            (Table::Shortage, Asking::Shortage(ShortageIx(scenario.shortages().len() as u32)))
        }
    };
    let (mut draft, mut defects) = (crate::write::to_draft(scenario), Vec::new());
    let parsed = decode(bytes)
        .map_err(|unread| (unread.code, unread.detail))
        .and_then(|text| json::parse(&text).map_err(|why| (DefectCode::Unreadable, Detail::Because(why))));
    match parsed {
        Ok(row) => {
            json::add_row(&row, table, &mut draft, &mut defects);
            name_posting(&mut draft, table);
        }
        Err((code, detail)) => defects.push(Defect::table(code, table, detail)),
    }
    let origin = Origin::Document { name: name.to_string(), root: Value::Null };
    finish(Reading { draft, defects, warnings: Vec::new(), origin }).map(|loaded| (loaded.scenario, asking))
}

/// Gives the last posting of a table an id that no other there has, where it has none.
fn name_posting(draft: &mut ScenarioDraft, table: Table) {
    let mut ids: Vec<&mut Cell<String>> = match table {
        Table::Surplus => draft.surplus.rows.iter_mut().map(|row| &mut row.cells.id).collect(),
        _ => draft.shortage.rows.iter_mut().map(|row| &mut row.cells.id).collect(),
    };
    let Some(last) = ids.pop().filter(|id| **id == Cell::Blank) else { return };
    let is_free = |name: &String| !ids.iter().any(|id| id.value() == Some(name));
    let names = (1..).map(|n| if n == 1 { "new".to_string() } else { format!("new-{n}") });
    *last = names.into_iter().find(is_free).map_or(Cell::Blank, Cell::Value);
}

/// A scenario of which not even the files are there.
fn refusal(shown: &str, code: DefectCode, why: &str) -> Faults {
    let defect = Defect::table(code, Table::Scenario, Detail::Because(why.to_string()));
    Faults { defects: vec![messages::defect(&defect, &messages::Names::Path(shown))], warnings: Vec::new() }
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
            Origin::Workbook { name, titles, .. } => messages::Names::Workbook(name, titles),
            Origin::Document { name, .. } => messages::Names::Document(name),
            Origin::Postings { name, title, .. } => messages::Names::Postings(name, title),
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
            Origin::Workbook { head, .. } if defect.at.table == Table::Scenario => {
                if let Some((row, value)) = head.get(column.as_ref()) {
                    defect.at.row = defect.at.row.or(Some(*row));
                    if whole_cell {
                        defect.read = Some(shorten(value));
                    }
                }
            }
            Origin::Folder { sheets, .. } | Origin::Workbook { sheets, .. } if whole_cell => {
                let sheet = sheets.get(&defect.at.table);
                let text = defect.at.row.and_then(|row| sheet?.cell(row, column));
                defect.read = text.map(shorten).or(defect.read.take());
            }
            Origin::Postings { sheet, .. } if whole_cell => {
                let text = defect.at.row.and_then(|row| sheet.cell(row, column));
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
