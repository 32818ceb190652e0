//! The best that is known of a component: a plan, and bounds with the prices that prove them.

use crate::bound::{LocalPrices, lagrangian, total_lagrangian};
use crate::instance::{Component, Counts};
use crate::plan::gap;
use crate::units::Fen;

/// A feasible plan and valid bounds; all only get better.
///
/// Against an earlier plan two things are bounded: the objective, which is what a plan reports, and the total of objective
/// and cost of changes, which is what plans minimise and what decides when to stop. Without one they are the same.
#[derive(Clone, Debug)]
pub struct Best {
    /// The plan.
    pub counts: Counts,
    /// Its objective.
    pub objective: Fen,
    /// Its objective and what it changes.
    pub total: Fen,
    /// No plan has a lower objective.
    pub bound: Fen,
    /// No plan has a lower total.
    pub total_bound: Fen,
    /// The prices of the best bound on the objective by prices.
    pub prices: LocalPrices,
    /// Those of the best bound on the total, where changes cost anything.
    total_prices: Option<LocalPrices>,
    baseline: Fen,
}

impl Best {
    /// Lending nothing but the pins is a plan, and charging nothing for anything proves something.
    pub fn new(component: &Component) -> Best {
        let prices = LocalPrices::unmet(component);
        let counts = component.pins_alone();
        let total = component.baseline + component.change_cost(&counts);
        let bound = whole(lagrangian(component, &prices));
        let mut best = Best {
            counts,
            objective: component.baseline,
            total,
            bound,
            total_bound: bound,
            prices,
            total_prices: None,
            baseline: component.baseline,
        };
        if component.stability > 0 {
            best.total_bound = whole(total_lagrangian(component, &best.prices));
            best.total_prices = Some(best.prices.clone());
        }
        best
    }

    /// Takes a feasible plan where it is better.
    pub fn offer(&mut self, component: &Component, counts: &Counts) {
        let objective = component.objective(counts);
        let total = objective + component.change_cost(counts);
        if total < self.total {
            (self.objective, self.total) = (objective, total);
            self.counts.clone_from(counts);
        }
    }

    /// Takes prices where they prove more. In whole fen, so that the parts of a plan add up; in millionths only
    /// where these, rounded up, close the gap.
    pub fn prove(&mut self, component: &Component, prices: LocalPrices) {
        if self.total_prices.is_some() {
            let bound = whole(total_lagrangian(component, &prices));
            if bound > self.total_bound {
                (self.total_bound, self.total_prices) = (bound, Some(prices.clone()));
            }
        }
        let coarse = prices.in_whole_fen();
        let bound = whole(lagrangian(component, &coarse));
        if bound > self.bound {
            (self.bound, self.prices) = (bound, coarse);
        }
        if self.bound < self.objective && whole(lagrangian(component, &prices)) == self.objective {
            (self.bound, self.prices) = (self.objective, prices);
        }
        if self.total_prices.is_none() {
            self.total_bound = self.bound;
        }
    }

    /// Takes what is known of the same component without an earlier plan: its bound is one on the objective.
    pub fn take_bound(&mut self, alone: Best) {
        if alone.bound > self.bound {
            (self.bound, self.prices) = (alone.bound, alone.prices);
        }
    }

    /// A finished search found nothing better than the plan.
    pub fn close(&mut self) {
        self.total_bound = self.total;
        if self.total_prices.is_none() {
            self.bound = self.objective;
        }
    }

    /// The prices that say most about the total.
    pub fn total_prices(&self) -> &LocalPrices {
        self.total_prices.as_ref().unwrap_or(&self.prices)
    }

    /// No plan is better.
    pub fn is_closed(&self) -> bool {
        self.total_bound >= self.total
    }

    /// What the plan may have missed of the least total, as a share of the possible benefit: that of the objective alone, so
    /// that a gap means the same money whatever changes cost.
    pub fn gap(&self) -> f64 {
        let missed = i128::from(self.total) - i128::from(self.total_bound);
        gap(i128::from(self.bound) + missed, self.bound, self.baseline)
    }

    /// The share of the possible benefit that the plan may have missed, whatever it changes.
    pub fn gap_alone(&self) -> f64 {
        gap(self.objective, self.bound, self.baseline)
    }
}

/// A bound in 63 bits. One further down than that proves nothing about any plan.
fn whole(bound: i128) -> Fen {
    Fen::try_from(bound.max(i128::from(Fen::MIN / 4))).unwrap_or(Fen::MAX)
}
