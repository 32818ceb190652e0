//! A plan ready for questions, and everything that can be said of what stays unfilled or idle in it.

use std::cmp::Reverse;

use tiaoji_core::analysis::{Standing, remedies};
use tiaoji_core::plan::{Claim, Prices};
use tiaoji_core::scenario::{Pin, Scenario, ShortageIx, SurplusIx};
use tiaoji_core::solve::{Options, solve_unexplained};
use tiaoji_core::stop::Stop;

use crate::analysis::{ExplanationFile, explained_shortage, explained_surplus};
use crate::plan::{PlanFile, claims, earlier_plan, prices};

/// Explains a plan that the referee has nothing against: one posting, or all that stay unfilled or idle, the largest shortages
/// first. `gap` and `stop` are for the remedies, see [`remedies`]. None where no posting has that id.
pub fn explain(
    scenario: &Scenario,
    plan: &PlanFile,
    asked: Option<&str>,
    gap: f64,
    stop: &dyn Stop,
) -> Option<ExplanationFile> {
    let is = |id: &str| asked.is_none_or(|asked| asked == id);
    let mut shortages: Vec<ShortageIx> =
        scenario.shortage_indices().filter(|j| is(&scenario.shortages()[j.index()].id)).collect();
    let surplus: Vec<SurplusIx> =
        scenario.surplus_indices().filter(|i| is(&scenario.surplus()[i.index()].id)).collect();
    if asked.is_some() && shortages.is_empty() && surplus.is_empty() {
        return None;
    }
    let standing = standing(scenario, plan);
    if asked.is_none() {
        shortages.retain(|&j| standing.missing_days(j) > 0);
        shortages.sort_by_key(|&j| (Reverse(standing.missing_days(j)), j));
    }
    let remedies = remedies(&standing, &shortages, gap, stop);
    let idle = |i: &SurplusIx| asked.is_some() || standing.verdict.idle[i.index()].iter().any(|&n| n > 0);
    Some(ExplanationFile {
        scenario: scenario.name().to_string(),
        unfilled: shortages
            .iter()
            .zip(&remedies)
            .map(|(&j, remedies)| explained_shortage(scenario, &standing, j, remedies))
            .collect(),
        idle: surplus
            .iter()
            .filter(|i| idle(i))
            .map(|&i| explained_surplus(scenario, &standing, i))
            .collect(),
    })
}

/// A plan that the referee has nothing against, ready for questions.
pub fn standing<'a>(scenario: &'a Scenario, plan: &PlanFile) -> Standing<'a> {
    let standing = Standing::new(scenario, &claims(scenario, plan), priced(scenario, plan));
    standing.unwrap_or_else(|_| {
        unreachable!("without a cost of changes nothing is added to what the scenario was checked for")
    })
}

/// A scenario of which nothing is planned but its forced pins, ready for questions. Without prices its options are not ranked by
/// what they displace: nobody is displaced yet.
pub fn unplanned(scenario: &Scenario) -> Standing<'_> {
    let pin = |pin: &Pin| Claim {
        surplus: pin.surplus,
        shortage: pin.shortage,
        count: pin.count,
        from: pin.from,
        to: pin.to,
    };
    let claims: Vec<Claim> = scenario.pins().iter().filter(|pin| pin.forced).map(pin).collect();
    Standing::new(scenario, &claims, Prices::default())
        .unwrap_or_else(|_| unreachable!("pins are part of what the scenario was checked for"))
}

/// The prices of a plan; of one that was written without them, those that solving on from it finds.
fn priced(scenario: &Scenario, plan: &PlanFile) -> Prices {
    if plan.prices.is_some() {
        return prices(scenario, plan);
    }
    let earlier = earlier_plan(scenario, "", plan).ok();
    solve_unexplained(scenario, &Options { start_from: earlier.as_ref(), ..Options::default() }).prices
}
