//! Putting what was read into a cell of the draft, from text (CSV) or from a tree (JSON, TOML).

use tiaoji_core::defect::DefectCode;
use tiaoji_core::draft::Cell;

use crate::cell::{self, Unread};
use crate::columns::Field;
use crate::value::Value;

/// What a bare number of money means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// CNY with two decimals, as in `scenario.toml`.
    Cny,
    /// Whole fen, as in JSON.
    Fen,
}

fn put<T>(cell: &mut Cell<T>, read: Result<T, Unread>) -> Result<(), Unread> {
    let (state, outcome) = match read {
        Ok(value) => (Cell::Value(value), Ok(())),
        Err(unread) => (Cell::Bad, Err(unread)),
    };
    *cell = state;
    outcome
}

/// The same into whatever cell it is.
macro_rules! every {
    ($field:expr, $state:expr) => {
        match $field {
            Field::Id(cell) | Field::Text(cell) => *cell = $state,
            Field::List(cell) => *cell = $state,
            Field::Whole(cell) | Field::Money(cell) | Field::Km(cell) => *cell = $state,
            Field::Float(cell) => *cell = $state,
            Field::Date(cell) => *cell = $state,
            Field::Flag(cell) => *cell = $state,
            Field::Priority(cell) => *cell = $state,
            Field::Certificates(cell) => *cell = $state,
            Field::Weekdays(cell) => *cell = $state,
        }
    };
}

impl Field<'_> {
    /// Marks the cell as unreadable; the reader has said why.
    pub fn set_bad(self) {
        every!(self, Cell::Bad);
    }

    /// Leaves the cell blank.
    pub fn clear(self) {
        every!(self, Cell::Blank);
    }

    /// Reads the text of a cell, which is clean and not blank.
    pub fn set_text(self, text: &str) -> Result<(), Unread> {
        match self {
            Field::Id(cell) | Field::Text(cell) => put(cell, Ok(text.to_string())),
            Field::List(cell) => put(cell, Ok(cell::items(text).map(str::to_string).collect())),
            Field::Whole(cell) => put(cell, cell::whole(text)),
            Field::Float(cell) => put(cell, cell::float(text)),
            Field::Money(cell) => put(cell, cell::money(text)),
            Field::Km(cell) => put(cell, cell::km(text)),
            Field::Date(cell) => put(cell, cell::date(text)),
            Field::Flag(cell) => put(cell, cell::boolean(text)),
            Field::Priority(cell) => put(cell, cell::priority(text)),
            Field::Certificates(cell) => put(cell, cell::items(text).map(cell::certificate).collect()),
            Field::Weekdays(cell) => put(cell, cell::items(text).map(cell::weekday).collect()),
        }
    }

    /// Reads a value of a document. `Null` and blank texts leave the cell blank.
    pub fn set_value(self, value: &Value, unit: Unit) -> Result<(), Unread> {
        match (self, value) {
            (_, Value::Null) => Ok(()),
            // A blank text is a blank cell wherever text may stand.
            (
                Field::Id(_) | Field::Text(_) | Field::List(_) | Field::Date(_) | Field::Priority(_),
                Value::Text(text),
            ) if text.trim().is_empty() => Ok(()),
            (Field::Id(cell) | Field::Text(cell), Value::Text(text)) => put(cell, plain(text)),
            (Field::List(cell), Value::Text(text)) => {
                put(cell, plain(text).map(|text| cell::items(&text).map(str::to_string).collect()))
            }
            (Field::List(cell), Value::Array(items)) => put(cell, texts(items)),
            (Field::Whole(cell), Value::Number(text)) => put(cell, cell::whole(text)),
            (Field::Float(cell), Value::Number(text)) => put(cell, cell::float(text)),
            (Field::Km(cell), Value::Number(text)) => put(cell, cell::km(text)),
            (Field::Money(cell), Value::Number(text)) => {
                let fen = match unit {
                    Unit::Cny => cell::money(text),
                    Unit::Fen => cell::whole(text)
                        .map_err(|_| Unread::because(DefectCode::BadMoney, "whole fen, without decimals")),
                };
                put(cell, fen)
            }
            (Field::Date(cell), Value::Text(text)) => put(cell, cell::date(text.trim())),
            (Field::Flag(cell), Value::Bool(flag)) => put(cell, Ok(*flag)),
            (Field::Priority(cell), Value::Text(text)) => put(cell, cell::priority(text.trim())),
            (Field::Certificates(cell), Value::Array(items)) => {
                let held =
                    texts(items).and_then(|held| held.iter().map(|text| cell::certificate(text)).collect());
                put(cell, held)
            }
            (Field::Weekdays(cell), Value::Array(items)) => {
                let days = items.iter().map(|item| match item {
                    Value::Text(text) => cell::weekday(text.trim()),
                    other => cell::weekday(&other.shown()),
                });
                put(cell, days.collect())
            }
            (field, _) => {
                let unread = wrong_type(&field, unit);
                field.set_bad();
                Err(unread)
            }
        }
    }
}

/// A text of a document as a cell would hold it. Zero characters could not be written back.
fn plain(text: &str) -> Result<String, Unread> {
    if text.contains('\0') {
        return Err(Unread::because(DefectCode::BadText, "no zero characters"));
    }
    Ok(text.trim().to_string())
}

/// The items of an array of texts, blank ones left out. None may hold what separates items in a cell.
fn texts(items: &[Value]) -> Result<Vec<String>, Unread> {
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        let Value::Text(text) = item else {
            return Err(Unread::because(DefectCode::BadText, "a list of texts"));
        };
        let text = plain(text)?;
        if text.contains(cell::SEPARATORS) {
            return Err(Unread::because(DefectCode::BadText, "no ; ； 、 inside an item of a list"));
        }
        if !text.is_empty() {
            texts.push(text);
        }
    }
    Ok(texts)
}

fn wrong_type(field: &Field<'_>, unit: Unit) -> Unread {
    match field {
        Field::Id(_) | Field::Text(_) => Unread::because(DefectCode::BadText, "a text in quotes"),
        Field::List(_) | Field::Certificates(_) => Unread::because(DefectCode::BadText, "a list of texts"),
        Field::Whole(_) | Field::Float(_) | Field::Km(_) => {
            Unread::because(DefectCode::BadNumber, "a number, not in quotes")
        }
        Field::Money(_) => Unread::because(
            DefectCode::BadMoney,
            if unit == Unit::Fen { "whole fen, without decimals" } else { "CNY with at most two decimals" },
        ),
        Field::Date(_) => Unread::because(DefectCode::BadDate, "YYYY-MM-DD"),
        Field::Flag(_) => Unread {
            code: DefectCode::BadBoolean,
            detail: tiaoji_core::defect::Detail::OneOf(vec!["true".to_string(), "false".to_string()]),
        },
        Field::Priority(_) => cell::not_a_priority(),
        Field::Weekdays(_) => Unread::because(DefectCode::BadChoice, "a list of \"Mon\" … \"Sun\""),
    }
}
