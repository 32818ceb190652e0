//! Many scenarios that differ little, each solved on from its neighbour.

use crate::earlier::{Earlier, Named};
use crate::plan::{Claim, Plan, Secondment};
use crate::scenario::Scenario;
use crate::solve::{Options, solve_unexplained};
use crate::stop::Stop;

/// The plans of scenarios in a row, in which neighbours are alike and all have the same postings in the same order.
/// The first and the last are solved from `near`, a plan of a scenario like them, if there is one; then the one in the middle from both,
/// the middles of both halves from the two around them, in parallel, and so on: which plans one starts from depends on no
/// thread. The plans say nothing on why anything is unfilled. `begin` is asked for a stop whenever a scenario begins, so that
/// each may have its own time; that of `options` is not looked at.
pub fn sweep<S: Stop>(
    scenarios: &[Scenario],
    near: Option<&Plan>,
    options: &Options<'_>,
    begin: &(dyn Fn() -> S + Sync),
) -> Vec<Plan> {
    let solve = |scenario: &Scenario, near: &[&Plan]| {
        let neighbours: Vec<Earlier> = near.iter().filter_map(|plan| earlier(scenario, plan)).collect();
        let stop = begin();
        solve_unexplained(scenario, &Options { neighbours: &neighbours, stop: &stop, ..*options })
    };
    let work = || {
        let near: Vec<&Plan> = near.into_iter().collect();
        let [first, inner @ .., last] = scenarios else {
            return scenarios.iter().map(|scenario| solve(scenario, &near)).collect();
        };
        let (first, last) = rayon::join(|| solve(first, &near), || solve(last, &near));
        let inner = between(inner, &first, &last, &solve);
        [vec![first], inner, vec![last]].concat()
    };
    match rayon::ThreadPoolBuilder::new().num_threads(options.threads).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(), // no threads to be had: this one will do
    }
}

/// The plans of scenarios that lie between two others.
fn between(
    scenarios: &[Scenario],
    left: &Plan,
    right: &Plan,
    solve: &(dyn Fn(&Scenario, &[&Plan]) -> Plan + Sync),
) -> Vec<Plan> {
    let (before, rest) = scenarios.split_at(scenarios.len() / 2);
    let Some((scenario, after)) = rest.split_first() else { return Vec::new() };
    let plan = solve(scenario, &[left, right]);
    let (before, after) =
        rayon::join(|| between(before, left, &plan, solve), || between(after, &plan, right, solve));
    [before, vec![plan], after].concat()
}

/// A plan as one to start from. None where its changes could cost more than can be added up.
fn earlier(scenario: &Scenario, plan: &Plan) -> Option<Earlier> {
    let claims: Vec<Claim> = plan.secondments.iter().map(Secondment::claim).collect();
    Earlier::new(scenario, &Named::all(scenario), &claims, plan.prices.clone()).ok()
}
