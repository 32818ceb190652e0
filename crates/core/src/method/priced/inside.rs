//! A part of a component solved on, at the prices and beside the workers of all others.

use super::descent::Descent;
use super::dive::{COARSE, dive};
use super::{LAGGING, SWEEPS};
use crate::best::Best;
use crate::bound::{LocalPrices, MICRO, micro_lagrangian};
use crate::instance::{Component, Counts};
use crate::repair::Draft;
use crate::stop::Stop;
use crate::units::Fen;

/// Steps of the descent before the plan at least.
const STEPS: usize = 80;
/// A turn of the neighbourhoods has to gain this part of what is left for another one.
const WORTH_A_SWEEP: Fen = 4;

/// The postings of a part whose prices and workers may change, as flags; those of all others stay.
pub struct Inside<'a> {
    /// The part, beside the workers of all others.
    pub component: &'a Component,
    /// The same pairs without all others: what their bounds are taken from.
    pub alone: &'a Component,
    /// By lender.
    pub lenders: Vec<bool>,
    /// By borrower.
    pub borrowers: Vec<bool>,
}

/// Improves plan and prices of a part until what they may miss, of `missed` at the beginning, is at most `allowed`, in fen.
/// By how much the bound of the part rises above that at the prices `from`, and the prices at which it does; those that all
/// others share stay as they are.
pub fn improve_inside(
    inside: &Inside<'_>,
    from: &LocalPrices,
    best: &mut Best,
    (missed, allowed): (Fen, Fen),
    stop: &dyn Stop,
) -> (Fen, LocalPrices) {
    let before = best.objective;
    let mut prices = Prices::new(inside, from, &best.counts);
    let left = |best: &Best, rise: Fen| missed - rise - (before - best.objective);
    loop {
        let more = prices.round(stop);
        let left = left(best, prices.rise);
        if left <= allowed || stop.stopped() {
            return (prices.rise, prices.known);
        }
        if prices.descent.steps() >= STEPS && more as f64 <= LAGGING * (left - allowed) as f64 {
            break;
        }
    }
    plan_inside(inside, &prices.descent, best, left(best, prices.rise) - allowed, &|| stop.stopped());
    (prices.rise, prices.known)
}

/// Improves the prices of a part with these counts until a round brings less than `least` fen, or
/// nothing; the same is returned.
pub fn sharpen_inside(
    inside: &Inside<'_>,
    from: &LocalPrices,
    counts: &Counts,
    least: Fen,
    stop: &dyn Stop,
) -> (Fen, LocalPrices) {
    let mut prices = Prices::new(inside, from, counts);
    while prices.round(stop) >= least.max(1) && !stop.stopped() {}
    (prices.rise, prices.known)
}

/// Prices of a part that prove more and more.
struct Prices<'a> {
    inside: &'a Inside<'a>,
    from: &'a LocalPrices,
    descent: Descent<'a>,
    /// What those at the beginning prove of the part, in millionths of a fen.
    proven: i128,
    /// The best ones, and how much more they prove, in fen.
    known: LocalPrices,
    rise: Fen,
}

impl<'a> Prices<'a> {
    fn new(inside: &'a Inside<'_>, from: &'a LocalPrices, counts: &Counts) -> Prices<'a> {
        let mut descent = Descent::new(inside.component, from, counts).diver();
        descent.freeze(|i| !inside.lenders[i], |j| !inside.borrowers[j]);
        let proven = micro_lagrangian(inside.alone, from);
        Prices { inside, from, descent, proven, known: from.clone(), rise: 0 }
    }

    /// By how much more a round makes them prove.
    fn round(&mut self, stop: &dyn Stop) -> Fen {
        self.descent.round(&|| stop.stopped());
        let prices = self.inside.of(self.descent.prices(), self.from);
        let now = ((micro_lagrangian(self.inside.alone, &prices) - self.proven) / MICRO) as Fen;
        let more = (now - self.rise).max(0);
        if more > 0 {
            (self.rise, self.known) = (now, prices);
        }
        more
    }
}

/// A plan of a part, until it is better by `enough` or no longer gets much better: solved anew are those whose pairs differ from
/// the best known.
fn plan_inside(
    inside: &Inside<'_>,
    descent: &Descent<'_>,
    best: &mut Best,
    enough: Fen,
    stopped: &dyn Fn() -> bool,
) {
    let component = inside.component;
    let goal = best.objective - enough;
    let mut diver = descent.clone();
    diver.freeze(|_| false, |_| false);
    let wanted = dive(component, &diver, &component.pins_alone(), COARSE, stopped);
    let awake = diver.awake();
    let mut draft = Draft::new(component, &wanted, |k| awake[k]).here();
    let mut lenders = vec![false; inside.lenders.len()];
    let mut borrowers = vec![false; inside.borrowers.len()];
    for (k, arc) in component.pairs.iter().enumerate() {
        let moved = draft.counts()[k] != best.counts[k];
        lenders[arc.lender] |= moved;
        borrowers[arc.borrower] |= moved;
    }
    draft.only(&lenders, &borrowers);
    let mut objective = component.objective(draft.counts());
    best.offer(component, draft.counts());
    for _ in 0..SWEEPS {
        if stopped() || best.objective <= goal || !draft.sweep(stopped) {
            break;
        }
        best.offer(component, draft.counts());
        let gained = objective - component.objective(draft.counts());
        objective -= gained;
        if gained < (objective - goal) / WORTH_A_SWEEP {
            break;
        }
    }
}

impl Inside<'_> {
    /// In the descent a price has fewer digits: those that stay are taken from where they were.
    fn of(&self, mut prices: LocalPrices, from: &LocalPrices) -> LocalPrices {
        let supply = prices.supply.iter_mut().zip(&from.supply).zip(&self.lenders);
        let demand = prices.demand.iter_mut().zip(&from.demand).zip(&self.borrowers);
        for ((row, old), _) in supply.chain(demand).filter(|(_, inside)| !**inside) {
            row.clone_from(old);
        }
        prices
    }
}
