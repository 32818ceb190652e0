//! `exact`: the compact mixed-integer programme of a component, through `good_lp`.
//!
//! ```text
//! minimise   sum pi_j unmet_jp + sum c_ij y_ijp + sum h_ij s_ijp          (each times the length of period p)
//! subject to sum_j y_ijp <= n_ip,   sum_i y_ijp + unmet_jp = m_jp,   s_ijp >= y_ijp - y_ij,p-1
//!            y_ijt >= sum of s_iju for t - L < u <= t                      (where a pair has a stay L > 1)
//! ```
//!
//! Where changes against an earlier plan cost `s` a worker-day, `s |y - e| = s (e - y) + 2 s u` with one more column
//! `u >= y - e`, `u >= 0` wherever the earlier count `e` lies inside the bounds of `y`.
//!
//! `unmet` is eliminated: filling a worker-day saves its price. With fairness the first unmet workers of a day are
//! the cheap ones, so one more column per demand and period charges the difference for the dear ones.
//!
//! The prices come from the dual of the LP relaxation, written out and solved as an LP of its own: the default
//! backend reports no duals, and this way there is no convention of signs to trust. Whatever they are, the bound is
//! the Lagrangian evaluated in whole numbers.

mod backend;
mod program;

pub use backend::Backend;
use program::Program;

use crate::best::Best;
use crate::bound::worth_considering;
use crate::instance::Component;
use crate::repair::Draft;
use crate::stop::Stop;

/// Solves a component. Where the backend stops, or fails, before it is done, what is known stays.
///
/// Counts that no plan better than the best known one can have, by the best known prices, are left out: with a good
/// start that leaves a small programme. Without one (see [`Best::new`]) next to nothing is left out.
pub fn improve(component: &Component, best: &mut Best, backend: Backend, stop: &dyn Stop) {
    if best.is_closed() || stop.stopped() {
        return;
    }
    let considered = worth_considering(component, best.total_prices(), best.total);
    if !considered.iter().flatten().any(|&c| c) {
        // Whoever is better lends nothing at all, and that is no better. HiGHS would not take an empty programme.
        best.close();
        return;
    }
    let program = Program::new(component, &considered);
    let Some(solved) = backend::integer_optimum(&program, backend, stop) else { return };
    let found = program.counts(&solved.values);
    // An LP code has tolerances: what it calls feasible is made so.
    let draft = Draft::new(component, &found, |_| true);
    best.offer(component, draft.counts());
    // The duals of a part prove next to nothing for the whole, and its search has shown what it can.
    let all = considered.iter().flatten().all(|&c| c);
    if all
        && !best.is_closed()
        && !stop.stopped()
        && let Some(duals) = backend::dual_optimum(&program, &solved.values, backend, stop)
    {
        best.prove(component, program.prices(component, &duals, best.total_prices()));
    }
    // Worse than what is known, though nothing was left out: then the search went wrong, and proves nothing.
    let credible = !all || component.total(&found) == best.total;
    if solved.finished && credible && *draft.counts() == found {
        best.close();
    }
}
