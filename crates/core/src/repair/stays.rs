//! Whole runs, where pairs have stays: the best one is put in as long as one gains.

use std::ops::Range;

use super::star::{Spoke, Star};
use crate::instance::Arc;
use crate::stay::{keeps_stay, runs};
use crate::units::{Count, Fen};

/// A run to put in: so many workers of a spoke on these periods.
struct Run {
    spoke: usize,
    /// Half-open, counted from the start of the spoke's window.
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

impl Star<'_> {
    /// Puts in the best run of a spoke, again and again, until none gains.
    pub(super) fn put_in(&self, counts: &mut [Vec<Count>]) {
        let mut left = self.left(counts);
        let mut runs: Vec<Option<Run>> =
            (0..counts.len()).map(|spoke| self.best_run(spoke, counts, &left)).collect();
        while let Some(run) = runs.iter().flatten().max_by_key(|run| (run.gain, std::cmp::Reverse(run.spoke)))
        {
            let (spoke, from) = (run.spoke, self.spokes[run.spoke].arc.window.start - self.first);
            counts[spoke][run.from..run.to].iter_mut().for_each(|n| *n += run.count);
            left[from + run.from..from + run.to].iter_mut().for_each(|n| *n -= run.count);
            // They all share the hub.
            runs = (0..counts.len()).map(|spoke| self.best_run(spoke, counts, &left)).collect();
        }
    }

    /// The run of one more worker that gains most, as many times as it fits. Quadratic in the window.
    fn best_run(&self, spoke: usize, counts: &[Vec<Count>], left: &[Count]) -> Option<Run> {
        let Spoke { arc, .. } = self.spokes[spoke];
        let counts = &counts[spoke];
        let len = counts.len();
        // By period: how many more there may be as long as each saves as much as the first, and what it brings.
        let open: Vec<(Count, Fen)> = (0..len).map(|at| self.one_more(spoke, at, counts[at], left)).collect();
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
                if better && stays_with(arc, counts, from..to, most) {
                    best = Some(Run { spoke, from, to, count: most, gain: total });
                }
            }
        }
        best
    }

    /// How many more workers a spoke takes in a period at the same worth each, and that worth.
    fn one_more(&self, spoke: usize, at: usize, now: Count, left: &[Count]) -> (Count, Fen) {
        let spoke = &self.spokes[spoke];
        let from = spoke.arc.window.start - self.first;
        let mut more = left[from + at];
        let mut saved = 0;
        if let Some(unmet) = self.unmet {
            let dear = more - unmet.cheap_count;
            (more, saved) = if dear > 0 { (dear, unmet.dear) } else { (more, unmet.cheap) };
        }
        let mut below = now;
        for (size, cost) in self.pieces(spoke, at, spoke.most[at]) {
            if below < size {
                return (more.min(size - below), (saved - cost) * self.len(from + at));
            }
            below -= size;
        }
        (0, 0)
    }
}

fn stays_with(arc: &Arc, counts: &[Count], run: Range<usize>, count: Count) -> bool {
    if arc.stay <= 1 || (run.len() >= arc.stay && arc.pinned.is_none()) {
        return true;
    }
    let mut counts = counts.to_vec();
    counts[run].iter_mut().for_each(|n| *n += count);
    keeps_stay(&counts, arc.before(), arc.stay)
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
