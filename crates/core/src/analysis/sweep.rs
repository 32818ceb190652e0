//! Many scenarios that differ little, each solved on from its neighbour.

use crate::earlier::{Earlier, Named};
use crate::plan::{Claim, Plan, Secondment};
use crate::scenario::Scenario;
use crate::solve::{Options, solve_unexplained};
use crate::stop::Stop;

/// The plans of scenarios in a row, in which neighbours are alike and all have the same postings in the same order.
/// The middle one is solved first (from `near`, a plan of a scenario like them, if there is one), then the middles of both halves from it, in
/// parallel, and so on: every other starts from a neighbour with its plan and prices, and which one depends on no
/// thread. The plans say nothing on why anything is unfilled. `begin` is asked for a stop whenever a scenario begins, so that
/// each may have its own time; that of `options` is not looked at.
pub fn sweep<S: Stop>(
    scenarios: &[Scenario],
    near: Option<&Plan>,
    options: &Options<'_>,
    begin: &(dyn Fn() -> S + Sync),
) -> Vec<Plan> {
    let work = || {
        let mut plans: Vec<Option<Plan>> = vec![None; scenarios.len()];
        halve(scenarios, &mut plans, near, options, begin);
        plans.into_iter().flatten().collect()
    };
    match rayon::ThreadPoolBuilder::new().num_threads(options.threads).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(), // no threads to be had: this one will do
    }
}

fn halve<S: Stop>(
    scenarios: &[Scenario],
    plans: &mut [Option<Plan>],
    near: Option<&Plan>,
    options: &Options<'_>,
    begin: &(dyn Fn() -> S + Sync),
) {
    if scenarios.is_empty() {
        return;
    }
    let middle = scenarios.len() / 2;
    let scenario = &scenarios[middle];
    let earlier = near.and_then(|plan| earlier(scenario, plan));
    let stop = begin();
    let plan =
        solve_unexplained(scenario, &Options { start_from: earlier.as_ref(), stop: &stop, ..*options });
    let (left, rest) = plans.split_at_mut(middle);
    let Some((own, right)) = rest.split_first_mut() else { return };
    let near = Some(&plan);
    rayon::join(
        || halve(&scenarios[..middle], left, near, options, begin),
        || halve(&scenarios[middle + 1..], right, near, options, begin),
    );
    *own = Some(plan);
}

/// A neighbour's plan as one to start from. Where changes against it would cost something there is none: the sweep compares what
/// plans could be, not what it takes to move from one to the next.
fn earlier(scenario: &Scenario, plan: &Plan) -> Option<Earlier> {
    if scenario.policy().stability > 0 {
        return None;
    }
    let claims: Vec<Claim> = plan.secondments.iter().map(Secondment::claim).collect();
    Earlier::new(scenario, &Named::all(scenario), &claims, plan.prices.clone()).ok()
}
