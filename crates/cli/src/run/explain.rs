//! `tiaoji explain`.

use std::cmp::Reverse;

use tiaoji_core::analysis::{Standing, remedies};
use tiaoji_core::plan::Prices;
use tiaoji_core::scenario::{Scenario, ShortageIx, SurplusIx};
use tiaoji_core::solve::{Options, solve_unexplained};
use tiaoji_formats::{
    ExplanationFile, PlanFile, claims, earlier_plan, explained_shortage, explained_surplus, prices,
};

use crate::args::ExplainArgs;
use crate::console::{Console, Failure, Status};
use crate::limit::{Interrupt, Limit};
use crate::plans::{self, Held};
use crate::summary::explained;
use crate::text::Message;

/// Says why postings stay unfilled or idle, and what would change it.
pub fn explain(args: &ExplainArgs, console: &Console) -> Result<Status, Failure> {
    let Held { scenario, plans } = match plans::held(&args.scenario, &[&args.plan], args.json, console)? {
        Ok(held) => held,
        Err(status) => return Ok(status),
    };
    let Some(plan) = plans.first() else { return Ok(Status::Input) };
    let asked = args.id.as_deref();
    let is = |id: &str| asked.is_none_or(|asked| asked == id);
    let mut shortages: Vec<ShortageIx> =
        scenario.shortage_indices().filter(|j| is(&scenario.shortages()[j.index()].id)).collect();
    let surplus: Vec<SurplusIx> =
        scenario.surplus_indices().filter(|i| is(&scenario.surplus()[i.index()].id)).collect();
    if let (Some(id), true, true) = (asked, shortages.is_empty(), surplus.is_empty()) {
        console.say(&Message::Error(Message::NoPosting { id: id.to_string() }.say(console.language)));
        return Ok(Status::Input);
    }
    let standing = standing(&scenario, plan);
    if asked.is_none() {
        shortages.retain(|&j| standing.missing_days(j) > 0);
        shortages.sort_by_key(|&j| (Reverse(standing.missing_days(j)), j));
    }
    let interrupt = Interrupt::listen();
    let limit = Limit::start(args.time_limit, &interrupt);
    let remedies = remedies(&standing, &shortages, args.gap.unwrap_or(plan.gap), &limit);
    let idle = |i: &SurplusIx| asked.is_some() || standing.verdict.idle[i.index()].iter().any(|&n| n > 0);
    let explanation = ExplanationFile {
        scenario: scenario.name().to_string(),
        unfilled: shortages
            .iter()
            .zip(&remedies)
            .map(|(&j, remedies)| explained_shortage(&scenario, &standing, j, remedies))
            .collect(),
        idle: surplus
            .iter()
            .filter(|i| idle(i))
            .map(|&i| explained_surplus(&scenario, &standing, i))
            .collect(),
    };
    if args.json {
        let text = serde_json::to_string_pretty(&explanation);
        let text = text.unwrap_or_else(|error| unreachable!("texts serialise: {error}"));
        console.print(&(text + "\n"))?;
    } else {
        console.print(&explained::of(&scenario, &explanation, asked.is_some(), console.language))?;
    }
    Ok(Status::Done)
}

/// A plan that the referee has nothing against, ready for questions.
pub fn standing<'a>(scenario: &'a Scenario, plan: &PlanFile) -> Standing<'a> {
    let standing = Standing::new(scenario, &claims(scenario, plan), priced(scenario, plan));
    standing.unwrap_or_else(|_| {
        unreachable!("without a cost of changes nothing is added to what the scenario was checked for")
    })
}

/// The prices of a plan; of one that was written without them, those that solving on from it finds.
fn priced(scenario: &Scenario, plan: &PlanFile) -> Prices {
    if plan.prices.is_some() {
        return prices(scenario, plan);
    }
    let earlier = earlier_plan(scenario, "", plan).ok();
    solve_unexplained(scenario, &Options { start_from: earlier.as_ref(), ..Options::default() }).prices
}
