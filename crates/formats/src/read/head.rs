//! Name, zone, policy and horizon, from `scenario.toml` or from the head of a JSON document: the same keys, money in
//! CNY there and in fen (`…_fen`) here.

use std::collections::{HashMap, HashSet};

use tiaoji_core::defect::{Defect, DefectCode, Detail, Table};
use tiaoji_core::draft::{Cell, ScenarioDraft};
use tiaoji_core::units::Day;
use toml::de::{DeTable, DeValue};

use super::set::Unit;
use crate::cell::{self, Unread};
use crate::columns::{Record, columns, nearest};
use crate::value::{Value, shorten};

/// The newest format that is read.
pub(crate) const FORMAT: i64 = 1;

/// Keys that hold keys.
const GROUPS: [&str; 3] = ["policy", "policy.unmet", "horizon"];

/// Reads the head of a document.
pub(crate) struct Head<'a> {
    pub unit: Unit,
    /// Keys beside the head's own that are read elsewhere.
    pub beside: &'a [&'static str],
    pub draft: &'a mut ScenarioDraft,
    pub defects: &'a mut Vec<Defect>,
}

/// Whether a document's format is one that is read. A newer one is refused as a whole: what its keys mean, nobody
/// here knows.
pub(crate) fn check_format(root: &Value, defects: &mut Vec<Defect>) -> bool {
    let fault = |code, value: &Value, detail| {
        Some(Defect::cell(code, Table::Scenario, None, "format", Some(value.shown()), detail))
    };
    let found = match root.get("format") {
        None | Some(Value::Null) => None,
        Some(value @ Value::Number(text)) => match cell::whole(text) {
            Ok(FORMAT) => None,
            Ok(_) => fault(DefectCode::Format, value, Detail::OneOf(vec![FORMAT.to_string()])),
            Err(unread) => fault(unread.code, value, unread.detail),
        },
        Some(value) => {
            let why = Detail::Because("a number, not in quotes".to_string());
            fault(DefectCode::BadNumber, value, why)
        }
    };
    let good = found.as_ref().is_none_or(|defect| defect.code != DefectCode::Format);
    defects.extend(found);
    good
}

/// Nothing of the head is known: whatever it would have said is not asked for again.
pub(crate) fn lose(draft: &mut ScenarioDraft, prefix: &str) {
    for column in ScenarioDraft::COLUMNS {
        if column.name.starts_with(prefix) && !column.name.starts_with("horizon") {
            (column.field)(draft).set_bad();
        }
    }
    if "horizon".starts_with(prefix) || prefix == "horizon." {
        draft.horizon = Cell::Bad;
    }
}

impl Head<'_> {
    fn fault(&mut self, column: &str, value: &Value, unread: Unread) {
        let column = column.to_string();
        let read = Some(value.shown());
        self.defects.push(Defect::cell(unread.code, Table::Scenario, None, column, read, unread.detail));
    }

    /// Reads the members of an object that stands at `prefix` (empty, or ending in a dot).
    pub fn read(&mut self, members: &[(String, Value)], prefix: &str) {
        let mut seen = HashSet::new();
        for (key, value) in members {
            let path = format!("{prefix}{key}");
            if !seen.insert(key) {
                self.fault(&path, value, Unread::new(DefectCode::DuplicateColumn));
                continue;
            }
            let known = columns(Table::Scenario).iter().position(|info| match self.unit {
                Unit::Cny => info.name == path,
                Unit::Fen => info.json_key() == path,
            });
            if let Some(at) = known {
                let column = &ScenarioDraft::COLUMNS[at];
                if let Err(unread) = (column.field)(self.draft).set_value(value, self.unit) {
                    self.fault(column.name, value, unread);
                }
            } else if GROUPS.contains(&path.as_str()) {
                self.group(&path, value);
            } else if path != "format" && !self.beside.contains(&path.as_str()) {
                self.unknown(&path, key, value);
            }
        }
    }

    fn group(&mut self, path: &str, value: &Value) {
        let prefix = format!("{path}.");
        match value {
            Value::Null => {}
            Value::Object(members) => {
                if path == "horizon" && self.draft.horizon == Cell::Blank {
                    self.draft.horizon = Cell::Value(tiaoji_core::draft::HorizonDraft::default());
                }
                self.read(members, &prefix);
            }
            _ => {
                self.fault(
                    path,
                    value,
                    Unread::because(DefectCode::Unreadable, "it holds keys, not a value"),
                );
                lose(self.draft, &prefix);
            }
        }
    }

    fn unknown(&mut self, path: &str, key: &str, value: &Value) {
        let mut paths: Vec<String> = columns(Table::Scenario)
            .iter()
            .map(|info| if self.unit == Unit::Fen { info.json_key() } else { info.name.to_string() })
            .collect();
        paths.extend(GROUPS.iter().chain(self.beside).map(ToString::to_string));
        paths.push("format".to_string());
        let leaf = |path: &str| path.rsplit('.').next().unwrap_or_default().to_string();
        let by_path = nearest(path, paths.iter().map(String::as_str)).map(str::to_string);
        let by_leaf = || paths.iter().find(|known| nearest(key, [leaf(known).as_str()]).is_some()).cloned();
        let detail = by_path.or_else(by_leaf).map_or(Detail::None, Detail::DidYouMean);
        self.fault(&shorten(path), value, Unread { code: DefectCode::UnknownKey, detail });
    }
}

/// `scenario.toml` as a tree, and the row of every dotted key.
pub(crate) struct TomlDocument {
    pub root: Value,
    pub rows: HashMap<String, u32>,
}

/// Why a text is no TOML, and the row where that shows.
pub(crate) struct NoToml {
    pub row: Option<u32>,
    pub why: String,
}

impl TomlDocument {
    pub fn parse(text: &str) -> Result<TomlDocument, NoToml> {
        let lines = Lines::of(text);
        let table = DeTable::parse(text).map_err(|error| NoToml {
            row: error.span().map(|span| lines.row(span.start)),
            why: error.message().trim().replace('\n', " "),
        })?;
        let mut rows = HashMap::new();
        let root = tree(table.get_ref(), "", &lines, &mut rows);
        Ok(TomlDocument { root, rows })
    }
}

fn tree(table: &DeTable<'_>, prefix: &str, lines: &Lines, rows: &mut HashMap<String, u32>) -> Value {
    let mut members = Vec::with_capacity(table.len());
    for (key, value) in table {
        let path = format!("{prefix}{}", key.get_ref());
        rows.insert(path.clone(), lines.row(key.span().start));
        members.push((key.get_ref().to_string(), leaf(value.get_ref(), &path, lines, rows)));
    }
    Value::Object(members)
}

fn leaf(value: &DeValue<'_>, path: &str, lines: &Lines, rows: &mut HashMap<String, u32>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Value::Number(number.as_str().to_string()),
        DeValue::Integer(number) => {
            let value = i64::from_str_radix(number.as_str(), number.radix());
            Value::Number(value.unwrap_or(i64::MAX).to_string())
        }
        // Kept as written, so that 0.10 is ten fen and not nearly; only an exponent has to be worked out.
        DeValue::Float(number) if number.as_str().contains(['e', 'E']) => {
            let value = number.as_str().parse().unwrap_or(f64::NAN);
            Value::Number(value.to_string())
        }
        DeValue::Float(number) => Value::Number(number.as_str().to_string()),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(value) => match (value.date, value.time) {
            (Some(d), None) => {
                let day = Day::new(d.year as i16, d.month as i8, d.day as i8);
                Value::Text(day.map_or_else(|| value.to_string(), |day| day.to_string()))
            }
            _ => Value::Text(value.to_string()),
        },
        DeValue::Array(items) => {
            Value::Array(items.iter().map(|item| leaf(item.get_ref(), path, lines, rows)).collect())
        }
        DeValue::Table(table) => tree(table, &format!("{path}."), lines, rows),
    }
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Lines {
        Lines(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// The number of the line, from 1, of a byte.
    fn row(&self, byte: usize) -> u32 {
        self.0.partition_point(|&start| start <= byte) as u32
    }
}
