//! Faults ready to be shown: code, place, what was read, and texts in both languages.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tiaoji_core::defect::Table;

/// One defect, warning or violation, rendered. Serialises to the object that `--json` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The code as the format spells it.
    pub code: String,
    /// The file, or the JSON document, in which it stands.
    pub file: Option<String>,
    /// Row of the file (header = 1), or position in the JSON array from 1.
    pub row: Option<u32>,
    /// Column or dotted key.
    pub column: Option<String>,
    /// What was read there.
    pub read: Option<String>,
    /// What is wrong, in English.
    pub message: String,
    /// What is wrong, in Chinese.
    pub message_zh: String,
    /// What to do about it, in English.
    pub remedy: String,
    /// What to do about it, in Chinese.
    pub remedy_zh: String,
}

impl Report {
    /// Where it stands in a JSON document, as a JSON pointer (RFC 6901); empty = the whole document. Of use where a
    /// document was read.
    pub fn pointer(&self) -> String {
        let column = self.column.as_deref().unwrap_or_default();
        let (first, rest) =
            column.split_once('.').map_or((column, None), |(first, rest)| (first, Some(rest)));
        let is_table = Table::ALL[1..].iter().any(|table| table.name() == first);
        let mut pointer = String::new();
        let mut step = |key: &str| {
            pointer.push('/');
            pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
        };
        if is_table {
            step(first);
            if let Some(row) = self.row {
                step(&(row - 1).to_string());
            }
            // the keys of a row are not nested: a dot in an unknown one is part of it
            rest.into_iter().for_each(step);
        } else if !column.is_empty() {
            column.split('.').for_each(step);
        }
        pointer
    }
}

/// Why a scenario was refused: every defect at once, and the warnings found on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Faults {
    /// At least one. In the order of tables, rows and columns.
    pub defects: Vec<Report>,
    /// What is odd besides.
    pub warnings: Vec<Report>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = [
            self.file.clone(),
            self.row.map(|row| format!("row {row}")),
            self.column.as_ref().map(|column| format!("`{column}`")),
        ];
        let place: Vec<String> = places.into_iter().flatten().collect();
        if !place.is_empty() {
            write!(f, "{}: ", place.join(", "))?;
        }
        write!(f, "{}", self.message)?;
        if !self.remedy.is_empty() {
            let join = if self.message.ends_with('?') { " " } else { "; " };
            write!(f, "{join}{}", self.remedy)?;
        }
        write!(f, " [{}]", self.code)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, defect) in self.defects.iter().enumerate() {
            if n > 0 {
                writeln!(f)?;
            }
            write!(f, "{defect}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// One fault that refuses everything.
impl From<Report> for Faults {
    fn from(defect: Report) -> Faults {
        Faults { defects: vec![defect], warnings: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn pointers() {
        let text = r#"{ "name": "x", "policy": { "onboarding_fen": "?", "unmet": { "low_fen": -1 }, "a/b": 1 },
            "firms": 7, "skills": [ { "id": "K", "name": "k", "a.b~": 1 }, 5 ], "surplus": [] }"#;
        let faults = crate::read_json("document", text.as_bytes()).expect_err("defects");
        let found: Vec<(&str, String)> =
            faults.defects.iter().map(|defect| (defect.code.as_str(), defect.pointer())).collect();
        for expect in [
            ("bad_money", "/policy/onboarding_fen"),
            ("out_of_range", "/policy/unmet/low_fen"),
            ("unknown_key", "/policy/a~1b"),
            ("missing_value", "/policy/daily_base_fen"),
            ("unreadable", "/firms"),
            ("unknown_key", "/skills/0/a.b~0"),
            ("unreadable", "/skills/1"),
            ("missing_value", "/shortage"),
        ] {
            assert!(
                found.iter().any(|(code, at)| (*code, at.as_str()) == expect),
                "{expect:?} in {found:#?}"
            );
        }
        let faults = crate::read_json("document", b"[]").expect_err("no object");
        assert_eq!(faults.defects[0].pointer(), "");
    }
}
