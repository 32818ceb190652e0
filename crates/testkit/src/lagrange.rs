//! The bound of a plan recomputed from its prices, day by day and without periods, components or levels.

use tiaoji_core::admissibility::admissible_pairs;
use tiaoji_core::plan::{Plan, PriceRun};
use tiaoji_core::scenario::{Scenario, Span};

/// Whole fen that every plan costs at least, by the prices of a plan alone. Only for scenarios without pins.
pub fn bound(scenario: &Scenario, plan: &Plan) -> i128 {
    const MICRO: i128 = 1_000_000;
    let days = scenario.days().len();
    let mut alpha = vec![vec![0_i128; days]; scenario.surplus().len()];
    let mut beta = vec![vec![0_i128; days]; scenario.shortages().len()];
    fill(scenario, &plan.prices.supply, |run| run.posting.index(), &mut alpha);
    fill(scenario, &plan.prices.demand, |run| run.posting.index(), &mut beta);
    let mut bound = 0;
    for i in scenario.surplus_indices() {
        let Span { start, end } = scenario.supply_span(i);
        let capacity = i128::from(scenario.surplus()[i.index()].capacity());
        bound -= alpha[i.index()][start..end].iter().sum::<i128>() * capacity;
    }
    for j in scenario.shortage_indices() {
        let Span { start, end } = scenario.demand_span(j);
        let headcount = scenario.shortages()[j.index()].headcount;
        for price in &beta[j.index()][start..end] {
            let unmet = |u: i64| i128::from(scenario.unmet_cost(j).of(u)) * MICRO;
            bound += (0..=headcount).map(|u| unmet(u) + price * i128::from(headcount - u)).min().unwrap_or(0);
        }
    }
    for pair in admissible_pairs(scenario) {
        let (i, j) = (pair.surplus.index(), pair.shortage.index());
        let weight = |t: usize| i128::from(pair.daily_cost) * MICRO + alpha[i][t] - beta[j][t];
        let len = pair.window.len();
        // best[t]: cheapest over the first t days of the window with nobody there at the end
        let mut best = vec![0_i128; len + 1];
        for to in 1..=len {
            best[to] = best[to - 1];
            let mut run = i128::from(pair.start_cost) * MICRO;
            for from in (0..to).rev() {
                run += weight(pair.window.start + from);
                if to - from >= pair.stay {
                    best[to] = best[to].min(best[from] + run);
                }
            }
        }
        let most = scenario.surplus()[i].capacity().min(scenario.shortages()[j].headcount);
        bound += best[len] * i128::from(most);
    }
    -(-bound).div_euclid(MICRO)
}

fn fill<P>(
    scenario: &Scenario,
    runs: &[PriceRun<P>],
    posting: impl Fn(&PriceRun<P>) -> usize,
    prices: &mut [Vec<i128>],
) {
    for run in runs {
        let Span { start, end } = scenario.days().span(run.from, run.to);
        prices[posting(run)][start..end].fill(i128::from(run.price));
    }
}
