//! One JSON document: its head like `scenario.toml`, its tables arrays of objects with the columns' names.

use std::collections::HashSet;

use tiaoji_core::defect::{Defect, DefectCode, Detail, Table};
use tiaoji_core::draft::{Row, Rows, ScenarioDraft};

use super::head::{Head, check_format, lose};
use super::set::Unit;
use crate::cell::Unread;
use crate::columns::{Record, Visitor, columns, is_required, nearest, visit_tables};
use crate::value::{Value, shorten};

/// Why bytes are no JSON object, as a detail.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    match serde_json::from_str(text) {
        Ok(root @ Value::Object(_)) => Ok(root),
        Ok(_) => Err("a document is one object, { … }".to_string()),
        Err(error) => Err(error.to_string()),
    }
}

/// Fills a draft from a document.
pub(crate) fn fill(root: &Value, draft: &mut ScenarioDraft, defects: &mut Vec<Defect>) {
    let members = root.object().unwrap_or_default();
    if !check_format(root, defects) {
        lose_all(draft);
        return;
    }
    let tables: Vec<&'static str> = Table::ALL[1..].iter().map(|table| table.name()).collect();
    let mut head = Head { unit: Unit::Fen, beside: &tables, draft, defects };
    head.read(members, "");
    visit_tables(draft, &mut Tables { root, defects });
}

/// Adds a row, one object with the keys of the table's columns, to a table of a draft.
pub(crate) fn add_row(row: &Value, table: Table, draft: &mut ScenarioDraft, defects: &mut Vec<Defect>) {
    visit_tables(draft, &mut NewRow { row, table, defects });
}

/// A row from one object with the keys of its columns.
pub(crate) fn row<T: Record>(line: u32, item: &Value, defects: &mut Vec<Defect>) -> T {
    Tables { root: &Value::Null, defects }.row(line, item)
}

/// One row on its way to its table.
struct NewRow<'a> {
    row: &'a Value,
    table: Table,
    defects: &'a mut Vec<Defect>,
}

impl Visitor for NewRow<'_> {
    fn table<T: Record>(&mut self, rows: &mut Rows<T>) {
        if T::TABLE == self.table {
            let line = rows.rows.len() as u32 + 1;
            let cells = row::<T>(line, self.row, self.defects);
            rows.rows.push(Row { line, cells });
        }
    }
}

/// Nothing is known, and nothing is asked for again.
pub(crate) fn lose_all(draft: &mut ScenarioDraft) {
    lose(draft, "");
    for table in Table::ALL {
        draft.mark_unreadable(table);
    }
}

struct Tables<'a> {
    root: &'a Value,
    defects: &'a mut Vec<Defect>,
}

impl Visitor for Tables<'_> {
    fn table<T: Record>(&mut self, rows: &mut Rows<T>) {
        match self.root.get(T::TABLE.name()) {
            None | Some(Value::Null) => {
                if is_required(T::TABLE) {
                    self.defects.push(Defect::table(DefectCode::MissingValue, T::TABLE, Detail::None));
                    rows.readable = false;
                }
            }
            Some(Value::Array(items)) => {
                for (line, item) in (1..).zip(items) {
                    let cells = self.row::<T>(line, item);
                    rows.rows.push(Row { line, cells });
                }
            }
            Some(other) => {
                let why = Detail::Because("a table is an array of objects, [ { … }, … ]".to_string());
                let mut defect = Defect::table(DefectCode::Unreadable, T::TABLE, why);
                defect.read = Some(other.shown());
                self.defects.push(defect);
                rows.readable = false;
            }
        }
    }
}

impl Tables<'_> {
    fn fault<T: Record>(&mut self, line: u32, column: String, value: &Value, unread: Unread) {
        let read = Some(value.shown());
        self.defects.push(Defect::cell(unread.code, T::TABLE, line, column, read, unread.detail));
    }

    fn row<T: Record>(&mut self, line: u32, item: &Value) -> T {
        let mut cells = T::default();
        let Some(members) = item.object() else {
            let why = Detail::Because("a row is an object, { … }".to_string());
            let mut defect = Defect::table(DefectCode::Unreadable, T::TABLE, why);
            (defect.at.row, defect.read) = (Some(line), Some(item.shown()));
            self.defects.push(defect);
            for column in T::COLUMNS {
                (column.field)(&mut cells).set_bad();
            }
            return cells;
        };
        let known = columns(T::TABLE);
        let mut seen = HashSet::new();
        for (key, value) in members {
            if !seen.insert(key) {
                self.fault::<T>(line, shorten(key), value, Unread::new(DefectCode::DuplicateColumn));
                continue;
            }
            let is_key = |info: &&crate::columns::Info| {
                key.strip_suffix("_fen").unwrap_or(key) == info.name && info.json_key() == *key
            };
            if let Some(at) = known.iter().position(|info| is_key(&info)) {
                let column = &T::COLUMNS[at];
                if let Err(unread) = (column.field)(&mut cells).set_value(value, Unit::Fen) {
                    self.fault::<T>(line, column.name.to_string(), value, unread);
                }
            } else {
                let keys: Vec<String> = known.iter().map(crate::columns::Info::json_key).collect();
                let meant = nearest(key, keys.iter().map(String::as_str));
                let detail = meant.map_or(Detail::None, |name| Detail::DidYouMean(name.to_string()));
                self.fault::<T>(line, shorten(key), value, Unread { code: DefectCode::UnknownKey, detail });
            }
        }
        cells
    }
}

/// What stands in a cell of a document, as it was written.
pub(crate) fn original(root: &Value, table: Table, row: Option<u32>, column: &str) -> Option<String> {
    let info = crate::columns::column(table, column)?;
    let key = info.json_key();
    let value = if table == Table::Scenario {
        key.split('.').try_fold(root, |value, key| value.get(key))?
    } else {
        let Value::Array(items) = root.get(table.name())? else { return None };
        items.get(row?.checked_sub(1)? as usize)?.get(&key)?
    };
    Some(value.shown())
}
