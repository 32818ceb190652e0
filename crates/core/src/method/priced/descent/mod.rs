//! Prices and a fractional plan together.
//!
//! Primal-dual hybrid gradient (Chambolle, Pock 2011) with diagonal steps (Pock, Chambolle 2011) on the rows of supply
//! and demand alone: the step of a pair keeps its start costs whole. With `tau = 1 / (2 w)`, `sigma = w / (pairs in the
//! row)` and a weight `w` in fen per worker, a step `T` takes
//!
//! ```text
//! counts'  = of each pair, the solution of its fused problem around counts - tau * reduced costs
//! prices'  = of each row, the best answer to 2 counts' - counts within sigma
//! ```
//!
//! - The fused problem of a pair is solved exactly as a taut string, then clipped to the bounds of the
//!   pair, which is exact where they are the same in every period.
//! - A row of demand takes its unmet cost in closed form, fairness included.
//! - Steps are *reflected and drawn back to where they began* (Halpern 1967; Lieder 2021; Lu, Yang 2024): after `k`
//!   steps from `z_0`, `z' = (k + 1) / (k + 2) (2 T z - z) + z_0 / (k + 2)`. They begin anew, with the weight balanced,
//!   when `|T z - z|` has fallen to a fifth, or to four fifths and rises again, or after half as many steps as there were before.
//! - Most pairs have no workers and get none: where what the days of a pair earn at these prices cannot pay a start,
//!   its step is over. Pairs that are far from that are left out until the next beginning, and out of the length
//!   of their rows, so that these may take longer steps.
//!
//! A stay adds rows of its own, priced like the others; in the step they make days cheaper and starts dearer, so that it
//! stays a fused problem. Starts have no quadratic term of their own there, a liberty that the theory of the method does
//! not cover: on zones with stays it brings the gap from a thousandth to a hundred-thousandth, and every bound is
//! evaluated exactly anyway.

mod block;
mod rows;
mod side;

use std::ops::Range;

use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

use crate::bound::LocalPrices;
use crate::instance::Component;
use crate::units::Count;
use block::Block;
use side::Side;

/// No fewer steps between two beginnings.
const LEAST_STEPS: usize = 10;
/// A pair whose best run would lose more than this, in fen, is left out until the next beginning.
const FAR: f32 = 500.0;
/// The same on a dive.
const FAR_DIVING: f32 = 50.0;
/// About so many pair-periods make a block: enough work for a thread to be worth waking.
const BLOCK: usize = 1 << 14;

/// The state of the method between steps, ready to be stopped at any of them.
#[derive(Clone)]
pub(super) struct Descent<'a> {
    component: &'a Component,
    /// Lengths of the periods, and where each ends.
    lens: Vec<f32>,
    ends: Vec<f64>,
    /// Lenders with their pairs, in order.
    blocks: Vec<Block>,
    /// Borrowers, in order.
    sides: Vec<Side>,
    steps: usize,
    weight: f64,
    /// On the way to whole counts, not to better prices.
    diving: bool,
}

/// A pair with workers, not all of them whole.
pub(super) struct Unsettled {
    pub pair: usize,
    /// How far its counts are from whole ones, summed over its periods.
    pub off: f32,
    /// The nearest whole counts.
    pub rounded: Vec<Count>,
}

/// What all parts of a step read.
#[derive(Clone, Copy)]
struct Step<'a> {
    lens: &'a [f32],
    ends: &'a [f64],
    weight: f64,
    /// The share of the step in the next point; the rest is where it began.
    mix: f32,
    diving: bool,
}

/// Cuts `0..count` into ranges of about `BLOCK` work each.
fn cut(count: usize, work: impl Fn(usize) -> usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let (mut from, mut load) = (0, 0);
    for at in 0..count {
        load += work(at);
        if load >= BLOCK || at + 1 == count {
            ranges.push(from..at + 1);
            (from, load) = (at + 1, 0);
        }
    }
    ranges
}

/// Runs on every part, on all threads where there is more than one.
fn each<T: Send>(parts: &mut [T], work: impl Fn(&mut T) + Sync + Send) {
    match parts {
        [part] => work(part),
        parts => parts.par_iter_mut().with_max_len(1).for_each(work),
    }
}

impl<'a> Descent<'a> {
    /// Starts from these prices and counts. Memory: 16 bytes a pair-period.
    pub fn new(component: &'a Component, prices: &LocalPrices, counts: &[Vec<Count>]) -> Descent<'a> {
        let mut pairs_of = vec![0..0; component.lenders.len()];
        let mut load = vec![0; component.borrowers.len()];
        for (k, arc) in component.pairs.iter().enumerate() {
            let range = &mut pairs_of[arc.lender];
            *range = if range.start >= range.end { k..k + 1 } else { range.start..k + 1 };
            load[arc.borrower] += arc.window.len();
        }
        let size = |i: usize| component.pairs[pairs_of[i].clone()].iter().map(|arc| arc.window.len()).sum();
        let mut sides: Vec<Side> = cut(component.borrowers.len(), |j| load[j])
            .into_iter()
            .map(|borrowers| Side::new(component, borrowers, prices))
            .collect();
        let mut blocks = Vec::new();
        for lenders in cut(component.lenders.len(), size) {
            let pairs = pairs_of[lenders.start].start..pairs_of[lenders.end - 1].end;
            let block = Block::new(component, lenders, pairs, &sides, prices, counts);
            block.enlist(&mut sides, blocks.len());
            blocks.push(block);
        }
        let mut end = 0.0;
        let mut ends = Vec::with_capacity(component.periods.len());
        for period in &component.periods {
            end += period.len as f64;
            ends.push(end);
        }
        let mut descent = Descent {
            component,
            lens: component.periods.iter().map(|period| period.len as f32).collect(),
            ends,
            blocks,
            sides,
            steps: 0,
            weight: first_weight(component),
            diving: false,
        };
        descent.begin();
        descent
    }

    /// Steps from one beginning to the next. Linear in the pair-periods a step.
    pub fn round(&mut self, stopped: &dyn Fn() -> bool) {
        let (mut first, mut last) = (0.0, f64::INFINITY);
        for k in 0.. {
            if stopped() {
                return;
            }
            let residual = self.step(k);
            if k == 0 {
                first = residual;
            }
            let enough = residual <= 0.2 * first || (residual <= 0.8 * first && residual > last);
            if k + 1 >= LEAST_STEPS && (enough || 3 * k >= self.steps) {
                break;
            }
            last = residual;
        }
        self.balance();
        self.begin();
    }

    /// One step, the `k`-th from where they began; how far it went, squared.
    fn step(&mut self, k: usize) -> f64 {
        let Descent { lens, ends, blocks, sides, weight, diving, .. } = self;
        let mix = (k as f32 + 1.0) / (k as f32 + 2.0);
        let step = Step { lens, ends, weight: *weight, mix, diving: *diving };
        each(blocks, |block| block.step(step, sides));
        each(sides, |side| side.step(step, blocks));
        self.steps += 1;
        let moved = self.blocks.iter().map(|block| block.moved).sum::<f64>();
        moved + self.sides.iter().map(|side| side.moved).sum::<f64>()
    }

    /// Brings the weight halfway to where counts and prices have come equally far since the beginning (Applegate and
    /// others 2021).
    fn balance(&mut self) {
        let (mut counts, mut prices) = (0.0, 0.0);
        for block in &self.blocks {
            let (x, y) = block.way(&self.lens);
            counts += x;
            prices += y;
        }
        prices += self.sides.iter().map(|side| side.rows.way(&self.lens)).sum::<f64>();
        if counts > 0.0 && prices > 0.0 {
            self.weight = (self.weight * (prices / counts).sqrt()).sqrt();
        }
    }

    /// Begins here: whoever is far from having workers is left out.
    fn begin(&mut self) {
        let Descent { lens, blocks, sides, .. } = self;
        let far = if self.diving { FAR_DIVING } else { FAR };
        each(blocks, |block| block.begin(lens, sides, far));
        for side in sides.iter_mut() {
            side.rows.begin();
        }
        for block in blocks {
            block.count_rows(sides);
        }
        for side in sides {
            side.rows.counted();
        }
    }

    /// A copy to dive with.
    pub fn diver(&self) -> Descent<'a> {
        Descent { diving: true, ..self.clone() }
    }

    /// Leaves the prices of these postings as they are.
    pub fn freeze(&mut self, lender: impl Fn(usize) -> bool, borrower: impl Fn(usize) -> bool) {
        for block in &mut self.blocks {
            for (at, frozen) in block.rows.frozen.iter_mut().enumerate() {
                *frozen = lender(block.first_lender + at);
            }
        }
        for side in &mut self.sides {
            for (at, frozen) in side.rows.frozen.iter_mut().enumerate() {
                *frozen = borrower(side.borrowers.start + at);
            }
        }
    }

    /// Steps so far.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// So many steps from here, all from one beginning.
    pub fn steps_from_here(&mut self, count: usize) {
        for k in 0..count {
            self.step(k);
        }
        self.begin();
    }

    /// Pairs with workers that are not settled.
    pub fn unsettled(&self) -> Vec<Unsettled> {
        self.blocks.iter().flat_map(Block::unsettled).collect()
    }

    /// Settles pairs: they leave the problem, and what they take leaves the rows.
    pub fn settle(&mut self, settled: &[(usize, Vec<Count>)]) {
        let mut at = 0;
        for block in &mut self.blocks {
            let end = block.first_pair + block.len();
            while let Some((pair, counts)) = settled.get(at).filter(|(pair, _)| *pair < end) {
                block.settle(*pair - block.first_pair, counts, &mut self.sides);
                at += 1;
            }
        }
    }

    /// The prices as they stand, in whole millionths of a fen.
    pub fn prices(&self) -> LocalPrices {
        let periods = self.component.periods.len();
        let supply: Vec<Vec<f64>> =
            self.blocks.iter().flat_map(|block| block.rows.wide(periods, 0.0)).collect();
        let mut demand: Vec<Vec<f64>> =
            self.sides.iter().flat_map(|side| side.rows.wide(periods, f64::NAN)).collect();
        for (row, borrower) in demand.iter_mut().zip(&self.component.borrowers) {
            row.iter_mut()
                .filter(|price| price.is_nan())
                .for_each(|price| *price = borrower.unmet.dear as f64);
        }
        LocalPrices::rounded(&supply, &demand)
    }

    /// Whether each pair is near enough to having workers to be stepped now.
    pub fn awake(&self) -> Vec<bool> {
        self.blocks.iter().flat_map(Block::awake).collect()
    }

    /// The fractional plan rounded to whole workers, by pair and period; rows may be exceeded.
    pub fn rounded_counts(&self) -> Vec<Vec<Count>> {
        self.blocks.iter().flat_map(Block::rounded).collect()
    }
}

/// A first weight: what a worker is worth in fen of price, by the order of magnitude.
fn first_weight(component: &Component) -> f64 {
    let prices: f64 = component.borrowers.iter().map(|borrower| borrower.unmet.dear as f64).sum();
    let most = |demand: &Vec<Count>| demand.iter().copied().max().unwrap_or(0) as f64;
    let workers: f64 = component.borrowers.iter().map(|borrower| most(&borrower.demand)).sum();
    0.5 * prices.max(1.0) / workers.max(1.0)
}
