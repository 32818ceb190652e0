//! One posting with all its partners, against what everybody else leaves: the neighbourhood that is solved exactly.
//!
//! The posting is the hub: a lender with the workers it may lend, or a borrower with the places it has open. Each pair of
//! it is a spoke, with the room that the partner leaves.

use tiaoji_flow::Solver;

use super::Draft;
use crate::instance::{Arc, Borrower, Component};
use crate::scenario::UnmetCost;
use crate::stay::keeps_stay;
use crate::units::{Count, Fen};

/// A hub and its spokes over the periods from `first` on.
pub(super) struct Star<'a> {
    pub component: &'a Component,
    /// The first period.
    pub first: usize,
    /// How many workers the spokes may have together, by period.
    pub hub: Vec<Count>,
    /// What a place of the hub costs unfilled, if it is a borrower.
    pub unmet: Option<UnmetCost>,
    pub spokes: Vec<Spoke<'a>>,
}

/// A pair of the hub.
pub(super) struct Spoke<'a> {
    pub arc: &'a Arc,
    /// By period of the window: no more than these.
    pub most: Vec<Count>,
    /// Places that the others leave open at the partner, and what they cost unfilled, if it is a borrower.
    pub missing: Option<(Vec<Count>, UnmetCost)>,
    /// The counts as they are.
    pub counts: Vec<Count>,
}

/// What up to so many workers on a spoke cost each, in a period; costs rise from piece to piece.
pub(super) type Piece = (Count, Fen);

impl<'a> Star<'a> {
    /// The star of a lender, of these of its pairs. None without any.
    pub fn of_lender(draft: &Draft<'a>, lender: usize, pairs: &[usize]) -> Option<Star<'a>> {
        let component = draft.component;
        let supply = &component.lenders[lender].supply;
        Star::new(
            draft,
            pairs,
            None,
            |p| supply[p] - draft.lent[lender][p],
            |arc, p, own| component.borrowers[arc.borrower].demand[p] - draft.sent[arc.borrower][p] + own,
        )
    }

    /// The star of a borrower.
    pub fn of_borrower(draft: &Draft<'a>, borrower: usize, pairs: &[usize]) -> Option<Star<'a>> {
        let component = draft.component;
        let Borrower { demand, unmet, .. } = &component.borrowers[borrower];
        Star::new(
            draft,
            pairs,
            Some(*unmet),
            |p| demand[p] - draft.sent[borrower][p],
            |arc, p, own| component.lenders[arc.lender].supply[p] - draft.lent[arc.lender][p] + own,
        )
    }

    fn new(
        draft: &Draft<'a>,
        pairs: &[usize],
        unmet: Option<UnmetCost>,
        hub_left: impl Fn(usize) -> Count,
        partner_left: impl Fn(&Arc, usize, Count) -> Count,
    ) -> Option<Star<'a>> {
        let component = draft.component;
        let windows = || pairs.iter().map(|&k| &component.pairs[k].window);
        let (first, end) = (windows().map(|w| w.start).min()?, windows().map(|w| w.end).max()?);
        let mut hub: Vec<Count> = (first..end).map(hub_left).collect();
        let spoke = |&k: &usize| {
            let arc = &component.pairs[k];
            let counts = draft.counts[k].clone();
            let left: Vec<Count> =
                arc.window.clone().zip(&counts).map(|(p, &own)| partner_left(arc, p, own)).collect();
            let bounded = |(p, &left): (usize, &Count)| {
                let (low, high) = arc.bounds(p);
                high.min(left).max(low)
            };
            let most = arc.window.clone().zip(&left).map(bounded).collect();
            for (p, own) in arc.window.clone().zip(&counts) {
                hub[p - first] += own;
            }
            let missing = unmet.is_none().then(|| (left, component.borrowers[arc.borrower].unmet));
            Spoke { arc, most, missing, counts }
        };
        let spokes = pairs.iter().map(spoke).collect();
        Some(Star { component, first, hub, unmet, spokes })
    }

    /// The daily costs of up to `most` workers on a spoke in a period of its window, less what they save in unmet demand, and
    /// less or more by what they change against an earlier plan.
    pub fn pieces(&self, spoke: &Spoke<'_>, at: usize, most: Count) -> [Piece; 3] {
        let arc = spoke.arc;
        let earlier = self.component.earlier(arc, arc.window.start + at);
        let dear = spoke
            .missing
            .as_ref()
            .map_or(most, |(missing, unmet)| (missing[at] - unmet.cheap_count).clamp(0, most));
        let kept = earlier.map_or(most, |earlier| earlier.min(most));
        let cost = |workers: Count| {
            let saved = spoke
                .missing
                .as_ref()
                .map_or(0, |(_, unmet)| if workers < dear { unmet.dear } else { unmet.cheap });
            let change = earlier.map_or(0, |earlier| if workers < earlier { -1 } else { 1 })
                * self.component.stability;
            arc.daily - saved + change
        };
        let (first, second) = (dear.min(kept), dear.max(kept));
        [(first, cost(0)), (second - first, cost(first)), (most - second, cost(second))]
    }

    /// The counts of the spokes as they are.
    pub fn counts(&self) -> Vec<Vec<Count>> {
        self.spokes.iter().map(|spoke| spoke.counts.clone()).collect()
    }

    /// How many days a period of the star has.
    pub fn len(&self, at: usize) -> Fen {
        self.component.periods[self.first + at].len as Fen
    }

    /// What the hub has left beside these counts, by period.
    pub fn left(&self, counts: &[Vec<Count>]) -> Vec<Count> {
        let mut left = self.hub.clone();
        for (spoke, counts) in self.spokes.iter().zip(counts) {
            for (left, count) in left[spoke.arc.window.start - self.first..].iter_mut().zip(counts) {
                *left -= count;
            }
        }
        left
    }

    /// Lending, starts, unmet demand and what changes, with these counts.
    pub fn cost(&self, counts: &[Vec<Count>]) -> Fen {
        let component = self.component;
        let mut cost = 0;
        for (spoke, counts) in self.spokes.iter().zip(counts) {
            let arc = spoke.arc;
            let mut there = arc.before();
            let from = arc.window.start - self.first;
            for (at, &n) in counts.iter().enumerate() {
                let unmet = spoke.missing.as_ref().map_or(0, |(missing, unmet)| unmet.of(missing[at] - n));
                let earlier = component.earlier(arc, arc.window.start + at);
                let changed = earlier.map_or(0, |earlier| (n - earlier).abs() * component.stability);
                cost +=
                    self.len(from + at) * (n * arc.daily + unmet + changed) + (n - there).max(0) * arc.start;
                there = n;
            }
        }
        if let Some(unmet) = self.unmet {
            let left = self.left(counts);
            cost += left.iter().enumerate().map(|(at, &left)| self.len(at) * unmet.of(left)).sum::<Fen>();
        }
        cost
    }

    /// Better counts for the spokes, if there are any. Without stays the best there are.
    pub fn improve(&self, solver: &mut Solver) -> Option<Vec<Vec<Count>>> {
        let old = self.counts();
        let cost = self.cost(&old);
        let mut counts = self.flow(solver, &old, |_| true)?;
        if self.spokes.iter().any(|spoke| spoke.arc.stay > 1) {
            self.mend_stays(solver, &mut counts);
        }
        (self.cost(&counts) < cost).then_some(counts)
    }

    /// A flow knows nothing of stays: the runs that are too short go, the spokes without a stay are solved again, and
    /// whole runs that gain are put in.
    fn mend_stays(&self, solver: &mut Solver, counts: &mut Vec<Vec<Count>>) {
        let mut broken = false;
        for (spoke, counts) in self.spokes.iter().zip(counts.iter_mut()) {
            let arc = spoke.arc;
            if arc.stay > 1 && !keeps_stay(counts, arc.before(), arc.stay) {
                broken = true;
                *counts = match &arc.pinned {
                    Some(pinned) => pinned.low.clone(),
                    None => super::stays::without_short(counts, arc.stay),
                };
            }
        }
        if broken {
            let free = |spoke: &Spoke<'_>| spoke.arc.stay <= 1;
            if let Some(again) = self.flow(solver, counts, free) {
                *counts = again;
            }
            self.put_in(counts);
        }
    }
}
