//! An expectation written from what came out: what every run must give again, and limits for what depends on which of
//! several good plans is found.

use std::collections::BTreeMap;

use tiaoji_core::plan::Plan;

use super::{Expectation, ExpectedFault, ExpectedNumber, Outcome};
use crate::plan::plan_status;
use crate::replay::unfilled_by_skill;
use crate::report::Report;

/// By how many hundredths a total may be worse than the one that was found.
const LEEWAY: i64 = 2;

impl Expectation {
    /// What came out of a run that may stop at that gap, as an expectation. Defects and warnings by their codes; of a plan
    /// exactly what is the same in every plan of the scenario, and the objective too where no gap is allowed and none was
    /// left; else limits: what the gap allows, and what stays open at most two hundredths more.
    pub fn recorded(outcome: &Outcome<'_>, gap: f64) -> Expectation {
        let codes = |reports: &[Report]| {
            let codes = reports.iter().map(|report| ExpectedFault::Code(report.code.clone()));
            (!reports.is_empty()).then(|| codes.collect())
        };
        let faults = Expectation {
            defects: codes(outcome.defects),
            warnings: codes(outcome.warnings),
            admissible_pairs: outcome.admissible_pairs,
            ..Expectation::default()
        };
        let Some(plan) = outcome.plan else { return faults };
        let gap = plan.gap().max(gap);
        let optimal = gap == 0.0;
        // In whole fen, away from what was found.
        let missed = (gap * (plan.baseline - plan.bound) as f64).ceil() as i64;
        let unfilled = outcome.scenario.map(|scenario| unfilled_by_skill(scenario, plan)).unwrap_or_default();
        Expectation {
            objective_fen: optimal.then_some(plan.objective),
            objective_at_most: (!optimal).then_some(plan.bound.saturating_add(missed)),
            baseline_fen: Some(plan.baseline),
            bound_at_least: (!optimal).then_some(plan.bound.saturating_sub(missed)),
            status: optimal.then(|| plan_status(plan).to_string()),
            gap_at_most: (!optimal).then_some(gap),
            kpis: limits(plan),
            unfilled_by_skill: unfilled
                .into_iter()
                .filter(|(_, days)| *days > 0)
                .map(|(skill, days)| (skill, at_most(days)))
                .collect(),
            ..faults
        }
    }
}

/// Totals that are the same in every plan, and how little may stay open.
fn limits(plan: &Plan) -> BTreeMap<String, ExpectedNumber> {
    let kpis = &plan.kpis;
    let equals = |value| ExpectedNumber { equals: Some(value), ..ExpectedNumber::default() };
    let least = kpis.filled_worker_days - kpis.filled_worker_days / 100 * LEEWAY;
    let limits = [
        ("demanded_worker_days", equals(kpis.demanded_worker_days)),
        ("offered_worker_days", equals(kpis.offered_worker_days)),
        ("filled_worker_days", ExpectedNumber { at_least: Some(least), ..ExpectedNumber::default() }),
        ("unmet_cost_fen", at_most(kpis.unmet_cost)),
    ];
    limits.into_iter().map(|(name, limit)| (name.to_string(), limit)).collect()
}

fn at_most(value: i64) -> ExpectedNumber {
    ExpectedNumber { at_most: Some(value + value / 100 * LEEWAY + LEEWAY), ..ExpectedNumber::default() }
}
