//! The best that is known of a component: a plan, and a bound with the prices that prove it.

use crate::bound::{LocalPrices, lagrangian};
use crate::instance::{Component, Counts};
use crate::plan::gap;
use crate::units::Fen;

/// A feasible plan and a valid bound; both only get better.
#[derive(Clone, Debug)]
pub struct Best {
    /// The plan.
    pub counts: Counts,
    /// What it costs.
    pub objective: Fen,
    /// No plan costs less.
    pub bound: Fen,
    /// The prices of the best bound by prices.
    pub prices: LocalPrices,
    baseline: Fen,
}

impl Best {
    /// Lending nothing but the pins is a plan, and charging nothing for anything proves something.
    pub fn new(component: &Component) -> Best {
        let prices = LocalPrices::unmet(component);
        Best {
            counts: component.pins_alone(),
            objective: component.baseline,
            bound: whole(lagrangian(component, &prices)),
            prices,
            baseline: component.baseline,
        }
    }

    /// Takes a feasible plan where it is better.
    pub fn offer(&mut self, component: &Component, counts: &Counts) {
        let objective = component.objective(counts);
        if objective < self.objective {
            self.objective = objective;
            self.counts.clone_from(counts);
        }
    }

    /// Takes prices where they prove more. In whole fen, so that the parts of a plan add up; in millionths only
    /// where these, rounded up, close the gap.
    pub fn prove(&mut self, component: &Component, prices: LocalPrices) {
        let coarse = prices.in_whole_fen();
        let bound = whole(lagrangian(component, &coarse));
        if bound > self.bound {
            (self.bound, self.prices) = (bound, coarse);
        }
        if self.bound < self.objective && whole(lagrangian(component, &prices)) == self.objective {
            (self.bound, self.prices) = (self.objective, prices);
        }
    }

    /// A finished search found nothing better than the plan.
    pub fn close(&mut self) {
        self.bound = self.objective;
    }

    /// The share of the possible benefit that the plan may have missed.
    pub fn gap(&self) -> f64 {
        gap(self.objective, self.bound, self.baseline)
    }
}

/// A bound in 63 bits. One further down than that proves nothing about any plan.
fn whole(bound: i128) -> Fen {
    Fen::try_from(bound.max(i128::from(Fen::MIN / 4))).unwrap_or(Fen::MAX)
}
