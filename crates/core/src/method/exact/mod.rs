//! `exact`: the compact mixed-integer programme of a component, through `good_lp`.
//!
//! ```text
//! minimise   sum pi_j unmet_jp + sum c_ij y_ijp + sum h_ij s_ijp          (each times the length of period p)
//! subject to sum_j y_ijp <= n_ip,   sum_i y_ijp + unmet_jp = m_jp,   s_ijp >= y_ijp - y_ij,p-1
//!            y_ijt >= sum of s_iju for t - L < u <= t                      (where a pair has a stay L > 1)
//! ```
//!
//! `unmet` is eliminated: filling a worker-day saves its price. With fairness the first unmet workers of a day are
//! the cheap ones, so one more column per demand and period charges the difference for the dear ones.
//!
//! The prices come from the dual of the LP relaxation, written out and solved as an LP of its own: the default
//! backend reports no duals, and this way there is no convention of signs to trust. Whatever they are, the bound is
//! the Lagrangian evaluated in whole numbers.

mod backend;
mod program;

use program::Program;

use crate::bound::LocalPrices;
use crate::instance::{Component, Counts};
use crate::solve::Stop;

/// What the search found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The best counts.
    pub counts: Counts,
    /// Whether the search finished, so that nothing better exists (within the tolerances of its LP).
    pub finished: bool,
    /// Duals of the LP relaxation, where the backend still had time for them.
    pub prices: Option<LocalPrices>,
}

/// Solves a component. None where the backend stopped, or failed, before it had a plan.
pub fn solve(component: &Component, stop: &dyn Stop) -> Option<Found> {
    let program = Program::new(component);
    let solved = backend::integer_optimum(&program, stop)?;
    let duals = if stop.stopped() { None } else { backend::dual_optimum(&program, &solved.values, stop) };
    Some(Found {
        counts: program.counts(&solved.values),
        finished: solved.finished,
        prices: duals.map(|duals| program.prices(component, &duals)),
    })
}
