//! A part of a component solved on, at the prices and beside the workers of all others.

use super::descent::Descent;
use super::dive::{COARSE, dive};
use super::{LAGGING, STEPS_A_PLAN_SMALL, SWEEPS};
use crate::best::Best;
use crate::bound::{LocalPrices, MICRO, micro_lagrangian};
use crate::instance::Component;
use crate::repair::Draft;
use crate::stop::Stop;
use crate::units::Fen;

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
/// It goes on from the prices `start`. By how much the bound of the part is above that at the prices `from`, and the prices where it is.
pub fn improve_inside(
    inside: &Inside<'_>,
    from: &LocalPrices,
    start: LocalPrices,
    best: &mut Best,
    (missed, allowed): (Fen, Fen),
    stop: &dyn Stop,
) -> (Fen, LocalPrices) {
    let stopped = || stop.stopped();
    let (before, proven) = (best.objective, micro_lagrangian(inside.alone, from));
    let mut descent = Descent::new(inside.component, &start, &best.counts).diver();
    descent.freeze(|i| !inside.lenders[i], |j| !inside.borrowers[j]);
    let risen = |prices: &LocalPrices| ((micro_lagrangian(inside.alone, prices) - proven) / MICRO) as Fen;
    let (mut rise, mut known) = (risen(&start), start);
    let left = |best: &Best, rise: Fen| missed - rise - (before - best.objective);
    loop {
        let last = rise;
        descent.round(&stopped);
        let prices = inside.of(descent.prices(), from);
        let now = risen(&prices);
        if now > rise {
            (rise, known) = (now, prices);
        }
        let left = left(best, rise);
        if left <= allowed || stopped() {
            return (rise, known);
        }
        if descent.steps() >= STEPS_A_PLAN_SMALL && (rise - last) as f64 <= LAGGING * (left - allowed) as f64
        {
            break;
        }
    }
    plan_inside(inside, &descent, best, left(best, rise) - allowed, &stopped);
    (rise, known)
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
