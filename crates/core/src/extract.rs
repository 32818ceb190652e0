//! From daily counts to secondments in canonical order.

use std::collections::{BTreeMap, VecDeque};

use crate::plan::Secondment;
use crate::scenario::{Scenario, ShortageIx, SurplusIx};
use crate::units::Count;

/// Workers of every pair, by working day of the scenario.
pub type DailyCounts = BTreeMap<(SurplusIx, ShortageIx), Vec<Count>>;

/// The secondments that follow from each pair's daily counts alone: the earliest start is matched with the earliest
/// end, workers of a pair with the same first and last day are one row, rows stand in the order of surplus and
/// shortage as posted, from, to. Costs are left 0: the referee says what each costs.
pub fn secondments(scenario: &Scenario, counts: &DailyCounts) -> Vec<Secondment> {
    let mut rows = Vec::new();
    for (&(surplus, shortage), counts) in counts {
        for ((first, last), count) in runs(counts) {
            let (from, to) = (scenario.days().day(first), scenario.days().day(last));
            rows.push(Secondment { surplus, shortage, count, from, to, cost: 0 });
        }
    }
    rows
}

/// First and last working day, and how many workers, first in, first out.
fn runs(counts: &[Count]) -> BTreeMap<(usize, usize), Count> {
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
