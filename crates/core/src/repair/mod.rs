//! From any counts to a feasible plan, and from there to a better one.
//!
//! Everything one lender does, or one borrower takes, is a star: a min-cost flow on a time line against what the
//! others leave, exact where there are no stays. Lenders and borrowers take turns; who has no partner in common is
//! solved at the same time, and nobody is solved again before something around has changed.

mod flow;
mod star;
mod stays;

use std::collections::HashSet;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use tiaoji_flow::Solver;

use crate::instance::{Arc, Component, Counts};
use crate::stay::keeps_stay;
use crate::units::Count;
use star::Star;

/// Pair-periods from which on stars are solved at the same time: one of them takes some ten microseconds then.
const MUCH: usize = 5_000;

/// A feasible plan of a component with its sums, so that a neighbourhood sees what the others leave.
pub struct Draft<'a> {
    component: &'a Component,
    /// Whether its stars are too small to be handed to other threads.
    little: bool,
    /// Whether they are solved one after the other.
    here: bool,
    counts: Counts,
    /// Workers lent, by lender and period; sent, by borrower and period.
    lent: Vec<Vec<Count>>,
    sent: Vec<Vec<Count>>,
    /// The pairs of each lender and of each borrower that are worth a look.
    of_lender: Vec<Vec<usize>>,
    of_borrower: Vec<Vec<usize>>,
    /// Whether something has changed around a lender or a borrower since it was solved.
    open_lenders: Vec<bool>,
    open_borrowers: Vec<bool>,
}

/// The two sides of a pair.
#[derive(Clone, Copy)]
enum Side {
    Lenders,
    Borrowers,
}

impl<'a> Draft<'a> {
    /// Makes counts feasible: back into the bounds of each pair and the capacities of each row, and without the runs
    /// that are shorter than their stay. Only pairs that are `worth` a look, or have workers, will be changed.
    pub fn new(component: &'a Component, wanted: &Counts, worth: impl Fn(usize) -> bool) -> Draft<'a> {
        let periods = component.periods.len();
        let mut draft = Draft {
            component,
            little: component.size() < MUCH,
            here: false,
            counts: component.pairs.iter().map(|arc| vec![0; arc.window.len()]).collect(),
            lent: vec![vec![0; periods]; component.lenders.len()],
            sent: vec![vec![0; periods]; component.borrowers.len()],
            of_lender: vec![Vec::new(); component.lenders.len()],
            of_borrower: vec![Vec::new(); component.borrowers.len()],
            open_lenders: vec![false; component.lenders.len()],
            open_borrowers: vec![false; component.borrowers.len()],
        };
        for (k, counts) in component.pins_alone().iter().enumerate() {
            draft.set(k, counts);
        }
        for (k, (arc, wanted)) in component.pairs.iter().zip(wanted).enumerate() {
            if wanted.iter().any(|&n| n > 0) {
                draft.take(k, wanted);
            }
            if worth(k) || wanted.iter().any(|&n| n > 0) || arc.pinned.is_some() {
                draft.of_lender[arc.lender].push(k);
                draft.of_borrower[arc.borrower].push(k);
                draft.open_lenders[arc.lender] = true;
                draft.open_borrowers[arc.borrower] = true;
            }
        }
        draft
    }

    /// One star after the other, on this thread: for whoever solves many parts at the same time.
    #[must_use]
    pub fn here(self) -> Draft<'a> {
        Draft { here: true, ..self }
    }

    /// Leaves all other lenders and borrowers alone, until something changes around them.
    pub fn only(&mut self, lenders: &[bool], borrowers: &[bool]) {
        self.open_lenders.iter_mut().zip(lenders).for_each(|(open, only)| *open &= only);
        self.open_borrowers.iter_mut().zip(borrowers).for_each(|(open, only)| *open &= only);
    }

    /// Takes as much of the counts of a pair as is feasible beside those taken already; what that is.
    pub fn take(&mut self, pair: usize, wanted: &[Count]) -> Vec<Count> {
        let arc = &self.component.pairs[pair];
        let fits = |(p, &n): (usize, &Count)| {
            let (low, high) = arc.bounds(p);
            n.clamp(low, high.min(low + self.room(arc, p)))
        };
        let mut counts: Vec<Count> = arc.window.clone().zip(wanted).map(fits).collect();
        if arc.stay > 1 && !keeps_stay(&counts, arc.before(), arc.stay) {
            if arc.pinned.is_some() {
                return self.counts[pair].clone();
            }
            counts = stays::without_short(&counts, arc.stay);
        }
        self.set(pair, &counts);
        counts
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

    /// One turn of all lenders, then of all borrowers, around whom something has changed; whether the plan got better.
    pub fn sweep(&mut self, stopped: &dyn Fn() -> bool) -> bool {
        let lenders = self.turn(Side::Lenders, stopped);
        self.turn(Side::Borrowers, stopped) || lenders
    }

    fn turn(&mut self, side: Side, stopped: &dyn Fn() -> bool) -> bool {
        let open = match side {
            Side::Lenders => &mut self.open_lenders,
            Side::Borrowers => &mut self.open_borrowers,
        };
        let mut waiting: Vec<usize> = (0..open.len()).filter(|&hub| std::mem::take(&mut open[hub])).collect();
        let mut better = false;
        if self.here {
            let mut solver = Solver::default();
            for hub in waiting.into_iter().take_while(|_| !stopped()) {
                if let Some(counts) = self.solve(side, hub, &mut solver) {
                    better = true;
                    self.apply(side, hub, &counts);
                }
            }
            return better;
        }
        while !waiting.is_empty() && !stopped() {
            let (group, rest) = self.without_common_partner(side, &waiting);
            let solve =
                |solver: &mut Solver, &hub: &usize| self.solve(side, hub, solver).map(|counts| (hub, counts));
            let found: Vec<(usize, Vec<Vec<Count>>)> = if self.little {
                let mut solver = Solver::default();
                group.iter().filter_map(|hub| solve(&mut solver, hub)).collect()
            } else {
                group.par_iter().map_init(Solver::default, solve).flatten().collect()
            };
            for (hub, counts) in found {
                better = true;
                self.apply(side, hub, &counts);
            }
            waiting = rest;
        }
        better
    }

    /// Better counts for the pairs of a hub, if there are any.
    fn solve(&self, side: Side, hub: usize, solver: &mut Solver) -> Option<Vec<Vec<Count>>> {
        let star = match side {
            Side::Lenders => Star::of_lender(self, hub, &self.of_lender[hub]),
            Side::Borrowers => Star::of_borrower(self, hub, &self.of_borrower[hub]),
        };
        star?.improve(solver)
    }

    /// Splits hubs into some of which no two have a partner in common, and the others.
    fn without_common_partner(&self, side: Side, waiting: &[usize]) -> (Vec<usize>, Vec<usize>) {
        let mut taken = HashSet::new();
        waiting.iter().partition(|&&hub| {
            let partners = || self.pairs_of(side, hub).iter().map(|&k| self.partner(side, k));
            let free = !partners().any(|partner| taken.contains(&partner));
            if free {
                taken.extend(partners());
            }
            free
        })
    }

    fn pairs_of(&self, side: Side, hub: usize) -> &[usize] {
        match side {
            Side::Lenders => &self.of_lender[hub],
            Side::Borrowers => &self.of_borrower[hub],
        }
    }

    fn partner(&self, side: Side, pair: usize) -> usize {
        match side {
            Side::Lenders => self.component.pairs[pair].borrower,
            Side::Borrowers => self.component.pairs[pair].lender,
        }
    }

    /// Sets the counts of a hub's pairs, and notes around whom that changes something.
    fn apply(&mut self, side: Side, hub: usize, counts: &[Vec<Count>]) {
        let pairs = self.pairs_of(side, hub).to_vec();
        for (&k, counts) in pairs.iter().zip(counts) {
            let partner = self.partner(side, k);
            if self.counts[k] == *counts {
                continue;
            }
            self.set(k, counts);
            let Draft { component, of_lender, of_borrower, open_lenders, open_borrowers, .. } = self;
            match side {
                Side::Lenders => {
                    open_borrowers[partner] = true;
                    for &other in &of_borrower[partner] {
                        let lender = component.pairs[other].lender;
                        open_lenders[lender] |= lender != hub;
                    }
                }
                Side::Borrowers => {
                    open_lenders[partner] = true;
                    for &other in &of_lender[partner] {
                        let borrower = component.pairs[other].borrower;
                        open_borrowers[borrower] |= borrower != hub;
                    }
                }
            }
        }
        // The partners see another hub.
        for &k in &pairs {
            let partner = self.partner(side, k);
            match side {
                Side::Lenders => self.open_borrowers[partner] = true,
                Side::Borrowers => self.open_lenders[partner] = true,
            }
        }
    }
}
