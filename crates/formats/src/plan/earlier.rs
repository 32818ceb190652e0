//! A plan file as the earlier plan of a run: ids to the postings that the scenario still has.

use std::collections::HashMap;
use std::fmt::Display;
use std::hash::Hash;

use tiaoji_core::earlier::{Earlier, Named};
use tiaoji_core::plan::{Claim, PriceRun, Prices};
use tiaoji_core::scenario::{Scenario, ShortageIx, SurplusIx};
use tiaoji_core::units::Day;

use super::check::positions;
use super::wire::{Date, PlanFile, PriceFile};
use crate::messages::Words;
use crate::report::Report;

/// What a plan file says to a scenario, which need not be the one it was made for. `name` is what faults call the file.
///
/// The file does not hold the scenario it was made for: a posting was there if the plan names it among its secondments,
/// unfilled or idle stretches or prices (with workers and days it always does), a working day if it is one today and lies
/// between the first and the last date of the plan. What the scenario does not know is a posting that was withdrawn.
///
/// # Errors
/// `out_of_range` (a secondment's count is not 1 to 1,000,000), `dates_reversed`, and `overflow` where what the changes may
/// cost leaves 63 bits: all of them, each with its position from 1 in the array that the column names.
pub fn earlier_plan(scenario: &Scenario, name: &str, plan: &PlanFile) -> Result<Earlier, Vec<Report>> {
    let surplus = positions(scenario.surplus().iter().map(|s| s.id.as_str()), SurplusIx);
    let shortage = positions(scenario.shortages().iter().map(|d| d.id.as_str()), ShortageIx);
    let (defects, dates) = (shape(name, plan), dates(plan));
    if !defects.is_empty() {
        return Err(defects);
    }
    let claims: Vec<Claim> = plan
        .secondments
        .iter()
        .filter_map(|s| {
            let (surplus, shortage) = (known(&surplus, &s.surplus)?, known(&shortage, &s.shortage)?);
            Some(Claim { surplus, shortage, count: s.count, from: s.from.0, to: s.to.0 })
        })
        .collect();
    let (supply, demand) = plan.prices.as_ref().map_or((&[][..], &[][..]), |p| (&p.supply, &p.demand));
    let ids = |file: &[PriceFile], id: fn(&PriceFile) -> Option<&String>| {
        file.iter().filter_map(id).cloned().collect::<Vec<String>>()
    };
    let lenders = plan.secondments.iter().map(|s| &s.surplus).chain(plan.idle.iter().map(|s| &s.surplus));
    let borrowers =
        plan.secondments.iter().map(|s| &s.shortage).chain(plan.unfilled.iter().map(|s| &s.shortage));
    let (priced_lenders, priced_borrowers) =
        (ids(supply, |run| run.surplus.as_ref()), ids(demand, |run| run.shortage.as_ref()));
    let named = Named {
        surplus: lenders.chain(&priced_lenders).filter_map(|id| known(&surplus, id)).collect(),
        shortages: borrowers.chain(&priced_borrowers).filter_map(|id| known(&shortage, id)).collect(),
        days: dates.iter().copied().min().zip(dates.iter().copied().max()),
    };
    let prices = Prices {
        supply: runs(supply, |run| known(&surplus, run.surplus.as_ref()?)),
        demand: runs(demand, |run| known(&shortage, run.shortage.as_ref()?)),
    };
    Earlier::new(scenario, &named, &claims, prices).map_err(|_| {
        let words = Words::new(
            "what the changes against the earlier plan may cost is, with the objective, larger than 2^63 - 1 fen",
            "与旧方案相比的变动费用加上目标函数可能超过 2^63 - 1 分",
            "lower `stability`, or start from a plan with fewer workers",
            "请降低 `stability`，或改用人数较少的旧方案",
        );
        vec![report("overflow", name, None, "secondments", None, words)]
    })
}

fn known<P: Copy + Eq + Hash>(ids: &HashMap<&str, P>, id: &str) -> Option<P> {
    ids.get(id).copied()
}

pub(super) fn runs<P>(file: &[PriceFile], posting: impl Fn(&PriceFile) -> Option<P>) -> Vec<PriceRun<P>> {
    let run = |run: &PriceFile| {
        let (from, to, price) = (run.from.0, run.to.0, run.fen.0);
        Some(PriceRun { posting: posting(run)?, from, to, price })
    };
    file.iter().filter_map(run).collect()
}

/// Every date that a plan names.
fn dates(plan: &PlanFile) -> Vec<Day> {
    ranges(plan).flat_map(|(_, _, from, to)| [from, to]).collect()
}

/// Column, position and dates of whatever has any.
fn ranges(plan: &PlanFile) -> impl Iterator<Item = (&'static str, usize, Day, Day)> {
    let range = |column: &'static str| {
        move |(row, (Date(from), Date(to))): (usize, (Date, Date))| (column, row, from, to)
    };
    let secondments = plan.secondments.iter().map(|s| (s.from, s.to)).enumerate();
    let unfilled = plan.unfilled.iter().map(|s| (s.from, s.to)).enumerate();
    let idle = plan.idle.iter().map(|s| (s.from, s.to)).enumerate();
    let prices = plan.prices.iter();
    let supply = prices.clone().flat_map(|p| p.supply.iter().map(|run| (run.from, run.to)).enumerate());
    let demand = prices.flat_map(|p| p.demand.iter().map(|run| (run.from, run.to)).enumerate());
    secondments
        .map(range("secondments"))
        .chain(unfilled.map(range("unfilled")))
        .chain(idle.map(range("idle")))
        .chain(supply.map(range("prices.supply")))
        .chain(demand.map(range("prices.demand")))
}

/// Counts and dates that no plan has.
fn shape(name: &str, plan: &PlanFile) -> Vec<Report> {
    let counts = plan.secondments.iter().enumerate().filter(|(_, s)| !(1..=Claim::MOST).contains(&s.count));
    let counts = counts.map(|(row, s)| {
        let words = Words::new(
            format!("a secondment of {} workers", s.count),
            format!("借调人数为 {}", s.count),
            "give a count from 1 to 1,000,000",
            "请填写 1 至 1,000,000 的人数",
        );
        report("out_of_range", name, Some(row), "secondments.count", Some(&s.count), words)
    });
    let reversed = ranges(plan).filter(|(_, _, from, to)| from > to).map(|(column, row, from, to)| {
        let words = Words::new(
            format!("{from} to {to}: the dates are reversed"),
            format!("开始日期 {from} 晚于结束日期 {to}"),
            "write the first day before the last",
            "请先写开始日期，再写结束日期",
        );
        report("dates_reversed", name, Some(row), column, Some(&from), words)
    });
    counts.chain(reversed).collect()
}

fn report(
    code: &str,
    name: &str,
    row: Option<usize>,
    column: &str,
    read: Option<&dyn Display>,
    words: Words,
) -> Report {
    let Words { message, message_zh, remedy, remedy_zh } = words;
    Report {
        code: code.to_string(),
        file: Some(name.to_string()),
        row: row.map(|at| at as u32 + 1),
        column: Some(column.to_string()),
        read: read.map(ToString::to_string),
        message,
        message_zh,
        remedy,
        remedy_zh,
    }
}
