//! Faults for people (lines on standard error) and for programs (one document on standard output).

use serde_json::error::Error;
use tiaoji_formats::messages::Language;
use tiaoji_formats::{Faults, Report};

use crate::console::{self, Console, Failure};
use crate::text::{Label, Message};

/// What was found wrong with an input.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Of a scenario, or of a plan that is none.
    pub defects: Vec<Report>,
    /// Of a scenario.
    pub warnings: Vec<Report>,
    /// Of a plan.
    pub violations: Vec<Report>,
}

impl From<Faults> for Findings {
    fn from(faults: Faults) -> Findings {
        Findings { defects: faults.defects, warnings: faults.warnings, violations: Vec::new() }
    }
}

impl Findings {
    /// Tells everything: lines on standard error, or with `json` the document on standard output.
    pub fn tell(&self, json: bool, console: &Console) -> Result<(), Failure> {
        if json {
            return console.print(&self.document());
        }
        self.note(console);
        Ok(())
    }

    /// The worst first.
    pub fn by_kind(&self) -> [(Label, &[Report]); 3] {
        [
            (Label::Defect, &self.defects),
            (Label::Violation, &self.violations),
            (Label::Warning, &self.warnings),
        ]
    }

    /// The lines on standard error alone.
    pub fn note(&self, console: &Console) {
        for (kind, reports) in self.by_kind() {
            for report in reports {
                console::note(&line(kind, report, console.language));
            }
        }
        if !self.defects.is_empty() {
            let message = Message::Faults { defects: self.defects.len(), warnings: self.warnings.len() };
            console.say(&message);
        }
    }

    /// The document of `--json`, its keys in the order of the format.
    fn document(&self) -> String {
        let list = |reports: &[Report]| -> Result<String, Error> {
            let items: Vec<String> = reports.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
            Ok(if items.is_empty() {
                "[]".to_string()
            } else {
                format!("[\n    {}\n  ]", items.join(",\n    "))
            })
        };
        let list = |reports| list(reports).unwrap_or_else(|error| unreachable!("texts serialise: {error}"));
        let (defects, warnings) = (list(&self.defects), list(&self.warnings));
        let violations = list(&self.violations);
        format!(
            "{{\n  \"defects\": {defects},\n  \"warnings\": {warnings},\n  \"violations\": {violations}\n}}\n"
        )
    }
}

/// A fault as one line.
pub fn line(kind: Label, report: &Report, language: Language) -> String {
    let (message, remedy, comma) = match language {
        Language::En => (&report.message, &report.remedy, ", "),
        Language::Zh => (&report.message_zh, &report.remedy_zh, "，"),
    };
    let places = [
        report.file.clone(),
        report.row.map(|row| Message::Row(row).say(language)),
        report.column.as_ref().map(|column| format!("`{column}`")),
    ];
    let places: Vec<String> = places.into_iter().flatten().collect();
    let fault = Message::Fault {
        kind: kind.say(language).to_string(),
        place: places.join(comma),
        message: message.clone(),
        remedy: remedy.clone(),
        code: report.code.clone(),
    };
    fault.say(language)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        Report {
            code: "bad_number".into(),
            file: Some("surplus.csv".into()),
            row: Some(3),
            column: Some("headcount".into()),
            read: Some("十".into()),
            message: "`十` is no whole number".into(),
            message_zh: "`十` 不是整数".into(),
            remedy: "write digits".into(),
            remedy_zh: "请写数字".into(),
        }
    }

    #[test]
    fn a_line_in_both_languages() {
        assert_eq!(
            line(Label::Defect, &report(), Language::En),
            "defect: surplus.csv, row 3, `headcount`: `十` is no whole number; write digits [bad_number]"
        );
        assert_eq!(
            line(Label::Defect, &report(), Language::Zh),
            "缺陷：surplus.csv，第 3 行，`headcount`：`十` 不是整数；请写数字 [bad_number]"
        );
    }

    #[test]
    fn the_document_has_all_three_lists() {
        let findings = Findings { defects: vec![report(), report()], ..Findings::default() };
        let read: serde_json::Value = serde_json::from_str(&findings.document()).unwrap();
        assert_eq!(read["defects"][1]["column"], "headcount");
        assert_eq!(read["warnings"], serde_json::json!([]));
        assert_eq!(read["violations"], serde_json::json!([]));
    }
}
