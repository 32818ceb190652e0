//! Work over the threads at hand, where there is enough of it: a little is done sooner where it is than handed over.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::scenario::Scenario;

/// Surplus times shortage times working days, from which on a scenario is worth more threads than one: some ten
/// milliseconds of work.
const MUCH: usize = 200_000;

/// Whether all of a scenario is a little.
pub fn is_little(scenario: &Scenario) -> bool {
    let pairs = scenario.surplus().len().saturating_mul(scenario.shortages().len());
    pairs.saturating_mul(scenario.days().len()) < MUCH
}

/// What `work` gives for each item, in their order.
pub fn flat_map<T: Sync, R: Send>(
    items: &[T],
    little: bool,
    work: impl Fn(&T) -> Vec<R> + Sync + Send,
) -> Vec<R> {
    if little {
        items.iter().flat_map(work).collect()
    } else {
        items.par_iter().flat_map_iter(work).collect()
    }
}
