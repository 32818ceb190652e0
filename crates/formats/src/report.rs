//! Faults ready to be shown: code, place, what was read, and texts in both languages.

use std::fmt;

use serde::Serialize;

/// One defect, warning or violation, rendered. Serialises to the object that `--json` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
