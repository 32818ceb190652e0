//! Any prices give a proven bound: the Lagrangian of a component, evaluated in whole numbers.
//!
//! With a price `alpha >= 0` for every worker-day offered and `beta` (of either sign) for every one asked for, the
//! supply and demand rows move into the objective and what is left falls apart: each day of a demand alone, and each
//! pair alone over its window. The minimum of that is a lower bound on every plan, whatever the prices; the LP
//! optimum is reached by the best ones (Geoffrion 1974).
//!
//! Prices are whole millionths of a fen: fine enough that rounding them costs less than one fen over a million
//! worker-days, so that the bound, which may be rounded up since every plan costs whole fen, meets an integral LP
//! optimum exactly.
//!
//! What changes against an earlier plan cost is convex in each count, so a pair falls apart into levels, the first worker,
//! the second and so on: one below the earlier count saves the rate of a worker-day by being there, one above it pays it,
//! and the rate times the earlier count is paid in any case. Each level is the same recursion as before.

use std::ops::Range;

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;

use crate::instance::{Arc, Component, Instance, Period};
use crate::plan::{PriceRun, Prices};
use crate::scenario::{Scenario, UnmetCost};
use crate::units::{Count, Fen, MicroFen, round_half_up};

/// Millionths in a fen.
pub const MICRO: i128 = 1_000_000;

/// So many pairs are enough work for a thread.
const PAIRS_AT_ONCE: usize = 2048;

/// Prices of one component, in millionths of a fen per worker-day, by posting and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPrices {
    /// By lender and period; at least 0.
    pub supply: Vec<Vec<MicroFen>>,
    /// By borrower and period.
    pub demand: Vec<Vec<MicroFen>>,
}

impl LocalPrices {
    /// Nothing for a worker offered, and for one asked for what an unfilled worker-day costs: the prices of a zone
    /// in which everybody is short.
    pub fn unmet(component: &Component) -> LocalPrices {
        let dear = |unmet: UnmetCost| (i128::from(unmet.dear) * MICRO) as MicroFen;
        LocalPrices {
            supply: vec![vec![0; component.periods.len()]; component.lenders.len()],
            demand: component
                .borrowers
                .iter()
                .map(|b| vec![dear(b.unmet); component.periods.len()])
                .collect(),
        }
    }

    /// From real prices in fen.
    pub fn rounded(supply: &[Vec<f64>], demand: &[Vec<f64>]) -> LocalPrices {
        let round = |rows: &[Vec<f64>], low: MicroFen| {
            let one = |p: &f64| ((p * MICRO as f64).round() as MicroFen).max(low);
            rows.iter().map(|row| row.iter().map(one).collect()).collect()
        };
        LocalPrices { supply: round(supply, 0), demand: round(demand, MicroFen::MIN) }
    }

    /// Halfway to others of the same component.
    #[must_use]
    pub fn mean(&self, other: &LocalPrices) -> LocalPrices {
        let mean = |rows: &[Vec<MicroFen>], others: &[Vec<MicroFen>]| {
            let of_row = |(row, other): (&Vec<MicroFen>, &Vec<MicroFen>)| {
                row.iter().zip(other).map(|(a, b)| a.midpoint(*b)).collect()
            };
            rows.iter().zip(others).map(of_row).collect()
        };
        LocalPrices { supply: mean(&self.supply, &other.supply), demand: mean(&self.demand, &other.demand) }
    }

    /// Takes the prices of a plan, ordered by posting, wherever it has any; those of supply at least 0. A period whose
    /// days have several takes their mean.
    pub fn take(&mut self, scenario: &Scenario, component: &Component, prices: &Prices) {
        fn spread<P: Ord + Copy>(
            scenario: &Scenario,
            runs: &[PriceRun<P>],
            posting: P,
            periods: &[Period],
            row: &mut [MicroFen],
        ) {
            let first = runs.partition_point(|run| run.posting < posting);
            let runs = &runs[first..runs.partition_point(|run| run.posting <= posting)];
            if runs.is_empty() {
                return;
            }
            let days = |(period, &price): (&Period, &MicroFen)| std::iter::repeat_n(price, period.len);
            let mut daily: Vec<MicroFen> = periods.iter().zip(&*row).flat_map(days).collect();
            for run in runs {
                daily[Range::from(scenario.days().span(run.from, run.to))].fill(run.price);
            }
            for (period, price) in periods.iter().zip(row) {
                let of_period = &daily[period.start..period.start + period.len];
                let sum: i128 = of_period.iter().map(|&price| i128::from(price)).sum();
                *price = sum.div_euclid(period.len as i128) as MicroFen;
            }
        }
        for (lender, row) in component.lenders.iter().zip(&mut self.supply) {
            spread(scenario, &prices.supply, lender.posting, &component.periods, row);
            for price in row {
                *price = (*price).max(0);
            }
        }
        for (borrower, row) in component.borrowers.iter().zip(&mut self.demand) {
            spread(scenario, &prices.demand, borrower.posting, &component.periods, row);
        }
    }

    /// The same, rounded to whole fen.
    #[must_use]
    pub fn in_whole_fen(&self) -> LocalPrices {
        let round = |rows: &[Vec<MicroFen>]| {
            let one = |&p: &MicroFen| (round_half_up(i128::from(p), MICRO) * MICRO) as MicroFen;
            rows.iter().map(|row| row.iter().map(one).collect()).collect()
        };
        LocalPrices { supply: round(&self.supply), demand: round(&self.demand) }
    }
}

/// The bound that a plan's prices prove for a scenario, in whole fen, rounded up. Day by day, so that the runs may
/// begin and end anywhere; where no price is given it is 0, and what no decision can change is counted as it is.
pub fn of_prices(scenario: &Scenario, prices: &Prices) -> i128 {
    -(-micro_of_prices(scenario, prices)).div_euclid(MICRO)
}

/// The same in millionths of a fen.
pub fn micro_of_prices(scenario: &Scenario, prices: &Prices) -> i128 {
    let mut prices = prices.clone();
    prices.supply.sort_by_key(|run| run.posting);
    prices.demand.sort_by_key(|run| run.posting);
    let instance = Instance::by_day(scenario);
    let micro = instance.components.iter().map(|component| {
        let mut local = LocalPrices {
            supply: vec![vec![0; component.periods.len()]; component.lenders.len()],
            demand: vec![vec![0; component.periods.len()]; component.borrowers.len()],
        };
        local.take(scenario, component, &prices);
        micro_lagrangian(component, &local)
    });
    i128::from(instance.constant) * MICRO + micro.sum::<i128>()
}

/// The Lagrangian at these prices, rounded up to whole fen: no plan of the component costs less. In 128 bits, exact.
pub fn lagrangian(component: &Component, prices: &LocalPrices) -> i128 {
    let micro = micro_lagrangian(component, prices);
    -(-micro).div_euclid(MICRO)
}

/// The same in millionths of a fen.
pub fn micro_lagrangian(component: &Component, prices: &LocalPrices) -> i128 {
    of_rows(component, prices) + micro_of_pairs(component, prices)
}

/// The part of it that the pairs make.
pub fn micro_of_pairs(component: &Component, prices: &LocalPrices) -> i128 {
    let of_pair = |arc: &Arc, weights: &[i128]| cheapest(arc, weights, i128::from(arc.start) * MICRO);
    of_pairs(component, prices, of_pair)
}

/// The Lagrangian of the objective and the cost of changes against an earlier plan together, rounded up to whole fen.
pub fn total_lagrangian(component: &Component, prices: &LocalPrices) -> i128 {
    let micro = micro_total_lagrangian(component, prices);
    -(-micro).div_euclid(MICRO)
}

fn micro_total_lagrangian(component: &Component, prices: &LocalPrices) -> i128 {
    let of_pair = |arc: &Arc, weights: &[i128]| cheapest_with_changes(component, arc, weights);
    let lapsed = i128::from(component.stability) * i128::from(component.lapsed) * MICRO;
    of_rows(component, prices) + lapsed + of_pairs(component, prices, of_pair)
}

/// The part of the Lagrangian that the pairs make, each by itself; over all cores, the sum of whole numbers the same.
fn of_pairs(
    component: &Component,
    prices: &LocalPrices,
    of_pair: impl Fn(&Arc, &[i128]) -> i128 + Sync,
) -> i128 {
    let of_chunk = |arcs: &[Arc]| {
        let mut weights = Vec::new();
        let of_arc = |arc: &Arc| {
            pair_weights(component, prices, arc, &mut weights);
            of_pair(arc, &weights)
        };
        arcs.iter().map(of_arc).sum::<i128>()
    };
    if component.pairs.len() <= PAIRS_AT_ONCE {
        return of_chunk(&component.pairs);
    }
    component.pairs.par_chunks(PAIRS_AT_ONCE).map(of_chunk).sum()
}

/// How much more the counts of a pair cost at these prices than the cheapest that the Lagrangian of objective and changes
/// knows, in fen.
pub fn pair_slack(component: &Component, prices: &LocalPrices, arc: &Arc, counts: &[Count]) -> f64 {
    let mut weights = Vec::new();
    pair_weights(component, prices, arc, &mut weights);
    let mut cost = -cheapest_with_changes(component, arc, &weights);
    let mut there = arc.before();
    for ((p, &n), weight) in arc.window.clone().zip(counts).zip(&weights) {
        let changed =
            component.earlier(arc, p).map_or(0, |earlier| (n - earlier).abs() * component.stability);
        let extra = changed * component.periods[p].len as Fen + (n - there).max(0) * arc.start;
        cost += i128::from(n) * weight + i128::from(extra) * MICRO;
        there = n;
    }
    cost as f64 / MICRO as f64
}

/// The part of the Lagrangian that has no pairs in it, in millionths of a fen.
fn of_rows(component: &Component, prices: &LocalPrices) -> i128 {
    let micro = |fen: Fen| i128::from(fen) * MICRO;
    let mut bound = 0_i128;
    for (lender, alpha) in component.lenders.iter().zip(&prices.supply) {
        for ((period, supply), alpha) in component.periods.iter().zip(&lender.supply).zip(alpha) {
            bound -= period.len as i128 * i128::from(*supply) * i128::from(*alpha);
        }
    }
    for (borrower, beta) in component.borrowers.iter().zip(&prices.demand) {
        for ((period, &demand), &beta) in component.periods.iter().zip(&borrower.demand).zip(beta) {
            let beta = i128::from(beta);
            // beta * demand, less what leaving some unmet at their own cost would save
            let cheap = demand.min(borrower.unmet.cheap_count);
            let save = |count: Count, price: Fen| i128::from(count) * (micro(price) - beta).min(0);
            let day = beta * i128::from(demand)
                + save(cheap, borrower.unmet.cheap)
                + save(demand - cheap, borrower.unmet.dear);
            bound += period.len as i128 * day;
        }
    }
    bound
}

/// Where a plan that costs less than `total`, changes against an earlier plan included, may have workers at all, by pair and period: wherever the Lagrangian
/// with somebody there is still below it. With good prices and a good plan that is a small part (reduced cost fixing).
pub fn worth_considering(component: &Component, prices: &LocalPrices, total: Fen) -> Vec<Vec<bool>> {
    let slack = i128::from(total) * MICRO - micro_total_lagrangian(component, prices);
    let mut weights = Vec::new();
    let of_pair = |arc: &Arc| {
        // the first worker of a pair decides, unless the pair is not bounded by levels
        let by_levels = arc.stay <= 1 || arc.earlier.as_ref().is_none_or(Vec::is_empty);
        if arc.pinned.is_some() || !by_levels {
            return vec![true; arc.window.len()];
        }
        pair_weights(component, prices, arc, &mut weights);
        let weights = level_weights(component, arc, &weights, 1);
        let detours = detours(&weights, i128::from(arc.start) * MICRO, arc.stay);
        detours.into_iter().map(|detour| detour.is_some_and(|more| more < slack)).collect()
    };
    component.pairs.iter().map(of_pair).collect()
}

/// By period: how much more the cheapest runs cost that have the worker there; none = no stay fits. Linear in the
/// window without a stay, quadratic with one.
fn detours(weights: &[i128], start: i128, stay: usize) -> Vec<Option<i128>> {
    let len = weights.len();
    // before[t], after[t]: the cheapest with nobody there at the border of periods t - 1 and t, on either side of it.
    let before = cheapest_until(weights, start, stay);
    let reversed: Vec<i128> = weights.iter().rev().copied().collect();
    let after: Vec<i128> = cheapest_until(&reversed, start, stay).into_iter().rev().collect();
    let best = before[len];
    // cover[from] for a fixed end: the cheapest run from there or earlier to that end or later.
    let mut cover: Vec<Option<i128>> = vec![None; len + 1];
    let mut found = vec![None; len];
    if stay <= 1 {
        let (mut on, mut from_left) = (None, Vec::with_capacity(len));
        for t in 0..len {
            let begun = before[t] + start;
            on = Some(on.map_or(begun, |on: i128| on.min(begun)) + weights[t]);
            from_left.push(on);
        }
        let mut to_right: Option<i128> = None;
        for t in (0..len).rev() {
            // what follows the period: leave, or stay on
            let rest = to_right.map_or(after[t + 1], |on| on.min(after[t + 1]));
            found[t] = from_left[t].map(|cost| cost + rest - best);
            to_right = Some(rest + weights[t]);
        }
        return found;
    }
    let mut sums = vec![0; len + 1];
    for t in 0..len {
        sums[t + 1] = sums[t] + weights[t];
    }
    for end in (1..=len).rev() {
        let mut least: Option<i128> = None;
        for from in 0..end {
            if end - from >= stay {
                let run = before[from] + start + sums[end] - sums[from] + after[end];
                cover[from] = smaller(cover[from], Some(run));
            }
            least = smaller(least, cover[from]);
        }
        found[end - 1] = least.map(|cost| cost - best);
    }
    found
}

fn pair_weights(component: &Component, prices: &LocalPrices, arc: &Arc, weights: &mut Vec<i128>) {
    weights.clear();
    weights.extend(arc.window.clone().map(|p| {
        let reduced = i128::from(arc.daily) * MICRO + i128::from(prices.supply[arc.lender][p])
            - i128::from(prices.demand[arc.borrower][p]);
        reduced * component.periods[p].len as i128
    }));
}

/// The cheapest counts of one pair, where `weights` are what a worker costs in each period of its window.
///
/// Without pins every worker does the same: all of them the best set of runs, or nothing. With pins each level of
/// the count is such a worker, on wherever the pins say so; their stays are left out, which only lowers the bound.
fn cheapest(arc: &Arc, weights: &[i128], start: i128) -> i128 {
    let Some(pinned) = &arc.pinned else {
        return i128::from(arc.cap) * best_runs(weights, start, arc.stay);
    };
    let mut levels: Vec<Count> = pinned.low.iter().chain(&pinned.high).copied().collect();
    levels.push(pinned.before);
    levels.push(0);
    levels.sort_unstable();
    levels.dedup();
    let steps = levels.windows(2).map(|step| {
        let (below, level) = (step[0], step[1]);
        let must = |p: usize| pinned.low[p] >= level;
        let may = |p: usize| pinned.high[p] >= level;
        i128::from(level - below) * best_level(weights, start, pinned.before >= level, must, may)
    });
    steps.sum()
}

/// What a worker costs in each period of a pair's window who is the `level`-th there, changes included.
fn level_weights(component: &Component, arc: &Arc, weights: &[i128], level: Count) -> Vec<i128> {
    let of_period = |(p, &weight): (usize, &i128)| match component.earlier(arc, p) {
        None => weight,
        Some(earlier) if earlier >= level => weight - change_rate(component, p),
        Some(_) => weight + change_rate(component, p),
    };
    arc.window.clone().zip(weights).map(of_period).collect()
}

/// What one worker more or less than earlier costs over a period, in millionths of a fen.
fn change_rate(component: &Component, p: usize) -> i128 {
    i128::from(component.stability) * MICRO * component.periods[p].len as i128
}

/// The cheapest counts of one pair with the cost of what they change, in millionths of a fen.
///
/// Exact by levels where nobody has to stay. Where somebody has, levels without stays are a bound, and so is one worker
/// for all with stays who pays where nobody was, and saves where somebody was any part of what a change costs: all of it is
/// right where all were there, none of it never wrong. The best of these counts.
fn cheapest_with_changes(component: &Component, arc: &Arc, weights: &[i128]) -> i128 {
    let start = i128::from(arc.start) * MICRO;
    let Some(earlier) = &arc.earlier else {
        return cheapest(arc, weights, start);
    };
    if earlier.is_empty() && arc.pinned.is_none() {
        return cheapest(arc, &level_weights(component, arc, weights, 1), start);
    }
    let in_any_case: i128 = arc
        .window
        .clone()
        .zip(earlier)
        .filter(|&(p, _)| component.compared.contains(&p))
        .map(|(p, &earlier)| i128::from(earlier) * change_rate(component, p))
        .sum();
    let mut levels: Vec<Count> = vec![0, arc.before()];
    for p in arc.window.clone() {
        let (low, high) = arc.bounds(p);
        levels.extend([low, high, component.earlier(arc, p).unwrap_or(0).min(high)]);
    }
    levels.sort_unstable();
    levels.dedup();
    let periods = |at: usize| arc.window.start + at;
    let steps = levels.windows(2).map(|step| {
        let (below, level) = (step[0], step[1]);
        let must = |at: usize| arc.bounds(periods(at)).0 >= level;
        let may = |at: usize| arc.bounds(periods(at)).1 >= level;
        let weights = level_weights(component, arc, weights, level);
        i128::from(level - below) * best_level(&weights, start, arc.before() >= level, must, may)
    });
    let by_levels: i128 = steps.sum();
    if arc.stay <= 1 || arc.pinned.is_some() {
        return in_any_case + by_levels;
    }
    let one_for_all = |halves: i128| {
        let of_period = |(p, &weight): (usize, &i128)| match component.earlier(arc, p) {
            None => weight,
            Some(0) => weight + change_rate(component, p),
            Some(_) => weight - halves * change_rate(component, p) / 2,
        };
        let weights: Vec<i128> = arc.window.clone().zip(weights).map(of_period).collect();
        halves * in_any_case / 2 + cheapest(arc, &weights, start)
    };
    (0..=2).map(one_for_all).fold(in_any_case + by_levels, i128::max)
}

/// The cheapest set of runs of one worker, each at least `stay` periods long and inside the window; 0 = none.
fn best_runs(weights: &[i128], start: i128, stay: usize) -> i128 {
    if stay <= 1 {
        return best_level(weights, start, false, |_| false, |_| true);
    }
    cheapest_until(weights, start, stay)[weights.len()]
}

/// By period, and one past the last: the cheapest set of runs that all end before it. Two-state dynamic programme,
/// linear in the window.
pub(crate) fn cheapest_until(weights: &[i128], start: i128, stay: usize) -> Vec<i128> {
    let mut away = vec![0_i128; weights.len() + 1];
    let mut there: Option<i128> = None;
    let mut last_stay: i128 = weights.iter().take(stay - 1).sum();
    for t in 0..weights.len() {
        if t + 1 >= stay {
            last_stay += weights[t];
            let begun = away[t + 1 - stay] + start + last_stay;
            there = Some(there.map_or(begun, |on| begun.min(on + weights[t])));
            last_stay -= weights[t + 1 - stay];
        }
        away[t + 1] = there.map_or(away[t], |on| away[t].min(on));
    }
    away
}

fn best_level(
    weights: &[i128],
    start: i128,
    there_before: bool,
    must: impl Fn(usize) -> bool,
    may: impl Fn(usize) -> bool,
) -> i128 {
    // Costs so far of being away and of being there; none = not possible.
    let (mut away, mut there) = if there_before { (None, Some(0)) } else { (Some(0), None) };
    for (p, &weight) in weights.iter().enumerate() {
        let begin = smaller(there, away.map(|cost: i128| cost + start));
        let leave = smaller(away, there);
        there = begin.filter(|_| may(p)).map(|cost| cost + weight);
        away = leave.filter(|_| !must(p));
    }
    smaller(away, there).unwrap_or(0)
}

fn smaller(a: Option<i128>, b: Option<i128>) -> Option<i128> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn best_runs_by_hand() {
        let check = |weights: &[i128], start, stay, expect| {
            assert_eq!(best_runs(weights, start, stay), expect, "{weights:?} start {start} stay {stay}");
        };
        check(&[5, 5, 5], 1, 1, 0);
        check(&[-5, -5, 5, -9], 3, 1, -7 - 6);
        check(&[-5, -5, 2, -9], 3, 1, -14);
        check(&[-5, 4, -5], 3, 2, -3);
        check(&[-5, 4, -5], 3, 3, -3);
        check(&[-5, 1, -9], 3, 2, -10);
        check(&[-9], 1, 2, 0);
        check(&[-9, -9, 20, -9, -9], 1, 2, -34);
        check(&[], 1, 3, 0);
    }

    #[test]
    fn detours_are_those_of_all_runs() {
        let mut seed = 7_u64;
        let mut random = move |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i128::from((seed >> 33) % n)
        };
        for case in 0..300 {
            let (len, stay, start) = (case % 8, 1 + case % 3, random(9));
            let weights: Vec<i128> = (0..len).map(|_| random(19) - 9).collect();
            // every subset of periods whose runs are long enough
            let mut best = vec![None; len];
            for chosen in 0_u32..1 << len {
                let on = |t: usize| t < len && chosen >> t & 1 == 1;
                let counts: Vec<Count> = (0..len).map(|t| Count::from(on(t))).collect();
                if crate::stay::keeps_stay(&counts, 0, stay) {
                    let starts = (0..len).filter(|&t| on(t) && (t == 0 || !on(t - 1))).count() as i128;
                    let cost = starts * start + (0..len).filter(|&t| on(t)).map(|t| weights[t]).sum::<i128>();
                    (0..len).filter(|&t| on(t)).for_each(|t| best[t] = smaller(best[t], Some(cost)));
                }
            }
            let least = best_runs(&weights, start, stay);
            let expect: Vec<Option<i128>> = best.iter().map(|b| b.map(|cost| cost - least)).collect();
            assert_eq!(detours(&weights, start, stay), expect, "{weights:?} start {start} stay {stay}");
        }
    }

    #[test]
    fn levels_with_pins() {
        let check = |weights: &[i128], before, low: &[Count], high: &[Count], expect| {
            let pinned = crate::instance::Pinned { low: low.to_vec(), high: high.to_vec(), before };
            let arc = Arc {
                lender: 0,
                borrower: 0,
                window: 0..weights.len(),
                daily: 0,
                start: 3,
                stay: 1,
                cap: 9,
                pinned: Some(pinned),
                earlier: None,
            };
            assert_eq!(cheapest(&arc, weights, 3), expect, "{weights:?} {before} {low:?} {high:?}");
        };
        check(&[4, 4], 0, &[1, 0], &[2, 2], 7);
        check(&[4, 4], 1, &[1, 0], &[2, 2], 4);
        check(&[4, -1], 0, &[1, 0], &[2, 2], 6);
        check(&[4, -8], 0, &[1, 0], &[2, 2], 3 + 4 - 8 - 5);
        check(&[4, 1, 4], 0, &[1, 0, 1], &[1, 1, 1], 3 + 9);
    }

    /// One pair of up to three workers, a period a day.
    fn pair_with_changes(random: &mut impl FnMut(u64) -> i128, stay: usize) -> Component {
        let days = 1 + random(5) as usize;
        let mut counts = || (0..days).map(|_| random(5) as Count).collect::<Vec<_>>();
        let earlier = counts();
        let pinned = (stay == 1).then(|| crate::instance::Pinned {
            low: counts().into_iter().map(|n| n / 3).collect(),
            high: vec![3; days],
            before: 1,
        });
        let arc = Arc {
            lender: 0,
            borrower: 0,
            window: 0..days,
            daily: 0,
            start: random(9) as Fen,
            stay,
            cap: 3,
            pinned: pinned.filter(|_| earlier[0] % 2 == 0),
            earlier: Some(earlier),
        };
        let periods = (0..days).map(|start| Period { start, len: 1 }).collect();
        let compared = 0..days - random(2) as usize;
        let (lenders, borrowers) = (Vec::new(), Vec::new());
        let pairs = vec![arc];
        Component { pairs, lenders, borrowers, periods, baseline: 0, stability: 4, compared, lapsed: 0 }
    }

    #[test]
    fn a_pair_with_changes_is_that_of_all_counts() {
        let mut seed = 11_u64;
        let mut random = move |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i128::from((seed >> 33) % n)
        };
        for case in 0..600 {
            let stay = 1 + case % 3;
            let component = pair_with_changes(&mut random, stay);
            let arc = &component.pairs[0];
            let weights: Vec<i128> = arc.window.clone().map(|_| (random(25) - 12) * MICRO).collect();
            let days = weights.len();
            let mut least = i128::MAX;
            for chosen in 0..4_u32.pow(days as u32) {
                let counts: Vec<Count> = (0..days).map(|t| Count::from(chosen >> (2 * t) & 3)).collect();
                let inside = (0..days).all(|t| counts[t] >= arc.bounds(t).0);
                if !inside || !crate::stay::keeps_stay(&counts, arc.before(), stay) {
                    continue;
                }
                let mut there = arc.before();
                let mut cost = i128::from(component.change_cost(&vec![counts.clone()])) * MICRO;
                for (&n, &weight) in counts.iter().zip(&weights) {
                    cost += i128::from(n) * weight + i128::from((n - there).max(0) * arc.start) * MICRO;
                    there = n;
                }
                least = least.min(cost);
            }
            let bound = cheapest_with_changes(&component, arc, &weights);
            if stay == 1 {
                assert_eq!(bound, least, "case {case}: {component:?} {weights:?}");
            } else {
                assert!(bound <= least, "case {case}: {component:?} {weights:?}");
            }
        }
    }
}
