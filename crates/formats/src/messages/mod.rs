//! Every text that a person reads about a fault, in English and Chinese, each with the nearest remedy.

mod analysis;
mod compliance;
mod defects;
mod names;
mod violations;
mod warnings;

use std::borrow::Cow;
use std::collections::HashMap;

use tiaoji_core::defect::{Defect, DefectCode, Place, Table, Warning, WarningCode};

use crate::columns::{column, columns, file_name, table_zh};
use crate::report::Report;

pub use analysis::{borrower_miss, change_text, kilometres, lender_miss, rival_text};
pub use compliance::{concern_name, concern_source, level_name, light_text};
pub(crate) use defects::expected;
pub use names::{
    Language, idle_reason_name, method_name, priority_name, reason_code, reason_detail, reason_name,
    rule_name, table_name,
};
pub(crate) use violations::violation;

/// What a fault is told in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    pub message: String,
    pub message_zh: String,
    pub remedy: String,
    pub remedy_zh: String,
}

impl Words {
    pub fn new(
        message: impl Into<String>,
        message_zh: impl Into<String>,
        remedy: impl Into<String>,
        remedy_zh: impl Into<String>,
    ) -> Words {
        Words {
            message: message.into(),
            message_zh: message_zh.into(),
            remedy: remedy.into(),
            remedy_zh: remedy_zh.into(),
        }
    }
}

/// What the files of a scenario are called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Names<'a> {
    /// A folder with one file a table.
    Folder,
    /// A workbook of that name, and what its sheets are called.
    Workbook(&'a str, &'a HashMap<Table, String>),
    /// One JSON document of that name.
    Document(&'a str),
    /// A file of that name with one table of postings, and what its sheet is called; the other tables are the zone's.
    Postings(&'a str, &'a str),
    /// Nothing was opened; that path was asked for.
    Path(&'a str),
}

impl Names<'_> {
    /// The file of a table.
    fn file(&self, table: Table) -> String {
        match self {
            Names::Folder => file_name(table),
            Names::Workbook(name, _) => match self.sheet(table) {
                "" => (*name).to_string(),
                sheet => format!("{name}!{sheet}"),
            },
            Names::Postings(name, title) if !title.is_empty() => format!("{name}!{title}"),
            Names::Document(name) | Names::Path(name) | Names::Postings(name, _) => (*name).to_string(),
        }
    }

    /// The sheet of a table, of which the Chinese name is the first; nothing where no sheet is meant.
    fn sheet(&self, table: Table) -> &str {
        match self {
            Names::Workbook(_, titles) => titles.get(&table).map_or(table_zh(table), String::as_str),
            Names::Postings(_, title) => title,
            _ => "",
        }
    }

    fn is_json(&self) -> bool {
        matches!(self, Names::Document(_))
    }

    /// A column as the file spells it.
    fn spell<'c>(&self, table: Table, name: &'c str) -> Cow<'c, str> {
        match column(table, name) {
            Some(info) if self.is_json() => Cow::Owned(info.json_key()),
            _ => Cow::Borrowed(name),
        }
    }

    /// The column of a report: in a document the table stands before it. A key that is not known is left as it was
    /// written, also where it is a known one's name in CSV.
    fn column(&self, at: &Place, code: &str) -> Option<String> {
        let is_known = code != DefectCode::UnknownKey.code();
        let spell = |name| if is_known { self.spell(at.table, name) } else { Cow::Borrowed(name) };
        let name = at.column.as_deref().map(spell);
        match (name, self.is_json() && at.table != Table::Scenario) {
            (Some(name), true) => Some(format!("{}.{name}", at.table.name())),
            (None, true) => Some(at.table.name().to_string()),
            (Some(name), false) => Some(name.into_owned()),
            (None, false) => None,
        }
    }
}

/// A defect in words.
pub(crate) fn defect(defect: &Defect, names: &Names<'_>) -> Report {
    let words = defects::words(defect, names);
    report(defect.code.code(), names.file(defect.at.table), &defect.at, names, defect.read.clone(), words)
}

/// A warning in words.
pub(crate) fn warning(warning: &Warning, names: &Names<'_>) -> Report {
    let words = warnings::words(warning, names);
    // The fault of a file that no table stands for is in that file.
    let file = match (warning.code, &warning.read) {
        (WarningCode::UnknownFile, Some(file)) => match names {
            Names::Workbook(name, _) => format!("{name}!{file}"),
            _ => file.clone(),
        },
        _ => names.file(warning.at.table),
    };
    report(warning.code.code(), file, &warning.at, names, warning.read.clone(), words)
}

fn report(
    code: &str,
    file: String,
    at: &Place,
    names: &Names<'_>,
    read: Option<String>,
    words: Words,
) -> Report {
    let Words { message, message_zh, remedy, remedy_zh } = words;
    Report {
        code: code.to_string(),
        file: Some(file),
        row: at.row,
        column: names.column(at, code),
        read,
        message,
        message_zh,
        remedy,
        remedy_zh,
    }
}

/// A column with its Chinese name, for Chinese texts.
fn column_zh(at: &Place, spelled: &str) -> String {
    let info = at.column.as_ref().and_then(|name| column(at.table, name));
    match info {
        Some(info) => format!("`{spelled}`（{}）", info.zh),
        None => format!("`{spelled}`"),
    }
}

/// The names of a table's columns as the file spells them, in backticks.
fn list_columns(table: Table, names: &Names<'_>, keep: impl Fn(&crate::columns::Info) -> bool) -> String {
    let spelled = columns(table).iter().filter(|info| keep(info));
    let spelled: Vec<String> = spelled.map(|info| format!("`{}`", names.spell(table, info.name))).collect();
    spelled.join(", ")
}

/// A table as a Chinese text calls it, with its file.
fn table_label_zh(table: Table, names: &Names<'_>) -> String {
    match names {
        Names::Workbook(..) => format!("工作表 {}", names.sheet(table)),
        Names::Document(_) => format!("{}（`{}`）", table_zh(table), table.name()),
        Names::Postings(..) => format!("园区的{}", table_zh(table)),
        _ => format!("{}（{}）", table_zh(table), file_name(table)),
    }
}

fn table_label(table: Table, names: &Names<'_>) -> String {
    match names {
        Names::Workbook(..) => format!("sheet {}", names.sheet(table)),
        Names::Document(_) => format!("`{}`", table.name()),
        Names::Postings(..) => format!("the zone's {}", table.name()),
        _ => file_name(table),
    }
}
