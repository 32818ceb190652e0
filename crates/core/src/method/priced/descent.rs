//! Prices and a fractional plan together.
//!
//! Primal-dual hybrid gradient (Chambolle, Pock 2011) with diagonal steps (Pock, Chambolle 2011) on the rows of supply
//! and demand alone: the step of a pair keeps its start costs whole. That step is a one-dimensional fused problem
//!
//! ```text
//! minimise   sum a_p / 2 (y_p - z_p)^2 + h (y_p - y_p-1)+        (a_p = periods' lengths / tau)
//! ```
//!
//! solved exactly in linear time by dynamic programming on its derivative (Johnson 2013), then clipped to the bounds of
//! the pair, which is exact where they are the same in every period. A demand row takes its unmet cost in closed form,
//! fairness included.
//!
//! A stay adds rows of its own, priced like the others; in the step they make days cheaper and starts dearer, so that it
//! stays a fused problem. Starts have no quadratic term of their own there, a liberty that the theory of the method does
//! not cover: on zones with stays it brings the gap from a thousandth to a hundred-thousandth, and every bound is
//! evaluated exactly anyway.

use std::collections::VecDeque;

use super::fused::Fused;
use crate::bound::LocalPrices;
use crate::instance::Component;
use crate::units::Count;

/// Weight between primal and dual steps: what one worker is worth in fen of price. Found by measuring on zones.
const WEIGHT: f64 = 1500.0;
/// Steps to the first restart from the average; each next one is a quarter longer (at most four times as long).
const FIRST_RESTART: usize = 40;

/// The state of the method between steps, ready to be stopped at any of them.
pub(super) struct Descent<'a> {
    component: &'a Component,
    /// Start of each pair's counts in the flat arrays.
    first: Vec<usize>,
    counts: Vec<f64>,
    supply: Vec<f64>,
    demand: Vec<f64>,
    /// Sums since the last restart.
    sum_counts: Vec<f64>,
    sum_supply: Vec<f64>,
    sum_demand: Vec<f64>,
    steps: usize,
    restart: usize,
    weight: f64,
    /// Pairs that may have workers, by posting and period: the length of a row.
    lender_degree: Vec<f64>,
    borrower_degree: Vec<f64>,
    lent: Vec<f64>,
    sent: Vec<f64>,
    fused: Fused,
    /// Prices of the stay rows, and the starts of the last step, by pair and period (0 without a stay).
    stays: Vec<f64>,
    sum_stays: Vec<f64>,
    starts: Vec<f64>,
    recent: VecDeque<f64>,
}

impl<'a> Descent<'a> {
    /// Starts from no prices and no workers.
    pub fn new(component: &'a Component) -> Descent<'a> {
        let periods = component.periods.len();
        let mut first = Vec::with_capacity(component.pairs.len() + 1);
        let mut size = 0;
        let mut lender_degree = vec![0.0; component.lenders.len() * periods];
        let mut borrower_degree = vec![0.0; component.borrowers.len() * periods];
        for arc in &component.pairs {
            first.push(size);
            size += arc.window.len();
            for p in arc.window.clone() {
                lender_degree[arc.lender * periods + p] += 1.0;
                borrower_degree[arc.borrower * periods + p] += 1.0;
            }
        }
        first.push(size);
        let rows = (component.lenders.len() * periods, component.borrowers.len() * periods);
        // A price at which nobody is hired is a fair start for the borrowers: what an unfilled day costs.
        let demand: Vec<f64> =
            component.borrowers.iter().flat_map(|b| vec![b.unmet.dear as f64; periods]).collect();
        Descent {
            component,
            first,
            counts: vec![0.0; size],
            supply: vec![0.0; rows.0],
            demand,
            sum_counts: vec![0.0; size],
            sum_supply: vec![0.0; rows.0],
            sum_demand: vec![0.0; rows.1],
            steps: 0,
            restart: FIRST_RESTART,
            weight: WEIGHT,
            lender_degree,
            borrower_degree,
            lent: vec![0.0; rows.0],
            sent: vec![0.0; rows.1],
            fused: Fused::default(),
            stays: vec![0.0; size],
            sum_stays: vec![0.0; size],
            starts: vec![0.0; size],
            recent: VecDeque::new(),
        }
    }

    /// Steps until the next restart, and restarts: the averages are the new point. Linear in the pair-periods a step.
    pub fn round(&mut self, stopped: &dyn Fn() -> bool) {
        while self.steps < self.restart && !stopped() {
            self.step();
        }
        let n = self.steps.max(1) as f64;
        let average = |sum: &mut Vec<f64>, point: &mut Vec<f64>| {
            for (sum, point) in sum.iter_mut().zip(point) {
                *point = *sum / n;
                *sum = 0.0;
            }
        };
        average(&mut self.sum_counts, &mut self.counts);
        average(&mut self.sum_supply, &mut self.supply);
        average(&mut self.sum_demand, &mut self.demand);
        average(&mut self.sum_stays, &mut self.stays);
        self.steps = 0;
        self.restart = (self.restart + self.restart / 4).min(4 * FIRST_RESTART);
    }

    fn step(&mut self) {
        let component = self.component;
        let periods = component.periods.len();
        let tau = 0.5 / self.weight;
        self.lent.fill(0.0);
        self.sent.fill(0.0);
        for (k, arc) in component.pairs.iter().enumerate() {
            if arc.stay > 1 {
                self.step_with_stay(k);
                continue;
            }
            let counts = &mut self.counts[self.first[k]..self.first[k + 1]];
            let (lender, borrower) = (arc.lender * periods, arc.borrower * periods);
            self.fused.begin(arc.window.len());
            for (p, &count) in arc.window.clone().zip(counts.iter()) {
                let reduced = arc.daily as f64 + self.supply[lender + p] - self.demand[borrower + p];
                self.fused.push(
                    component.periods[p].len as f64 / tau,
                    count - tau * reduced,
                    arc.start as f64,
                );
            }
            let solved = self.fused.solve();
            for ((p, count), new) in arc.window.clone().zip(counts).zip(solved) {
                let (low, high) = arc.bounds(p);
                let new = new.clamp(low as f64, high as f64);
                // the extrapolated point
                self.lent[lender + p] += 2.0 * new - *count;
                self.sent[borrower + p] += 2.0 * new - *count;
                *count = new;
            }
        }
        for (i, lender) in component.lenders.iter().enumerate() {
            for (p, &supply) in lender.supply.iter().enumerate() {
                let row = i * periods + p;
                if self.lender_degree[row] > 0.0 {
                    let sigma = self.weight / self.lender_degree[row];
                    let price = self.supply[row] + sigma * (self.lent[row] - supply as f64);
                    self.supply[row] = price.max(0.0);
                }
            }
        }
        for (j, borrower) in component.borrowers.iter().enumerate() {
            let (cheap, dear) = (borrower.unmet.cheap as f64, borrower.unmet.dear as f64);
            for (p, &demand) in borrower.demand.iter().enumerate() {
                let row = j * periods + p;
                if self.borrower_degree[row] > 0.0 {
                    let sigma = self.weight / self.borrower_degree[row];
                    let at_cheap = demand.min(borrower.unmet.cheap_count) as f64;
                    let none = self.demand[row] + sigma * (demand as f64 - self.sent[row]);
                    // as many go unmet as the price makes worth it
                    self.demand[row] = if none <= cheap {
                        none
                    } else if none - sigma * at_cheap <= cheap {
                        cheap
                    } else if none - sigma * at_cheap <= dear {
                        none - sigma * at_cheap
                    } else {
                        dear.max(none - sigma * demand as f64)
                    };
                }
            }
        }
        let add = |sums: &mut [f64], values: &[f64]| {
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        };
        add(&mut self.sum_counts, &self.counts);
        add(&mut self.sum_supply, &self.supply);
        add(&mut self.sum_demand, &self.demand);
        add(&mut self.sum_stays, &self.stays);
        self.steps += 1;
    }

    /// The step of a pair with a stay, and that of the prices of its stay rows. Each of them asks for as many workers as
    /// started in the last `stay` days, so its price makes a day cheaper and the starts before it dearer.
    fn step_with_stay(&mut self, pair: usize) {
        let arc = &self.component.pairs[pair];
        let periods = self.component.periods.len();
        let (lender, borrower) = (arc.lender * periods, arc.borrower * periods);
        let range = self.first[pair]..self.first[pair + 1];
        let counts = &mut self.counts[range.clone()];
        let (stays, starts) = (&mut self.stays[range.clone()], &mut self.starts[range]);
        // A count stands in three rows: supply, demand and stay.
        let tau = 1.0 / (3.0 * self.weight);
        self.fused.begin(counts.len());
        let mut ahead: f64 = stays.iter().take(arc.stay).sum();
        for (t, p) in arc.window.clone().enumerate() {
            let reduced = arc.daily as f64 + self.supply[lender + p] - self.demand[borrower + p] - stays[t];
            let in_time = t + arc.stay <= counts.len();
            let start = if in_time { arc.start as f64 + ahead } else { f64::INFINITY };
            self.fused.push(1.0 / tau, counts[t] - tau * reduced, start);
            ahead += stays.get(t + arc.stay).copied().unwrap_or(0.0) - stays[t];
        }
        let solved = self.fused.solve();
        let sigma = self.weight / (1.0 + arc.stay as f64);
        // Extrapolated starts of the last `stay` days, and their sum.
        self.recent.clear();
        let (mut recent, mut last) = (0.0, 0.0);
        for (t, p) in arc.window.clone().enumerate() {
            let (low, high) = arc.bounds(p);
            let new = solved[t].clamp(low as f64, high as f64);
            let start = (new - last).max(0.0);
            let (count_beyond, start_beyond) = (2.0 * new - counts[t], 2.0 * start - starts[t]);
            self.lent[lender + p] += count_beyond;
            self.sent[borrower + p] += count_beyond;
            self.recent.push_back(start_beyond);
            recent += start_beyond;
            if self.recent.len() > arc.stay {
                recent -= self.recent.pop_front().unwrap_or(0.0);
            }
            stays[t] = (stays[t] + sigma * (recent - count_beyond)).max(0.0);
            (starts[t], counts[t], last) = (start, new, new);
        }
    }

    /// The prices as they stand, in whole millionths of a fen.
    pub fn prices(&self) -> LocalPrices {
        let periods = self.component.periods.len();
        let rows = |flat: &[f64]| flat.chunks(periods.max(1)).map(<[f64]>::to_vec).collect::<Vec<_>>();
        LocalPrices::rounded(&rows(&self.supply), &rows(&self.demand))
    }

    /// The fractional plan rounded to whole workers, by pair and period; rows may be exceeded.
    pub fn rounded_counts(&self) -> Vec<Vec<Count>> {
        let of_pair = |k: usize| &self.counts[self.first[k]..self.first[k + 1]];
        (0..self.component.pairs.len())
            .map(|k| of_pair(k).iter().map(|count| count.round() as Count).collect())
            .collect()
    }
}
