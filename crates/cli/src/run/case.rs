//! One scenario of `tiaoji replay`: solved, written, read back, refereed, and compared with its expectation and with
//! an earlier plan.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use tiaoji_core::admissibility::admissible_pairs;
use tiaoji_core::plan::Plan;
use tiaoji_core::scenario::Scenario;
use tiaoji_formats::{
    Difference, Expectation, Outcome, ReplayFile, ReplayedFile, ReplayedPlanFile, Report, check_plan,
    plan_to_json, read_path, read_plan, to_draft, with_cells,
};

use crate::args::ReplayArgs;
use crate::console::{Console, Failure, Status};
use crate::limit::Interrupt;
use crate::solving::{self, Solved};
use crate::text::Label;

/// The gap that is recorded as allowed where none was asked for.
const GAP: f64 = 0.0005;

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
    /// The plan, where the scenario is valid.
    pub plan: Option<ReplayedPlanFile>,
    /// What it is compared with, and the worker-days that are another.
    pub before: Option<(ReplayedPlanFile, i64)>,
    /// What is not as expected.
    pub differences: Vec<Difference>,
    /// What was expected, or why that cannot be read.
    pub expectation: Result<Expected, String>,
}

/// What was known of what must come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing.
    No,
    /// An expectation.
    Yes,
    /// Nothing; what came out is expected from now on.
    Recorded,
}

/// What all scenarios of a run share.
pub struct Run<'a> {
    /// As asked for.
    pub args: &'a ReplayArgs,
    /// The results to compare with.
    pub against: Option<&'a ReplayFile>,
    /// The Ctrl-C key.
    pub interrupt: &'a Interrupt,
    /// Where progress is shown.
    pub console: &'a Console,
}

impl Run<'_> {
    /// Replays the scenario at `path`; `title` stands before its progress.
    pub fn case(&self, path: &Path, title: &str) -> Result<Case, Failure> {
        let mut case = Case {
            path: path.display().to_string(),
            defects: Vec::new(),
            warnings: Vec::new(),
            violations: Vec::new(),
            plan: None,
            before: None,
            differences: Vec::new(),
            expectation: Ok(Expected::No),
        };
        let set = &self.args.set;
        let mut solved = None;
        match read_path(path) {
            Ok(loaded) => {
                case.warnings = loaded.warnings;
                let changed = (!set.is_empty()).then(|| with_cells(&to_draft(&loaded.scenario), set));
                match changed.unwrap_or(Ok(loaded.scenario.clone())) {
                    Ok(scenario) => {
                        let own = self.solve(&scenario, title);
                        case.violations = referee(&scenario, &own);
                        let plan = file(&scenario, &own);
                        case.compare(self.before(&loaded.scenario, &case.path, title), &plan, &scenario);
                        case.plan = Some(plan);
                        solved = Some((scenario, own.plan));
                    }
                    Err(defects) => case.defects = defects,
                }
            }
            Err(faults) => (case.defects, case.warnings) = (faults.defects, faults.warnings),
        }
        self.judge(&mut case, path, solved.as_ref())?;
        Ok(case)
    }

    fn solve(&self, scenario: &Scenario, title: &str) -> Solved {
        solving::run(scenario, &self.args.solve, None, self.interrupt, Some(title), self.console)
    }

    /// What the scenario gave in the earlier run, or gives as it is.
    fn before(&self, scenario: &Scenario, path: &str, title: &str) -> Option<ReplayedPlanFile> {
        match self.against {
            Some(earlier) => earlier.scenarios.iter().find(|one| one.path == path)?.plan.clone(),
            None if self.args.set.is_empty() => None,
            None => Some(file(scenario, &self.solve(scenario, title))),
        }
    }

    fn judge(&self, case: &mut Case, path: &Path, solved: Option<&(Scenario, Plan)>) -> Result<(), Failure> {
        let outcome = Outcome {
            defects: &case.defects,
            warnings: &case.warnings,
            admissible_pairs: case.plan.as_ref().map(|plan| plan.admissible_pairs),
            scenario: solved.map(|(scenario, _)| scenario),
            plan: solved.map(|(_, plan)| plan),
        };
        let found = match expectation(path) {
            Ok(Some(expectation)) if self.args.set.is_empty() => Ok(expectation.judge(&outcome)),
            Ok(Some(expectation)) => Ok(expectation.limits().judge(&outcome)),
            Ok(None) if self.args.record && path.is_dir() && !self.interrupt.pressed() => {
                let path = path.join("expect.json");
                let recorded = Expectation::recorded(&outcome, self.args.solve.gap.unwrap_or(GAP));
                let text = serde_json::to_string_pretty(&recorded);
                let text = text.unwrap_or_else(|error| unreachable!("texts serialise: {error}")) + "\n";
                let output = |error| Failure::Output { path: path.display().to_string(), error };
                fs::write(&path, text).map_err(output)?;
                case.expectation = Ok(Expected::Recorded);
                return Ok(());
            }
            Ok(None) => return Ok(()),
            Err(why) => Err(why),
        };
        case.expectation = found.map(|differences| {
            case.differences.extend(differences);
            Expected::Yes
        });
        Ok(())
    }
}

impl Case {
    fn compare(&mut self, before: Option<ReplayedPlanFile>, plan: &ReplayedPlanFile, scenario: &Scenario) {
        let Some(before) = before else { return };
        self.differences.extend(plan.contradictions(&before));
        let changed = plan.changed_worker_days(scenario, &before);
        self.before = Some((before, changed));
    }

    /// In a word.
    pub fn verdict(&self) -> Label {
        match &self.expectation {
            Err(_) => Label::NotAnExpectation,
            _ if self.is_refused() => Label::Refused,
            _ if !self.violations.is_empty() => Label::RefereeObjects,
            _ if !self.differences.is_empty() => Label::Differs,
            Ok(Expected::No) => Label::NoExpectation,
            Ok(Expected::Recorded) => Label::Recorded,
            Ok(Expected::Yes) if !self.defects.is_empty() => Label::HoldsWithDefects,
            Ok(Expected::Yes) => Label::Holds,
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
        let expected = match self.expectation {
            Ok(Expected::Yes) => self.differences.iter().all(|d| d.what != "defects"),
            Ok(Expected::Recorded) => true,
            Ok(Expected::No) | Err(_) => false,
        };
        !self.defects.is_empty() && !expected
    }

    /// The same for programs.
    pub fn to_file(&self) -> ReplayedFile {
        let verdict = match self.verdict() {
            Label::NotAnExpectation => "bad_expectation",
            Label::Refused => "refused",
            Label::RefereeObjects => "violations",
            Label::Differs => "differs",
            Label::NoExpectation => "no_expectation",
            Label::Recorded => "recorded",
            _ => "as_expected",
        };
        let before = self.before.as_ref();
        ReplayedFile {
            path: self.path.clone(),
            verdict: verdict.to_string(),
            plan: self.plan.clone(),
            before: before.map(|(plan, _)| ReplayedPlanFile { secondments: Vec::new(), ..plan.clone() }),
            changed_worker_days: before.map(|(_, changed)| *changed),
            expectation_error: self.expectation.as_ref().err().cloned(),
            differences: self.differences.clone(),
            defects: self.defects.clone(),
            warnings: self.warnings.clone(),
            violations: self.violations.clone(),
        }
    }
}

fn file(scenario: &Scenario, solved: &Solved) -> ReplayedPlanFile {
    ReplayedPlanFile::new(scenario, &solved.plan, admissible_pairs(scenario).len(), solved.seconds)
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
