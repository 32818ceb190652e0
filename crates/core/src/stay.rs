//! Runs of workers in daily counts, and the minimum stay on them.

use std::collections::{BTreeMap, VecDeque};

use crate::admissibility::Pair;
use crate::scenario::Scenario;
use crate::units::Count;

/// Whether everybody who starts stays: on every day at least as many are there as started in the last `stay` days,
/// so that with first in, first out nobody leaves early. `before` are there on the day before the first; after the
/// last day nobody is. (Rajan, Takriti 2005.)
pub fn keeps_stay(counts: &[Count], before: Count, stay: usize) -> bool {
    let count = |t: usize| counts.get(t).copied().unwrap_or(0);
    let starts = |t: usize| (count(t) - if t == 0 { before } else { count(t - 1) }).max(0);
    (0..counts.len() + stay).all(|t| count(t) >= ((t + 1).saturating_sub(stay)..=t).map(starts).sum())
}

/// Whether the pins of a pair keep its stay together. Where forced ones do not, its stay counts as 1.
pub fn pins_keep_stay(scenario: &Scenario, pair: &Pair) -> bool {
    let mut counts = vec![0; scenario.days().len()];
    let mut before = 0;
    for pin in scenario.pins().iter().filter(|p| (p.surplus, p.shortage) == (pair.surplus, pair.shortage)) {
        for t in std::ops::Range::from(scenario.pin_span(pin)) {
            counts[t] += pin.count;
        }
        before += if scenario.under_way(pin) { pin.count } else { 0 };
    }
    keeps_stay(&counts, before, pair.stay)
}

/// First and last day and how many workers, first in, first out: who started earliest leaves earliest.
pub fn runs(counts: &[Count]) -> BTreeMap<(usize, usize), Count> {
    let mut there: VecDeque<(usize, Count)> = VecDeque::new();
    let mut runs = BTreeMap::new();
    let mut total = 0;
    for t in 0..=counts.len() {
        let now = counts.get(t).copied().unwrap_or(0);
        if now > total {
            there.push_back((t, now - total));
        }
        let mut leaving = (total - now).max(0);
        while let Some((start, count)) = there.front_mut().filter(|_| leaving > 0) {
            let gone = leaving.min(*count);
            *runs.entry((*start, t - 1)).or_insert(0) += gone;
            *count -= gone;
            leaving -= gone;
            if *count == 0 {
                there.pop_front();
            }
        }
        total = now;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_on_counts() {
        let check = |counts: &[Count], before, stay, expect| {
            assert_eq!(keeps_stay(counts, before, stay), expect, "{counts:?} after {before}, stay {stay}");
        };
        check(&[2, 2, 2], 0, 3, true);
        check(&[2, 2], 0, 3, false);
        check(&[2, 2], 2, 3, true);
        check(&[2, 2], 1, 3, false);
        check(&[1, 1, 2, 1, 1], 0, 3, true); // two of three days that overlap for one
        check(&[1, 2, 1], 0, 2, true);
        check(&[1, 2, 1], 0, 3, false);
        check(&[], 0, 5, true);
        check(&[0, 1], 0, 1, true);
    }

    #[test]
    fn first_in_first_out() {
        let check = |counts: &[Count], expect: &[((usize, usize), Count)]| {
            assert_eq!(runs(counts).into_iter().collect::<Vec<_>>(), expect, "{counts:?}");
        };
        check(&[], &[]);
        check(&[0, 3, 3], &[((1, 2), 3)]);
        check(&[2, 3, 1], &[((0, 1), 2), ((1, 2), 1)]);
        check(&[1, 2, 1], &[((0, 1), 1), ((1, 2), 1)]);
        check(&[1, 0, 1], &[((0, 0), 1), ((2, 2), 1)]);
        check(&[3, 1, 2, 0], &[((0, 0), 2), ((0, 2), 1), ((2, 2), 1)]);
    }
}
