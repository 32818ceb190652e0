//! From a fractional plan to whole workers: a dive.
//!
//! The fractional plan lies inside a face of optimal plans, for postings of the same two firms cost the same; a third of
//! its pairs is not whole even at the optimum, and rounding them all at once leaves a gap of a tenth of a per cent. So
//! those that are nearly whole are settled first, a few steps of the descent let the others find their
//! place around them, and so on until all are settled.

use super::descent::Descent;
use crate::instance::{Component, Counts};
use crate::repair::Draft;
use crate::units::Count;

/// Share of the open pairs that is settled at a time, at least: for a first plan, and for a good one. Twice as many
/// stages bring a third of the gap that a plan has left, for twice the time.
pub(super) const COARSE: f64 = 0.5;
pub(super) const FINE: f64 = 0.25;
/// A pair this near to whole counts, summed over its periods, is settled at once.
const NEARLY: f32 = 0.1;
/// Steps between two stages.
const STEPS: usize = 15;

/// Whole counts near the fractional plan, feasible, beside those of `base`: of pairs that have left the descent, or pins.
pub(super) fn dive(
    component: &Component,
    from: &Descent<'_>,
    base: &Counts,
    share: f64,
    stopped: &dyn Fn() -> bool,
) -> Counts {
    let mut descent = from.diver();
    let mut draft = Draft::new(component, base, |_| false);
    loop {
        let mut open = descent.unsettled();
        if open.is_empty() {
            return draft.counts().clone();
        }
        open.sort_by(|a, b| a.off.total_cmp(&b.off).then(a.pair.cmp(&b.pair)));
        let nearly = open.partition_point(|pair| pair.off < NEARLY);
        let least = (open.len() as f64 * share) as usize + 2;
        if !stopped() {
            open.truncate(nearly.max(least));
        }
        let mut settled: Vec<(usize, Vec<Count>)> =
            open.into_iter().map(|open| (open.pair, draft.take(open.pair, &open.rounded))).collect();
        settled.sort_unstable();
        descent.settle(&settled);
        descent.steps_from_here(STEPS);
    }
}
