//! One scenario of `tiaoji replay`: solved, written, read back, refereed, and compared with its expectation.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::{Value, json};
use tiaoji_core::admissibility::admissible_pairs;
use tiaoji_core::scenario::Scenario;
use tiaoji_formats::{
    Difference, Expectation, Outcome, Report, check_plan, plan_to_json, read_path, read_plan,
};

use crate::args::SolveArgs;
use crate::console::{Console, Status};
use crate::limit::Interrupt;
use crate::solving::{self, Solved};
use crate::text::Label;

/// What came of one scenario.
pub struct Case {
    /// Where it lies.
    pub path: String,
    /// Of the scenario.
    pub defects: Vec<Report>,
    /// Of the scenario.
    pub warnings: Vec<Report>,
    /// Of the plan, by the referee.
    pub violations: Vec<Report>,
    /// Admissible pairs, where the scenario is valid.
    pub pairs: Option<usize>,
    /// The plan, where the scenario is valid.
    pub solved: Option<Solved>,
    /// What is not as expected.
    pub differences: Vec<Difference>,
    /// Whether anything was expected, or why that cannot be read.
    pub expectation: Result<bool, String>,
}

impl Case {
    /// Replays the scenario at `path`; `title` stands before its progress.
    pub fn replay(
        path: &Path,
        args: &SolveArgs,
        interrupt: &Interrupt,
        title: &str,
        console: &Console,
    ) -> Case {
        let mut case = Case {
            path: path.display().to_string(),
            defects: Vec::new(),
            warnings: Vec::new(),
            violations: Vec::new(),
            pairs: None,
            solved: None,
            differences: Vec::new(),
            expectation: Ok(false),
        };
        match read_path(path) {
            Ok(loaded) => {
                let solved = solving::run(&loaded.scenario, args, None, interrupt, Some(title), console);
                case.pairs = Some(admissible_pairs(&loaded.scenario).len());
                case.violations = referee(&loaded.scenario, &solved);
                case.solved = Some(solved);
                case.warnings = loaded.warnings;
            }
            Err(faults) => (case.defects, case.warnings) = (faults.defects, faults.warnings),
        }
        match expectation(path) {
            Ok(None) => {}
            Ok(Some(expectation)) => {
                case.differences = expectation.judge(&Outcome {
                    defects: &case.defects,
                    warnings: &case.warnings,
                    admissible_pairs: case.pairs,
                    plan: case.solved.as_ref().map(|solved| &solved.plan),
                });
                case.expectation = Ok(true);
            }
            Err(why) => case.expectation = Err(why),
        }
        case
    }

    /// In a word.
    pub fn verdict(&self) -> Label {
        match &self.expectation {
            Err(_) => Label::NotAnExpectation,
            _ if self.is_refused() => Label::Refused,
            _ if !self.violations.is_empty() => Label::RefereeObjects,
            _ if !self.differences.is_empty() => Label::Differs,
            Ok(false) => Label::NoExpectation,
            Ok(true) if !self.defects.is_empty() => Label::HoldsWithDefects,
            Ok(true) => Label::Holds,
        }
    }

    /// What it means for the whole run.
    pub fn status(&self) -> Status {
        if self.expectation.is_err() || self.is_refused() {
            Status::Input
        } else if self.violations.is_empty() && self.differences.is_empty() {
            Status::Done
        } else {
            Status::Differs
        }
    }

    /// Whether it has defects that nobody expects.
    fn is_refused(&self) -> bool {
        let expected =
            matches!(self.expectation, Ok(true)) && self.differences.iter().all(|d| d.what != "defects");
        !self.defects.is_empty() && !expected
    }

    /// The row for programs.
    pub fn to_json(&self) -> Value {
        let verdict = match self.verdict() {
            Label::NotAnExpectation => "bad_expectation",
            Label::Refused => "refused",
            Label::RefereeObjects => "violations",
            Label::Differs => "differs",
            Label::NoExpectation => "no_expectation",
            _ => "as_expected",
        };
        let difference = |d: &Difference| json!({ "what": d.what, "expected": d.expected, "found": d.found });
        let plan = self.solved.as_ref().map(|solved| &solved.plan);
        json!({
            "path": self.path,
            "pairs": self.pairs,
            "status": plan.map(|plan| if plan.is_optimal() { "optimal" } else { "feasible" }),
            "objective_fen": plan.map(|plan| plan.objective),
            "bound_fen": plan.map(|plan| plan.bound),
            "gap": plan.map(tiaoji_core::plan::Plan::gap),
            "seconds": self.solved.as_ref().map(|solved| solved.seconds),
            "verdict": verdict,
            "expectation_error": self.expectation.as_ref().err(),
            "differences": self.differences.iter().map(difference).collect::<Vec<_>>(),
            "defects": self.defects,
            "warnings": self.warnings,
            "violations": self.violations,
        })
    }
}

/// The referee's verdict on the plan as it would be written and read again.
fn referee(scenario: &Scenario, solved: &Solved) -> Vec<Report> {
    const NAME: &str = "plan.json";
    match read_plan(NAME, &plan_to_json(scenario, &solved.plan, &solved.meta(true))) {
        Ok(plan) => check_plan(scenario, NAME, &plan),
        Err(not_a_plan) => vec![*not_a_plan],
    }
}

/// The expectation beside a scenario, where there is one.
fn expectation(path: &Path) -> Result<Option<Expectation>, String> {
    match fs::read(path.join("expect.json")) {
        Ok(bytes) => Expectation::read(&bytes).map(Some),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}
