//! `priced`: prices and a fractional plan, then a dive to whole workers and exact neighbourhoods.
//!
//! The [descent] keeps each pair's start costs whole in its steps, so that its prices prove a bound close to the optimum of
//! the LP, and its fractional plan is close to whole secondments. Two descents take turns: that of the prices goes on
//! until a round of it gains less than a share of what is left between plan and bound; then a [dive] makes a plan of where it
//! stands, which [`repair`](crate::repair) betters.

mod descent;
mod dive;
mod near;
mod taut;

use crate::best::Best;
use crate::instance::{Component, Counts};
use crate::repair::Draft;
use crate::stop::Stop;
use descent::Descent;
use dive::{COARSE, FINE, dive};
use near::near;

/// A plan is made when a round raised the bound by no more than this share of the gap: then it is the plan that lags.
const LAGGING: f64 = 0.3;
/// Turns of the neighbourhoods at most for one plan.
const SWEEPS: usize = 8;
/// Gives up where so many plans in a row brought the gap down by less than a tenth.
const PATIENCE: usize = 4;

/// How often a plan is mended before everything is solved.
const MENDS: usize = 3;
/// Rounds of the descent for each.
const MENDING_ROUNDS: usize = 8;

/// Improves plan and bound of a component until the gap is at most `target`, nothing moves any more, or it is stopped.
/// Goes on from the plan and the prices that are known.
pub fn improve(
    component: &Component,
    best: &mut Best,
    target: f64,
    stop: &dyn Stop,
    progress: &dyn Fn(&Best),
) {
    let stopped = || stop.stopped();
    if best.counts != component.pins_alone() {
        mend(component, best, target, &stopped);
        progress(best);
    }
    let mut descent = Descent::new(component, best.total_prices(), &best.counts);
    let (mut share, mut still, mut last_gap) = (COARSE, 0, f64::INFINITY);
    let mut first = true;
    while !stopped() && best.gap() > target && still < PATIENCE {
        let bound = best.total_bound;
        descent.round(&stopped);
        best.prove(component, descent.prices());
        if first {
            // Something to show.
            let draft = Draft::new(component, &descent.rounded_counts(), |_| false);
            best.offer(component, draft.counts());
            first = false;
        }
        if (best.total_bound - bound) as f64 <= LAGGING * (best.total - best.total_bound) as f64 {
            make_plan(component, best, &descent, &component.pins_alone(), |_| true, share, &stopped);
            share = FINE;
            let gap = best.gap();
            still = if gap > 0.9 * last_gap { still + 1 } else { 0 };
            last_gap = last_gap.min(gap);
        }
        progress(best);
    }
}

/// A plan of where the descent stands, beside the counts of `base`.
fn make_plan(
    component: &Component,
    best: &mut Best,
    descent: &Descent<'_>,
    base: &Counts,
    open: impl Fn(usize) -> bool,
    share: f64,
    stopped: &dyn Fn() -> bool,
) {
    let wanted = dive(component, descent, base, share, stopped);
    let awake = descent.awake();
    let mut draft = Draft::new(component, &wanted, |k| awake[k]);
    draft.only(open);
    best.offer(component, draft.counts());
    for _ in 0..SWEEPS {
        if stopped() || !draft.sweep(stopped) {
            break;
        }
        best.offer(component, draft.counts());
    }
}

/// Mends a plan with its prices where they do not fit: first the prices there, at the others as they are, then the plan
/// beside all pairs that are not near.
fn mend(component: &Component, best: &mut Best, target: f64, stopped: &dyn Fn() -> bool) {
    for _ in 0..MENDS {
        let before = best.gap();
        if stopped() || before <= target {
            return;
        }
        let start = |best: &Best| Descent::new(component, best.total_prices(), &best.counts).diver();
        let mut descent = start(best);
        let Some(near) = near(component, best, target, &descent.awake()) else { return };
        let others = || (0..near.pairs.len()).filter(|&k| !near.pairs[k]);
        let nobody = |k: usize| (k, vec![0; best.counts[k].len()]);
        descent.settle(&others().map(nobody).collect::<Vec<_>>());
        descent.freeze(|i| !near.lenders[i], |j| !near.borrowers[j]);
        for _ in 0..MENDING_ROUNDS {
            descent.round(stopped);
        }
        best.prove(component, descent.prices());

        let mut descent = start(best);
        let mut base = component.pins_alone();
        for k in others() {
            base[k].clone_from(&best.counts[k]);
        }
        descent.settle(&others().map(|k| (k, best.counts[k].clone())).collect::<Vec<_>>());
        make_plan(component, best, &descent, &base, |k| near.pairs[k], COARSE, stopped);
        if best.gap() > 0.5 * before {
            return;
        }
    }
}
