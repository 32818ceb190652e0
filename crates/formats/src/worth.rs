//! What one more worker would be worth, by skill and stretch of days, from the prices of a plan.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tiaoji_core::scenario::{Scenario, ShortageIx, Span};
use tiaoji_core::units::{Day, MicroFen, round_half_up};

use crate::analysis::csv_of;
use crate::cell::guard;
use crate::plan::{Date, PlanFile};

/// The worth of one more worker by skill and week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Worth of one more worker", rename = "SkillReport")]
pub struct SkillReportFile {
    /// Name of the scenario.
    pub scenario: String,
    /// What proves the plan's bound; where it is not `prices`, a worth is an estimate.
    pub bound_by: String,
    /// What the plan may have missed, in fen: no more worker saves more than a worth and this together.
    pub missed_fen: i64,
    /// Skills in the order of the scenario, then weeks; those in which nobody is missed are left out.
    pub skills: Vec<SkillWorthFile>,
}

/// A skill in a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SkillWorth")]
pub struct SkillWorthFile {
    /// The skill's id.
    pub skill: String,
    /// Its name.
    pub name: String,
    /// The first working day of the week.
    pub from: Date,
    /// The last one.
    pub to: Date,
    /// What the zone would save by one more worker on the best day, trained where the zone allows it, with lending, starting and
    /// training left out, in fen.
    pub worth_fen: i64,
}

/// The worths of a plan by week; none where it was written without prices.
pub fn skill_report(scenario: &Scenario, plan: &PlanFile) -> Option<SkillReportFile> {
    let weeks = weeks(scenario);
    let worths = worths(scenario, plan, &weeks)?;
    let days = scenario.days();
    let mut skills = Vec::new();
    for (skill, row) in scenario.skills().iter().zip(&worths) {
        for (week, micro) in weeks.iter().zip(row).filter(|(_, micro)| **micro > 0) {
            skills.push(SkillWorthFile {
                skill: skill.id.clone(),
                name: skill.name.clone(),
                from: Date(days.day(week.start)),
                to: Date(days.day(week.end - 1)),
                worth_fen: round_half_up(i128::from(*micro), 1_000_000) as i64,
            });
        }
    }
    Some(SkillReportFile {
        scenario: scenario.name().to_string(),
        bound_by: plan.bound_by.clone(),
        missed_fen: plan.objective_fen - plan.bound_fen,
        skills,
    })
}

/// The report as CSV (UTF-8 with BOM, CRLF).
pub fn skill_report_to_csv(report: &SkillReportFile) -> Vec<u8> {
    let head = ["skill", "name", "from", "to", "worth_fen"].map(String::from).to_vec();
    let row = |of: &SkillWorthFile| {
        let texts = [guard(&of.skill).into_owned(), guard(&of.name).into_owned()];
        let rest = [of.from.0.to_string(), of.to.0.to_string(), of.worth_fen.to_string()];
        texts.into_iter().chain(rest).collect()
    };
    csv_of(std::iter::once(head).chain(report.skills.iter().map(row)))
}

/// The weeks (from Monday) of the working days.
pub(crate) fn weeks(scenario: &Scenario) -> Vec<Span> {
    split(scenario, |day| i64::from(day.number()) - day.weekday() as i64)
}

/// Maximal runs of working days with the same key.
pub(crate) fn split(scenario: &Scenario, key: impl Fn(Day) -> i64) -> Vec<Span> {
    let days = scenario.days();
    let mut spans: Vec<Span> = Vec::new();
    for t in 0..days.len() {
        match spans.last_mut() {
            Some(span) if key(days.day(span.start)) == key(days.day(t)) => span.end = t + 1,
            _ => spans.push(Span { start: t, end: t + 1 }),
        }
    }
    spans
}

/// By skill and span, the highest price of a worker-day that such workers may fill, trained or not: what one more of them would save
/// at most. A stretch that stays open counts with what filling one of its places saves, also where no price names it.
/// None where the plan was written without prices; spans rise and do not overlap.
pub(crate) fn worths(scenario: &Scenario, plan: &PlanFile, spans: &[Span]) -> Option<Vec<Vec<MicroFen>>> {
    let prices = plan.prices.as_ref()?;
    let ids: HashMap<&str, ShortageIx> =
        scenario.shortage_indices().map(|j| (scenario.shortages()[j.index()].id.as_str(), j)).collect();
    let mut worth: Vec<Vec<MicroFen>> = vec![vec![0; spans.len()]; scenario.skills().len()];
    let mut raise = |j: ShortageIx, from, to, price: MicroFen| {
        let open = scenario.days().span(from, to).intersect(scenario.demand_span(j));
        let skill = scenario.shortages()[j.index()].skill;
        let trained = scenario.substitutions().iter().filter(|row| row.to == skill).map(|row| row.from);
        for own in trained.chain([skill]) {
            for (cell, span) in worth[own.index()].iter_mut().zip(spans) {
                if !span.intersect(open).is_empty() {
                    *cell = (*cell).max(price);
                }
            }
        }
    };
    for run in &prices.demand {
        if let Some(&j) = run.shortage.as_deref().and_then(|id| ids.get(id)) {
            raise(j, run.from.0, run.to.0, run.fen.0);
        }
    }
    for open in &plan.unfilled {
        if let Some(&j) = ids.get(open.shortage.as_str()) {
            let cost = scenario.unmet_cost(j);
            let saved = cost.of(open.count).saturating_sub(cost.of(open.count - 1));
            raise(j, open.from.0, open.to.0, saved.saturating_mul(1_000_000));
        }
    }
    Some(worth)
}

#[cfg(test)]
mod tests {
    use tiaoji_core::solve::{Options, solve};

    use super::*;
    use crate::{PlanMeta, plan_file};

    /// Three packers are missed on the working days of two weeks, nobody lends: each is worth what leaving the place empty
    /// costs, 400 CNY, in both weeks. The welder asked for on the last day is there: nobody pays more than lending costs.
    #[test]
    fn by_skill_and_week() {
        let text = r#"{ "name": "x", "policy": { "onboarding_fen": 0, "daily_base_fen": 0, "transport_per_km_fen": 0,
                "cross_alliance_fen": 0, "unmet": { "urgent_fen": 60000, "normal_fen": 40000, "low_fen": 30000 },
                "rest_weekdays": ["Sat", "Sun"] },
            "firms": [ { "id": "F1", "name": "f", "latitude": 36, "longitude": 117 } ],
            "skills": [ { "id": "K1", "name": "=packer" }, { "id": "K2", "name": "welder" } ], "surplus": [],
            "shortage": [ { "id": "D1", "firm": "F1", "skill": "K1", "headcount": 3, "from": "2022-03-10", "to": "2022-03-15" } ] }"#;
        let scenario = crate::read_json("x", text.as_bytes()).expect("valid").scenario;
        let plan = solve(&scenario, &Options::default());
        let meta = PlanMeta { engine: String::new(), seconds: 0.0, with_prices: true };
        let report = skill_report(&scenario, &plan_file(&scenario, &plan, &meta)).expect("prices");
        let found: Vec<(String, String, i64)> = report
            .skills
            .iter()
            .map(|of| (of.from.0.to_string(), of.to.0.to_string(), of.worth_fen))
            .collect();
        let week = |from: &str, to: &str| (from.to_string(), to.to_string(), 40_000);
        assert_eq!(found, [week("2022-03-10", "2022-03-11"), week("2022-03-14", "2022-03-15")]);
        assert_eq!(report.missed_fen, 0);
        let csv = String::from_utf8(skill_report_to_csv(&report)).expect("text");
        assert!(csv.contains("K1,'=packer,2022-03-10,2022-03-11,40000\r\n"), "{csv}");
        let without = PlanMeta { engine: String::new(), seconds: 0.0, with_prices: false };
        assert_eq!(skill_report(&scenario, &plan_file(&scenario, &plan, &without)), None);
    }
}
