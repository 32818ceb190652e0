//! `priced`: prices and a fractional plan by a primal-dual method, then rounding and exact neighbourhoods.
//!
//! A step keeps each pair's start costs whole, so that its prices prove a bound close to the optimum of the LP, and its
//! fractional plan is close to whole secondments; stays are rows with prices of their own. What comes out is within a few
//! ten-thousandths of the possible benefit: a tenth of a second for 150 + 150 postings, a few seconds for 400 + 400.

mod descent;
mod fused;

use crate::best::Best;
use crate::instance::Component;
use crate::repair::Draft;
use crate::stop::Stop;
use descent::Descent;

/// Rounds between plans: making one costs about as much as three of them.
const ROUNDS_PER_PLAN: usize = 3;
/// Turns of the neighbourhoods from one rounding.
const SWEEPS: usize = 4;
/// Gives up where so many plans in a row brought the gap down by less than a tenth.
const PATIENCE: usize = 3;

/// Improves plan and bound of a component until the gap is at most `target`, nothing moves any more, or it is stopped.
pub fn improve(
    component: &Component,
    best: &mut Best,
    target: f64,
    stop: &dyn Stop,
    progress: &dyn Fn(&Best),
) {
    let stopped = || stop.stopped();
    let mut descent = Descent::new(component);
    let (mut still, mut last_gap) = (0, f64::INFINITY);
    for round in 1.. {
        descent.round(&stopped);
        best.prove(component, descent.prices());
        if round == 1 || round % ROUNDS_PER_PLAN == 0 {
            let mut draft = Draft::new(component, &descent.rounded_counts());
            best.offer(component, draft.counts());
            for _ in 0..SWEEPS {
                if stopped() || !draft.sweep(&stopped) {
                    break;
                }
                best.offer(component, draft.counts());
            }
            let gap = best.gap();
            still = if gap > 0.9 * last_gap { still + 1 } else { 0 };
            last_gap = last_gap.min(gap);
        }
        progress(best);
        if stopped() || best.gap() <= target || still >= PATIENCE {
            return;
        }
    }
}
