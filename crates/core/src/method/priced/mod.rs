//! `priced`: prices and a fractional plan, then a dive to whole workers and exact neighbourhoods.
//!
//! The [descent] keeps each pair's start costs whole in its steps, so that its prices prove a bound close to the optimum of
//! the LP, and its fractional plan is close to whole secondments. Two descents take turns: that of the prices goes on
//! until a round of it gains less than a share of what is left between plan and bound; then a [dive] makes a plan of where it
//! stands, which [`repair`](crate::repair) betters.

mod descent;
mod dive;
mod taut;

use crate::best::Best;
use crate::instance::Component;
use crate::repair::Draft;
use crate::stop::Stop;
use descent::Descent;
use dive::{COARSE, FINE, dive};

/// A plan is made when a round raised the bound by no more than this share of the gap: then it is the plan that lags.
const LAGGING: f64 = 0.3;
/// Turns of the neighbourhoods at most for one plan.
const SWEEPS: usize = 8;
/// Gives up where so many plans in a row brought the gap down by less than a tenth.
const PATIENCE: usize = 4;

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
            let wanted = dive(component, &descent, share, &stopped);
            let awake = descent.awake();
            let mut draft = Draft::new(component, &wanted, |k| awake[k]);
            best.offer(component, draft.counts());
            for _ in 0..SWEEPS {
                if stopped() || !draft.sweep(&stopped) {
                    break;
                }
                best.offer(component, draft.counts());
            }
            share = FINE;
            let gap = best.gap();
            still = if gap > 0.9 * last_gap { still + 1 } else { 0 };
            last_gap = last_gap.min(gap);
        }
        progress(best);
    }
}
