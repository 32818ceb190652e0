//! What a replay of many scenarios found, as a JSON document, so that another policy or a later version can be held
//! against it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tiaoji_core::compare::compare;
use tiaoji_core::plan::{Claim, Plan};
use tiaoji_core::scenario::Scenario;

use crate::analysis::SetFile;
use crate::expect::Difference;
use crate::plan::{
    KpisFile, SecondmentFile, plan_status, read_document, secondment_claims, secondment_files,
};
use crate::report::Report;
use crate::write::{draft_to_json, to_draft};

/// A replay: what came of every scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "The results of a tiaoji replay", rename = "Replay")]
pub struct ReplayFile {
    /// Program and version.
    pub engine: String,
    /// What was set in every scenario.
    pub set: Vec<SetFile>,
    /// In the order in which they were replayed.
    pub scenarios: Vec<ReplayedFile>,
}

/// One scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Replayed")]
pub struct ReplayedFile {
    /// Where it lies.
    pub path: String,
    /// `as_expected`, `differs`, `no_expectation`, `recorded`, `refused`, `violations` or `bad_expectation`.
    pub verdict: String,
    /// Its plan, where it is valid.
    pub plan: Option<ReplayedPlanFile>,
    /// The plan that this one is held against, without its secondments.
    pub before: Option<ReplayedPlanFile>,
    /// Sum over pairs and working days of what is another than there.
    pub changed_worker_days: Option<i64>,
    /// Why its expectation cannot be read.
    pub expectation_error: Option<String>,
    /// What is not as expected.
    pub differences: Vec<Difference>,
    /// Of the scenario.
    pub defects: Vec<Report>,
    /// Of the scenario.
    pub warnings: Vec<Report>,
    /// Of the plan, by the referee.
    pub violations: Vec<Report>,
}

/// What a plan comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ReplayedPlan")]
pub struct ReplayedPlanFile {
    /// CRC-32 of the scenario as a JSON document, in hexadecimal digits: equal ones are the same scenario.
    pub scenario_crc32: String,
    /// Number of admissible pairs.
    pub admissible_pairs: usize,
    /// `optimal` or `feasible`.
    pub status: String,
    /// The plan's objective.
    pub objective_fen: i64,
    /// No plan costs less.
    pub bound_fen: i64,
    /// The objective of lending nothing but the pins.
    pub baseline_fen: i64,
    /// `(objective - bound) / (baseline - bound)`.
    pub gap: f64,
    /// How long the run took.
    pub seconds: f64,
    /// Totals.
    pub kpis: KpisFile,
    /// Worker-days unfilled by the id of their skill; skills of which none is are left out.
    pub unfilled_by_skill: BTreeMap<String, i64>,
    /// Who works where and when.
    #[serde(default)]
    pub secondments: Vec<SecondmentFile>,
}

impl ReplayedPlanFile {
    /// What a plan comes to that took so many seconds.
    pub fn new(scenario: &Scenario, plan: &Plan, admissible_pairs: usize, seconds: f64) -> ReplayedPlanFile {
        let mut crc = flate2::Crc::new();
        crc.update(&draft_to_json(&to_draft(scenario)));
        let mut unfilled_by_skill = unfilled_by_skill(scenario, plan);
        unfilled_by_skill.retain(|_, days| *days > 0);
        ReplayedPlanFile {
            scenario_crc32: format!("{:08x}", crc.sum()),
            admissible_pairs,
            status: plan_status(plan).to_string(),
            objective_fen: plan.objective,
            bound_fen: plan.bound,
            baseline_fen: plan.baseline,
            gap: plan.gap(),
            seconds,
            kpis: KpisFile::from(&plan.kpis),
            unfilled_by_skill,
            secondments: secondment_files(scenario, plan),
        }
    }

    /// Worker-days by which the secondments of two plans for the postings of a scenario differ; those of postings that it
    /// does not have are passed over.
    pub fn changed_worker_days(&self, scenario: &Scenario, before: &ReplayedPlanFile) -> i64 {
        let [then, now] = [before, self].map(|plan| {
            let claims = secondment_claims(scenario, &plan.secondments).into_iter();
            claims.filter(|claim| (0..=Claim::MOST).contains(&claim.count)).collect::<Vec<_>>()
        });
        compare(scenario, &then, &now).moved.iter().map(|moved| moved.changed).sum()
    }

    /// Where two plans for the same scenario contradict each other's bounds, which are proven: one of them is wrong.
    pub fn contradictions(&self, before: &ReplayedPlanFile) -> Vec<Difference> {
        if self.scenario_crc32 != before.scenario_crc32 {
            return Vec::new();
        }
        let beaten = [
            ("objective_fen", "at least the earlier bound", before.bound_fen, self.objective_fen),
            ("bound_fen", "at most the earlier objective", -before.objective_fen, -self.bound_fen),
        ];
        let beaten = beaten.into_iter().filter(|(_, _, limit, found)| found < limit);
        let difference = |(what, sign, limit, found): (&str, &str, i64, i64)| Difference {
            what: what.to_string(),
            expected: format!("{sign} {}", limit.abs()),
            found: found.abs().to_string(),
        };
        beaten.map(difference).collect()
    }
}

/// Worker-days unfilled by the id of every skill.
pub(crate) fn unfilled_by_skill(scenario: &Scenario, plan: &Plan) -> BTreeMap<String, i64> {
    let id = |skill: usize| scenario.skills()[skill].id.clone();
    let mut days: BTreeMap<String, i64> = (0..scenario.skills().len()).map(|skill| (id(skill), 0)).collect();
    for stretch in &plan.unfilled {
        let skill = scenario.shortages()[stretch.posting.index()].skill;
        *days.entry(id(skill.index())).or_default() += stretch.count * stretch.days;
    }
    days
}

/// Reads the results of a replay; `name` is what its faults call it. Keys that are not known here are passed over.
///
/// # Errors
/// As [`read_plan`](crate::read_plan).
pub fn read_replay(name: &str, bytes: &[u8]) -> Result<ReplayFile, Box<Report>> {
    read_document(name, bytes, ("result of a replay", "回放结果"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_that_contradict_each_other() {
        let plan = |crc: &str, bound_fen, objective_fen| ReplayedPlanFile {
            scenario_crc32: crc.to_string(),
            admissible_pairs: 0,
            status: "feasible".to_string(),
            objective_fen,
            bound_fen,
            baseline_fen: 100,
            gap: 0.0,
            seconds: 0.0,
            kpis: KpisFile::default(),
            unfilled_by_skill: BTreeMap::new(),
            secondments: Vec::new(),
        };
        let check = |before, now: ReplayedPlanFile, expect: &[&str]| {
            let found: Vec<String> = now.contradictions(&before).iter().map(ToString::to_string).collect();
            assert_eq!(found, expect);
        };
        check(plan("a", 40, 50), plan("a", 45, 46), &[]);
        check(plan("a", 40, 50), plan("a", 50, 50), &[]);
        let low = "objective_fen: expected at least the earlier bound 40, found 39";
        check(plan("a", 40, 50), plan("a", 30, 39), &[low]);
        let high = "bound_fen: expected at most the earlier objective 50, found 51";
        check(plan("a", 40, 50), plan("a", 51, 60), &[high]);
        check(plan("a", 40, 50), plan("b", 51, 60), &[]);
    }
}
