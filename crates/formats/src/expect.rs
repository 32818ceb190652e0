//! What a scenario is expected to give (`expect.json`), and the comparison with what it gave.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tiaoji_core::plan::{Kpis, Plan};
use tiaoji_core::scenario::Scenario;

use crate::plan::plan_status;
use crate::replay::unfilled_by_skill;
use crate::report::Report;

mod record;

/// An `expect.json`. Only what it names is compared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expectation {
    /// The plan's objective.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objective_fen: Option<i64>,
    /// The plan's objective is at most this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objective_at_most: Option<i64>,
    /// The objective of lending nothing but the pins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline_fen: Option<i64>,
    /// The plan's bound is at least this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound_at_least: Option<i64>,
    /// Number of admissible pairs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admissible_pairs: Option<usize>,
    /// `optimal` or `feasible`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The plan's gap is at most this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap_at_most: Option<f64>,
    /// All defects of the scenario, in any order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub defects: Option<Vec<ExpectedFault>>,
    /// All warnings of the scenario, in any order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warnings: Option<Vec<ExpectedFault>>,
    /// The plan fills at least this share of the worker-days asked for (1 = all; all of none is all).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filled_share_at_least: Option<f64>,
    /// Some of the plan's totals.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub kpis: BTreeMap<String, ExpectedNumber>,
    /// Worker-days that stay unfilled, by the id of their skill.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unfilled_by_skill: BTreeMap<String, ExpectedNumber>,
}

/// A defect or warning as an expectation names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ExpectedFault {
    /// By its code alone.
    Code(String),
    /// By some of its fields.
    Fields(FaultFields),
}

/// Fields of a fault; only those that are given are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the fields of a report
pub struct FaultFields {
    pub code: Option<String>,
    pub file: Option<String>,
    pub row: Option<u32>,
    pub column: Option<String>,
    pub read: Option<String>,
    pub message: Option<String>,
    pub message_zh: Option<String>,
    pub remedy: Option<String>,
    pub remedy_zh: Option<String>,
}

/// Bounds of a total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ExpectedNumber {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equals: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i64>,
}

/// What came out of a scenario.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome<'a> {
    /// Its defects.
    pub defects: &'a [Report],
    /// Its warnings.
    pub warnings: &'a [Report],
    /// Number of its admissible pairs, where it is valid and somebody counted.
    pub admissible_pairs: Option<usize>,
    /// The scenario itself, where it is valid.
    pub scenario: Option<&'a Scenario>,
    /// Its plan, where one was made.
    pub plan: Option<&'a Plan>,
}

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// The key of the expectation, `kpis.` and its name for a total.
    pub what: String,
    /// What it says.
    pub expected: String,
    /// What came out.
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}", self.what, self.expected, self.found)
    }
}

impl Expectation {
    /// Reads an `expect.json`.
    ///
    /// # Errors
    /// Where it is no JSON, has a key or a total that no expectation has, or a value of the wrong type; the text says
    /// where and why.
    pub fn read(bytes: &[u8]) -> Result<Expectation, String> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let expectation: Expectation = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let names = Kpis::default().named().map(|(name, _)| name);
        match expectation.kpis.keys().find(|name| !names.contains(&name.as_str())) {
            Some(unknown) => {
                Err(format!("unknown total `{unknown}` in `kpis`; known are {}", names.join(", ")))
            }
            None => Ok(expectation),
        }
    }

    /// What of it holds for a scenario under another policy too: its defects, and the limits of what a plan must reach.
    #[must_use]
    pub fn limits(&self) -> Expectation {
        let only = |numbers: &BTreeMap<String, ExpectedNumber>| {
            let limit = |(name, number): (&String, &ExpectedNumber)| {
                (name.clone(), ExpectedNumber { equals: None, ..*number })
            };
            numbers.iter().map(limit).collect()
        };
        Expectation {
            defects: self.defects.clone(),
            objective_at_most: self.objective_at_most,
            gap_at_most: self.gap_at_most,
            filled_share_at_least: self.filled_share_at_least,
            kpis: only(&self.kpis),
            unfilled_by_skill: only(&self.unfilled_by_skill),
            ..Expectation::default()
        }
    }

    /// Whether it says something about a plan, so that the scenario must be solved to compare it.
    pub fn needs_plan(&self) -> bool {
        self.objective_fen.is_some()
            || self.baseline_fen.is_some()
            || self.bound_at_least.is_some()
            || self.status.is_some()
            || self.gap_at_most.is_some()
            || self.objective_at_most.is_some()
            || self.filled_share_at_least.is_some()
            || !self.kpis.is_empty()
            || !self.unfilled_by_skill.is_empty()
    }

    /// Everything in which an outcome differs. Defects that nobody expected are a difference too.
    pub fn judge(&self, outcome: &Outcome<'_>) -> Vec<Difference> {
        let mut found = Vec::new();
        faults("defects", Some(self.defects.as_deref().unwrap_or_default()), outcome.defects, &mut found);
        faults("warnings", self.warnings.as_deref(), outcome.warnings, &mut found);
        let mut compare = Comparison { found };
        let plan = outcome.plan;
        compare.equal("admissible_pairs", self.admissible_pairs, outcome.admissible_pairs);
        compare.equal("objective_fen", self.objective_fen, plan.map(|p| p.objective));
        compare.equal("baseline_fen", self.baseline_fen, plan.map(|p| p.baseline));
        compare.at_least("bound_at_least", self.bound_at_least, plan.map(|p| p.bound));
        compare.at_most("objective_at_most", self.objective_at_most, plan.map(|p| p.objective));
        compare.equal("status", self.status.as_deref(), plan.map(plan_status));
        compare.at_most("gap_at_most", self.gap_at_most, plan.map(Plan::gap));
        let filled = plan.map(|p| match p.kpis.demanded_worker_days {
            0 => 1.0,
            demanded => p.kpis.filled_worker_days as f64 / demanded as f64,
        });
        compare.at_least("filled_share_at_least", self.filled_share_at_least, filled);
        let totals = plan.map(|p| p.kpis.named());
        for (name, expected) in &self.kpis {
            let value = totals.and_then(|all| all.iter().find(|(n, _)| n == name).map(|(_, value)| *value));
            compare.number(&format!("kpis.{name}"), expected, value);
        }
        if !self.unfilled_by_skill.is_empty() {
            let days = outcome.scenario.zip(plan).map(|(scenario, plan)| unfilled_by_skill(scenario, plan));
            for (skill, expected) in &self.unfilled_by_skill {
                let value = days.as_ref().and_then(|days| days.get(skill).copied());
                compare.number(&format!("unfilled_by_skill.{skill}"), expected, value);
            }
        }
        compare.found
    }
}

struct Comparison {
    found: Vec<Difference>,
}

impl Comparison {
    fn judge<T: fmt::Display>(
        &mut self,
        what: &str,
        sign: &str,
        expected: Option<T>,
        found: Option<T>,
        holds: impl Fn(&T, &T) -> bool,
    ) {
        let Some(expected) = expected else { return };
        if !found.as_ref().is_some_and(|found| holds(found, &expected)) {
            let found = found.map_or("nothing".to_string(), |found| found.to_string());
            self.found.push(Difference {
                what: what.to_string(),
                expected: format!("{sign}{expected}"),
                found,
            });
        }
    }

    fn equal<T: fmt::Display + PartialEq>(&mut self, what: &str, expected: Option<T>, found: Option<T>) {
        self.judge(what, "", expected, found, |found, expected| found == expected);
    }

    fn at_least<T: fmt::Display + PartialOrd>(&mut self, what: &str, expected: Option<T>, found: Option<T>) {
        self.judge(what, "at least ", expected, found, |found, expected| found >= expected);
    }

    fn number(&mut self, what: &str, expected: &ExpectedNumber, found: Option<i64>) {
        self.equal(what, expected.equals, found);
        self.at_least(what, expected.at_least, found);
        self.at_most(what, expected.at_most, found);
    }

    fn at_most<T: fmt::Display + PartialOrd>(&mut self, what: &str, expected: Option<T>, found: Option<T>) {
        self.judge(what, "at most ", expected, found, |found, expected| found <= expected);
    }
}

/// Compares faults as multisets. What names most fields chooses first, so that a bare code does not take the only
/// fault that fits a closer description.
fn faults(what: &str, expected: Option<&[ExpectedFault]>, found: &[Report], out: &mut Vec<Difference>) {
    let Some(expected) = expected else { return };
    let mut left: Vec<&Report> = found.iter().collect();
    let mut order: Vec<&ExpectedFault> = expected.iter().collect();
    order.sort_by_key(|fault| std::cmp::Reverse(fault.detail()));
    for fault in order {
        match left.iter().position(|report| fault.fits(report)) {
            Some(at) => {
                left.remove(at);
            }
            None => out.push(Difference {
                what: what.to_string(),
                expected: fault.to_string(),
                found: "nothing like it".to_string(),
            }),
        }
    }
    out.extend(left.into_iter().map(|report| Difference {
        what: what.to_string(),
        expected: "no more".to_string(),
        found: report.to_string(),
    }));
}

impl ExpectedFault {
    /// The fields that it names, each with its value.
    fn named(&self) -> Vec<(&'static str, String)> {
        match self {
            ExpectedFault::Code(code) => vec![("code", code.clone())],
            ExpectedFault::Fields(f) => {
                let texts = [
                    ("code", &f.code),
                    ("file", &f.file),
                    ("column", &f.column),
                    ("read", &f.read),
                    ("message", &f.message),
                    ("message_zh", &f.message_zh),
                    ("remedy", &f.remedy),
                    ("remedy_zh", &f.remedy_zh),
                ];
                let row = f.row.map(|row| ("row", row.to_string()));
                texts.into_iter().filter_map(|(name, text)| Some((name, text.clone()?))).chain(row).collect()
            }
        }
    }

    fn detail(&self) -> usize {
        self.named().len()
    }

    fn fits(&self, report: &Report) -> bool {
        self.named().into_iter().all(|(name, expected)| {
            let found = match name {
                "code" => Some(report.code.clone()),
                "file" => report.file.clone(),
                "row" => report.row.map(|row| row.to_string()),
                "column" => report.column.clone(),
                "read" => report.read.clone(),
                "message" => Some(report.message.clone()),
                "message_zh" => Some(report.message_zh.clone()),
                "remedy" => Some(report.remedy.clone()),
                _ => Some(report.remedy_zh.clone()),
            };
            found == Some(expected)
        })
    }
}

impl fmt::Display for ExpectedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named: Vec<String> =
            self.named().into_iter().map(|(name, value)| format!("{name} {value}")).collect();
        f.write_str(&named.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(code: &str, row: u32) -> Report {
        Report {
            code: code.to_string(),
            file: Some("firms.csv".to_string()),
            row: Some(row),
            column: None,
            read: None,
            message: String::new(),
            message_zh: String::new(),
            remedy: String::new(),
            remedy_zh: String::new(),
        }
    }

    #[test]
    fn unknown_keys_are_errors() {
        let check = |text: &str, good: bool| {
            assert_eq!(Expectation::read(text.as_bytes()).is_ok(), good, "{text}");
        };
        check("{}", true);
        check(r#"{"objective_fen": 5, "defects": ["overflow", {"code": "bad_date", "row": 3}]}"#, true);
        check(r#"{"kpis": {"starts": {"equals": 1}}}"#, true);
        check(r#"{"objective": 5}"#, false);
        check(r#"{"defects": [{"line": 3}]}"#, false);
        check(r#"{"kpis": {"start": {"equals": 1}}}"#, false);
        check(r#"{"kpis": {"starts": {"is": 1}}}"#, false);
        check(r#"{"objective_fen": "5"}"#, false);
    }

    #[test]
    fn defects_compare_as_a_multiset() {
        let check = |expected: &str, found: &[Report], differences: usize| {
            let expectation = Expectation::read(format!(r#"{{"defects": {expected}}}"#).as_bytes()).unwrap();
            let outcome = Outcome { defects: found, ..Outcome::default() };
            assert_eq!(expectation.judge(&outcome).len(), differences, "{expected}");
        };
        let two = [report("bad_date", 2), report("bad_date", 3)];
        check(r#"["bad_date", "bad_date"]"#, &two, 0);
        check(r#"["bad_date", {"code": "bad_date", "row": 2}]"#, &two, 0);
        check(r#"[{"row": 3}, {"row": 2}]"#, &two, 0);
        check(r#"["bad_date"]"#, &two, 1);
        check(r#"["bad_date", "bad_money"]"#, &two, 2);
        check("[]", &[], 0);
    }

    #[test]
    fn defects_that_nobody_expected_differ() {
        let found = [report("bad_date", 2)];
        let outcome = Outcome { defects: &found, ..Outcome::default() };
        let differences = Expectation::default().judge(&outcome);
        assert_eq!(differences.len(), 1);
        assert!(differences[0].to_string().starts_with("defects: expected no more, found firms.csv, row 2"));
    }

    #[test]
    fn what_is_expected_of_no_plan_differs() {
        let expectation = Expectation::read(br#"{"objective_fen": 5, "gap_at_most": 0.1}"#).unwrap();
        assert!(expectation.needs_plan());
        let differences = expectation.judge(&Outcome::default());
        assert_eq!(differences[0].to_string(), "objective_fen: expected 5, found nothing");
        assert_eq!(differences[1].to_string(), "gap_at_most: expected at most 0.1, found nothing");
    }
}
