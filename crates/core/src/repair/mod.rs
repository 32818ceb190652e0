//! From any counts to a feasible plan, and from there to a better one.
//!
//! Without stays two exact neighbourhoods take turns until neither gains: everything one lender does, and everything
//! one borrower takes, each a min-cost flow on its own time line against what the others leave. With stays whole
//! runs are taken out and put in, one at a time.

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
                stays::drop_short(&mut counts, arc.stay);
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
        if self.component.pairs.iter().any(|arc| arc.stay > 1) {
            self.sweep_runs(stopped);
        } else {
            for i in 0..self.of_lender.len() {
                if stopped() {
                    break;
                }
                self.resolve_lender(i);
            }
            for j in 0..self.of_borrower.len() {
                if stopped() {
                    break;
                }
                self.resolve_borrower(j);
            }
        }
        self.component.objective(&self.counts) < before
    }

    /// What the unmet demand of a borrower costs in a period, of `unmet` workers.
    fn unmet_cost(&self, borrower: usize, p: usize, unmet: Count) -> Fen {
        self.component.borrowers[borrower].unmet.of(unmet) * self.component.periods[p].len as Fen
    }
}
