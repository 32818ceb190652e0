//! A plan file against its scenario: what the referee says of its secondments, and every figure that it claims
//! against the one that follows from them.

mod stretches;

use std::collections::HashMap;
use std::fmt::Display;
use std::hash::Hash;

use tiaoji_core::bound::of_prices;
use tiaoji_core::plan::{Method, PriceRun, Prices, gap};
use tiaoji_core::referee::{Claim, Verdict, Violation, judge};
use tiaoji_core::scenario::{Scenario, ShortageIx, SurplusIx};

use super::PlanFile;
use super::wire::{Date, PriceFile};
use crate::messages::{self, Words};
use crate::report::Report;

/// How far a claimed gap may be from the exact one, as a share of it.
const GAP_TOLERANCE: f64 = 1e-12;

/// Everything that is wrong with a plan; empty = it holds. `name` is what the reports call its file, their `row` is
/// the position, from 1, in the array that `column` names.
///
/// Where postings are unknown or a rule, a capacity or a pin is broken, the figures that would follow from that are
/// not compared.
pub fn check_plan(scenario: &Scenario, name: &str, plan: &PlanFile) -> Vec<Report> {
    let mut check = Check {
        scenario,
        plan,
        name,
        reports: Vec::new(),
        surplus: positions(scenario.surplus().iter().map(|s| s.id.as_str()), SurplusIx),
        shortage: positions(scenario.shortages().iter().map(|d| d.id.as_str()), ShortageIx),
    };
    check.choices();
    let claims = check.claims();
    let all_known = claims.len() == plan.secondments.len();
    let rows: Vec<usize> = claims.iter().map(|(row, _)| *row).collect();
    let claims: Vec<Claim> = claims.into_iter().map(|(_, claim)| claim).collect();
    let verdict = judge(scenario, &claims, None);
    check.violations(&verdict, &rows, &claims);
    check.bounds();
    if all_known {
        check.totals(&verdict);
        if verdict.violations.is_empty() {
            check.details(&verdict);
        }
    }
    check.components();
    check.prices();
    check.reports
}

pub(super) fn positions<'a, T>(
    ids: impl Iterator<Item = &'a str>,
    index: fn(u32) -> T,
) -> HashMap<&'a str, T> {
    (0..).map(index).zip(ids).map(|(at, id)| (id, at)).collect()
}

struct Check<'a> {
    scenario: &'a Scenario,
    plan: &'a PlanFile,
    name: &'a str,
    reports: Vec<Report>,
    surplus: HashMap<&'a str, SurplusIx>,
    shortage: HashMap<&'a str, ShortageIx>,
}

impl Check<'_> {
    fn say(&mut self, code: &str, row: Option<usize>, column: &str, read: &dyn Display, words: Words) {
        let Words { message, message_zh, remedy, remedy_zh } = words;
        self.reports.push(Report {
            code: code.to_string(),
            file: Some(self.name.to_string()),
            row: row.map(|at| at as u32 + 1),
            column: Some(column.to_string()),
            read: Some(read.to_string()),
            message,
            message_zh,
            remedy,
            remedy_zh,
        });
    }

    /// A claimed figure that is another.
    fn figure(&mut self, row: Option<usize>, column: &str, claimed: &dyn Display, found: &dyn Display) {
        let (claimed, found) = (claimed.to_string(), found.to_string());
        let words = Words::new(
            format!("`{column}` says {claimed}; recomputed it is {found}"),
            format!("`{column}` 为 {claimed}，重新计算为 {found}"),
            format!("write {found}, or correct the secondments"),
            format!("请改为 {found}，或更正借调"),
        );
        self.say("figure", row, column, &claimed, words);
    }

    fn unknown(&mut self, row: usize, column: &str, id: &str) {
        let words = Words::new(
            format!("the scenario has no posting `{id}`"),
            format!("场景中没有 `{id}`"),
            "use the plan with the scenario it was made for",
            "请与该方案所属的场景一起使用",
        );
        self.say("unknown_reference", Some(row), column, &id, words);
    }

    fn choice(&mut self, row: Option<usize>, column: &str, read: &str, allowed: &[&str]) {
        if !allowed.contains(&read) {
            let list = allowed.join(", ");
            let words = Words::new(
                format!("`{read}` in `{column}` is none of the choices"),
                format!("`{column}` 的 `{read}` 不在可选范围内"),
                format!("write one of {list}"),
                format!("请填写以下之一：{list}"),
            );
            self.say("bad_choice", row, column, &read, words);
        }
    }

    fn choices(&mut self) {
        let methods = Method::ALL.map(Method::name);
        self.choice(None, "method", &self.plan.method, &methods);
        self.choice(None, "status", &self.plan.status, &["optimal", "feasible"]);
        self.choice(None, "bound_by", &self.plan.bound_by, &["prices", "search"]);
        for (row, component) in self.plan.components.iter().enumerate() {
            self.choice(Some(row), "components.method", &component.method, &methods);
        }
    }

    /// The secondments whose postings exist, each with its position.
    fn claims(&mut self) -> Vec<(usize, Claim)> {
        let mut claims = Vec::new();
        for (row, s) in self.plan.secondments.iter().enumerate() {
            let surplus = self.surplus.get(s.surplus.as_str()).copied();
            let shortage = self.shortage.get(s.shortage.as_str()).copied();
            if surplus.is_none() {
                self.unknown(row, "secondments.surplus", &s.surplus);
            }
            if shortage.is_none() {
                self.unknown(row, "secondments.shortage", &s.shortage);
            }
            if let (Some(surplus), Some(shortage)) = (surplus, shortage) {
                let claim = Claim { surplus, shortage, count: s.count, from: s.from.0, to: s.to.0 };
                claims.push((row, claim));
            }
        }
        claims
    }

    fn violations(&mut self, verdict: &Verdict, rows: &[usize], claims: &[Claim]) {
        for violation in &verdict.violations {
            // The first secondment that has to do with it.
            let concerned = |c: &Claim| match violation {
                Violation::Shape { .. } => false,
                Violation::Supply { surplus, .. } => c.surplus == *surplus,
                Violation::Demand { shortage, .. } => c.shortage == *shortage,
                Violation::Rules { surplus, shortage, .. } | Violation::Pin { surplus, shortage, .. } => {
                    (c.surplus, c.shortage) == (*surplus, *shortage)
                }
            };
            let at = match violation {
                Violation::Shape { claim } => Some(*claim),
                _ => claims.iter().position(concerned),
            };
            let row = at.and_then(|at| rows.get(at).copied());
            let read = row.map_or(String::new(), |row| {
                let s = &self.plan.secondments[row];
                format!("{} -> {} {} x {}..{}", s.surplus, s.shortage, s.count, s.from.0, s.to.0)
            });
            for (code, words) in messages::violation(self.scenario, violation) {
                self.say(code, row, "secondments", &read, words);
            }
        }
    }

    /// What must hold among the figures themselves.
    fn bounds(&mut self) {
        let plan = self.plan;
        if plan.bound_fen > plan.objective_fen {
            let words = Words::new(
                format!("the bound {} is above the objective {}", plan.bound_fen, plan.objective_fen),
                format!("下界 {} 高于目标值 {}", plan.bound_fen, plan.objective_fen),
                "a bound is at most what a plan costs",
                "下界不得高于方案成本",
            );
            self.say("bound", None, "bound_fen", &plan.bound_fen, words);
        }
    }

    fn totals(&mut self, verdict: &Verdict) {
        let plan = self.plan;
        if i128::from(plan.objective_fen) != verdict.objective {
            self.figure(None, "objective_fen", &plan.objective_fen, &verdict.objective);
        }
        if plan.baseline_fen != verdict.baseline {
            self.figure(None, "baseline_fen", &plan.baseline_fen, &verdict.baseline);
        }
        let bound = i128::from(plan.bound_fen);
        let gap = gap(verdict.objective, bound, verdict.baseline);
        if (plan.gap - gap).abs() > GAP_TOLERANCE * gap.abs() {
            self.figure(None, "gap", &plan.gap, &gap);
        }
        if let (Some(cost), Some(days)) = (plan.stability_fen, plan.changed_worker_days) {
            let found = i128::from(self.scenario.policy().stability) * i128::from(days);
            if i128::from(cost) != found {
                self.figure(None, "stability_fen", &cost, &found);
            }
        }
        let status = if verdict.objective == bound { "optimal" } else { "feasible" };
        if plan.status != status {
            self.figure(None, "status", &plan.status, &status);
        }
    }

    fn details(&mut self, verdict: &Verdict) {
        let plan = self.plan;
        for (row, (secondment, cost)) in plan.secondments.iter().zip(&verdict.costs).enumerate() {
            if secondment.cost_fen != *cost {
                self.figure(Some(row), "secondments.cost_fen", &secondment.cost_fen, cost);
            }
        }
        let claimed = plan.kpis.named();
        for ((name, claimed), (_, found)) in claimed.into_iter().zip(verdict.kpis.named()) {
            if claimed != found {
                self.figure(None, &format!("kpis.{name}"), &claimed, &found);
            }
        }
        self.unfilled(verdict);
        self.idle(verdict);
    }

    /// Components cover the postings that have partners: their sums do not exceed the totals.
    fn components(&mut self) {
        let plan = self.plan;
        let sum =
            |of: fn(&super::ComponentFile) -> i64| plan.components.iter().map(|c| i128::from(of(c))).sum();
        let (objective, bound): (i128, i128) = (sum(|c| c.objective_fen), sum(|c| c.bound_fen));
        for (column, sum, total) in [
            ("components.objective_fen", objective, plan.objective_fen),
            ("components.bound_fen", bound, plan.bound_fen),
        ] {
            if sum > i128::from(total) {
                let words = Words::new(
                    format!("the components add up to {sum}, more than the total {total}"),
                    format!("各部分之和 {sum} 超过总计 {total}"),
                    "write each component's own part",
                    "请填写各部分自身的数值",
                );
                self.say("components", None, column, &sum, words);
            }
        }
        for (row, c) in plan.components.iter().enumerate() {
            if c.bound_fen > c.objective_fen {
                let words = Words::new(
                    format!(
                        "the component's bound {} is above its objective {}",
                        c.bound_fen, c.objective_fen
                    ),
                    format!("该部分的下界 {} 高于目标值 {}", c.bound_fen, c.objective_fen),
                    "a bound is at most what a plan costs",
                    "下界不得高于方案成本",
                );
                self.say("bound", Some(row), "components.bound_fen", &c.bound_fen, words);
            }
        }
    }

    /// Prices name postings that exist, and prove the bound.
    fn prices(&mut self) {
        let Some(file) = &self.plan.prices else { return };
        let before = self.reports.len();
        let supply = self.price_runs("prices.supply", &file.supply, |p| p.surplus.as_ref(), |c| &c.surplus);
        let demand = self.price_runs("prices.demand", &file.demand, |p| p.shortage.as_ref(), |c| &c.shortage);
        for (row, run) in file.supply.iter().enumerate() {
            if run.fen.0 < 0 {
                let words = Words::new(
                    "the price of a worker offered is negative",
                    "余工价格为负",
                    "prices of surplus postings are at least 0",
                    "余工价格不得为负",
                );
                self.say("price", Some(row), "prices.supply.fen", &run.fen, words);
            }
        }
        if self.reports.len() > before || self.plan.bound_by != "prices" {
            return;
        }
        let claimed = self.plan.bound_fen;
        let proven = of_prices(self.scenario, &Prices { supply, demand });
        if proven < i128::from(claimed) {
            let words = Words::new(
                format!("the prices prove a bound of {proven}, not {claimed}"),
                format!("价格只能证明下界 {proven}，而不是 {claimed}"),
                format!("write {proven}, or the prices that prove more"),
                format!("请改为 {proven}，或写入能证明更高下界的价格"),
            );
            self.say("bound", None, "bound_fen", &claimed, words);
        }
    }

    fn price_runs<P: Copy + Eq + Hash>(
        &mut self,
        column: &str,
        runs: &[PriceFile],
        id: impl Fn(&PriceFile) -> Option<&String>,
        known: impl Fn(&Self) -> &HashMap<&str, P>,
    ) -> Vec<PriceRun<P>> {
        let mut good = Vec::with_capacity(runs.len());
        for (row, run) in runs.iter().enumerate() {
            let written = id(run).map_or("", String::as_str);
            match known(self).get(written).copied() {
                None => self.unknown(row, column, written),
                Some(posting) => {
                    let (Date(from), Date(to)) = (run.from, run.to);
                    if from > to {
                        let words = Words::new(
                            format!("the price runs from {from} to {to}: the dates are reversed"),
                            format!("价格的开始日期 {from} 晚于结束日期 {to}"),
                            "write the first day before the last",
                            "请先写开始日期，再写结束日期",
                        );
                        self.say("price", Some(row), column, &from, words);
                    }
                    good.push(PriceRun { posting, from, to, price: run.fen.0 });
                }
            }
        }
        good
    }
}
