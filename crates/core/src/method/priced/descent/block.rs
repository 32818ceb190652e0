//! Some lenders and all their pairs: what a thread works on.

use std::ops::Range;

use super::rows::{Rows, around, larger, smaller};
use super::side::Side;
use super::{Step, Unsettled};
use crate::bound::{LocalPrices, MICRO};
use crate::instance::Component;
use crate::method::priced::taut::Taut;
use crate::units::Count;

/// Some lenders and all their pairs.
#[derive(Clone)]
pub(super) struct Block {
    /// The number of the first pair in the component.
    pub first_pair: usize,
    /// The number of the first lender.
    pub first_lender: usize,
    /// Pairs of each lender, here.
    pairs_of: Vec<Range<usize>>,
    pub rows: Rows,
    /// How far the last step went, squared.
    pub moved: f64,
    pairs: Vec<Pair>,
    /// Whether all counts of a pair are 0; whether all extrapolated counts are.
    idle: Vec<bool>,
    silent: Vec<bool>,
    /// Whether the last step of a pair would have it without workers.
    faded: Vec<bool>,
    /// Pairs left out until the next beginning.
    asleep: Vec<bool>,
    /// Pairs that have left the problem.
    settled: Vec<bool>,
    /// By pair and period.
    counts: Vec<f32>,
    /// The counts extrapolated: what the rows answer.
    beyond: Vec<f32>,
    anchor: Vec<f32>,
    /// Bounds by pair and period of the pairs that have pins.
    bounds: Vec<(f32, f32)>,
    /// Prices of the stay rows, where they began, and the starts of the last step, of the pairs that have a stay.
    stays: Vec<f64>,
    stays_anchor: Vec<f64>,
    starts: Vec<f64>,
    /// Of the pairs that are compared with an earlier plan, by period: what a worker more costs for changing it, where
    /// that began, at most so much, and the workers there then.
    changes: Vec<f32>,
    changes_anchor: Vec<f32>,
    change_cost: Vec<f32>,
    earlier: Vec<f32>,
    room: Room,
}

/// What a step reads of a pair.
#[derive(Clone, Copy)]
struct Pair {
    /// Where its counts begin, and how many there are.
    first: u32,
    len: u32,
    /// The first period of its window.
    period: u32,
    /// Where its prices of supply begin in the rows here.
    supply: u32,
    borrower: u32,
    /// The side of its borrower, and where its prices of demand begin there.
    side: u32,
    demand: u32,
    daily: f32,
    start: f32,
    cap: f32,
    stay: u32,
    /// Where its own bounds begin, if it has pins, and its stay rows, if it has a stay.
    bounds: u32,
    stays: u32,
    /// And its changes, if it is compared with an earlier plan.
    changes: u32,
    /// Whether having no workers may cost it something.
    wanted: bool,
}

impl Pair {
    /// In how many rows a count stands: supply, demand, its stay, its change.
    fn rows(&self) -> f64 {
        2.0 + f64::from(u8::from(self.stays != NOWHERE)) + f64::from(u8::from(self.changes != NOWHERE))
    }
}

/// From so many workers on a pair has some.
const PRESENT: f32 = 0.02;
/// No place.
const NOWHERE: u32 = u32::MAX;

/// What a step needs besides, kept for its memory.
#[derive(Clone, Default)]
struct Room {
    taut: Taut,
    earned: Vec<f32>,
    lent: Vec<f32>,
    fresh: Vec<f64>,
}

impl Block {
    pub fn new(
        component: &Component,
        lenders: Range<usize>,
        pairs: Range<usize>,
        sides: &[Side],
        prices: &LocalPrices,
        counts: &[Vec<Count>],
    ) -> Block {
        let mut spans = vec![0..0; lenders.len()];
        let mut pairs_of = vec![0..0; lenders.len()];
        for k in pairs.clone() {
            let arc = &component.pairs[k];
            around(&mut spans[arc.lender - lenders.start], &arc.window);
            around(&mut pairs_of[arc.lender - lenders.start], &(k - pairs.start..k - pairs.start + 1));
        }
        let rows = Rows::new(spans, |at, p| {
            let i = lenders.start + at;
            let price = prices.supply[i][p] as f64 / MICRO as f64;
            (component.lenders[i].supply[p] as f32, price as f32)
        });
        let (mut size, mut stays) = (0, 0);
        let mut bounds = Vec::new();
        let (mut change_cost, mut earlier) = (Vec::new(), Vec::new());
        let of_pair = |k: usize| {
            let arc = &component.pairs[k];
            let side = sides.partition_point(|side| side.borrowers.end <= arc.borrower);
            let at = sides[side].rows.at(arc.borrower - sides[side].borrowers.start, arc.window.start);
            let pair = Pair {
                first: size,
                len: arc.window.len() as u32,
                period: arc.window.start as u32,
                supply: rows.at(arc.lender - lenders.start, arc.window.start) as u32,
                borrower: arc.borrower as u32,
                side: side as u32,
                demand: at as u32,
                daily: arc.daily as f32,
                start: arc.start as f32,
                cap: arc.cap as f32,
                stay: arc.stay as u32,
                bounds: if arc.pinned.is_some() { bounds.len() as u32 } else { NOWHERE },
                stays: if arc.stay > 1 { stays } else { NOWHERE },
                changes: if arc.earlier.is_some() { earlier.len() as u32 } else { NOWHERE },
                wanted: arc.pinned.is_some() || arc.earlier.as_ref().is_some_and(|counts| !counts.is_empty()),
            };
            size += pair.len;
            stays += if arc.stay > 1 { pair.len } else { 0 };
            if arc.earlier.is_some() {
                let then = || arc.window.clone().map(|p| component.earlier(arc, p));
                earlier.extend(then().map(|count| count.unwrap_or(0) as f32));
                change_cost.extend(
                    then().map(|count| if count.is_some() { component.stability as f32 } else { 0.0 }),
                );
            }
            if arc.pinned.is_some() {
                bounds.extend(
                    arc.window.clone().map(|p| arc.bounds(p)).map(|(low, high)| (low as f32, high as f32)),
                );
            }
            pair
        };
        let all: Vec<Pair> = pairs.clone().map(of_pair).collect();
        let counts: Vec<f32> = counts[pairs.clone()].iter().flatten().map(|&count| count as f32).collect();
        Block {
            first_pair: pairs.start,
            first_lender: lenders.start,
            pairs_of,
            rows,
            moved: 0.0,
            idle: vec![false; all.len()],
            silent: vec![true; all.len()],
            faded: vec![false; all.len()],
            asleep: vec![false; all.len()],
            settled: vec![false; all.len()],
            beyond: vec![0.0; counts.len()],
            anchor: counts.clone(),
            counts,
            bounds,
            stays: vec![0.0; stays as usize],
            stays_anchor: vec![0.0; stays as usize],
            starts: vec![0.0; stays as usize],
            // Who was not there would change something by coming.
            changes: change_cost
                .iter()
                .zip(&earlier)
                .map(|(cost, &then)| if then > 0.0 { 0.0 } else { *cost })
                .collect(),
            changes_anchor: vec![0.0; earlier.len()],
            change_cost,
            earlier,
            pairs: all,
            room: Room::default(),
        }
    }

    /// Tells the borrowers of its pairs, as the block of this number.
    pub fn enlist(&self, sides: &mut [Side], number: usize) {
        for (at, pair) in self.pairs.iter().enumerate() {
            let side = &mut sides[pair.side as usize];
            let j = pair.borrower as usize - side.borrowers.start;
            let offset = pair.demand - side.rows.first[j] as u32;
            side.pairs[j].push((number as u32, at as u32, offset));
        }
    }

    /// The extrapolated counts of a pair, unless all are 0.
    pub fn beyond(&self, pair: usize) -> Option<&[f32]> {
        let Pair { first, len, .. } = self.pairs[pair];
        (!self.silent[pair]).then(|| &self.beyond[first as usize..][..len as usize])
    }

    /// Whether each pair is not left out.
    pub fn awake(&self) -> impl Iterator<Item = bool> {
        self.asleep.iter().map(|asleep| !asleep)
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Pairs with workers that are not settled.
    pub fn unsettled(&self) -> impl Iterator<Item = Unsettled> {
        self.pairs.iter().enumerate().filter_map(|(at, pair)| {
            let counts = &self.counts[pair.first as usize..][..pair.len as usize];
            let busy = !self.settled[at] && counts.iter().any(|&count| count > PRESENT);
            busy.then(|| {
                let off: f32 = counts.iter().map(|count| (count - count.round()).abs()).sum();
                Unsettled { pair: self.first_pair + at, off, rounded: rounded(counts) }
            })
        })
    }

    /// Takes a pair out of the problem with these counts.
    pub fn settle(&mut self, at: usize, counts: &[Count], sides: &mut [Side]) {
        let pair = &self.pairs[at];
        self.settled[at] = true;
        self.asleep[at] = true;
        self.silent[at] = true;
        self.counts[pair.first as usize..][..pair.len as usize].fill(0.0);
        if pair.stays != NOWHERE {
            self.stays[pair.stays as usize..][..pair.len as usize].fill(0.0);
        }
        for (capacity, count) in self.rows.capacity[pair.supply as usize..].iter_mut().zip(counts) {
            *capacity -= *count as f32;
        }
        let side = &mut sides[pair.side as usize];
        side.take(pair.borrower as usize, pair.demand as usize, counts);
    }

    /// The counts, rounded.
    pub fn rounded(&self) -> impl Iterator<Item = Vec<Count>> {
        self.pairs.iter().map(|pair| rounded(&self.counts[pair.first as usize..][..pair.len as usize]))
    }

    /// Begins here, without the pairs that are far from having workers.
    pub fn begin(&mut self, lens: &[f32], sides: &[Side], far: f32) {
        self.rows.begin();
        for (at, pair) in self.pairs.iter().enumerate() {
            let counts = &mut self.counts[pair.first as usize..][..pair.len as usize];
            if self.faded[at] && !self.idle[at] {
                // The step never quite gets there.
                counts.fill(0.0);
                if pair.stays != NOWHERE {
                    self.starts[pair.stays as usize..][..pair.len as usize].fill(0.0);
                }
            }
            self.idle[at] = counts.iter().all(|&count| count == 0.0);
            let earned = earned(pair, &self.rows, sides, &self.changes, &mut self.room.earned);
            let (mut run, mut most) = (0.0_f32, 0.0_f32);
            for (earned, len) in earned.iter().zip(&lens[pair.period as usize..]) {
                run = larger(run, 0.0) + earned * len;
                most = larger(run, most);
            }
            let may_be_none = self.idle[at] && !pair.wanted;
            self.asleep[at] = self.settled[at] || (may_be_none && most + far < pair.start);
            if self.asleep[at] {
                self.silent[at] = true;
            }
        }
        self.anchor.copy_from_slice(&self.counts);
        self.stays_anchor.copy_from_slice(&self.stays);
        self.changes_anchor.copy_from_slice(&self.changes);
    }

    /// Adds its pairs to the lengths of their rows.
    pub fn count_rows(&mut self, sides: &mut [Side]) {
        for (pair, _) in self.pairs.iter().zip(&self.asleep).filter(|(_, asleep)| !**asleep) {
            let (from, n) = (pair.supply as usize, pair.len as usize);
            self.rows.length[from..from + n].iter_mut().for_each(|length| *length += 1.0);
            let (from, side) = (pair.demand as usize, &mut sides[pair.side as usize]);
            side.rows.length[from..from + n].iter_mut().for_each(|length| *length += 1.0);
        }
        self.rows.counted();
    }

    /// How far counts and prices are from where they began, squared, in the metric of the steps without the weight.
    pub fn way(&self, lens: &[f32]) -> (f64, f64) {
        let mut way = 0.0;
        for pair in &self.pairs {
            let range = pair.first as usize..(pair.first + pair.len) as usize;
            let counts = self.counts[range.clone()].iter().zip(&self.anchor[range]);
            for ((count, anchor), len) in counts.zip(&lens[pair.period as usize..]) {
                way += 2.0 * f64::from((count - anchor) * (count - anchor) * len);
            }
        }
        (way, self.rows.way(lens))
    }

    pub fn step(&mut self, step: Step<'_>, sides: &[Side]) {
        let mut lent = std::mem::take(&mut self.room.lent);
        let (mut of_counts, mut of_prices) = (0.0, 0.0);
        for i in 0..self.pairs_of.len() {
            if step.diving && self.rows.quiet[i] {
                continue;
            }
            let span = self.rows.spans[i].clone();
            lent.clear();
            lent.resize(span.len(), 0.0);
            for at in self.pairs_of[i].clone() {
                if self.asleep[at] {
                    continue;
                }
                let moves = if self.pairs[at].stay > 1 {
                    self.step_with_stay(at, step, sides)
                } else {
                    self.step_pair(at, step, sides)
                };
                if !moves {
                    continue;
                }
                let pair = self.pairs[at];
                if pair.changes != NOWHERE {
                    self.step_changes(pair, step);
                }
                let range = pair.first as usize..(pair.first + pair.len) as usize;
                let (counts, beyond) = (&mut self.counts[range.clone()], &self.beyond[range.clone()]);
                let lent = &mut lent[pair.period as usize - span.start..][..range.len()];
                let lens = &step.lens[pair.period as usize..][..range.len()];
                let mut moved = 0.0;
                for (((count, beyond), lent), len) in counts.iter().zip(beyond).zip(lent).zip(lens) {
                    let by = beyond - count;
                    moved += by * by * len;
                    *lent += beyond;
                }
                // The extrapolation goes twice as far as the step.
                of_counts += f64::from(0.25 * 2.0 * moved);
                let mut any = 0.0;
                for ((count, beyond), anchor) in counts.iter_mut().zip(beyond).zip(&self.anchor[range]) {
                    *count = step.mix * beyond + (1.0 - step.mix) * anchor;
                    any += count.abs();
                }
                self.idle[at] = any == 0.0;
            }
            if self.rows.frozen[i] {
                continue;
            }
            let range = self.rows.range(i);
            for (((answer, price), rate), supply) in lent
                .iter_mut()
                .zip(&self.rows.prices[range.clone()])
                .zip(&self.rows.rate[range.clone()])
                .zip(&self.rows.capacity[range.clone()])
            {
                *answer = larger(price + step.weight as f32 * rate * (*answer - supply), 0.0);
            }
            of_prices += f64::from(self.rows.take(range, &lent, &step.lens[span], step.mix));
        }
        self.room.lent = lent;
        self.moved = step.weight * of_counts + of_prices / step.weight;
    }

    /// The step of the prices of changes, each answering how many are there beside who was there then.
    fn step_changes(&mut self, pair: Pair, step: Step<'_>) {
        let (from, n) = (pair.changes as usize, pair.len as usize);
        let beyond = &self.beyond[pair.first as usize..][..n];
        let (earlier, cost) = (&self.earlier[from..from + n], &self.change_cost[from..from + n]);
        let prices = self.changes[from..from + n].iter_mut().zip(&self.changes_anchor[from..from + n]);
        for ((((price, anchor), beyond), earlier), cost) in prices.zip(beyond).zip(earlier).zip(cost) {
            let answer = smaller(larger(*price + step.weight as f32 * (beyond - earlier), -cost), *cost);
            *price = step.mix * (2.0 * answer - *price) + (1.0 - step.mix) * anchor;
        }
    }

    /// Extrapolates the counts of a pair; `false` where they are 0 and stay so.
    fn step_pair(&mut self, at: usize, step: Step<'_>, sides: &[Side]) -> bool {
        let pair = &self.pairs[at];
        let n = pair.len as usize;
        let Room { taut, earned: room, .. } = &mut self.room;
        let earned = earned(pair, &self.rows, sides, &self.changes, room);
        let lens = &step.lens[pair.period as usize..][..n];
        let counts = &self.counts[pair.first as usize..][..n];
        let beyond = &mut self.beyond[pair.first as usize..][..n];
        let tau = 1.0 / (pair.rows() * step.weight);
        if self.idle[at] && !pair.wanted {
            if positive(earned, lens) <= pair.start {
                self.silent[at] = true;
                return false;
            }
            let (mut run, mut most) = (0.0_f32, 0.0_f32);
            for (earned, len) in earned.iter().zip(lens) {
                run = larger(run, 0.0) + earned * len;
                most = larger(run, most);
            }
            if most <= pair.start {
                self.silent[at] = true;
                return false;
            }
        }
        let (floor, height) = taut.tube(n);
        let start = tau * f64::from(pair.start);
        height.fill(start);
        let mut sum = -start;
        for (((floor, count), earned), len) in floor.iter_mut().zip(counts).zip(earned).zip(lens) {
            sum += f64::from(*len) * (f64::from(*count) + tau * f64::from(*earned));
            *floor = sum;
        }
        let solved = taut.pull(&step.ends[pair.period as usize..], f64::from(lens[0]));
        if pair.bounds == NOWHERE {
            self.faded[at] = solved.iter().all(|&new| new <= 0.0);
            for ((beyond, count), new) in beyond.iter_mut().zip(counts).zip(solved) {
                *beyond = 2.0 * larger(smaller(*new as f32, pair.cap), 0.0) - count;
            }
        } else {
            let bounds = &self.bounds[pair.bounds as usize..][..n];
            for (((beyond, count), new), (low, high)) in beyond.iter_mut().zip(counts).zip(solved).zip(bounds)
            {
                *beyond = 2.0 * larger(smaller(*new as f32, *high), *low) - count;
            }
        }
        self.silent[at] = false;
        true
    }

    /// The same with a stay, and the step of the prices of its rows. Each of them asks for as many workers as started in
    /// the last `stay` days, so its price makes a day cheaper and the starts before it dearer.
    fn step_with_stay(&mut self, at: usize, step: Step<'_>, sides: &[Side]) -> bool {
        let pair = &self.pairs[at];
        let (n, stay) = (pair.len as usize, pair.stay as usize);
        let Room { taut, earned: room, fresh, .. } = &mut self.room;
        let earned = earned(pair, &self.rows, sides, &self.changes, room);
        let range = pair.stays as usize..pair.stays as usize + n;
        let (stays, starts) = (&mut self.stays[range.clone()], &mut self.starts[range.clone()]);
        let stays_anchor = &self.stays_anchor[range];
        if self.idle[at] && !pair.wanted {
            let lens = &step.lens[pair.period as usize..][..n];
            if positive(earned, lens) <= pair.start && stays.iter().all(|&price| price == 0.0) {
                starts.fill(0.0);
                self.silent[at] = true;
                return false;
            }
        }
        let counts = &self.counts[pair.first as usize..][..n];
        let beyond = &mut self.beyond[pair.first as usize..][..n];
        let bounds = if pair.bounds == NOWHERE { &[][..] } else { &self.bounds[pair.bounds as usize..][..n] };
        let tau = 1.0 / (pair.rows() * step.weight);
        let mut ahead: f64 = stays.iter().take(stay).sum();
        let start_at = |t: usize, ahead: f64| {
            if t + stay <= n { tau * (f64::from(pair.start) + ahead) } else { f64::INFINITY }
        };
        let (floor, height) = taut.tube(n);
        let mut sum = -start_at(0, ahead);
        for t in 0..n {
            sum += f64::from(counts[t]) + tau * (f64::from(earned[t]) + stays[t]);
            ahead += stays.get(t + stay).copied().unwrap_or(0.0) - stays[t];
            floor[t] = sum;
            height[t] = start_at(t + 1, ahead);
        }
        let solved = taut.pull(&step.ends[pair.period as usize..], 1.0);
        let sigma = step.weight / (1.0 + f64::from(pair.stay));
        let mix = f64::from(step.mix);
        // Extrapolated starts, and the sum of those of the last `stay` days.
        fresh.clear();
        let (mut late, mut last) = (0.0, 0.0);
        let mut faded = true;
        for t in 0..n {
            let (low, high) = bounds.get(t).copied().unwrap_or((0.0, pair.cap));
            let new = solved[t].clamp(f64::from(low), f64::from(high));
            faded &= new == 0.0;
            let start = (new - last).max(0.0);
            let ahead = 2.0 * new - f64::from(counts[t]);
            fresh.push(2.0 * start - starts[t]);
            late += fresh[t];
            if t >= stay {
                late -= fresh[t - stay];
            }
            let price = (stays[t] + sigma * (late - ahead)).max(0.0);
            stays[t] = mix * (2.0 * price - stays[t]) + (1.0 - mix) * stays_anchor[t];
            beyond[t] = ahead as f32;
            (starts[t], last) = (start, new);
        }
        self.faded[at] = faded;
        self.silent[at] = false;
        true
    }
}

fn rounded(counts: &[f32]) -> Vec<Count> {
    counts.iter().map(|count| count.round() as Count).collect()
}

/// What a worker-day of a pair earns at these prices, by period.
fn earned<'r>(
    pair: &Pair,
    rows: &Rows,
    sides: &[Side],
    changes: &[f32],
    room: &'r mut Vec<f32>,
) -> &'r [f32] {
    let n = pair.len as usize;
    let supply = &rows.prices[pair.supply as usize..][..n];
    let demand = &sides[pair.side as usize].rows.prices[pair.demand as usize..][..n];
    room.resize(n, 0.0);
    for ((earned, beta), alpha) in room.iter_mut().zip(demand).zip(supply) {
        *earned = beta - alpha - pair.daily;
    }
    if pair.changes != NOWHERE {
        room.iter_mut().zip(&changes[pair.changes as usize..]).for_each(|(earned, change)| *earned -= change);
    }
    room
}

/// The sum of what is positive, in lanes that the processor adds at once.
fn positive(earned: &[f32], lens: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (earned, rest) = earned.as_chunks::<8>();
    let (lens, rest_lens) = lens.split_at(8 * earned.len());
    for (earned, lens) in earned.iter().zip(lens.as_chunks::<8>().0) {
        for lane in 0..8 {
            lanes[lane] += larger(earned[lane], 0.0) * lens[lane];
        }
    }
    let rest: f32 = rest.iter().zip(rest_lens).map(|(earned, len)| earned.max(0.0) * len).sum();
    lanes.iter().sum::<f32>() + rest
}
