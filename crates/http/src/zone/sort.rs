//! The sorts of rows: where each stands in a scenario document, what its rows are called by, what it holds besides.

use serde_json::{Map, Value};
use tiaoji_store::{Kind, Record};

use crate::lists::percent_encoded;
use crate::practice::settings::COLUMNS;
use crate::register::columns::Column;

/// A sort of rows.
#[derive(Debug)]
pub struct Sort {
    pub kind: Kind,
    /// Its key in a scenario document.
    pub table: &'static str,
    /// The name of its schema.
    pub schema: &'static str,
    /// Its address.
    pub path: &'static str,
    /// The column that is the id; none where ids are made here and stand beside the columns.
    pub id: Option<&'static str>,
    /// Columns that the service keeps and that scenario documents do not have.
    pub extra: &'static [&'static str],
    /// Every column, where scenario documents have no such rows.
    pub columns: &'static [Column],
}

macro_rules! sorts {
    ($($name:ident = $kind:ident, $table:literal, $schema:literal, $path:literal, $id:expr, $extra:expr;)*) => {
        $(pub static $name: Sort =
            Sort { kind: Kind::$kind, table: $table, schema: $schema, path: $path, id: $id, extra: $extra, columns: &[] };)*
        /// All of them.
        pub static SORTS: &[&Sort] = &[$(&$name),*];
    };
}

sorts! {
    POLICY = Policy, "policy", "Policy", "/v1/policy", None, COLUMNS;
    FIRMS = Firm, "firms", "Firm", "/v1/firms", Some("id"), &["uscc", "closed"];
    SKILLS = Skill, "skills", "Skill", "/v1/skills", Some("id"), &[];
    SUBSTITUTIONS = Substitution, "substitutions", "Substitution", "/v1/substitutions", None, &[];
    SURPLUS = Surplus, "surplus", "Surplus", "/v1/surplus", Some("id"), &[];
    SHORTAGES = Shortage, "shortage", "Shortage", "/v1/shortages", Some("id"), &["priority_asked"];
    BLOCKED = Blocked, "blocked", "Block", "/v1/blocked", None, &[];
    CALENDAR = Calendar, "calendar", "CalendarDay", "/v1/calendar", Some("date"), &[];
}

impl Sort {
    /// Whether its rows are postings: they have a state, and a firm that owns them.
    pub fn is_posting(&self) -> bool {
        matches!(self.kind, Kind::Surplus | Kind::Shortage)
    }

    /// The firms that own a row: a posting's, a block's lender, those that came to a meeting, the one that has a problem.
    pub fn owners<'a>(&self, body: &'a Map<String, Value>) -> Vec<&'a str> {
        let column = match self.kind {
            Kind::Surplus | Kind::Shortage | Kind::Problem => "firm",
            Kind::Blocked => "lender",
            Kind::Firm => "id",
            Kind::Meeting => "firms",
            _ => return Vec::new(),
        };
        match body.get(column) {
            Some(Value::String(firm)) => vec![firm],
            Some(Value::Array(firms)) => firms.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The firm that owns a row, or the first of them.
    pub fn owner<'a>(&self, body: &'a Map<String, Value>) -> Option<&'a str> {
        self.owners(body).into_iter().next()
    }

    /// The rows of other tables that a row names: kind and id.
    pub fn references(&self, body: &Map<String, Value>) -> Vec<(Kind, String)> {
        let columns: &[(&str, Kind)] = match self.kind {
            Kind::Surplus | Kind::Shortage => &[("firm", Kind::Firm), ("skill", Kind::Skill)],
            Kind::Substitution => &[("from", Kind::Skill), ("to", Kind::Skill)],
            Kind::Blocked => &[
                ("lender", Kind::Firm),
                ("borrower", Kind::Firm),
                ("surplus", Kind::Surplus),
                ("shortage", Kind::Shortage),
            ],
            _ => &[],
        };
        let named =
            |(column, kind): &(&str, Kind)| Some((*kind, body.get(*column)?.as_str()?.trim().to_string()));
        columns.iter().filter_map(named).collect()
    }

    /// A row as its owner sees it.
    pub fn full(&self, record: &Record) -> Value {
        let mut row = body(record);
        if self.id.is_none() && self.kind != Kind::Policy {
            row.insert("id".to_string(), record.id.as_str().into());
        }
        if self.is_posting() {
            row.insert("state".to_string(), record.state.name().into());
        }
        row.insert("version".to_string(), record.version.into());
        row.insert("created".to_string(), instant(record.created).into());
        row.insert("changed".to_string(), instant(record.changed).into());
        row.into()
    }

    /// The address of a row.
    pub fn location(&self, id: &str) -> String {
        format!("{}/{}", self.path, percent_encoded(id))
    }
}

/// The sort of a kind.
pub fn sort_of(kind: Kind) -> Option<&'static Sort> {
    SORTS.iter().find(|sort| sort.kind == kind).copied()
}

/// The columns of a stored row.
pub fn body(record: &Record) -> Map<String, Value> {
    serde_json::from_str(&record.body).unwrap_or_default()
}

/// An instant of the database, in RFC 3339.
pub fn instant(milliseconds: i64) -> String {
    jiff::Timestamp::from_millisecond(milliseconds).map(|instant| instant.to_string()).unwrap_or_default()
}
