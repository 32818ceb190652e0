//! From any counts to a feasible plan, and from there to a better one.
//!
//! Two exact neighbourhoods take turns until neither gains: everything one lender does, and everything one borrower
//! takes, each a min-cost flow on its own time line against what the others leave. A flow knows nothing of stays: where
//! it breaks one, the runs that are too short go, the pairs without a stay are solved again, and whole runs that gain are
//! put in; what is not better in the end is taken back.

mod borrower;
mod lender;
mod stays;

use tiaoji_flow::Solver;

use crate::instance::{Arc, Component, Counts};
use crate::stay::keeps_stay;
use crate::units::{Count, Fen};

/// A feasible plan of a component with its sums, so that a neighbourhood sees what the others leave.
pub struct Draft<'a> {
    component: &'a Component,
    counts: Counts,
    /// Workers lent, by lender and period; sent, by borrower and period.
    lent: Vec<Vec<Count>>,
    sent: Vec<Vec<Count>>,
    /// Pairs of each lender, and of each borrower.
    of_lender: Vec<Vec<usize>>,
    of_borrower: Vec<Vec<usize>>,
    /// One solver for all time lines: its memory is reused.
    solver: Solver,
}

impl<'a> Draft<'a> {
    /// Makes counts feasible: back into the bounds of each pair and the capacities of each row, and without the runs
    /// that are shorter than their stay.
    pub fn new(component: &'a Component, wanted: &Counts) -> Draft<'a> {
        let mut draft = Draft::of_pins(component);
        for (k, (arc, wanted)) in component.pairs.iter().zip(wanted).enumerate() {
            let mut counts: Vec<Count> = arc
                .window
                .clone()
                .zip(wanted)
                .map(|(p, &n)| {
                    let (low, high) = arc.bounds(p);
                    n.clamp(low, high.min(low + draft.room(arc, p)))
                })
                .collect();
            if arc.stay > 1 && !keeps_stay(&counts, arc.before(), arc.stay) {
                if arc.pinned.is_some() {
                    continue;
                }
                counts = stays::without_short(&counts, arc.stay);
            }
            draft.set(k, &counts);
        }
        draft
    }

    fn of_pins(component: &'a Component) -> Draft<'a> {
        let (mut of_lender, mut of_borrower) =
            (vec![Vec::new(); component.lenders.len()], vec![Vec::new(); component.borrowers.len()]);
        for (k, arc) in component.pairs.iter().enumerate() {
            of_lender[arc.lender].push(k);
            of_borrower[arc.borrower].push(k);
        }
        let periods = component.periods.len();
        let mut draft = Draft {
            component,
            counts: component.pairs.iter().map(|arc| vec![0; arc.window.len()]).collect(),
            lent: vec![vec![0; periods]; component.lenders.len()],
            sent: vec![vec![0; periods]; component.borrowers.len()],
            of_lender,
            of_borrower,
            solver: Solver::default(),
        };
        for (k, counts) in component.pins_alone().iter().enumerate() {
            draft.set(k, counts);
        }
        draft
    }

    /// How many more workers the rows of a pair take in a period.
    fn room(&self, arc: &Arc, p: usize) -> Count {
        let (lender, borrower) =
            (&self.component.lenders[arc.lender], &self.component.borrowers[arc.borrower]);
        let supply = lender.supply[p] - self.lent[arc.lender][p];
        supply.min(borrower.demand[p] - self.sent[arc.borrower][p])
    }

    fn set(&mut self, pair: usize, counts: &[Count]) {
        let arc = &self.component.pairs[pair];
        for (p, (old, &new)) in arc.window.clone().zip(self.counts[pair].iter_mut().zip(counts)) {
            self.lent[arc.lender][p] += new - *old;
            self.sent[arc.borrower][p] += new - *old;
            *old = new;
        }
    }

    /// The plan.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// One turn of every neighbourhood; whether the plan got better.
    pub fn sweep(&mut self, stopped: &dyn Fn() -> bool) -> bool {
        let before = self.component.objective(&self.counts);
        let with_stay: Vec<usize> =
            (0..self.counts.len()).filter(|&k| self.component.pairs[k].stay > 1).collect();
        self.put_in(&with_stay, stopped);
        for i in 0..self.of_lender.len() {
            if stopped() {
                break;
            }
            let pairs = std::mem::take(&mut self.of_lender[i]);
            self.better(&pairs, &|draft, pairs| draft.solve_lender(i, pairs));
            self.of_lender[i] = pairs;
        }
        for j in 0..self.of_borrower.len() {
            if stopped() {
                break;
            }
            let pairs = std::mem::take(&mut self.of_borrower[j]);
            self.better(&pairs, &|draft, pairs| draft.solve_borrower(j, pairs));
            self.of_borrower[j] = pairs;
        }
        self.component.objective(&self.counts) < before
    }

    /// Solves these pairs anew, and takes it back where stays made it worse.
    fn better(&mut self, pairs: &[usize], solve: &dyn Fn(&mut Self, &[usize])) {
        let component = self.component;
        let stays = |k: &&usize| component.pairs[**k].stay > 1;
        if !pairs.iter().any(|k| stays(&k)) {
            solve(self, pairs);
            return;
        }
        let old: Vec<Vec<Count>> = pairs.iter().map(|&k| self.counts[k].clone()).collect();
        let cost = self.cost_of(pairs);
        solve(self, pairs);
        let mut broken = false;
        for &k in pairs.iter().filter(stays) {
            let arc = &component.pairs[k];
            if !keeps_stay(&self.counts[k], arc.before(), arc.stay) {
                broken = true;
                let counts = match &arc.pinned {
                    Some(pinned) => pinned.low.clone(),
                    None => stays::without_short(&self.counts[k], arc.stay),
                };
                self.set(k, &counts);
            }
        }
        if broken {
            let free: Vec<usize> = pairs.iter().copied().filter(|k| !stays(&k)).collect();
            solve(self, &free);
            self.put_in(pairs, &|| false);
            if self.cost_of(pairs) > cost {
                for (&k, old) in pairs.iter().zip(&old) {
                    self.set(k, old);
                }
                solve(self, &free);
            }
        }
    }

    /// First period of any of these pairs' windows, and one past the last.
    fn reach(&self, pairs: &[usize]) -> Option<(usize, usize)> {
        let windows = || pairs.iter().map(|&k| &self.component.pairs[k].window);
        Some((windows().map(|w| w.start).min()?, windows().map(|w| w.end).max()?))
    }

    /// What a row has for these of its pairs, when the others have taken theirs.
    fn left_for(&self, pairs: &[usize], row: &[Count], taken: &[Count]) -> Vec<Count> {
        let mut left: Vec<Count> = row.iter().zip(taken).map(|(row, taken)| row - taken).collect();
        for &k in pairs {
            for (p, &n) in self.component.pairs[k].window.clone().zip(&self.counts[k]) {
                left[p] += n;
            }
        }
        left
    }

    /// Sets the counts of these pairs, one after the other.
    fn set_all(&mut self, pairs: &[usize], counts: Option<Vec<Count>>) {
        let Some(mut counts) = counts else { return };
        for &k in pairs {
            let rest = counts.split_off(self.component.pairs[k].window.len());
            self.set(k, &counts);
            counts = rest;
        }
    }

    /// What the unmet demand of a borrower costs in a period, of `unmet` workers.
    fn unmet_cost(&self, borrower: usize, p: usize, unmet: Count) -> Fen {
        self.component.borrowers[borrower].unmet.of(unmet) * self.component.periods[p].len as Fen
    }
}
