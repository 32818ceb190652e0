//! Admissible partners, and what one worker more of them would cost the zone.
//!
//! A pin of one worker more forces the cheapest counts of its pair to be there; at the prices of the plan the bound rises by what
//! that costs the pair, and by nothing else. So whoever solves again with the pin finds no plan that costs less than the bound
//! and this: what is said of a rival is proven as far as the bound is.

use crate::admissibility::{Pair, judge};
use crate::bound::{MICRO, cheapest_until};
use crate::scenario::{Scenario, ShortageIx, Span, SurplusIx};
use crate::units::{Count, Day, Fen, round_half_up};

use super::Standing;

/// An admissible partner that could send (or take) one worker more on a stretch of days on which somebody is missing (or idle), or a
/// whole stay around such days: that where it costs least a day. In fen per worker-day, means over the stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rival<P> {
    /// Who.
    pub posting: P,
    /// Workers that may be lent (or are asked for).
    pub workers: Count,
    /// First day of the stretch.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// Working days in it.
    pub days: usize,
    /// What the lender's worker-day is worth elsewhere: its price.
    pub price: Fen,
    /// What it costs here: the daily cost, and one start spread over the days.
    pub cost: Fen,
    /// What it is worth here: the price of the shortage.
    pub worth: Fen,
    /// By how much it is worth more elsewhere, or costs more than it is worth, never below 0; at 0 it is worth the same either
    /// way. Less than the three above say where whoever is there on days around needs no new start. With one worker more pinned on
    /// the stretch every plan costs at least the bound and this for each of its days.
    pub short: Fen,
}

impl Standing<'_> {
    /// What one worker more of a pair lacks; `open` are the days on which somebody is missing (or idle). None where the pair has no such
    /// day on which it could have more than it has.
    pub(super) fn rival<P>(
        &self,
        scenario: &Scenario,
        posting: P,
        workers: Count,
        (i, j): (SurplusIx, ShortageIx),
        open: impl Fn(usize) -> bool,
    ) -> Option<Rival<P>> {
        let pair = judge(scenario, i, j).ok()?;
        let there = self.earlier.counts(i, j);
        let (lent, asked) = (&scenario.surplus()[i.index()], &scenario.shortages()[j.index()]);
        let all = lent.capacity().min(asked.headcount);
        let more = |t: usize| open(t) && there.is_none_or(|counts| counts.get(t).is_none_or(|&n| n < all));
        let runs = runs(pair.window, more);
        if runs.is_empty() {
            return None;
        }
        let forced = self.forced(scenario, &pair);
        let stays = runs.into_iter().flat_map(|run| lawful(run, pair.window, pair.stay));
        let losses = stays.map(|run| (forced.loses(run).max(0), run));
        let (loss, run) = losses.min_by(|(a, one), (b, other)| {
            let lens = (one.len() as i128, other.len() as i128);
            (a * lens.1).cmp(&(b * lens.0)).then(one.start.cmp(&other.start))
        })?;
        let days = run.len();
        let mean = |price: &dyn Fn(usize) -> i64| {
            let sum: i128 = (run.start..run.end).map(|t| i128::from(price(t))).sum();
            round_half_up(sum, days as i128 * MICRO) as Fen
        };
        let price = mean(&|t| self.prices.supply(i, t));
        let worth = mean(&|t| self.prices.demand(scenario, j, t));
        let cost = pair.daily_cost + round_half_up(i128::from(pair.start_cost), days as i128) as Fen;
        // rounded down, so that it is never more than is proven
        let short = loss.div_euclid(days as i128 * MICRO) as Fen;
        let (from, to) = (scenario.days().day(run.start), scenario.days().day(run.end - 1));
        Some(Rival { posting, workers, from, to, days, price, cost, worth, short })
    }

    fn forced(&self, scenario: &Scenario, pair: &Pair) -> Forced {
        let weights: Vec<i128> =
            (pair.window.start..pair.window.end).map(|t| self.prices.loses(scenario, pair, t)).collect();
        // Whoever is pinned on the pair already may stay on without a start, and pins need not keep the stay.
        let pinned =
            |pin: &crate::scenario::Pin| (pin.surplus, pin.shortage) == (pair.surplus, pair.shortage);
        if scenario.pins().iter().any(pinned) {
            return Forced::new(pair.window.start, &weights, 0, 1);
        }
        Forced::new(pair.window.start, &weights, i128::from(pair.start_cost) * MICRO, pair.stay.max(1))
    }
}

/// Maximal runs of days of a window on which something holds.
fn runs(window: Span, holds: impl Fn(usize) -> bool) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for t in (window.start..window.end).filter(|&t| holds(t)) {
        match runs.last_mut() {
            Some(run) if run.end == t => run.end = t + 1,
            _ => runs.push(Span { start: t, end: t + 1 }),
        }
    }
    runs
}

/// A run of days, or where that is shorter than a stay every stay inside the window that covers it.
fn lawful(run: Span, window: Span, stay: usize) -> impl Iterator<Item = Span> {
    let len = stay.max(run.len());
    let last = run.start.min(window.end.saturating_sub(len));
    let first = window.start.max(run.end.saturating_sub(len));
    (first..=last).map(move |start| Span { start, end: start + len })
}

/// One worker of a pair, who has to be there on some run of days. All in millionths of a fen.
struct Forced {
    window: usize,
    stay: usize,
    best: i128,
    /// By day: the cheapest that ends before it, a start there, and less what the days before it weigh.
    from: Vec<i128>,
    /// By day: what the days before it weigh and the cheapest from there on; of it and all later ones the least.
    until: Vec<i128>,
}

impl Forced {
    /// `weights` are what the worker costs on each day of the window, which begins at day `window`.
    fn new(window: usize, weights: &[i128], start: i128, stay: usize) -> Forced {
        let before = cheapest_until(weights, start, stay);
        let reversed: Vec<i128> = weights.iter().rev().copied().collect();
        let after = cheapest_until(&reversed, start, stay);
        let mut sum = 0;
        let (mut from, mut until) = (Vec::new(), Vec::new());
        for t in 0..=weights.len() {
            from.push(before[t] + start - sum);
            until.push(sum + after[weights.len() - t]);
            sum += weights.get(t).copied().unwrap_or(0);
        }
        for t in (0..weights.len()).rev() {
            until[t] = until[t].min(until[t + 1]);
        }
        Forced { window, stay, best: before[weights.len()], from, until }
    }

    /// How much more the cheapest costs where the worker is there on these days. Linear in the window.
    fn loses(&self, run: Span) -> i128 {
        let (start, end) = (run.start - self.window, run.end - self.window);
        let reach =
            |from: usize| self.until.get(end.max(from + self.stay)).map(|until| self.from[from] + until);
        (0..=start).filter_map(reach).min().map_or(0, |cost| cost - self.best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All sets of days whose runs keep the stay, by brute force.
    fn cheapest(weights: &[i128], start: i128, stay: usize, must: Span) -> Option<i128> {
        let days = weights.len();
        let keeps = |set: &u32| {
            let there = |t: usize| set & (1 << t) != 0;
            let runs = runs(Span { start: 0, end: days }, there);
            (must.start..must.end).all(there) && runs.iter().all(|run| run.len() >= stay)
        };
        let cost = |set: u32| {
            let runs = runs(Span { start: 0, end: days }, |t| set & (1 << t) != 0);
            let of_run = |run: &Span| start + weights[run.start..run.end].iter().sum::<i128>();
            runs.iter().map(of_run).sum::<i128>()
        };
        (0..1_u32 << days).filter(keeps).map(cost).min()
    }

    #[test]
    fn a_forced_run_costs_what_all_sets_of_days_say() {
        let mut seed = 5_u64;
        let mut random = move |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        for case in 0..400_usize {
            let days = 1 + case % 8;
            let (start, stay) = (i128::from(random(7)), 1 + case % 3);
            let weights: Vec<i128> = (0..days).map(|_| i128::from(random(19)) - 7).collect();
            let from = random(days as u64) as usize;
            let run = Span { start: from, end: from + 1 + random((days - from) as u64) as usize };
            let free = cheapest(&weights, start, stay, Span { start: 0, end: 0 }).expect("nobody there");
            let there = cheapest(&weights, start, stay, run);
            let found = Forced::new(10, &weights, start, stay)
                .loses(Span { start: run.start + 10, end: run.end + 10 });
            assert_eq!(found, there.map_or(0, |cost| cost - free), "{weights:?} {start} {stay} {run:?}");
        }
    }
}
