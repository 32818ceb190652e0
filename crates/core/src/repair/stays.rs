//! Whole runs, where pairs have stays: the best one is put in as long as one gains.

use super::Draft;
use crate::instance::Arc;
use crate::stay::{keeps_stay, runs};
use crate::units::{Count, Fen};

/// A run to put in: so many workers of a pair on these periods.
struct Run {
    pair: usize,
    /// Half-open, counted from the start of the pair's window.
    from: usize,
    to: usize,
    count: Count,
    /// Fen, for all of them.
    gain: Fen,
}

/// Counts without whoever does not stay. First in, first out.
pub(super) fn without_short(counts: &[Count], stay: usize) -> Vec<Count> {
    let mut kept = vec![0; counts.len()];
    for ((first, last), count) in runs(counts) {
        if last + 1 - first >= stay {
            kept[first..=last].iter_mut().for_each(|n| *n += count);
        }
    }
    kept
}

impl Draft<'_> {
    /// Lending, starts and the unmet demand that these pairs touch.
    pub(super) fn cost_of(&self, pairs: &[usize]) -> Fen {
        let mut cost = 0;
        let mut borrowers: Vec<usize> = Vec::new();
        for &k in pairs {
            let arc = &self.component.pairs[k];
            borrowers.push(arc.borrower);
            let mut there = arc.before();
            for (p, &n) in arc.window.clone().zip(&self.counts[k]) {
                cost += n * arc.daily * self.component.periods[p].len as Fen + (n - there).max(0) * arc.start;
                there = n;
            }
        }
        borrowers.sort_unstable();
        borrowers.dedup();
        for j in borrowers {
            for (p, demand) in self.component.borrowers[j].demand.iter().enumerate() {
                cost += self.unmet_cost(j, p, demand - self.sent[j][p]);
            }
        }
        cost
    }

    /// Puts in the best run of these pairs, again and again, until none gains.
    pub(super) fn put_in(&mut self, pairs: &[usize], stopped: &dyn Fn() -> bool) {
        let mut runs: Vec<Option<Run>> = pairs.iter().map(|&k| self.best_run(k)).collect();
        while !stopped() {
            let best = runs.iter().flatten().max_by_key(|run| (run.gain, std::cmp::Reverse(run.pair)));
            let Some(run) = best else { return };
            let arc = &self.component.pairs[run.pair];
            let (lender, borrower) = (arc.lender, arc.borrower);
            let mut counts = self.counts[run.pair].clone();
            counts[run.from..run.to].iter_mut().for_each(|n| *n += run.count);
            let pair = run.pair;
            self.set(pair, &counts);
            // Only what shares a row with it has changed.
            for (&k, run) in pairs.iter().zip(&mut runs) {
                let arc = &self.component.pairs[k];
                if arc.lender == lender || arc.borrower == borrower {
                    *run = self.best_run(k);
                }
            }
        }
    }

    /// The run of one more worker that gains most, as many times as it fits. Quadratic in the window.
    fn best_run(&self, pair: usize) -> Option<Run> {
        let arc = &self.component.pairs[pair];
        let counts = &self.counts[pair];
        let len = counts.len();
        // By period: how many more there may be as long as each saves as much as the first, and what it brings.
        let open: Vec<(Count, Fen)> =
            arc.window.clone().zip(counts).map(|(p, &n)| self.one_more(arc, p, n)).collect();
        let mut best: Option<Run> = None;
        for from in 0..len {
            let earlier = if from == 0 { arc.before() } else { counts[from - 1] };
            // Joining onto workers who leave just before costs no start, nor does filling up to who comes just after.
            let joins = earlier > counts[from];
            let mut room = if joins { earlier - counts[from] } else { Count::MAX };
            let mut gain = if joins { 0 } else { -arc.start };
            for (at, &(more, value)) in open.iter().enumerate().skip(from) {
                room = room.min(more);
                if room <= 0 {
                    break;
                }
                gain += value;
                let to = at + 1;
                let fills = to < len && counts[to] > counts[at];
                if to - from < arc.stay && !joins && !fills {
                    continue;
                }
                let most = if fills { room.min(counts[to] - counts[at]) } else { room };
                let net = if fills { gain + arc.start } else { gain };
                let total = net.saturating_mul(most);
                let better = net > 0 && best.as_ref().is_none_or(|b| total > b.gain);
                if better && self.stays_with(pair, from, to, most) {
                    best = Some(Run { pair, from, to, count: most, gain: total });
                }
            }
        }
        best
    }

    /// How many more workers a pair takes in a period at the same worth each, and that worth.
    fn one_more(&self, arc: &Arc, p: usize, now: Count) -> (Count, Fen) {
        let borrower = &self.component.borrowers[arc.borrower];
        let missing = borrower.demand[p] - self.sent[arc.borrower][p];
        let dear = missing - borrower.unmet.cheap_count;
        let (same, saved) =
            if dear > 0 { (dear, borrower.unmet.dear) } else { (missing, borrower.unmet.cheap) };
        let most = self.room(arc, p).min(arc.bounds(p).1 - now).min(same);
        (most, (saved - arc.daily) * self.component.periods[p].len as Fen)
    }

    fn stays_with(&self, pair: usize, from: usize, to: usize, count: Count) -> bool {
        let arc = &self.component.pairs[pair];
        if arc.stay <= 1 || (to - from >= arc.stay && arc.pinned.is_none()) {
            return true;
        }
        let mut counts = self.counts[pair].clone();
        counts[from..to].iter_mut().for_each(|n| *n += count);
        keeps_stay(&counts, arc.before(), arc.stay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_runs_go() {
        let check = |counts: &[Count], stay, expect: &[Count]| {
            let found = without_short(counts, stay);
            assert_eq!(found, expect, "{counts:?} stay {stay}");
            assert!(keeps_stay(&found, 0, stay));
        };
        check(&[2, 2, 2], 3, &[2, 2, 2]);
        check(&[2, 2], 3, &[0, 0]);
        check(&[1, 2, 1, 1], 3, &[0, 1, 1, 1]);
        check(&[1, 1, 2, 1, 1], 3, &[1, 1, 2, 1, 1]);
        check(&[3, 1, 1], 3, &[1, 1, 1]);
    }
}
